import { findProven } from '../capture/capture-channel.ts';
import { compareChannels } from '../capture/compare-channels.ts';
import type { Completeness } from '../capture/completeness.ts';
import type { Channel } from '../chat/channel.ts';
import type { Log } from '../log/log.ts';
import type { Summary } from '../measure/summary.ts';
import { findCaptures } from '../storage/captures.ts';
import { domainOf } from '../storage/domain.ts';
import type { HeldLake } from '../storage/held-lake.ts';
import type { ReportPlace } from '../storage/keys.ts';
import type { Lake } from '../storage/lake.ts';
import { claimLake } from '../storage/lake-identity.ts';
import type { Day } from '../time/report-day.ts';
import type { Account } from './account.ts';
import { readDayRecord } from './day-record.ts';
import { ReportReader, refuseNewer } from './report-reader.ts';
import { ReportStore } from './report-store.ts';

/** What became of a day that was to be made anew. */
export type RebuiltDay =
  | { readonly state: 'rebuilt'; readonly day: Day; readonly summary: Summary }
  /** Nobody ever asked for it, with these settings or others. */
  | { readonly state: 'not-captured'; readonly day: Day }
  /** No proven capture answers what these settings ask of these channels, and no partial report lacks them. */
  | { readonly state: 'unproven'; readonly day: Day; readonly channels: readonly Channel[] };

/**
 * Derives every layer above raw again for a day, from its newest proven captures and without a call. What stands there
 * already and was made by the same version of the program comes out the same to the byte.
 *
 * @throws DamagedCaptureError when a raw page is not what was received.
 * @throws NewerReportError where a newer program has made the day's report
 */
export async function rebuildDay(day: Day, account: Account, lake: HeldLake, log?: Log): Promise<RebuiltDay> {
  const { only, channels, filters, reading, source } = account;
  const requests = channels.map((channel) => ({ day, channel, filters, reading, source, since: null }));
  const captured = await findProven(requests, lake);
  if (Object.keys(captured).length === 0 && !(await hasCaptures(day, channels, lake))) {
    return { state: 'not-captured', day };
  }
  const before = await findReported({ day, only }, lake);
  const left = channels.flatMap((channel) => {
    const lacked = before?.channels[channel];
    const found = captured[channel] ?? (lacked?.verdict === 'unproven' ? lacked : null);
    return found ? [[channel, found] as const] : [];
  });
  const completeness = await compareChannels(lake, day, Object.fromEntries(left));
  const missing = channels.filter((channel) => completeness.channels[channel]?.verdict !== 'proven');
  const isAsReported = missing.every((channel) => before?.channels[channel]?.verdict === 'unproven');
  if (completeness.verdict === 'unproven' || !isAsReported) {
    return { state: 'unproven', day, channels: missing };
  }
  const reports = new ReportStore(lake);
  const stored = await reports.find({ day, only });
  if (stored.state === 'unreadable' && stored.why === 'newer') throw refuseNewer(stored);
  await claimLake(lake, { domain: domainOf(source), account: account.name }, log);
  const basis = { day, completeness, counting: account };
  const { summary } = await reports.derive(basis, account.locale, { force: true });
  return { state: 'rebuilt', day, summary };
}

/** Of the report that stands, or else of the last try that lacked a channel: a day is partial again where it was before. */
async function findReported(place: ReportPlace, lake: Lake): Promise<Completeness | null> {
  const standing = await new ReportReader(lake).read(place);
  if (standing !== null) return standing.completeness;
  if (place.only !== undefined) return null;
  return (await readDayRecord(lake, place.day))?.tried?.completeness ?? null;
}

async function hasCaptures(day: Day, channels: readonly Channel[], lake: Lake): Promise<boolean> {
  for (const channel of channels) {
    for await (const _capture of findCaptures(lake, day, channel)) return true;
  }
  return false;
}
