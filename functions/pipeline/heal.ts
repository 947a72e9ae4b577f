import type { Day } from '../calendar/day.ts';
import type { ChannelCoverage } from '../capture/coverage.ts';
import type { Channel } from '../chats/channel.ts';
import type { Account } from '../config/account.ts';
import type { Log } from '../observability/log.ts';
import { problemOf } from '../observability/redact.ts';
import type { OpenDay } from '../report/earlier-days.ts';
import { captureMissing, type MissingRequest } from './capture-day.ts';
import { type CaptureDayPorts, withLakeLease } from './capture-piece.ts';
import { deriveOrKeep } from './cascade.ts';
import { noteAttempt, noteBackfilled } from './day-record.ts';
import { type DurableContext, REPEATABLE, WORK_MS } from './durable.ts';
import { findOpenDays, findUnmailedDays } from './open-days.ts';
import { type PublishPorts, publishDay } from './publish-day.ts';
import { type RecheckRequest, recheckDay, scheduleRechecks } from './recheck-days.ts';
import { ReportReader } from './report-reader.ts';

type RepairPorts = CaptureDayPorts & PublishPorts;

/** The names of the steps in the records of runs. */
const STEP_NAMES = { backfill: 'make-up', report: 'tell', recheck: 'look' } as const;

/** A repair of an earlier day. */
type Task =
  | ({ readonly kind: 'backfill' } & OpenDay)
  | { readonly kind: 'report'; readonly day: Day }
  | ({ readonly kind: 'recheck' } & RecheckRequest);

/**
 * Repairs earlier days: it backfills days without a whole report, oldest first, and then rechecks the days of
 * the lookback window. Failures go to the log and do not stop the reported day; the earlier day then stays as
 * it is.
 */
export class EarlierDaysRepair {
  readonly #context: DurableContext;
  readonly #account: Account;
  readonly #ports: RepairPorts;
  /** Channels that did not answer in this run. They are not asked again. */
  readonly #unanswered: Map<Channel, ChannelCoverage>;
  #left: readonly Task[] = [];

  /** @param unanswered the reported day's channels that did not answer */
  constructor(
    unanswered: ReadonlyMap<Channel, ChannelCoverage>,
    context: DurableContext,
    account: Account,
    ports: RepairPorts,
  ) {
    this.#context = context;
    this.#account = account;
    this.#ports = ports;
    this.#unanswered = new Map(unanswered);
  }

  /** Runs the repairs that fit into five minutes. */
  async repairBeforeMail(day: Day): Promise<void> {
    const { lake, clock } = this.#ports;
    const { lookBack } = this.#account;
    const plan = async () => ({
      at: clock.now(),
      tasks: [
        ...(await this.#findBackfills(day)),
        ...(await scheduleRechecks(day, lookBack, lake)).map(
          (recheck) => ({ kind: 'recheck', ...recheck }) as const,
        ),
      ],
    });
    try {
      const { at, tasks } = await this.#context.step('plan healing', plan, REPEATABLE);
      this.#left = await this.#perform(tasks, at + WORK_MS.repairsBeforeMail);
    } catch (error) {
      await this.#giveUp('healing', error, this.#ports.log);
    }
  }

  async #findBackfills(day: Day): Promise<Task[]> {
    const { lake } = this.#ports;
    const reports = new ReportReader(lake);
    const open = await findOpenDays(day, reports, lake);
    const isOpen = new Set(open.map((one) => one.day));
    const unmailed = (await findUnmailedDays(day, reports, lake)).filter((one) => !isOpen.has(one));
    return [
      ...open.map((one) => ({ kind: 'backfill', ...one }) as const),
      ...unmailed.map((one) => ({ kind: 'report', day: one }) as const),
    ].sort((one, other) => (one.day < other.day ? -1 : 1));
  }

  /** Runs the repairs that are left. */
  async repairRest(): Promise<void> {
    await this.#perform(this.#left, Number.POSITIVE_INFINITY);
  }

  /** @returns the repairs that did not fit in */
  async #perform(tasks: readonly Task[], stopAt: number): Promise<Task[]> {
    const left: Task[] = [];
    const isBounded = Number.isFinite(stopAt);
    for (const task of tasks) {
      const name = `time for ${STEP_NAMES[task.kind]} ${task.day}`;
      const hasTime =
        !isBounded ||
        (await this.#context.step(name, async () => this.#ports.clock.now() < stopAt, REPEATABLE));
      if (!(hasTime && (await this.#attempt(task, stopAt)))) left.push(task);
    }
    return left;
  }

  /** @returns whether this run is done with the day */
  async #attempt(task: Task, stopAt: number): Promise<boolean> {
    const ports = { ...this.#ports, log: this.#ports.log.about({ day: task.day }) };
    try {
      switch (task.kind) {
        case 'backfill':
          return await backfillDay(
            { ...task, stopAt },
            this.#unanswered,
            this.#context,
            this.#account,
            ports,
          );
        case 'report':
          return await reportInNextMail(task.day, this.#context, this.#account, ports);
        case 'recheck':
          return await recheckDay({ ...task, stopAt }, this.#unanswered, this.#context, this.#account, ports);
      }
    } catch (error) {
      await this.#giveUp(`${STEP_NAMES[task.kind]} ${task.day}`, error, ports.log);
      return true;
    }
  }

  /** In a step, so that a replay does not log it again. */
  async #giveUp(what: string, error: unknown, log: Log): Promise<void> {
    const logProblem = async (): Promise<void> => log({ event: 'look-failed', problem: problemOf(error) });
    await this.#context.step(`give up ${what}`, logProblem, REPEATABLE);
  }
}

/**
 * Captures what an earlier day lacks, and derives its report where something new was captured. No own mail goes
 * out; the next mail covers the day.
 *
 * @param unanswered channels that did not answer in this run
 * @returns whether this run is done with the day
 */
async function backfillDay(
  request: MissingRequest,
  unanswered: Map<Channel, ChannelCoverage>,
  context: DurableContext,
  account: Account,
  ports: CaptureDayPorts & PublishPorts,
): Promise<boolean> {
  const { day } = request;
  const prefix = `make up ${day}: `;
  const named = { ...ports, log: ports.log.about({ day }) };
  await context.yieldNow(`${prefix}begin`);
  const captured = await captureMissing(request, unanswered, context, account, named, prefix);
  if (captured === null) return !account.channels.some((channel) => !unanswered.has(channel));
  const note = async (): Promise<void> => {
    const now = new Date(ports.clock.now()).toISOString();
    if (captured.verdict === 'proven') await noteBackfilled(ports.lake, day, now);
    else await noteAttempt(ports.lake, day, now, captured);
  };
  // Comes before the derivation, because the summary holds this instant.
  await context.step(`${prefix}note it`, note, REPEATABLE);
  if (captured.verdict !== 'unproven') await publishDay(day, captured, context, account, named, prefix);
  return true;
}

/**
 * Lets the next mail cover a whole report that was never mailed. The report is not made again: the account's
 * settings may have changed since.
 */
async function reportInNextMail(
  day: Day,
  context: DurableContext,
  account: Account,
  ports: CaptureDayPorts & PublishPorts,
): Promise<boolean> {
  const prefix = `tell of ${day}: `;
  await context.yieldNow(`${prefix}begin`);
  await withLakeLease(`${prefix}derive`, context, ports, async (held) => {
    // Comes before the derivation, because the summary holds this instant.
    await noteBackfilled(held, day, new Date(ports.clock.now()).toISOString());
    const onProblem = (problem: string): void => ports.log({ event: 'look-failed', problem });
    const summary = await deriveOrKeep(day, account.locale, held, onProblem);
    if (summary !== null) ports.onPublished?.(summary);
  });
  return true;
}
