import pLimit from 'p-limit';
import type { Completeness } from '../capture/completeness.ts';
import { CHANNELS } from '../chat/channel.ts';
import type { DayChanges, DayOfChannel } from '../curate/days-table.ts';
import { type Digest, staleDigestOf } from '../report/digest.ts';
import type { Lake } from '../storage/lake.ts';
import type { Day } from '../time/report-day.ts';
import { type DayRecord, readDayRecord } from './day-record.ts';
import type { ReportReader } from './report-reader.ts';

const AT_ONCE = 8;

/** What is known of a day. */
interface Known {
  readonly day: Day;
  readonly state: DayOfChannel['state'];
  readonly report: Digest | null;
  /** Of the channels that were asked for; null where none was, as far as is known. */
  readonly coverage: Completeness['channels'] | null;
  readonly triedAt: string | null;
}

/**
 * The rows of the table of days, of some days on end.
 *
 * @param days oldest first
 * @param changed by the day
 */
export async function describeDays(
  days: readonly Day[],
  changed: Readonly<Record<Day, DayChanges>>,
  reports: ReportReader,
  lake: Pick<Lake, 'get'>,
): Promise<DayOfChannel[]> {
  const [from, to] = [days.at(0), days.at(-1)];
  if (from === undefined || to === undefined) return [];
  const reported = new Set(await reports.days(from, to));
  const known = await pLimit(AT_ONCE).map([...days], async (day) => {
    const report = reported.has(day) ? await readReport(day, reports) : null;
    const record = report?.verdict === 'proven' ? null : await readDayRecord(lake, day);
    return knownOf(day, report, record);
  });
  // A day that was never tried has no channels of its own.
  let channels = channelsOf(known.find(({ coverage }) => coverage !== null) ?? null);
  return known.flatMap((one) => {
    if (one.coverage !== null) channels = channelsOf(one);
    const { day, state, report, triedAt } = one;
    return channels.map((channel): DayOfChannel => {
      const coverage = one.coverage?.[channel] ?? null;
      const figures = report?.byChannel[channel] ?? null;
      return { day, channel, state, coverage, figures, report, triedAt, changes: changed[day] ?? null };
    });
  });
}

/** Of an earlier version, whose digests do not tell of the channels, by its summary. */
async function readReport(day: Day, reports: ReportReader): Promise<Digest | null> {
  const digest = await reports.digest({ day });
  if (digest === null || digest.coverage !== undefined) return digest;
  const summary = await reports.read({ day });
  return summary === null ? digest : staleDigestOf(summary);
}

function knownOf(day: Day, report: Digest | null, record: DayRecord | null): Known {
  const triedAt = record?.tried?.at ?? null;
  if (report !== null) {
    const state = report.verdict === 'proven' ? 'proven' : 'partial';
    return { day, state, report, coverage: report.coverage ?? null, triedAt };
  }
  const coverage = record?.tried?.completeness.channels ?? null;
  return { day, state: coverage === null ? 'missing' : 'unproven', report, coverage, triedAt };
}

function channelsOf(known: Known | null) {
  return known === null ? [...CHANNELS] : CHANNELS.filter((channel) => known.coverage?.[channel]);
}
