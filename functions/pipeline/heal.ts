import type { ChannelCompleteness } from '../capture/completeness.ts';
import type { Channel } from '../chat/channel.ts';
import type { Log } from '../log/log.ts';
import { problemOf } from '../log/redact.ts';
import type { OpenDay } from '../report/days-made-up.ts';
import type { Day } from '../time/report-day.ts';
import type { Account } from './account.ts';
import type { CaptureDayPorts } from './capture-piece.ts';
import { type Context, REPEATABLE } from './context.ts';
import { type LookRequest, lookAt } from './look-back.ts';
import { looksDue } from './looks-due.ts';
import { makeUp, tellAsMadeUp } from './make-up.ts';
import { findOpenDays, findUnmailedDays } from './open-days.ts';
import type { PublishPorts } from './publish-day.ts';
import { ReportReader } from './report-reader.ts';

/** So much of it is done before the mail, so that the mail tells of it; the rest after it. */
const BEFORE_MAIL_MS = 300_000;

type HealPorts = CaptureDayPorts & PublishPorts;

/** An earlier day that is to be made whole, or asked for again. */
type Task =
  | ({ readonly kind: 'make-up' } & OpenDay)
  | { readonly kind: 'tell'; readonly day: Day }
  | ({ readonly kind: 'look' } & LookRequest);

/**
 * Makes earlier days right: first those without a whole report, the oldest first, then those that are to be looked at
 * again. Nothing that goes wrong here is the reported day's: an earlier one then stays as it is.
 */
export class Healing {
  readonly #context: Context;
  readonly #account: Account;
  readonly #ports: HealPorts;
  /** Channels that did not answer in this run, and are not asked again. */
  readonly #unanswered: Map<Channel, ChannelCompleteness>;
  #left: readonly Task[] = [];

  /** @param unanswered the reported day's channels that did not answer */
  constructor(
    unanswered: ReadonlyMap<Channel, ChannelCompleteness>,
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
        ...(await looksDue(day, lookBack, lake)).map((look) => ({ kind: 'look', ...look }) as const),
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
          return await lookAt({ ...task, stopAt }, this.#unanswered, this.#context, this.#account, ports);
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
