import { missingChannels } from '../capture/completeness.ts';
import { CHANNELS, inChannelOrder } from '../chat/channel.ts';
import { addUp, decided } from '../measure/add-up.ts';
import type { Figures } from '../measure/measures.ts';
import type { Summary } from '../measure/summary.ts';
import { isRateUnknown } from '../measure/unknown-status.ts';
import type { Format } from './format.ts';
import { isPartial, missingOf } from './missing.ts';
import { quietMark } from './say-silence.ts';
import { shadeLegend, shadeOf } from './shade.ts';
import type { Quiet } from './silence.ts';
import type { ChannelRow, HourCell, HourRow, HourSection, ReportView } from './view.ts';
import { missedAndRate, missedRateOf, shortRatio, type Voice } from './voice.ts';

/** A bar that fills its room stands for at least this rate, so that a good day does not look like a bad one. */
const FULL_BAR_AT_LEAST = 0.2;
/** The hours before it are shown as one. */
const FIRST_HOUR = 6;

/** Every channel that was asked, also at zero; one that could not be read says that this is not zero. */
export function channelSection(summary: Summary, quiet: Quiet, voice: Voice): ReportView['channels'] {
  const { words } = voice;
  const asked = inChannelOrder(summary.byChannel);
  const full = Math.max(FULL_BAR_AT_LEAST, ...asked.map(([, { missedRate }]) => missedRate ?? 0));
  const body = asked.map(([channel, figures]): ChannelRow => {
    const [rate, ratio] = [missedRateOf(voice, figures), shortRatio(voice, figures)];
    return {
      name: words.channels[channel],
      mark: quietMark(channel, quiet, voice),
      rate,
      ratio: rate === ratio || decided(figures) === 0 ? null : ratio,
      bar: Math.round((100 * (figures.missedRate ?? 0)) / full),
    };
  });
  const missing = missingChannels(summary.completeness).map(
    (channel): ChannelRow => ({
      ...{ name: words.channels[channel], mark: null, rate: words.notRead, ratio: null, bar: null },
    }),
  );
  return {
    title: words.byChannel,
    head: [words.channel, words.measures.missedRate],
    body: [...body, ...missing],
  };
}

/**
 * When customers were missed, channel by channel, and when they wrote: the night in one cell, then hour by hour; empty
 * without a chat.
 *
 * @param byHourOfNight each hour of the night in a cell of its own
 */
export function hourSection(summary: Summary, voice: Voice, byHourOfNight = false): HourSection {
  const { words, format } = voice;
  const firstHour = byHourOfNight ? 0 : FIRST_HOUR;
  const rows = summary.totals.chats === 0 ? [] : hourRows(summary, firstHour, voice);
  const hasGaps = rows.some(({ cells }) => cells.some(({ hasChats }) => !hasChats));
  return {
    title: words.byHour,
    hourLabel: words.hourColumn,
    chatsLabel: words.chatsRow,
    legend: words.shade,
    shades: shadeLegend(voice),
    emptyLegend: hasGaps ? words.hourWithoutChats(format.percent(null)) : null,
    labels: columns(firstHour).map(({ label }) => label),
    rows,
    chats: columns(firstHour).map(({ hours }) =>
      format.shortCount(summary.byHour.reduce((sum, { hour, chats }) => sum + (hours(hour) ? chats : 0), 0)),
    ),
    facts: [
      ...(isPartial(summary) ? [words.hoursWithout(missingOf(summary, voice))] : []),
      ...businessFacts(summary, voice),
    ],
  };
}

interface Column {
  readonly label: string;
  readonly hours: (hour: number) => boolean;
}

function columns(firstHour: number): Column[] {
  const single = Array.from({ length: 24 - firstHour }, (_, index) => firstHour + index).map((hour) => ({
    label: String(hour),
    hours: (one: number) => one === hour,
  }));
  return firstHour === 0
    ? single
    : [{ label: `<${firstHour}`, hours: (one: number) => one < firstHour }, ...single];
}

/** Channels that had a chat, and all of them together where there are several. */
function hourRows({ byHour, byChannelHour }: Summary, firstHour: number, voice: Voice): HourRow[] {
  const { words } = voice;
  const rowOf = (name: string, of: readonly ({ readonly hour: number } & Figures)[]): HourRow => ({
    name,
    cells: columns(firstHour).map(({ hours }) =>
      hourCell(
        of.filter(({ hour }) => hours(hour)),
        voice,
      ),
    ),
  });
  const channels = CHANNELS.flatMap((channel) => {
    const of = byChannelHour.filter((figures) => figures.channel === channel);
    return of.length === 0 ? [] : [rowOf(words.channels[channel], of)];
  });
  return channels.length === 1 ? channels : [...channels, rowOf(words.allChannels, byHour)];
}

function hourCell(of: readonly Figures[], { format }: Voice): HourCell {
  const figures = addUp(of);
  const isUnknown = of.some(isRateUnknown);
  const hasChats = figures.chats > 0;
  return {
    missed: hasChats ? sayMissed(figures.missed, isUnknown, format) : format.percent(null),
    hasChats,
    of: format.shortCount(decided(figures)),
    rate: format.percent(isUnknown ? null : figures.missedRate),
    shade: shadeOf(figures),
  };
}

/** None that is known is not the same as none. */
function sayMissed(missed: number, isUnknown: boolean, format: Format): string {
  return missed === 0 && isUnknown ? '?' : format.shortCount(missed);
}

function businessFacts({ businessHours }: Summary, voice: Voice): string[] {
  if (businessHours === null) return [];
  const { hours, inside, outside } = businessHours;
  const { words } = voice;
  return [
    words.insideHours(hoursAsRead(hours, voice), missedAndRate(voice, inside)),
    words.outsideHours(missedAndRate(voice, outside)),
  ];
}

/** The setting, its names of days in the reader's language. */
export function hoursAsRead(hours: string, { words }: Voice): string {
  return hours.replaceAll(/[A-Z][a-z]{2}/g, (day) => words.weekdays[day] ?? day).replaceAll('-', '–');
}
