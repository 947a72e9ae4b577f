import type { Completeness } from '../capture/completeness.ts';
import { CHANNELS } from '../chat/channel.ts';
import type { Mailer } from '../deliver/mailer.ts';
import { type Sending, sendOnce } from '../deliver/send-once.ts';
import { DamagedCaptureError } from '../lake/captures.ts';
import { reportKey } from '../lake/keys.ts';
import { problemOf } from '../log/redact.ts';
import { composeNotice, composeReport, type Message } from '../report/message.ts';
import { renderHtml } from '../report/render-html.ts';
import { renderText } from '../report/render-text.ts';
import type { ReportInput } from '../report/report.ts';
import type { Day } from '../time/report-day.ts';
import type { Account } from './account.ts';
import { type CaptureDayPorts, captureDay } from './capture-day.ts';
import { type Context, REPEATABLE } from './context.ts';
import { measureCaptures } from './measure-captures.ts';
import { noteRun, type RecordPorts, recording } from './run-record.ts';
import { findUnusuallyEmpty } from './unusually-empty.ts';

export interface DailyReportPorts extends CaptureDayPorts, RecordPorts {
  readonly mailer: Mailer;
}

export interface DailyReportInput {
  /** The run's name; of two runs with one name there is one. */
  readonly run: string;
  readonly day: Day;
  /** Captures that ended before this instant, ISO 8601, do not count; null when each does. */
  readonly since: string | null;
  /** Send the report even where it has been sent. */
  readonly resend: boolean;
}

/** What became of the message to the recipient at this place of the account's list, from 0. */
export interface Delivery {
  readonly recipient: number;
  readonly state: 'sent' | 'already-sent' | 'failed';
  readonly problem?: string;
}

/** A day's report, or why there is none. The report itself is in the lake. */
export interface DayOutcome {
  readonly state: 'reported' | 'unproven';
  readonly day: Day;
  readonly completeness: Completeness;
  readonly deliveries: readonly Delivery[];
}

/**
 * The main job for one day, as steps: capture every channel, prove it, measure, render, deliver. Where a channel cannot
 * be proven, a notice goes out in place of the report, and no figure is written anywhere.
 */
export async function dailyReport(
  input: DailyReportInput,
  ground: Context,
  account: Account,
  ports: DailyReportPorts,
): Promise<DayOutcome> {
  const run = { id: input.run, day: input.day };
  const named = { ...ports, log: ports.log.about({ run: input.run, day: input.day }) };
  const context = recording(ground, run, named);
  await noteRun(ground, run, 'running', named);
  let outcome: DayOutcome;
  try {
    outcome = await report(input, context, account, named);
  } catch (error) {
    await noteRun(ground, run, 'failed', named);
    throw error;
  }
  await noteRun(ground, run, outcome.state, named);
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
    captured.verdict === 'proven' ? await publish(day, captured, context, account, ports) : captured;
  const state = completeness.verdict === 'proven' ? 'reported' : 'unproven';
  const deliveries = await deliver(input, completeness, context, account, ports);
  return { state, day, completeness, deliveries };
}

/** @returns the completeness, which is unproven now where a raw page turned out to be damaged */
async function publish(
  day: Day,
  completeness: Completeness,
  context: Context,
  account: Account,
  { lake }: DailyReportPorts,
): Promise<Completeness> {
  const measured = await context.step(
    'measure',
    async () => {
      try {
        await measureCaptures(day, completeness, account, lake);
        return completeness;
      } catch (error) {
        if (!(error instanceof DamagedCaptureError)) throw error;
        return markDamaged(completeness, error);
      }
    },
    REPEATABLE,
  );
  if (measured.verdict === 'unproven') return measured;
  await context.step(
    'render',
    async () => {
      const input = await readReport(day, completeness, account, lake);
      await lake.put(reportKey(day, 'report.html'), Buffer.from(renderHtml(input)));
      await lake.put(reportKey(day, 'report.txt'), Buffer.from(renderText(input)));
    },
    REPEATABLE,
  );
  return measured;
}

/** One recipient whom a message does not reach does not cost the others theirs. */
async function deliver(
  input: DailyReportInput,
  completeness: Completeness,
  context: Context,
  account: Account,
  ports: DailyReportPorts,
): Promise<Delivery[]> {
  const deliveries: Delivery[] = [];
  for (const recipient of account.mail.to.keys()) {
    deliveries.push(await deliverTo(recipient, input, completeness, context, account, ports));
  }
  return deliveries;
}

async function deliverTo(
  recipient: number,
  { run, day, resend }: DailyReportInput,
  completeness: Completeness,
  context: Context,
  account: Account,
  ports: DailyReportPorts,
): Promise<Delivery> {
  const kind = completeness.verdict === 'proven' ? 'report' : 'notice';
  const send = async (): Promise<Sending> => {
    const message = await compose(recipient, day, completeness, account, ports);
    return await sendOnce(message, { run, resend }, ports);
  };
  try {
    for (let attempt = 1; ; attempt += 1) {
      const name = `deliver ${kind} ${recipient + 1}${attempt > 1 ? ` again ${attempt}` : ''}`;
      const sending = await context.step(name, send, REPEATABLE);
      if (sending.state !== 'claimed') return { recipient, state: sending.state };
      const { freeInSeconds } = sending;
      if (attempt >= ports.endurance.attempts) {
        const problem = `another run claimed it and gave no receipt; free in ${freeInSeconds} s`;
        return { recipient, state: 'failed', problem };
      }
      // Whoever claimed it may have died over it. That is known once the claim is given up.
      await context.wait(`before ${name} again`, freeInSeconds + 5);
    }
  } catch (error) {
    return { recipient, state: 'failed', problem: problemOf(error) };
  }
}

async function compose(
  recipient: number,
  day: Day,
  completeness: Completeness,
  account: Account,
  { lake, clock }: DailyReportPorts,
): Promise<Message> {
  const { locale, reading, mail } = account;
  const envelope = { from: mail.from, to: mail.to[recipient] ?? '' };
  if (completeness.verdict === 'proven') {
    return composeReport(await readReport(day, completeness, account, lake), envelope);
  }
  const notice = { unproven: { day, completeness }, locale, timeZone: reading.zone.name };
  return composeNotice(notice, { ...envelope, date: new Date(clock.now()).toISOString() });
}

/** What this run measured. Another, with other settings, may have put its own summary in the place meanwhile. */
async function readReport(
  day: Day,
  completeness: Completeness,
  account: Account,
  lake: DailyReportPorts['lake'],
): Promise<ReportInput> {
  const summary = await measureCaptures(day, completeness, account, lake);
  return { summary, locale: account.locale, unusuallyEmpty: await findUnusuallyEmpty(summary, lake) };
}

function markDamaged(completeness: Completeness, { channel, message }: DamagedCaptureError): Completeness {
  const channels = Object.fromEntries(
    CHANNELS.flatMap((name) => {
      const found = completeness.channels[name];
      if (!found) return [];
      const damage = { verdict: 'unproven', reason: 'raw-damaged', detail: message } as const;
      return [[name, name === channel ? { ...found, ...damage } : found]];
    }),
  );
  return { verdict: 'unproven', channels };
}
