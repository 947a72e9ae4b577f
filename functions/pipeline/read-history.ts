import { isDeepStrictEqual } from 'node:util';
import pLimit from 'p-limit';
import type { Summary } from '../measure/summary.ts';
import type { EarlierDay } from '../report/baselines.ts';
import { addDays } from '../time/report-day.ts';
import type { ReadEarlier } from './stored-summary.ts';

/** As many as a report looks back over. */
export const HISTORY_DAYS = 13;
const AT_ONCE = 8;

/** The days before a report that it can be compared with: those whose report answers the same question. Oldest first. */
export async function readHistory(summary: Summary, read: ReadEarlier): Promise<EarlierDay[]> {
  const backs = Array.from({ length: HISTORY_DAYS }, (_, place) => HISTORY_DAYS - place);
  const earlier = await pLimit(AT_ONCE).map(backs, async (back) => {
    const found = await read(addDays(summary.day, -back));
    // The rest, customers above all, is let go of at once.
    return found && isSameQuestion(found, summary)
      ? { day: found.day, totals: found.totals, byChannel: found.byChannel }
      : null;
  });
  return earlier.filter((found) => found !== null);
}

function isSameQuestion(one: Summary, other: Summary): boolean {
  const questionOf = ({ filters, timeZone, byChannel }: Summary) => ({
    ...{ filters, timeZone },
    channels: Object.keys(byChannel).sort(),
  });
  return isDeepStrictEqual(questionOf(one), questionOf(other));
}
