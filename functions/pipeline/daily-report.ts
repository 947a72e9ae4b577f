import type { Completeness } from '../capture/completeness.ts';
import { LakeRefusedError, NewerReportError } from '../storage/lake-error.ts';
import { addDays, type Day } from '../time/report-day.ts';
import type { Account } from './account.ts';
import { captureDay } from './capture-day.ts';
import type { CaptureDayPorts } from './capture-piece.ts';
import { type Context, REPEATABLE } from './context.ts';
import { type DeliverPorts, type DeliverRequest, type Delivery, deliverDay } from './deliver-day.ts';
import { findRefusal } from './find-refusal.ts';
import { lookBack } from './look-back.ts';
import { publishDay } from './publish-day.ts';
import { noteRun, type RecordPorts, recording } from './run-record.ts';
import { deriveStaleDays } from './stale-days.ts';
import { type TellPorts, tellOthers } from './tell-others.ts';

export interface DailyReportPorts extends CaptureDayPorts, RecordPorts, DeliverPorts, TellPorts {}

export interface DailyReportInput extends DeliverRequest {
  /** The run's name; of two runs with one name there is one. */
  readonly run: string;
  /** Captures that ended before this instant, ISO 8601, do not count; null when each does. */
  readonly since: string | null;
  /** Whether the recipients get the report, or the notice in its place. Whoever listens for reports is told of it anyway. */
  readonly deliver: boolean;
  /** Whether earlier days are asked for again, as the account wants it; left out, they are. */
  readonly looksBack?: boolean;
  /** The first day of the range that this one ends; left out where it is asked for by itself. */
  readonly from?: Day;
}

/** A day's report, or why there is none. The report itself is in the lake. */
export interface DayOutcome {
  /** `partial`: reported without the channels that could not be proven. */
  readonly state: 'reported' | 'partial' | 'unproven';
  readonly day: Day;
  readonly completeness: Completeness;
  readonly deliveries: readonly Delivery[];
}

const STATES = { proven: 'reported', partial: 'partial', unproven: 'unproven' } as const;

/**
 * The main job for one day, as steps: capture every channel, prove it, derive, deliver. No figure of a channel that cannot
 * be proven is written anywhere: the others are reported without it, and where there are none, a notice goes out in place
 * of the report.
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
  await noteRun(ground, run, 'running', named);
  let outcome: DayOutcome;
  try {
    if (refusal !== null) throw new NewerReportError(refusal.says);
    outcome = await report(input, context, account, named);
  } catch (error) {
    await noteRun(ground, run, 'failed', named);
    throw error;
  }
  await noteRun(ground, run, outcome.state, named, outcome.completeness);
  return outcome;
}

async function report(
  input: DailyReportInput,
  context: Context,
  account: Account,
  ports: DailyReportPorts,
): Promise<DayOutcome> {
  const { day } = input;
  const captured = await captureDay(input, context, account, ports);
  const completeness =
    captured.verdict === 'unproven' ? captured : await publishDay(day, captured, context, account, ports);
  const state = STATES[completeness.verdict];
  const deliveries = input.deliver ? await deliverDay(input, completeness, context, account, ports) : [];
  const outcome = { state, day, completeness, deliveries } as const;
  // Whom else it is told, and other days' reports, are of the day's own report.
  if (account.only !== undefined) return outcome;
  const looksBack = input.looksBack !== false;
  if (state !== 'unproven') {
    // After the mail: no other's server may hold it up.
    await context.breathe('before telling others');
    await tellOthers(day, completeness, context, account, ports);
    // A program that reads a day's figures without a mail has no next one in which to hear of others.
    if (input.deliver && looksBack) await lookBack(input, context, account, ports);
  }
  const from = addDays(day, -Math.max(0, ...account.lookBack));
  const worked = { from: input.from !== undefined && input.from < from ? input.from : from, to: day };
  if (looksBack) await deriveStaleDays(worked, context, account, ports);
  return outcome;
}
