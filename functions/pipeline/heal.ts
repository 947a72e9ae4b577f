import type { Day } from '../calendar/day.ts';
import type { ChannelCoverage } from '../capture/coverage.ts';
import type { Channel } from '../chats/channel.ts';
import type { Log } from '../observability/log.ts';
import { problemOf } from '../observability/redact.ts';
import type { OpenDay } from '../report/earlier-days.ts';
import type { Account } from './account.ts';
import { captureMissing, type MissingRequest } from './capture-day.ts';
import { type CaptureDayPorts, withLakeLease } from './capture-piece.ts';
import { deriveOrKeep } from './cascade.ts';
import { noteMadeUp, noteTried } from './day-record.ts';
import { type Context, REPEATABLE } from './durable.ts';
import { findOpenDays, findUnmailedDays } from './open-days.ts';
import { type PublishPorts, publishDay } from './publish-day.ts';
import { type RecheckRequest, recheckDay, rechecksDue } from './recheck-days.ts';
import { ReportReader } from './report-reader.ts';

/**
 * Captures what an earlier day lacks, and derives its report where that brought anything. It is mailed by no one: the next
 * mail tells of it.
 *
 * @param unanswered channels that did not answer in this run
 * @returns whether nothing is left to be done of it in this run
 */
async function makeUp(
  request: MissingRequest,
  unanswered: Map<Channel, ChannelCoverage>,
  context: Context,
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
    if (captured.verdict === 'proven') await noteMadeUp(ports.lake, day, now);
    else await noteTried(ports.lake, day, now, captured);
  };
  // Before it is derived: its summary says when it was made up.
  await context.step(`${prefix}note it`, note, REPEATABLE);
  if (captured.verdict !== 'unproven') await publishDay(day, captured, context, account, named, prefix);
  return true;
}

/**
 * Has the next mail tell of a whole report that no mail has told of. It stays as it is: by what the account asks now, it
 * could be of other chats.
 */
async function tellAsMadeUp(
  day: Day,
  context: Context,
  account: Account,
  ports: CaptureDayPorts & PublishPorts,
): Promise<boolean> {
  const prefix = `tell of ${day}: `;
  await context.yieldNow(`${prefix}begin`);
  await withLakeLease(`${prefix}derive`, context, ports, async (held) => {
    // Before it is derived: its summary says when it was made up.
    await noteMadeUp(held, day, new Date(ports.clock.now()).toISOString());
    const tell = (problem: string): void => ports.log({ event: 'look-failed', problem });
    const summary = await deriveOrKeep(day, account.locale, held, tell);
    if (summary !== null) ports.onPublished?.(summary);
  });
  return true;
}

/** So much of it is done before the mail, so that the mail tells of it; the rest after it. */
const BEFORE_MAIL_MS = 300_000;

type HealPorts = CaptureDayPorts & PublishPorts;

/** An earlier day that is to be made whole, or asked for again. */
type Task =
  | ({ readonly kind: 'make-up' } & OpenDay)
  | { readonly kind: 'tell'; readonly day: Day }
  | ({ readonly kind: 'look' } & RecheckRequest);

/**
 * Makes earlier days right: first those without a whole report, the oldest first, then those that are to be looked at
 * again. Nothing that goes wrong here is the reported day's: an earlier one then stays as it is.
 */
export class Healing {
  readonly #context: Context;
  readonly #account: Account;
  readonly #ports: HealPorts;
  /** Channels that did not answer in this run, and are not asked again. */
  readonly #unanswered: Map<Channel, ChannelCoverage>;
  #left: readonly Task[] = [];

  /** @param unanswered the reported day's channels that did not answer */
  constructor(
    unanswered: ReadonlyMap<Channel, ChannelCoverage>,
    context: Context,
    account: Account,
    ports: HealPorts,
  ) {
    this.#context = context;
    this.#account = account;
    this.#ports = ports;
    this.#unanswered = new Map(unanswered);
  }

  /** As much as can be done in five minutes. */
  async begin(day: Day): Promise<void> {
    const { lake, clock } = this.#ports;
    const { lookBack } = this.#account;
    const plan = async () => ({
      at: clock.now(),
      tasks: [
        ...(await this.#toMakeUp(day)),
        ...(await rechecksDue(day, lookBack, lake)).map((look) => ({ kind: 'look', ...look }) as const),
      ],
    });
    try {
      const { at, tasks } = await this.#context.step('plan healing', plan, REPEATABLE);
      this.#left = await this.#perform(tasks, at + BEFORE_MAIL_MS);
    } catch (error) {
      await this.#giveUp('healing', error, this.#ports.log);
    }
  }

  async #toMakeUp(day: Day): Promise<Task[]> {
    const { lake } = this.#ports;
    const reports = new ReportReader(lake);
    const open = await findOpenDays(day, reports, lake);
    const isOpen = new Set(open.map((one) => one.day));
    const unmailed = (await findUnmailedDays(day, reports, lake)).filter((one) => !isOpen.has(one));
    return [
      ...open.map((one) => ({ kind: 'make-up', ...one }) as const),
      ...unmailed.map((one) => ({ kind: 'tell', day: one }) as const),
    ].sort((one, other) => (one.day < other.day ? -1 : 1));
  }

  /** What could not be done before the mail. */
  async finish(): Promise<void> {
    await this.#perform(this.#left, Number.POSITIVE_INFINITY);
  }

  /** @returns those that there was no time for */
  async #perform(tasks: readonly Task[], stopAt: number): Promise<Task[]> {
    const left: Task[] = [];
    const isBounded = Number.isFinite(stopAt);
    for (const task of tasks) {
      const name = `time for ${task.kind} ${task.day}`;
      const hasTime =
        !isBounded ||
        (await this.#context.step(name, async () => this.#ports.clock.now() < stopAt, REPEATABLE));
      if (!(hasTime && (await this.#try(task, stopAt)))) left.push(task);
    }
    return left;
  }

  /** @returns whether nothing is left to be done of it in this run */
  async #try(task: Task, stopAt: number): Promise<boolean> {
    const ports = { ...this.#ports, log: this.#ports.log.about({ day: task.day }) };
    try {
      switch (task.kind) {
        case 'make-up':
          return await makeUp({ ...task, stopAt }, this.#unanswered, this.#context, this.#account, ports);
        case 'tell':
          return await tellAsMadeUp(task.day, this.#context, this.#account, ports);
        case 'look':
          return await recheckDay({ ...task, stopAt }, this.#unanswered, this.#context, this.#account, ports);
      }
    } catch (error) {
      await this.#giveUp(`${task.kind} ${task.day}`, error, ports.log);
      return true;
    }
  }

  /** In a step, so that it is said once, however often the workflow is played. */
  async #giveUp(what: string, error: unknown, log: Log): Promise<void> {
    const say = async (): Promise<void> => log({ event: 'look-failed', problem: problemOf(error) });
    await this.#context.step(`give up ${what}`, say, REPEATABLE);
  }
}
