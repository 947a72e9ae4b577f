import type { Lake } from '../lake/lake.ts';
import type { Summary } from '../measure/summary.ts';
import type { ReportInput } from '../report/report.ts';
import type { Locale } from '../report/words.ts';
import { readHistory } from './read-history.ts';
import { findRevisedDays } from './revised-days.ts';
import { findUnusuallyEmpty } from './unusually-empty.ts';

/** The summary with what other days add to its report: the same, whatever form it then takes. */
export async function reportOf(
  summary: Summary,
  locale: Locale,
  lake: Pick<Lake, 'get'>,
): Promise<ReportInput> {
  return {
    summary,
    locale,
    unusuallyEmpty: await findUnusuallyEmpty(summary, lake),
    history: await readHistory(summary, lake),
    revised: await findRevisedDays(summary, lake),
  };
}
