import { CHANNELS, type Channel } from '../chat/channel.ts';
import type { Summary } from '../measure/summary.ts';
import { withKnownRates } from '../measure/unknown-status.ts';
import type { Day } from '../time/report-day.ts';
import type { Digest } from './digest.ts';
import { isWithin, type Span } from './revised-days.ts';
import { decided, missedRatio, namesOf, type Voice } from './voice.ts';

/** A day of the last week without a whole report. */
export interface OpenDay {
  readonly day: Day;
  /** The channels that its report lacks; null where there is no report. */
  readonly missing: readonly Channel[] | null;
}

/** A day whose whole report came with the run of a later one, so that no mail of its own told of it. */
export interface MadeUpDay extends Pick<Summary, 'day' | 'totals' | 'byChannel'> {
  /** How many customers are to be called back. */
  readonly callbacks: number;
}

/** Those that came since the mail before. @param earlier the oldest first */
export function madeUpWithin(span: Span, earlier: readonly Digest[]): MadeUpDay[] {
  return earlier.filter(
    ({ verdict, madeUpAt }) => verdict === 'proven' && madeUpAt !== undefined && isWithin(span, madeUpAt),
  );
}

/** A line for the days without a report, and one for those whose reports lack the same. */
export function sayOpen(open: readonly OpenDay[], voice: Voice): string[] {
  const { words, format } = voice;
  const alike = Map.groupBy(open, ({ missing }) => missing?.join() ?? '');
  return [...alike.values()].map((days) => {
    const named = days.map(({ day }) => format.shortDay(day)).join(', ');
    const missing = CHANNELS.filter((channel) => days[0]?.missing?.includes(channel));
    return missing.length === 0
      ? words.openDays(named, days.length)
      : words.lackingDays(named, namesOf(missing, voice), days.length);
  });
}

/** What the report of such a day says, in a line. */
export function sayMadeUp(day: MadeUpDay, voice: Voice): string {
  const { words, format } = voice;
  const { totals } = withKnownRates(day);
  const { callbacks } = day;
  const figures =
    totals.chats === 0
      ? [words.noChats]
      : [
          ...(decided(totals) > 0 ? [words.nowMissed(missedRatio(voice, totals), decided(totals))] : []),
          ...(callbacks > 0 ? [words.toCallBack(format.count(callbacks), callbacks)] : []),
        ];
  return `${format.day(day.day)}: ${words.madeUp}; ${figures.join(', ')}.`;
}
