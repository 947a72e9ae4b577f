import type { Completeness } from '../capture/completeness.ts';
import { CHANNELS, type Channel } from '../chat/channel.ts';
import { curateDay } from '../curate/curate-day.ts';
import { writeChats } from '../curate/write-chats.ts';
import { writeMetrics } from '../curate/write-metrics.ts';
import type { KeepOut } from '../keep-out/keep-out.ts';
import type { Summary } from '../measure/summary.ts';
import type { Account } from '../pipeline/account.ts';
import { putWorkbookWithoutChats } from '../pipeline/day-workbook.ts';
import { keepSummary, readSummary, summarize } from '../pipeline/measure-captures.ts';
import { putForms } from '../pipeline/publish-day.ts';
import { asReported } from '../pipeline/renew-later-days.ts';
import { reportOf } from '../pipeline/report-input.ts';
import { renderHtml } from '../report/render-html.ts';
import { renderText } from '../report/render-text.ts';
import type { Locale } from '../report/words.ts';
import { DamagedCaptureError, findCaptures, readCapture } from '../storage/captures.ts';
import { findReportsBeside } from '../storage/find-reports.ts';
import {
  curatedChatsKey,
  curatedChatsPrefix,
  curatedMetricsKey,
  type ReportPlace,
  reportKey,
} from '../storage/keys.ts';
import { type Lake, readObject } from '../storage/lake.ts';
import type { Manifest } from '../storage/manifest.ts';
import { type Day, daysFrom } from '../time/report-day.ts';
import { openZone } from '../time/zone.ts';
import { withoutKeptOut } from './named-in-report.ts';
import { findCopy, type RawCapture } from './raw-index.ts';

export interface Renewing {
  readonly lake: Lake;
  readonly keepOut: KeepOut;
  /** For a report that does not say its language. */
  readonly locale: Locale;
}

/**
 * Makes everything above raw anew for a day, from what its captures are now. What the account's settings are today is
 * not asked: a report stays what it was, but for who is named in it.
 *
 * @param captures all of the day
 */
export async function renewDay(day: Day, captures: readonly RawCapture[], renewing: Renewing): Promise<void> {
  const { lake } = renewing;
  for (const { only } of await findReportsBeside(lake, day)) {
    const beside = await readSummary(lake, day, only);
    if (beside) await renewReport(beside, captures, false, renewing);
  }
  const summary = await readSummary(lake, day);
  if (summary === null) await renewTables(day, lake);
  else await renewReport(summary, captures, await hasTables(day, lake), renewing);
}

/** @param tables whether there are any of the day */
async function renewReport(
  summary: Summary,
  captures: readonly RawCapture[],
  tables: boolean,
  renewing: Renewing,
): Promise<void> {
  const { lake } = renewing;
  const { day } = summary;
  const completeness = renameCaptures(summary.completeness, captures);
  const manifest = await findManifest(day, completeness, lake);
  try {
    if (manifest === null) throw new DamagedCaptureError('raw is gone', { channel: 'zalo' });
    const locale = await readLocale(summary, renewing);
    const account = accountOf(summary, manifest, locale);
    const renewed = await summarize(day, completeness, account, lake, null);
    await keepSummary(renewed, lake);
    await putForms(await reportOf(renewed, locale, lake), account, lake, true);
    if (tables) await curateDay(renewed, lake, true);
  } catch (error) {
    if (!(error instanceof DamagedCaptureError)) throw error;
    await strip(summary, tables, renewing);
  }
}

/** Metrics are written last: whoever was killed before has left chats alone. */
async function hasTables(day: Day, lake: Lake): Promise<boolean> {
  for await (const _key of lake.list(curatedChatsPrefix(day))) return true;
  return (await readObject(lake, curatedMetricsKey(day))) !== null;
}

function renameCaptures({ channels, verdict }: Completeness, captures: readonly RawCapture[]): Completeness {
  const renamed = CHANNELS.flatMap((channel) => {
    const found = channels[channel];
    if (!found) return [];
    const ofChannel = captures.filter((one) => one.channel === channel);
    const captureId = found.captureId && (findCopy(ofChannel, found.captureId) ?? found.captureId);
    return [[channel, { ...found, captureId }]];
  });
  return { verdict, channels: Object.fromEntries(renamed) };
}

async function findManifest(day: Day, { channels }: Completeness, lake: Lake): Promise<Manifest | null> {
  for (const channel of CHANNELS) {
    const captureId = channels[channel]?.captureId;
    const manifest = captureId ? await readCapture(lake, day, channel, captureId) : null;
    if (manifest) return manifest;
  }
  return null;
}

/** The settings by which the report was made, as it tells them itself. Nobody is mailed by them. */
function accountOf(summary: Summary, { source, clock }: Manifest, locale: Locale): Account {
  const { day, timeZone, looks, filters, contacts, replyHours, totals } = summary;
  const account = {
    ...{ name: '', isNamed: false, source, locale, filters, contacts, replyHours },
    reading: { zone: openZone(timeZone), clock },
    channels: [],
    serviceLevelSeconds: totals.serviceLevel.thresholdSeconds,
    businessHours: null,
    lookBack: looks ? [daysFrom(day, looks.last).length - 1] : [],
    lakeUri: '',
    mail: { from: { address: '', name: null }, to: [], unsubscribe: '' },
  };
  return asReported(account, summary);
}

async function readLocale(place: ReportPlace, { lake, locale }: Renewing): Promise<Locale> {
  const html = await readObject(lake, reportKey(place, 'report.html'));
  const language = /<html lang="([a-z]+)"/.exec(html?.toString('utf8', 0, 2_000) ?? '')?.[1];
  return language === 'vi' || language === 'en' ? language : locale;
}

/**
 * Where raw is gone or damaged nothing can be counted anew: the figures stay as they were, the person goes from the list
 * of callbacks and from the names of pages, and the rows for analysts and those of the workbook, which cannot be made
 * without them, go whole.
 */
async function strip(summary: Summary, tables: boolean, renewing: Renewing): Promise<void> {
  const { lake, keepOut } = renewing;
  const { day } = summary;
  const stripped = withoutKeptOut(summary, keepOut) ?? summary;
  const input = await reportOf(stripped, await readLocale(summary, renewing), lake);
  await keepSummary(stripped, lake);
  await lake.put(reportKey(stripped, 'report.html'), Buffer.from(renderHtml(input)));
  await lake.put(reportKey(stripped, 'report.txt'), Buffer.from(renderText(input)));
  await putWorkbookWithoutChats(input, lake);
  if (summary.only !== undefined) return;
  for (const channel of CHANNELS) await lake.delete(curatedChatsKey(day, channel));
  if (tables) await lake.put(curatedMetricsKey(day), await writeMetrics(stripped));
}

/**
 * Of a day whose report is gone: each table of chats from the latest proven capture, or else not at all. The table of
 * figures is made of the report, and may name a page by a phone number that stands in its address.
 */
async function renewTables(day: Day, lake: Lake): Promise<void> {
  await lake.delete(curatedMetricsKey(day));
  for (const channel of CHANNELS) {
    const key = curatedChatsKey(day, channel);
    if ((await readObject(lake, key)) === null) continue;
    const bytes = await writeLatest(day, channel, lake);
    if (bytes) await lake.put(key, bytes);
    else await lake.delete(key);
  }
}

async function writeLatest(day: Day, channel: Channel, lake: Lake): Promise<Uint8Array | null> {
  const captures = await Array.fromAsync(findCaptures(lake, day, channel));
  const latest = captures.findLast(({ verdict }) => verdict === 'proven');
  try {
    return latest ? await writeChats(lake, latest) : null;
  } catch (error) {
    if (error instanceof DamagedCaptureError) return null;
    throw error;
  }
}
