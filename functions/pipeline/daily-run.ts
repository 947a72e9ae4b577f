import { afterQuietHours } from '../calendar/business-hours.ts';
import { addDays, type Day } from '../calendar/day.ts';
import { type ChannelCoverage, type Coverage, findAccountFault } from '../capture/coverage.ts';
import type { Channel } from '../chats/channel.ts';
import type { NextTry } from '../report/missing.ts';
import { LakeRefusedError, NewerReportError } from '../storage/object-store.ts';
import { type Account, withChannels } from './account.ts';
import { captureDay, noteUnanswered } from './capture-day.ts';
import type { CaptureDayPorts } from './capture-piece.ts';
import { deriveStaleDays, upgradeDays } from './cascade.ts';
import { noteMadeUp, noteMailed, noteTold, noteTried } from './day-record.ts';
import { type DeliverPorts, type DeliverRequest, type Delivery, deliverDay } from './deliver-report.ts';
import { type Context, LATEST_MS, REPEATABLE } from './durable.ts';
import { followCustomers } from './follow-customers.ts';
import { Healing } from './heal.ts';
import { indexChangesOf } from './index-changes.ts';
import { findRefusal, hasMoreThan, nextTryAt, toNextTry, tryAgainAt, waitUntil } from './next-attempt.ts';
import { type NotifyPorts, notifyChanges, notifyReport } from './notify.ts';
import { publishDay } from './publish-day.ts';
import { noteRun, type RecordPorts, type RunRequest, recording } from './run-log.ts';

export interface DailyReportPorts extends CaptureDayPorts, RecordPorts, DeliverPorts, NotifyPorts {}

export interface DailyReportInput extends Omit<DeliverRequest, 'next'> {
  /** The run's name; of two runs with one name there is one. */
  readonly run: string;
  /** Captures that ended before this instant, ISO 8601, do not count; null when each does. */
  readonly since: string | null;
  /** Whether the recipients get the report, or the notice in its place. Whoever listens for reports is told of it anyway. */
  readonly deliver: boolean;
  /** The range that the day is of; left out where it is asked for by itself. */
  readonly range?: { readonly from: Day; readonly isLast: boolean };
}

/** A day's report, or why there is none. The report itself is in the lake. */
export interface DayOutcome {
  /** `partial`: reported without the channels that could not be proven. */
  readonly state: 'reported' | 'partial' | 'unproven';
  readonly day: Day;
  readonly completeness: Coverage;
  readonly deliveries: readonly Delivery[];
}

const KINDS = { proven: 'full', partial: 'partial' } as const;
const STATES = { proven: 'reported', partial: 'partial', unproven: 'unproven' } as const;

/**
 * The main job for one day, as steps: capture every channel, prove it, make earlier days right, derive, deliver. No figure
 * of a channel that cannot be proven is written anywhere: the others are reported without it, and where there are none, a
 * notice goes out in place of the report. What could not be proven is tried again for as long as this ground allows it.
 *
 * @throws LakeRefusedError where the lake is not this account's
 * @throws NewerReportError where a newer program has made the day's report
 */
export async function dailyReport(
  input: DailyReportInput,
  ground: Context,
  account: Account,
  ports: DailyReportPorts,
): Promise<DayOutcome> {
  const run = { id: input.run, day: input.day, ...(account.only && { only: account.only }) };
  const named = { ...ports, log: ports.log.about({ run: input.run, day: input.day }) };
  const context = recording(ground, run, named);
  // Before anything is written: another's lake is not even to know that there was a run.
  const refusal = await ground.step('whose lake', () => findRefusal(input.day, account, named), REPEATABLE);
  if (refusal?.of === 'lake') throw new LakeRefusedError(refusal.says);
  const beganAt = await noteRun(ground, run, 'running', named);
  let outcome: DayOutcome;
  try {
    if (refusal !== null) throw new NewerReportError(refusal.says);
    outcome = await new Morning(input, beganAt, context, account, named).report();
  } catch (error) {
    await noteRun(ground, run, 'failed', named);
    throw error;
  }
  await noteRun(ground, run, outcome.state, named, outcome.completeness);
  return outcome;
}

/** One day's run, from its capture to its last try. */
class Morning {
  readonly #input: DailyReportInput;
  /** In milliseconds since 1970. */
  readonly #beganAt: number;
  readonly #context: Context;
  readonly #account: Account;
  readonly #ports: DailyReportPorts;

  constructor(
    input: DailyReportInput,
    beganAt: number,
    context: Context,
    account: Account,
    ports: DailyReportPorts,
  ) {
    this.#input = input;
    this.#beganAt = beganAt;
    this.#context = context;
    this.#account = account;
    this.#ports = ports;
  }

  async report(): Promise<DayOutcome> {
    const captured = await captureDay(this.#input, this.#context, this.#account, this.#ports);
    const healing = await this.#heal(captured);
    const completeness = await this.#publish(captured, this.#input.deliver ? 'now' : null, '');
    await this.#followCustomers(completeness, '');
    const firstAt = await this.#now('first mail');
    const at = this.#isPlain ? this.#nextTryAt(completeness, firstAt, firstAt) : null;
    const deliveries = await this.#deliver(completeness, this.#nextTry(completeness, at, firstAt), '');
    const outcome = this.#outcome(completeness, deliveries);
    // Whom else it is told, and other days' reports, are of the day's own report.
    if (this.#account.only !== undefined) return outcome;
    await this.#notifyReport(completeness, '');
    await healing?.finish();
    await this.#deriveStaleDays();
    if (this.#isPlain) await upgradeDays(this.#context, this.#account, this.#ports);
    await this.#indexChanges(outcome, '');
    return at === null ? outcome : await this.#tryAgain(outcome, firstAt, at);
  }

  /** One day by itself, of which the recipients are told: such a run makes other days right too, and does not give up at once. */
  get #isPlain(): boolean {
    const { range, deliver, since } = this.#input;
    return this.#account.only === undefined && range === undefined && deliver && since === null;
  }

  async #now(name: string): Promise<number> {
    return await this.#context.step(`time of the ${name}`, async () => this.#ports.clock.now(), REPEATABLE);
  }

  /** Where no channel can be read as things are, no other day can be either. */
  async #heal(captured: Coverage): Promise<Healing | null> {
    if (!this.#isPlain || findAccountFault(captured) !== null) return null;
    const unanswered = new Map<Channel, ChannelCoverage>();
    noteUnanswered(captured.channels, unanswered);
    const healing = new Healing(unanswered, this.#context, this.#account, this.#ports);
    await healing.begin(this.#input.day);
    return healing;
  }

  /**
   * @param told by which mail the recipients are told of it: the one that follows, the next day's, or none
   * @returns what is reported of the day, which may be less than was captured
   */
  async #publish(captured: Coverage, told: 'now' | 'next-day' | null, prefix: string): Promise<Coverage> {
    let completeness = captured;
    if (captured.verdict !== 'unproven') {
      if (told !== null) await this.#noteTold(KINDS[captured.verdict], told, prefix);
      completeness = await publishDay(
        this.#input.day,
        captured,
        this.#context,
        this.#account,
        this.#ports,
        prefix,
      );
    }
    if (completeness.verdict !== 'proven') await this.#noteTried(completeness, prefix);
    return completeness;
  }

  /** Before it is derived: it tells what changed until then, and its summary says when it was made. */
  async #noteTold(kind: 'full' | 'partial', told: 'now' | 'next-day', prefix: string): Promise<void> {
    if (this.#account.only !== undefined) return;
    const { day } = this.#input;
    const { lake } = this.#ports;
    const note = (): Promise<void> =>
      told === 'now' ? noteTold(lake, day, kind, this.#nowIso()) : noteMadeUp(lake, day, this.#nowIso());
    // Of a part no later mail tells, but of what is missing.
    if (told === 'now' || kind === 'full') {
      await this.#context.step(`${prefix}note what is told`, note, REPEATABLE);
    }
  }

  async #noteTried(completeness: Coverage, prefix: string): Promise<void> {
    if (this.#account.only !== undefined) return;
    const tried = () => noteTried(this.#ports.lake, this.#input.day, this.#nowIso(), completeness);
    await this.#context.step(`${prefix}note the try`, tried, REPEATABLE);
  }

  /** Within steps alone. */
  #nowIso(): string {
    return new Date(this.#ports.clock.now()).toISOString();
  }

  #nextTryAt(completeness: Coverage, firstAt: number, after: number): number | null {
    const at = nextTryAt(completeness, firstAt, after, this.#ports.executionProfile);
    return at !== null && this.#isInTime(at) ? at : null;
  }

  #isInTime(at: number): boolean {
    return at - this.#beganAt < LATEST_MS;
  }

  #nextTry(completeness: Coverage, at: number | null, now: number): NextTry {
    if (completeness.verdict === 'proven' || !this.#isPlain) return null;
    return toNextTry(at, this.#input.day, now, this.#account);
  }

  async #deliver(completeness: Coverage, next: NextTry, prefix: string): Promise<readonly Delivery[]> {
    if (!this.#input.deliver) return [];
    const { verdict } = completeness;
    const { day } = this.#input;
    const request = { ...this.#input, next };
    const deliveries = await deliverDay(request, completeness, this.#context, this.#account, this.#ports);
    const isMailed = deliveries.some(({ state }) => state !== 'failed');
    if (verdict !== 'unproven' && isMailed && this.#account.only === undefined) {
      const note = () => noteMailed(this.#ports.lake, day, KINDS[verdict], this.#nowIso());
      await this.#context.step(`${prefix}note the mail`, note, REPEATABLE);
    }
    return deliveries;
  }

  /** As late as can be: whom an agent answers in the meantime is not to be called. */
  async #followCustomers(completeness: Coverage, prefix: string): Promise<void> {
    if (!this.#input.deliver) return;
    const { day } = this.#input;
    await followCustomers(day, completeness, this.#context, this.#account, this.#ports, prefix);
  }

  #outcome(completeness: Coverage, deliveries: readonly Delivery[]): DayOutcome {
    const { day } = this.#input;
    return { state: STATES[completeness.verdict], day, completeness, deliveries };
  }

  /** After the mail: no other's server may hold it up. */
  async #notifyReport(completeness: Coverage, prefix: string): Promise<void> {
    if (completeness.verdict === 'unproven') return;
    await this.#context.yieldNow(`${prefix}before telling others`);
    await notifyReport(this.#input.day, completeness, this.#context, this.#account, this.#ports);
  }

  async #deriveStaleDays(): Promise<void> {
    const { day, range } = this.#input;
    if (range?.isLast === false) return;
    const from = addDays(day, -Math.max(0, ...this.#account.lookBack));
    const worked = { from: range !== undefined && range.from < from ? range.from : from, to: day };
    await deriveStaleDays(worked, this.#context, this.#account, this.#ports);
  }

  /** Of a range at its end; but a day without a report may be its last. */
  async #indexChanges({ state }: DayOutcome, prefix: string): Promise<void> {
    const { day, range } = this.#input;
    if (range?.isLast === false && state === 'reported') return;
    const from = range?.isLast === true ? range.from : day;
    await indexChangesOf({ from, to: day }, this.#context, this.#ports, prefix);
    await notifyChanges(this.#context, this.#account, this.#ports, prefix);
  }

  /** Until the day is whole, or there is no next try. */
  async #tryAgain(first: DayOutcome, firstAt: number, firstTryAt: number): Promise<DayOutcome> {
    let outcome = first;
    let at: number | null = firstTryAt;
    for (let number = 1; at !== null && outcome.state !== 'reported'; number += 1) {
      const prefix = `try ${number}: `;
      const captured = await tryAgainAt(
        at,
        prefix,
        this.#input.day,
        this.#context,
        this.#account,
        this.#ports,
      );
      try {
        if (hasMoreThan(captured, outcome.completeness)) {
          outcome = await this.#reportAgain(captured, outcome, firstAt, at, number);
        } else await this.#noteTried(captured, prefix);
      } catch (error) {
        // Deployed meanwhile, and its run has reported the day.
        if (error instanceof NewerReportError) return outcome;
        throw error;
      }
      const now = await this.#now(`end of try ${number}`);
      // What was refused by now needs a person, also where something else was the matter before.
      const latest = captured.verdict === 'proven' ? outcome.completeness : captured;
      at = this.#nextTryAt(latest, firstAt, Math.max(at, now));
    }
    return outcome;
  }

  /** A try has proven a channel more. */
  async #reportAgain(
    captured: Coverage,
    before: DayOutcome,
    firstAt: number,
    at: number,
    number: number,
  ): Promise<DayOutcome> {
    const prefix = `try ${number}: `;
    const now = await this.#now(`mail of try ${number}`);
    // It wakes no one, and one partial report of a day is enough.
    const mailAt = afterQuietHours(now, this.#account.reading.zone);
    const isNews = captured.verdict === 'proven' || before.state !== 'partial';
    const isMailed = isNews && this.#isInTime(mailAt);
    const completeness = await this.#publish(captured, isMailed ? 'now' : 'next-day', prefix);
    if (completeness.verdict === 'unproven') return before;
    let { deliveries } = before;
    if (isMailed) {
      await waitUntil(mailAt, `${prefix}before its mail`, this.#context, this.#ports);
      await this.#followCustomers(completeness, prefix);
      const nextAt = this.#nextTryAt(completeness, firstAt, Math.max(at, mailAt));
      deliveries = await this.#deliver(completeness, this.#nextTry(completeness, nextAt, mailAt), prefix);
    } else if (before.state === 'partial') await this.#followCustomers(completeness, prefix);
    await this.#notifyReport(completeness, prefix);
    await this.#deriveStaleDays();
    const outcome = this.#outcome(completeness, deliveries);
    await this.#indexChanges(outcome, prefix);
    return outcome;
  }
}

/** The run that was asked for, on whatever ground it stands. */
export async function performRun(
  { run, day, channels, refresh, resend, deliver, isOfRange }: RunRequest,
  ground: Context,
  account: Account,
  ports: DailyReportPorts,
): Promise<DayOutcome> {
  const now = async (): Promise<string> => new Date(ports.clock.now()).toISOString();
  const since = refresh ? await ground.step('since', now, REPEATABLE) : null;
  // Its days run beside each other, and each is the last that it knows of.
  const range = isOfRange && { from: day, isLast: true };
  const input = { run, day, since, resend, deliver, ...(range && { range }) };
  return await dailyReport(input, ground, withChannels(account, channels), ports);
}
