import { type CapturePorts, captureChannel } from '../capture/capture-channel.ts';
import { captureDirectory } from '../capture/capture-directory.ts';
import type { CareSoft } from '../capture/caresoft.ts';
import { type ChannelCompleteness, type Completeness, toCompleteness } from '../capture/completeness.ts';
import type { Channel } from '../chat/channel.ts';
import type { Mailer } from '../deliver/mailer.ts';
import { DamagedCaptureError } from '../lake/captures.ts';
import { reportKey } from '../lake/keys.ts';
import type { Summary } from '../measure/summary.ts';
import { composeNotice, composeReport, type Message } from '../report/message.ts';
import { renderHtml } from '../report/render-html.ts';
import { renderText } from '../report/render-text.ts';
import type { Day } from '../time/report-day.ts';
import type { Account } from './account.ts';
import { measureCaptures } from './measure-captures.ts';
import { findUnusuallyEmpty } from './unusually-empty.ts';

export interface DailyReportPorts extends CapturePorts {
  readonly caresoft: CareSoft;
  readonly mailer: Mailer;
}

/** What became of one message. `problem` is there when it could not be delivered. */
export interface Delivery {
  readonly to: string;
  readonly where?: string;
  readonly problem?: string;
}

/** A day's report, or why there is none. */
export type DayOutcome =
  | { readonly state: 'reported'; readonly summary: Summary; readonly deliveries: readonly Delivery[] }
  | {
      readonly state: 'unproven';
      readonly day: Day;
      readonly completeness: Completeness;
      readonly deliveries: readonly Delivery[];
    };

/**
 * The main job for one day: capture every channel, prove it, measure, render, deliver. Where a channel cannot be
 * proven, a notice goes out in place of the report, and no figure is written anywhere.
 */
export async function reportDay(
  { day, refresh }: { readonly day: Day; readonly refresh: boolean },
  account: Account,
  ports: DailyReportPorts,
): Promise<DayOutcome> {
  const completeness = await captureDay(day, refresh, account, ports);
  if (completeness.verdict === 'unproven') return await notify(day, completeness, account, ports);
  await captureDirectory({ day, refresh }, ports);
  try {
    const summary = await measureCaptures(day, completeness, account, ports.lake);
    return await publish(summary, account, ports);
  } catch (error) {
    if (!(error instanceof DamagedCaptureError)) throw error;
    return await notify(day, markDamaged(completeness, error), account, ports);
  }
}

/** One channel after the other: they share one request budget, and one refused token is then one call. */
async function captureDay(
  day: Day,
  refresh: boolean,
  { channels, filters, reading }: Account,
  ports: DailyReportPorts,
): Promise<Completeness> {
  const captured: Partial<Record<Channel, ChannelCompleteness>> = {};
  for (const channel of channels) {
    captured[channel] = await captureChannel({ day, channel, filters, reading, refresh }, ports);
  }
  return toCompleteness(captured);
}

async function publish(summary: Summary, account: Account, ports: DailyReportPorts): Promise<DayOutcome> {
  const { day } = summary;
  const { lake } = ports;
  const input = { summary, locale: account.locale, unusuallyEmpty: await findUnusuallyEmpty(summary, lake) };
  await lake.put(reportKey(day, 'report.html'), Buffer.from(renderHtml(input)));
  await lake.put(reportKey(day, 'report.txt'), Buffer.from(renderText(input)));
  await lake.put(reportKey(day, 'summary.json'), Buffer.from(`${JSON.stringify(summary, null, 2)}\n`));
  const { from, to } = account.mail;
  const messages = to.map((recipient) => composeReport(input, { from, to: recipient }));
  return { state: 'reported', summary, deliveries: await deliver(messages, ports.mailer) };
}

async function notify(
  day: Day,
  completeness: Completeness,
  { locale, mail, reading }: Account,
  { mailer, clock }: DailyReportPorts,
): Promise<DayOutcome> {
  const date = new Date(clock.now()).toISOString();
  const input = { unproven: { day, completeness }, locale, timeZone: reading.zone.name };
  const messages = mail.to.map((to) => composeNotice(input, { from: mail.from, to, date }));
  return { state: 'unproven', day, completeness, deliveries: await deliver(messages, mailer) };
}

/** One recipient whom a message does not reach does not cost the others theirs. */
async function deliver(messages: readonly Message[], mailer: Mailer): Promise<Delivery[]> {
  const deliveries: Delivery[] = [];
  for (const message of messages) {
    try {
      deliveries.push({ to: message.to, where: await mailer.send(message) });
    } catch (error) {
      deliveries.push({ to: message.to, problem: error instanceof Error ? error.message : String(error) });
    }
  }
  return deliveries;
}

function markDamaged(completeness: Completeness, { channel, message }: DamagedCaptureError): Completeness {
  const found = completeness.channels[channel];
  if (!found) return completeness;
  const damaged: ChannelCompleteness = {
    ...found,
    verdict: 'unproven',
    reason: 'raw-damaged',
    detail: message,
  };
  return toCompleteness({ ...completeness.channels, [channel]: damaged });
}
