import pLimit from 'p-limit';
import type { Channel } from '../chat/channel.ts';
import type { Log } from '../log/log.ts';
import { readSummaryText } from '../measure/read-summary.ts';
import type { Summary } from '../measure/summary.ts';
import { findReportsBeside } from '../storage/find-reports.ts';
import { reportKey } from '../storage/keys.ts';
import { type Lake, readObject } from '../storage/lake.ts';
import { NewerReportError } from '../storage/lake-error.ts';
import type { Day } from '../time/report-day.ts';

const AT_ONCE = 8;

/** What lies in the place of a day's report. */
export type StoredSummary =
  | { readonly state: 'none' }
  | { readonly state: 'read'; readonly summary: Summary }
  | Unreadable;

/** A `summary.json` that is damaged, or of a newer program. It is never written over by the run of another day. */
export interface Unreadable {
  readonly state: 'unreadable';
  readonly day: Day;
  readonly key: string;
  readonly why: 'damaged' | 'newer';
}

/** Reads the report of an earlier day; null where there is none that can be read. */
export type ReadEarlier = (day: Day) => Promise<Summary | null>;

/** Said of the report that is to be made, where it is there already. */
export const IS_NEWER =
  'was written by a newer version of chat-report, and is left as it is; update chat-report, or delete the file to have the day reported by this version';

/** The report that is to be made here is there already, of a newer program. */
export function refuseNewer({ key }: Unreadable): NewerReportError {
  return new NewerReportError(`${key} ${IS_NEWER}`);
}

/** @param only of the report beside the day's */
export async function readStored(
  lake: Pick<Lake, 'get'>,
  day: Day,
  only?: readonly Channel[],
): Promise<StoredSummary> {
  const key = reportKey({ day, only }, 'summary.json');
  const bytes = await readObject(lake, key);
  if (bytes === null) return { state: 'none' };
  const read = readSummaryText(bytes.toString());
  if (read.state !== 'read') return { state: 'unreadable', day, key, why: read.state };
  // A file that was copied from another day says nothing of this one.
  return read.summary.day === day ? read : { state: 'unreadable', day, key, why: 'damaged' };
}

/**
 * The summaries of these days that a newer program has made, oldest first.
 *
 * @param only of the reports beside the days'
 * @param withBeside whether those of any channels that stand beside them count too
 */
export async function findNewer(
  lake: Pick<Lake, 'get' | 'list'>,
  days: readonly Day[],
  only: readonly Channel[] | undefined,
  withBeside: boolean,
): Promise<string[]> {
  const found = await pLimit(AT_ONCE).map(days, async (day) => {
    const beside = withBeside ? await findReportsBeside(lake, day) : [];
    const keys: string[] = [];
    for (const place of [{ day, only }, ...beside]) {
      const stored = await readStored(lake, day, place.only);
      if (stored.state === 'unreadable' && stored.why === 'newer') keys.push(stored.key);
    }
    return keys;
  });
  return found.flat();
}

/** What cannot be read of other days is left out, and told. */
export function tellLeftOut({ day, key, why }: Unreadable, log: Log): void {
  const what = why === 'newer' ? 'was written by a newer version of chat-report' : 'is damaged';
  log({ event: 'file-unreadable', key, problem: `${what}; ${day} is left as it is, and not compared with` });
}
