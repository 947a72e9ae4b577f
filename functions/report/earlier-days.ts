import { isDeepStrictEqual } from 'node:util';
import { CHANNELS, type Channel } from '../chat/channel.ts';
import type { Summary } from '../measure/summary.ts';
import { addDays, countDays, type Day } from '../time/report-day.ts';
import { type Digest, questionOf, staleDigestOf } from './digest.ts';
import type { ReportInput } from './report.ts';
import { compareWithLastMail } from './revised-days.ts';

/** As many days as a report is compared with. */
export const HISTORY_DAYS = 13;
/** A channel is expected to have chats where it had some on so many of the days before. */
const [EXPECTED_ON, OF_DAYS] = [4, 7];
/** After so many mornings without a report, what the looks before them found is not told any more. */
const MORNINGS_MISSED = 7;

/** The days whose digests a report says something of, the oldest first. */
export function earlierDaysOf(summary: Summary): Day[] {
  const most = Math.max(HISTORY_DAYS, daysLookedBack(summary) + MORNINGS_MISSED);
  return Array.from({ length: most }, (_, place) => addDays(summary.day, place - most));
}

/** What those days add to a report. @param earlier in the order of their days */
export function compareWithEarlier(
  summary: Summary,
  earlier: readonly Digest[],
): Pick<ReportInput, 'history' | 'revised' | 'unusuallyEmpty'> {
  const within = (days: number) => earlier.filter(({ day }) => day >= addDays(summary.day, -days));
  const [looked, asked] = [daysLookedBack(summary), questionOf(staleDigestOf(summary))];
  return {
    unusuallyEmpty: findUnusuallyEmpty(summary, within(OF_DAYS)),
    history: within(HISTORY_DAYS).filter((digest) => isDeepStrictEqual(questionOf(digest), asked)),
    // None where days are asked for once.
    revised: looked === 0 ? [] : compareWithLastMail(summary, within(looked + MORNINGS_MISSED)),
  };
}

function daysLookedBack({ day, looks }: Summary): number {
  return looks === undefined ? 0 : countDays(day, looks.last) - 1;
}

function findUnusuallyEmpty({ byChannel }: Summary, earlier: readonly Digest[]): Channel[] {
  return CHANNELS.filter((channel) => {
    const busy = earlier.filter((digest) => (digest.byChannel[channel]?.chats ?? 0) > 0);
    return byChannel[channel]?.chats === 0 && busy.length >= EXPECTED_ON;
  });
}
