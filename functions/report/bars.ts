import { missingChannels } from '../capture/completeness.ts';
import { type Channel, inChannelOrder } from '../chat/channel.ts';
import { decided } from '../measure/add-up.ts';
import type { AddedFigures } from '../measure/measures.ts';
import type { Summary } from '../measure/summary.ts';
import { isRateUnknown, withKnownRates } from '../measure/unknown-status.ts';
import { addDays, type Day, daysFrom } from '../time/report-day.ts';
import type { EarlierDay, LackingDay } from './baselines.ts';
import { quietMark } from './say-silence.ts';
import { historyIn, isDayOff, type Scope } from './scope.ts';
import type { Quiet } from './silence.ts';
import type { Bar, BarRow, BarSection, DayBar, DaysSection } from './view.ts';
import { isFew, missedRateOf, namesOf, shortRatio, type Voice } from './voice.ts';

/** A bar that fills its room stands for at least this rate, so that a good day does not look like a bad one. */
const FULL_AT_LEAST = 0.1;
/** A whole bar stands for a multiple of this. */
const FULL_STEP = 0.05;
const DAYS = 14;

/** Every channel that was asked, also at zero; one that could not be read says that this is not zero. */
export function channelBars(summary: Summary, { hours }: Scope, quiet: Quiet, voice: Voice): BarSection {
  const { words } = voice;
  const asked = inChannelOrder(summary.byChannel);
  // A target is of the hours of business, and channels are of the whole day.
  const target = hours === null ? (summary.targets?.missedRate ?? null) : null;
  const full = fullOf(
    asked.map(([, figures]) => figures),
    target,
  );
  const body = asked.map(([channel, figures]): BarRow => {
    const [rate, ratio] = [missedRateOf(voice, figures), shortRatio(voice, figures)];
    return {
      name: words.channels[channel],
      mark: quietMark(channel, quiet, voice),
      rate: decided(figures) === 0 && figures.chats === 0 ? words.noChatsCell : rate,
      ratio: rate === ratio || decided(figures) === 0 ? null : ratio,
      bar: isFew(figures) ? null : barOf(figures, full, target),
    };
  });
  const missing = missingChannels(summary.completeness).map(
    (channel): BarRow => ({
      ...{ name: words.channels[channel], mark: null, rate: words.notRead, ratio: null, bar: null },
    }),
  );
  return {
    title: words.byChannel,
    head: [words.channel, words.measures.missedRate, words.measures.missed],
    scale: [
      ...(hours === null ? [] : [words.allDay]),
      ...(body.some(({ bar }) => bar !== null) ? [scaleOf(full, target, voice)] : []),
    ].join(' '),
    body: [...body, ...missing],
  };
}

/**
 * The missed rate of this day and the thirteen before it, each of its hours of business where there are some; empty where this is
 * the only one of them with a report. One that lacks a channel is as a day without a report, and said to be none.
 */
export function daysSection(
  summary: Summary,
  scope: Scope,
  history: readonly EarlierDay[],
  lacking: readonly LackingDay[],
  voice: Voice,
): DaysSection {
  const { words, format } = voice;
  const target = summary.targets?.missedRate ?? null;
  const known = historyIn(scope, history);
  const days = daysFrom(addDays(summary.day, 1 - DAYS), summary.day).map((day) => {
    const isToday = day === summary.day;
    const earlier = known.find((one) => one.day === day);
    const figures = isToday ? scope.figures : earlier && withKnownRates(earlier).totals;
    const lacks = lacking.find((one) => one.day === day)?.channels ?? [];
    return { day, isToday, figures: figures ?? null, lacks, isOff: isDayOff(day, scope.hours) };
  });
  const full = fullOf(
    days.flatMap(({ figures }) => figures ?? []),
    target,
  );
  const body = days.map(({ day, isToday, figures, lacks, isOff }): DayBar => {
    const hasRate = !isOff && figures !== null && figures.missedRate !== null && !isFew(figures);
    return {
      label: day.slice(8),
      day: format.dayName(day),
      // Whole per cent: fourteen of them stand beside each other on a phone.
      rate: hasRate ? String(Math.round(100 * (figures.missedRate ?? 0))) : '',
      ratio: figures === null || isOff ? '' : shortRatio(voice, figures),
      says: isOff ? words.dayOff : figures === null ? noRate(lacks, voice) : missedRateOf(voice, figures),
      bar: hasRate ? barOf(figures, full, target) : null,
      isToday,
    };
  });
  const isAlone = days.filter(({ figures, isOff }) => figures !== null && !isOff).length < 2;
  return {
    title: words.fourteenDays,
    head: [words.day, words.measures.missedRate, words.measures.missed],
    body: isAlone || scope.isDayOff ? [] : body,
    scale: body.some(({ bar }) => bar !== null)
      ? words.columnScale(
          format.percent(full),
          target === null ? '' : words.beyondColumn(format.percent(target)),
        )
      : '',
    note: isAlone ? null : gapNote(days, voice),
  };
}

function noRate(lacks: readonly Channel[], voice: Voice): string {
  return lacks.length === 0 ? voice.words.noReport : voice.words.lacks(namesOf(lacks, voice));
}

interface KnownDay {
  readonly day: Day;
  readonly figures: AddedFigures | null;
  readonly lacks: readonly Channel[];
  readonly isOff: boolean;
}

/** What an empty place in the row of days stands for. */
function gapNote(days: readonly KnownDay[], voice: Voice): string | null {
  const { words, format } = voice;
  const named = (those: readonly KnownDay[]) => those.map(({ day }) => format.shortDay(day)).join(', ');
  const off = days.filter(({ isOff }) => isOff);
  const open = days.filter(({ isOff }) => !isOff);
  const lacking = open.filter(({ lacks }) => lacks.length > 0);
  const without = open.filter(({ figures, lacks }) => figures === null && lacks.length === 0);
  const unknown = open.filter(({ figures }) => figures !== null && isRateUnknown(figures));
  const empty = open.filter(({ figures }) => figures !== null && figures.chats === 0);
  const few = open.filter(({ figures }) => figures !== null && decided(figures) > 0 && isFew(figures));
  const says = [
    ...(off.length > 0 ? [words.daysOff(named(off), off.length)] : []),
    ...(without.length > 0 ? [words.daysWithout(named(without), without.length)] : []),
    ...(empty.length > 0 ? [words.daysEmpty(named(empty), empty.length)] : []),
    ...(few.length > 0
      ? [
          words.daysFew(
            few
              .map(
                ({ day, figures }) =>
                  `${format.shortDay(day)} (${figures === null ? '' : shortRatio(voice, figures)})`,
              )
              .join(', '),
            few.length,
          ),
        ]
      : []),
    ...(unknown.length > 0 ? [words.daysUnknown(named(unknown), unknown.length)] : []),
    ...(lacking.length > 0 ? [words.gapLackingNote(named(lacking))] : []),
  ];
  return says.join(' ') || null;
}

function barOf({ missedRate }: AddedFigures, full: number, target: number | null): Bar {
  const room = (share: number): number => Math.round((1_000 * Math.min(share, full)) / full) / 10;
  const rate = missedRate ?? 0;
  if (target === null) return { within: room(rate), beyond: 0, target: null };
  const within = room(Math.min(rate, target));
  return { within, beyond: Math.round(10 * (room(rate) - within)) / 10, target: room(target) };
}

/** The rate that a whole bar stands for. */
function fullOf(all: readonly AddedFigures[], target: number | null): number {
  const rates = all.filter((one) => !isFew(one)).map(({ missedRate }) => missedRate ?? 0);
  const most = Math.max(FULL_AT_LEAST, (target ?? 0) * 1.25, ...rates);
  return Math.min(1, Math.ceil(most / FULL_STEP - 1e-9) * FULL_STEP);
}

function scaleOf(full: number, target: number | null, voice: Voice): string {
  const { words, format } = voice;
  return words.barScale(
    format.percent(full),
    target === null ? '' : words.beyondTarget(format.percent(target)),
  );
}
