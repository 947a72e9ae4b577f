import type { Summary } from '../measure/summary.ts';
import type { ReportInput } from '../report/report.ts';
import type { Locale } from '../report/words.ts';
import type { Lake } from '../storage/lake.ts';
import type { Day } from '../time/report-day.ts';
import { readHistory } from './read-history.ts';
import { findRevisedDays } from './revised-days.ts';
import { type ReadEarlier, readStored } from './stored-summary.ts';
import { findUnusuallyEmpty } from './unusually-empty.ts';

/** The summary with what other days add to its report: the same for each form that lies in the lake. */
export async function reportOf(
  summary: Summary,
  locale: Locale,
  lake: Pick<Lake, 'get'>,
): Promise<ReportInput> {
  const unreadable = new Set<Day>();
  const read: ReadEarlier = async (day) => {
    const stored = await readStored(lake, day);
    if (stored.state === 'unreadable') unreadable.add(day);
    return stored.state === 'read' ? stored.summary : null;
  };
  return {
    summary,
    locale,
    unusuallyEmpty: await findUnusuallyEmpty(summary, read),
    history: await readHistory(summary, read),
    revised: await findRevisedDays(summary, read),
    unreadable: [...unreadable].sort(),
    seenAt: null,
  };
}
