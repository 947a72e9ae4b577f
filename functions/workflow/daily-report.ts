import type { Completeness } from '../capture/completeness.ts';
import { CHANNELS } from '../chat/channel.ts';
import type { Mailer } from '../deliver/mailer.ts';
import { CLAIM_LIVES_MS, type Sending, sendOnce } from '../deliver/send-once.ts';
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
import { AT_MOST_ONCE, type Context, REPEATABLE } from './context.ts';
import { measureCaptures, readSummary } from './measure-captures.ts';
import { endRun, type RecordPorts, recording } from './run-record.ts';
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
  const { day } = input;
  const run = { id: input.run, day };
  const logged = { ...ports, log: ports.log.about({ run: input.run, day }) };
  const context = recording(ground, run, logged);
  const close = async (state: 'reported' | 'unproven' | 'failed'): Promise<void> => {
    logged.log({ event: 'run-ended', state });
    await ground.step('end', () => endRun(run, state, logged), REPEATABLE);
  };
  logged.log({ event: 'run-started' });
  try {
    const captured = await captureDay(input, context, account, logged);
    const completeness =
      captured.verdict === 'proven' ? await publish(day, captured, context, account, logged) : captured;
    const state = completeness.verdict === 'proven' ? 'reported' : 'unproven';
    const kind = state === 'reported' ? 'report' : 'notice';
    const deliveries = await deliver(kind, input, completeness, context, account, logged);
    await close(state);
    return { state, day, completeness, deliveries };
  } catch (error) {
    await close('failed');
    throw error;
  }
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
      const input = await readReport(day, account, lake);
      await lake.put(reportKey(day, 'report.html'), Buffer.from(renderHtml(input)));
      await lake.put(reportKey(day, 'report.txt'), Buffer.from(renderText(input)));
    },
    REPEATABLE,
  );
  return measured;
}

/** One recipient whom a message does not reach does not cost the others theirs. */
async function deliver(
  kind: Message['kind'],
  { run, day, resend }: DailyReportInput,
  completeness: Completeness,
  context: Context,
  account: Account,
  ports: DailyReportPorts,
): Promise<Delivery[]> {
  const { lake, clock, log, endurance } = ports;
  const compose = async (to: string): Promise<Message> => {
    const envelope = { from: account.mail.from, to };
    if (kind === 'report') return composeReport(await readReport(day, account, lake), envelope);
    const { locale, reading } = account;
    const notice = { unproven: { day, completeness }, locale, timeZone: reading.zone.name };
    return composeNotice(notice, { ...envelope, date: new Date(clock.now()).toISOString() });
  };
  const attempt = async (recipient: number, to: string, name: string): Promise<Sending | Delivery> => {
    try {
      const send = async () => await sendOnce(await compose(to), { run, resend }, ports);
      return await context.step(name, send, AT_MOST_ONCE);
    } catch (error) {
      return { recipient, state: 'failed', problem: problemOf(error) };
    }
  };
  const deliveries: Delivery[] = [];
  for (const [recipient, to] of account.mail.to.entries()) {
    const name = `deliver ${kind} ${recipient + 1}`;
    let sending = await attempt(recipient, to, name);
    // Whoever claimed it may have died over it. That is known once the claim is given up.
    if (sending.state !== 'sent' && sending.state !== 'already-sent' && endurance.attempts > 1) {
      const seconds = sending.state === 'claimed' ? sending.freeInSeconds : CLAIM_LIVES_MS / 1_000;
      await context.wait(`before ${name} again`, seconds);
      sending = await attempt(recipient, to, `${name} again`);
    }
    const delivery = toDelivery(recipient, sending);
    if (delivery.problem) log({ event: 'mail-failed', recipient, problem: delivery.problem });
    deliveries.push(delivery);
  }
  return deliveries;
}

function toDelivery(recipient: number, sending: Sending | Delivery): Delivery {
  if ('recipient' in sending) return sending;
  if (sending.state !== 'claimed') return { recipient, state: sending.state };
  const problem = `another run claimed it and gave no receipt; free in ${sending.freeInSeconds} s`;
  return { recipient, state: 'failed', problem };
}

async function readReport(
  day: Day,
  { locale }: Account,
  lake: DailyReportPorts['lake'],
): Promise<ReportInput> {
  const summary = await readSummary(lake, day);
  if (summary === null) throw new Error(`the summary of ${day} is gone from the lake`);
  return { summary, locale, unusuallyEmpty: await findUnusuallyEmpty(summary, lake) };
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
