import { CHANNELS } from '../chat/channel.ts';
import { decided } from '../measure/add-up.ts';
import { withKnownRates } from '../measure/unknown-status.ts';
import type { MadeUpDay, OpenDay } from './days-made-up.ts';
import { missedRatio, namesOf, type Voice } from './voice.ts';

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
