import type { Channel } from '../chat/channel.ts';
import { isRateUnknown, withKnownRates } from '../measure/unknown-status.ts';
import { addDays, type Day, daysFrom } from '../time/report-day.ts';
import type { EarlierDay, LackingDay } from './baselines.ts';
import type { DaysSection } from './view.ts';
import { missedRateOf, namesOf, shortRatio, type Voice } from './voice.ts';

const DAYS = 14;
/** A bar of the whole height stands for at least this rate, so that good days do not look like bad ones. */
const FULL_BAR_AT_LEAST = 0.1;

/**
 * The missed rate of this day and the thirteen before it; empty where this is the only one of them with a report. One that
 * lacks a channel is as a day without a report, and said to be none.
 */
export function daysSection(
  today: EarlierDay,
  history: readonly EarlierDay[],
  lacking: readonly LackingDay[],
  voice: Voice,
): DaysSection {
  const { words, format } = voice;
  const days = daysFrom(addDays(today.day, 1 - DAYS), today.day);
  const found = days.map((day) => {
    const earlier = day === today.day ? today : history.find((one) => one.day === day);
    const lacks = lacking.find((one) => one.day === day)?.channels ?? [];
    return { day, totals: earlier ? withKnownRates(earlier).totals : null, lacks };
  });
  const rates = found.map(({ totals }) => totals?.missedRate ?? 0);
  const full = Math.max(FULL_BAR_AT_LEAST, ...rates);
  const isAlone = found.filter(({ totals }) => totals !== null).length < 2;
  const body = found.map(({ day, totals, lacks }) => ({
    label: day.slice(8),
    day: format.shortDay(day),
    // Whole per cent: fourteen of them stand beside each other on a phone.
    rate: totals === null ? '' : wholePercent(totals.missedRate),
    ratio: totals === null ? format.percent(null) : shortRatio(voice, totals),
    says: totals === null ? noRate(lacks, voice) : missedRateOf(voice, totals),
    bar: totals === null || totals.missedRate === null ? null : Math.round((100 * totals.missedRate) / full),
    isToday: day === today.day,
  }));
  const hasGaps = body.some(({ bar }) => bar === null);
  const isUnknown = found.some(({ totals }) => totals !== null && isRateUnknown(totals));
  return {
    title: words.fourteenDays,
    head: [words.day, words.measures.missedRate, words.measures.missed],
    body: isAlone ? [] : body,
    note: hasGaps && !isAlone ? gapNote(found, isUnknown, voice) : null,
  };
}

function noRate(lacks: readonly Channel[], voice: Voice): string {
  return lacks.length === 0 ? voice.words.noReport : voice.words.lacks(namesOf(lacks, voice));
}

function gapNote(
  found: readonly { readonly day: Day; readonly lacks: readonly Channel[] }[],
  isUnknown: boolean,
  { words, format }: Voice,
): string {
  const lacking = found.filter(({ lacks }) => lacks.length > 0).map(({ day }) => format.shortDay(day));
  const note = isUnknown ? words.gapUnknownNote : words.gapNote;
  return lacking.length === 0 ? note : `${note} ${words.gapLackingNote(lacking.join(', '))}`;
}

function wholePercent(rate: number | null): string {
  return rate === null ? '–' : String(Math.round(100 * rate));
}
