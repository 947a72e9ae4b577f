import { findProven } from '../capture/capture-channel.ts';
import { compareChannels } from '../capture/compare-channels.ts';
import type { Channel } from '../chat/channel.ts';
import type { Log } from '../log/log.ts';
import type { Summary } from '../measure/summary.ts';
import { findCaptures } from '../storage/captures.ts';
import { domainOf } from '../storage/domain.ts';
import type { Lake } from '../storage/lake.ts';
import { claimLake } from '../storage/lake-identity.ts';
import type { Day } from '../time/report-day.ts';
import type { Account } from './account.ts';
import { refuseNewer } from './report-reader.ts';
import { ReportStore } from './report-store.ts';

/** What became of a day that was to be made anew. */
export type RebuiltDay =
  | { readonly state: 'rebuilt'; readonly day: Day; readonly summary: Summary }
  /** Nobody ever asked for it, with these settings or others. */
  | { readonly state: 'not-captured'; readonly day: Day }
  /** No proven capture answers what these settings ask of these channels. */
  | { readonly state: 'unproven'; readonly day: Day; readonly channels: readonly Channel[] };

/**
 * Derives every layer above raw again for a day, from its newest proven captures and without a call. What stands there
 * already and was made by the same version of the program comes out the same to the byte.
 *
 * @throws DamagedCaptureError when a raw page is not what was received.
 * @throws NewerReportError where a newer program has made the day's report
 */
export async function rebuildDay(day: Day, account: Account, lake: Lake, log?: Log): Promise<RebuiltDay> {
  const { only, channels, filters, reading, source } = account;
  const requests = channels.map((channel) => ({ day, channel, filters, reading, source, since: null }));
  const captured = await findProven(requests, lake);
  const missing = channels.filter((channel) => !captured[channel]);
  if (missing.length > 0) {
    const isKnown = await hasCaptures(day, channels, lake);
    return isKnown ? { state: 'unproven', day, channels: missing } : { state: 'not-captured', day };
  }
  const completeness = await compareChannels(lake, day, captured);
  const contradicted = channels.filter((channel) => completeness.channels[channel]?.verdict !== 'proven');
  if (contradicted.length > 0) return { state: 'unproven', day, channels: contradicted };
  const reports = new ReportStore(lake);
  const stored = await reports.find({ day, only });
  if (stored.state === 'unreadable' && stored.why === 'newer') throw refuseNewer(stored);
  await claimLake(lake, { domain: domainOf(source), account: account.name }, log);
  const basis = { day, completeness, counting: account };
  const { summary } = await reports.derive(basis, account.locale, { force: true });
  return { state: 'rebuilt', day, summary };
}

async function hasCaptures(day: Day, channels: readonly Channel[], lake: Lake): Promise<boolean> {
  for (const channel of channels) {
    for await (const _capture of findCaptures(lake, day, channel)) return true;
  }
  return false;
}
