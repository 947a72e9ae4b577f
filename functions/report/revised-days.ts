import { areSame } from '../measure/revisions.ts';
import type { Revision, StatusCounts, Summary } from '../measure/summary.ts';
import type { Day } from '../time/report-day.ts';
import type { Voice } from './voice.ts';

/** A day, over all its channels, that turned out to be otherwise than it was last said. */
export interface RevisedDay {
  readonly day: Day;
  readonly was: StatusCounts;
  readonly is: StatusCounts;
}

type Written = Pick<Summary, 'generatedAt' | 'firstGeneratedAt'>;
type Reported = Written & Pick<Summary, 'day' | 'totals' | 'revisions'>;

/** What is told where nobody knows when the mail before was written. */
const A_DAY_MS = 86_400_000;

/**
 * What changed between the first report of this day and the one that was written before it: the same however often it
 * is asked, whatever was revised since.
 *
 * @param earlier the reports of the days before
 * @returns the oldest day first
 */
export function compareWithLastMail(summary: Written, earlier: readonly Reported[]): RevisedDay[] {
  const until = firstWrittenAt(summary);
  const mails = earlier.map(firstWrittenAt).filter((at) => at < until);
  const since = mails.sort().at(-1) ?? new Date(Date.parse(until) - A_DAY_MS).toISOString();
  return earlier
    .map(({ day, totals, revisions = [] }) => ({
      day,
      was: countsAt(since, totals, revisions),
      is: countsAt(until, totals, revisions),
    }))
    .filter(({ was, is }) => !areSame(was, is))
    .sort((one, other) => (one.day < other.day ? -1 : 1));
}

function firstWrittenAt({ firstGeneratedAt, generatedAt }: Written): string {
  return firstGeneratedAt ?? generatedAt;
}

/** The day's counts at an instant: today's, with what came after it taken back. */
function countsAt(
  at: string,
  { chats, answered, missed, other }: StatusCounts,
  revisions: readonly Revision[],
): StatusCounts {
  return revisions
    .filter((revision) => revision.at > at)
    .reduce(
      (counts, { was, is }) => ({
        chats: counts.chats + was.chats - is.chats,
        answered: counts.answered + was.answered - is.answered,
        missed: counts.missed + was.missed - is.missed,
        other: counts.other + was.other - is.other,
      }),
      { chats, answered, missed, other },
    );
}

/** `3 fewer missed, 4 more answered, 1 more chat; now 57 of 701 chats missed`. */
export function sayChange({ was, is }: Pick<RevisedDay, 'was' | 'is'>, { words, format }: Voice): string {
  const kinds = [
    { by: is.missed - was.missed, more: words.moreMissed, fewer: words.fewerMissed },
    { by: is.answered - was.answered, more: words.moreAnswered, fewer: words.fewerAnswered },
    { by: is.other - was.other, more: words.moreOther, fewer: words.fewerOther },
    { by: is.chats - was.chats, more: words.chatsCame, fewer: words.chatsWent },
  ];
  const changes = kinds
    .filter(({ by }) => by !== 0)
    .map(({ by, more, fewer }) => (by > 0 ? more : fewer)(format.count(Math.abs(by)), Math.abs(by)));
  const of = is.answered + is.missed;
  const now = words.nowMissed(words.missedOf(format.count(is.missed), format.count(of)), of);
  return [changes.join(', '), ...(of > 0 ? [now] : [])].join('; ');
}
