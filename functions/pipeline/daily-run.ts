import { afterQuietHours } from '../calendar/business-hours.ts';
import { addDays, type Day } from '../calendar/day.ts';
import { type ChannelCoverage, type Coverage, findAccountFault } from '../capture/coverage.ts';
import type { Channel } from '../chats/channel.ts';
import { type Account, withChannels } from '../config/account.ts';
import type { NextAttempt } from '../report/report-input.ts';
import { LakeRefusedError, NewerReportError } from '../storage/object-store.ts';
import { captureDay, noteUnanswered } from './capture-day.ts';
import type { CaptureDayPorts } from './capture-piece.ts';
import { deriveStaleDays, upgradeDays } from './cascade.ts';
import { noteAttempt, noteBackfilled, noteMailBegun, noteMailed } from './day-record.ts';
import { type DeliverPorts, type DeliverRequest, type Delivery, deliverDay } from './deliver-report.ts';
import { type DurableContext, LATEST_ATTEMPT_MS, REPEATABLE } from './durable.ts';
import { followCustomers } from './follow-customers.ts';
import { EarlierDaysRepair } from './heal.ts';
import { indexChangesStep } from './index-changes.ts';
import {
  captureAgainAt,
  findRefusal,
  hasMoreThan,
  nextAttemptAt,
  toNextAttempt,
  waitUntil,
} from './next-attempt.ts';
import { type NotifyPorts, notifyChanges, notifyReport } from './notify.ts';
import { publishDay } from './publish-day.ts';
import { noteRun, type RecordPorts, type RunRequest, recordSteps } from './run-log.ts';

export interface DailyReportPorts extends CaptureDayPorts, RecordPorts, DeliverPorts, NotifyPorts {}

export interface DailyReportInput extends Omit<DeliverRequest, 'next'> {
  /** The name of the run. Each name is for one run. */
  readonly run: string;
  /** Captures that ended before this instant, ISO 8601, do not count. Null where all count. */
  readonly since: string | null;
  /** Whether recipients get the report or the notice. Listeners are notified in any case. */
  readonly deliver: boolean;
  /** The requested range that the day belongs to. Left out for a single day. */
  readonly range?: { readonly from: Day; readonly isLast: boolean };
}

/** The result of a day's run. The report itself is in the lake. */
export interface DayOutcome {
  /** `partial`: reported without the channels that could not be proven. */
  readonly state: 'reported' | 'partial' | 'unproven';
  readonly day: Day;
  readonly completeness: Coverage;
  readonly deliveries: readonly Delivery[];
}

/** Runs a request, in any durable context. */
export async function performRun(
  { run, day, channels, refresh, resend, deliver, isOfRange }: RunRequest,
  durable: DurableContext,
  account: Account,
  ports: DailyReportPorts,
): Promise<DayOutcome> {
  const now = async (): Promise<string> => new Date(ports.clock.now()).toISOString();
  const since = refresh ? await durable.step('since', now, REPEATABLE) : null;
  // The days of a range run at the same time, so each counts as the last.
  const range = isOfRange && { from: day, isLast: true };
  const input = { run, day, since, resend, deliver, ...(range && { range }) };
  return await dailyReport(input, durable, withChannels(account, channels), ports);
}

/**
 * Runs the daily report for one day, in steps: capture and prove every channel, repair earlier days, derive,
 * deliver.
 *
 * A channel that cannot be proven has no figure anywhere. The other channels are reported without it. Where no
 * channel is proven, a notice goes out instead of the report. Then later attempts follow, as far as the
 * execution profile allows.
 *
 * @throws LakeRefusedError where the lake is another account's
 * @throws NewerReportError where a newer program made the day's report
 */
export async function dailyReport(
  input: DailyReportInput,
  durable: DurableContext,
  account: Account,
  ports: DailyReportPorts,
): Promise<DayOutcome> {
  const run = { id: input.run, day: input.day, ...(account.only && { only: account.only }) };
  const about = { run: input.run, day: input.day, ...(!input.deliver && { isUnmailed: true as const }) };
  const named = { ...ports, log: ports.log.about(about) };
  const context = recordSteps(durable, run, named);
  // Checked before the first write: another account's lake must not change at all.
  const refusal = await durable.step('whose lake', () => findRefusal(input.day, account, named), REPEATABLE);
  if (refusal?.of === 'lake') throw new LakeRefusedError(refusal.message);
  const beganAt = await noteRun(durable, run, 'running', named);
  let outcome: DayOutcome;
  try {
    if (refusal !== null) throw new NewerReportError(refusal.message);
    outcome = await new DayRun(input, beganAt, context, account, named).report();
  } catch (error) {
    await noteRun(durable, run, 'failed', named);
    throw error;
  }
  await noteRun(durable, run, outcome.state, named, outcome.completeness);
  return outcome;
}

const KINDS = { proven: 'full', partial: 'partial' } as const;

const STATES = { proven: 'reported', partial: 'partial', unproven: 'unproven' } as const;

/** The run of one day, from its capture to its last attempt. */
class DayRun {
  readonly #input: DailyReportInput;
  /** In milliseconds since 1970. */
  readonly #beganAt: number;
  readonly #context: DurableContext;
  readonly #account: Account;
  readonly #ports: DailyReportPorts;

  constructor(
    input: DailyReportInput,
    beganAt: number,
    context: DurableContext,
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
    const repair = await this.#repairEarlierDays(captured);
    const completeness = await this.#publish(captured, this.#input.deliver ? 'now' : null, '');
    await this.#followCustomers(completeness, '');
    const firstAt = await this.#now('first mail');
    const at = this.#isPlain ? this.#nextAttemptAt(completeness, firstAt, firstAt) : null;
    const deliveries = await this.#deliver(completeness, this.#nextAttempt(completeness, at, firstAt), '');
    const outcome = this.#outcome(completeness, deliveries);
    // A report of some channels is not the day's own. It notifies no listener and changes no other day.
    if (this.#account.only !== undefined) return outcome;
    await this.#notifyReport(completeness, '');
    await repair?.repairRest();
    await this.#deriveStaleDays();
    if (this.#isPlain) await upgradeDays(this.#context, this.#account, this.#ports);
    await this.#indexChanges(outcome, '');
    return at === null ? outcome : await this.#attemptAgain(outcome, firstAt, at);
  }

  /** A single day with a mail. Only such a run repairs earlier days and makes later attempts. */
  get #isPlain(): boolean {
    const { range, deliver, since } = this.#input;
    return this.#account.only === undefined && range === undefined && deliver && since === null;
  }

  async #now(name: string): Promise<number> {
    return await this.#context.step(`time of the ${name}`, async () => this.#ports.clock.now(), REPEATABLE);
  }

  /** A fault that holds for all channels holds for earlier days too. */
  async #repairEarlierDays(captured: Coverage): Promise<EarlierDaysRepair | null> {
    if (!this.#isPlain || findAccountFault(captured) !== null) return null;
    const unanswered = new Map<Channel, ChannelCoverage>();
    noteUnanswered(captured.channels, unanswered);
    const repair = new EarlierDaysRepair(unanswered, this.#context, this.#account, this.#ports);
    await repair.repairBeforeMail(this.#input.day);
    return repair;
  }

  /**
   * @param byMail the mail that brings the report: the one of this run, the one of the next day, or none
   * @returns what is reported, which may be less than was captured
   */
  async #publish(captured: Coverage, byMail: 'now' | 'next-day' | null, prefix: string): Promise<Coverage> {
    let completeness = captured;
    if (captured.verdict !== 'unproven') {
      if (byMail !== null) await this.#noteMailBegun(KINDS[captured.verdict], byMail, prefix);
      completeness = await publishDay(
        this.#input.day,
        captured,
        this.#context,
        this.#account,
        this.#ports,
        prefix,
      );
    }
    if (completeness.verdict !== 'proven') await this.#noteAttempt(completeness, prefix);
    return completeness;
  }

  /**
   * Comes before the derivation: the report covers changes of other days up to now, and its summary holds this
   * instant.
   */
  async #noteMailBegun(kind: 'full' | 'partial', byMail: 'now' | 'next-day', prefix: string): Promise<void> {
    if (this.#account.only !== undefined) return;
    const { day } = this.#input;
    const { lake } = this.#ports;
    const note = (): Promise<void> =>
      byMail === 'now'
        ? noteMailBegun(lake, day, kind, this.#nowIso())
        : noteBackfilled(lake, day, this.#nowIso());
    // A partial backfill is not announced. The next mail names what is missing.
    if (byMail === 'now' || kind === 'full') {
      await this.#context.step(`${prefix}note what is told`, note, REPEATABLE);
    }
  }

  async #noteAttempt(completeness: Coverage, prefix: string): Promise<void> {
    if (this.#account.only !== undefined) return;
    const note = () => noteAttempt(this.#ports.lake, this.#input.day, this.#nowIso(), completeness);
    await this.#context.step(`${prefix}note the try`, note, REPEATABLE);
  }

  /** Only for use within steps. */
  #nowIso(): string {
    return new Date(this.#ports.clock.now()).toISOString();
  }

  #nextAttemptAt(completeness: Coverage, firstAt: number, after: number): number | null {
    const at = nextAttemptAt(completeness, firstAt, after, this.#ports.executionProfile);
    return at !== null && this.#isInTime(at) ? at : null;
  }

  #isInTime(at: number): boolean {
    return at - this.#beganAt < LATEST_ATTEMPT_MS;
  }

  #nextAttempt(completeness: Coverage, at: number | null, now: number): NextAttempt {
    if (completeness.verdict === 'proven' || !this.#isPlain) return null;
    return toNextAttempt(at, this.#input.day, now, this.#account);
  }

  async #deliver(completeness: Coverage, next: NextAttempt, prefix: string): Promise<readonly Delivery[]> {
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

  /** As late as possible: a customer who is answered meanwhile must not be called. */
  async #followCustomers(completeness: Coverage, prefix: string): Promise<void> {
    if (!this.#input.deliver) return;
    const { day } = this.#input;
    await followCustomers(day, completeness, this.#context, this.#account, this.#ports, prefix);
  }

  #outcome(completeness: Coverage, deliveries: readonly Delivery[]): DayOutcome {
    const { day } = this.#input;
    return { state: STATES[completeness.verdict], day, completeness, deliveries };
  }

  /** After the mail, because a listener's server must not delay it. */
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

  /** Once per range, at its end. A day without a report may be the last one. */
  async #indexChanges({ state }: DayOutcome, prefix: string): Promise<void> {
    const { day, range } = this.#input;
    if (range?.isLast === false && state === 'reported') return;
    const from = range?.isLast === true ? range.from : day;
    await indexChangesStep({ from, to: day }, this.#context, this.#ports, prefix);
    await notifyChanges(this.#context, this.#account, this.#ports, prefix);
  }

  /** Repeats until the day is whole, or no attempt is left. */
  async #attemptAgain(first: DayOutcome, firstAt: number, firstAttemptAt: number): Promise<DayOutcome> {
    let outcome = first;
    let at: number | null = firstAttemptAt;
    for (let number = 1; at !== null && outcome.state !== 'reported'; number += 1) {
      const prefix = `try ${number}: `;
      const captured = await captureAgainAt(
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
        } else await this.#noteAttempt(captured, prefix);
      } catch (error) {
        // A newer version was deployed meanwhile, and its run reported the day.
        if (error instanceof NewerReportError) return outcome;
        throw error;
      }
      const now = await this.#now(`end of try ${number}`);
      // A refusal needs a person, also where an earlier attempt failed for another reason.
      const latest = captured.verdict === 'proven' ? outcome.completeness : captured;
      at = this.#nextAttemptAt(latest, firstAt, Math.max(at, now));
    }
    return outcome;
  }

  /** An attempt has proven more channels. */
  async #reportAgain(
    captured: Coverage,
    before: DayOutcome,
    firstAt: number,
    at: number,
    number: number,
  ): Promise<DayOutcome> {
    const prefix = `try ${number}: `;
    const now = await this.#now(`mail of try ${number}`);
    // No mail goes out at night, and a day has at most one partial report by mail.
    const mailAt = afterQuietHours(now, this.#account.reading.zone);
    const isNews = captured.verdict === 'proven' || before.state !== 'partial';
    const isMailed = isNews && this.#isInTime(mailAt);
    const completeness = await this.#publish(captured, isMailed ? 'now' : 'next-day', prefix);
    if (completeness.verdict === 'unproven') return before;
    let { deliveries } = before;
    if (isMailed) {
      await waitUntil(mailAt, `${prefix}before its mail`, this.#context, this.#ports);
      await this.#followCustomers(completeness, prefix);
      const nextAt = this.#nextAttemptAt(completeness, firstAt, Math.max(at, mailAt));
      deliveries = await this.#deliver(completeness, this.#nextAttempt(completeness, nextAt, mailAt), prefix);
    } else if (before.state === 'partial') await this.#followCustomers(completeness, prefix);
    await this.#notifyReport(completeness, prefix);
    await this.#deriveStaleDays();
    const outcome = this.#outcome(completeness, deliveries);
    await this.#indexChanges(outcome, prefix);
    return outcome;
  }
}
