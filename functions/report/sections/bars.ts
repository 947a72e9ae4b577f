import { addDays, type Day, daysFrom } from '../../calendar/day.ts';
import { missingChannels } from '../../capture/coverage.ts';
import { type Channel, inChannelOrder } from '../../chats/channel.ts';
import { DIMENSIONS, type DimensionId } from '../../metrics/dimensions.ts';
import { type AddedFigures, mapValues } from '../../metrics/measures.ts';
import { decided, isRateUnknown, withKnownRates } from '../../metrics/rates.ts';
import type { KeyedFigures, Summary } from '../../metrics/summary.ts';
import type { EarlierDay, LackingDay } from '../baselines.ts';
import type { Messages } from '../i18n/messages.ts';
import { historyIn, isDayOff, type Scope } from '../judge.ts';
import {
  isFew,
  type LocaleFormatter,
  missedRateOf,
  namesOf,
  PERCENTILE_FROM,
  shortRatio,
} from '../locale-formatter.ts';
import { visible } from '../plain-text.ts';
import { type QuietChannels, quietMark } from '../silence.ts';
import type { AgentSection, Bar, BarRow, BarSection, DayBar, DaysSection } from '../view.ts';

/** The charts of missed rates, the table of agents, and the lists by dimension. */

/** The least rate of a full bar, from 0 to 1. Otherwise a good day would look like a bad one. */
const FULL_AT_LEAST = 0.1;
/** The rate of a full bar is a multiple of this. */
const FULL_STEP = 0.05;
/** The days of the chart, the reported day included. */
const DAYS = 14;

/**
 * The missed rate of each requested channel, also of channels without chats. A channel that could not be read has
 * no bar: its row says that it was not read, because that is not zero.
 */
export function channelBars(
  summary: Summary,
  { hours }: Scope,
  quiet: QuietChannels,
  formatter: LocaleFormatter,
): BarSection {
  const { messages } = formatter;
  const asked = inChannelOrder(summary.byChannel);
  // Targets apply to business hours. Where these are set, the figures by channel still count the whole day.
  const target = hours === null ? (summary.targets?.missedRate ?? null) : null;
  const full = fullOf(
    asked.map(([, figures]) => figures),
    target,
  );
  const body = asked.map(([channel, figures]): BarRow => {
    const [rate, ratio] = [missedRateOf(formatter, figures), shortRatio(formatter, figures)];
    return {
      name: messages.channels[channel],
      mark: quietMark(channel, quiet, formatter),
      rate: decided(figures) === 0 && figures.chats === 0 ? messages.noChatsCell : rate,
      ratio: rate === ratio || decided(figures) === 0 ? null : ratio,
      bar: isFew(figures) ? null : barOf(figures, full, target),
    };
  });
  const missing = missingChannels(summary.completeness).map(
    (channel): BarRow => ({
      ...{ name: messages.channels[channel], mark: null, rate: messages.notRead, ratio: null, bar: null },
    }),
  );
  return {
    title: messages.byChannel,
    head: [messages.channel, messages.measures.missedRate, messages.measures.missed],
    scale: [
      ...(hours === null ? [] : [messages.allDay]),
      ...(body.some(({ bar }) => bar !== null) ? [scaleOf(full, target, formatter)] : []),
    ].join(' '),
    body: [...body, ...missing],
  };
}

/**
 * The missed rates of the day and of the 13 days before it. Where business hours are set, only these are counted.
 *
 * The body is empty on a day off, and where fewer than two of the days have figures. A day whose report lacks a
 * channel has no rate: its text names the missing channels.
 *
 * @param history earlier days with comparable figures
 * @param lacking earlier days whose reports lack channels
 */
export function daysSection(
  summary: Summary,
  scope: Scope,
  history: readonly EarlierDay[],
  lacking: readonly LackingDay[],
  formatter: LocaleFormatter,
): DaysSection {
  const { messages, format } = formatter;
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
      // A phone has no room for decimals: 14 rates stand side by side.
      rate: hasRate ? String(Math.round(100 * (figures.missedRate ?? 0))) : '',
      ratio: figures === null || isOff ? '' : shortRatio(formatter, figures),
      text: isOff
        ? messages.dayOff
        : figures === null
          ? noRate(lacks, formatter)
          : missedRateOf(formatter, figures),
      bar: hasRate ? barOf(figures, full, target) : null,
      isToday,
    };
  });
  const isAlone = days.filter(({ figures, isOff }) => figures !== null && !isOff).length < 2;
  return {
    title: messages.fourteenDays,
    head: [messages.day, messages.measures.missedRate, messages.measures.missed],
    body: isAlone || scope.isDayOff ? [] : body,
    scale: body.some(({ bar }) => bar !== null)
      ? messages.columnScale(
          format.percent(full),
          target === null ? '' : messages.beyondColumn(format.percent(target)),
        )
      : '',
    note: isAlone ? null : gapNote(days, formatter),
  };
}

function noRate(lacks: readonly Channel[], formatter: LocaleFormatter): string {
  return lacks.length === 0
    ? formatter.messages.noReport
    : formatter.messages.lacksChannels(namesOf(lacks, formatter));
}

interface KnownDay {
  readonly day: Day;
  readonly figures: AddedFigures | null;
  readonly lacks: readonly Channel[];
  readonly isOff: boolean;
}

/** Explains the days without a bar. Null where each day has one. */
function gapNote(days: readonly KnownDay[], formatter: LocaleFormatter): string | null {
  const { messages, format } = formatter;
  const named = (those: readonly KnownDay[]) => those.map(({ day }) => format.shortDay(day)).join(', ');
  const off = days.filter(({ isOff }) => isOff);
  const open = days.filter(({ isOff }) => !isOff);
  const lacking = open.filter(({ lacks }) => lacks.length > 0);
  const without = open.filter(({ figures, lacks }) => figures === null && lacks.length === 0);
  const unknown = open.filter(({ figures }) => figures !== null && isRateUnknown(figures));
  const empty = open.filter(({ figures }) => figures !== null && figures.chats === 0);
  const few = open.filter(({ figures }) => figures !== null && decided(figures) > 0 && isFew(figures));
  const notes = [
    ...(off.length > 0 ? [messages.daysOff(named(off), off.length)] : []),
    ...(without.length > 0 ? [messages.daysWithout(named(without), without.length)] : []),
    ...(empty.length > 0 ? [messages.daysEmpty(named(empty), empty.length)] : []),
    ...(few.length > 0
      ? [
          messages.daysFew(
            few
              .map(
                ({ day, figures }) =>
                  `${format.shortDay(day)} (${figures === null ? '' : shortRatio(formatter, figures)})`,
              )
              .join(', '),
            few.length,
          ),
        ]
      : []),
    ...(unknown.length > 0 ? [messages.daysUnknown(named(unknown), unknown.length)] : []),
    ...(lacking.length > 0 ? [messages.lackingDaysNote(named(lacking))] : []),
  ];
  return notes.join(' ') || null;
}

function barOf({ missedRate }: AddedFigures, full: number, target: number | null): Bar {
  const room = (share: number): number => Math.round((1_000 * Math.min(share, full)) / full) / 10;
  const rate = missedRate ?? 0;
  if (target === null) return { within: room(rate), beyond: 0, target: null };
  const within = room(Math.min(rate, target));
  return { within, beyond: Math.round(10 * (room(rate) - within)) / 10, target: room(target) };
}

/** The rate of a full bar, above 0 and at most 1. Small sets of chats are left out: their rates are extreme by chance. */
function fullOf(all: readonly AddedFigures[], target: number | null): number {
  const rates = all.filter((one) => !isFew(one)).map(({ missedRate }) => missedRate ?? 0);
  const most = Math.max(FULL_AT_LEAST, (target ?? 0) * 1.25, ...rates);
  return Math.min(1, Math.ceil(most / FULL_STEP - 1e-9) * FULL_STEP);
}

function scaleOf(full: number, target: number | null, formatter: LocaleFormatter): string {
  const { messages, format } = formatter;
  return messages.barScale(
    format.percent(full),
    target === null ? '' : messages.beyondTarget(format.percent(target)),
  );
}

/** The most characters of a name and of a key. */
interface Room {
  readonly name: number;
  readonly key: number;
}

/**
 * The names of the rows, in the same order. Where several rows have one name, each name is followed by its key.
 * Names are compared after they are cut: two long names may be equal then.
 *
 * @param none the name of a row without a key
 */
export function namesApart(rows: readonly KeyedFigures[], none: string, room: Room): string[] {
  const shown = rows.map(({ key, name }) => ({
    key: visible(key, room.key) ?? none,
    name: visible(name, room.name) ?? visible(key, room.name) ?? none,
  }));
  const times = Map.groupBy(shown, ({ name }) => name);
  return shown.map(({ key, name }) =>
    times.get(name)?.length === 1 || name === key ? name : `${name} (${key})`,
  );
}

/** The room of a mail: rows, and characters of a name and a key. */
const ROOM = { rows: 8, name: 60, key: 40 };

/** The agents with the most chats. Null where no chat was assigned to an agent. */
export function agentSection(
  summary: Summary,
  { hours }: Scope,
  formatter: LocaleFormatter,
): AgentSection | null {
  const { messages, format } = formatter;
  const agentMessages = messages.agents;
  const { title, one, none, sheet } = messages.dimensions.byAgent;
  const agents = summary.byAgent.filter(({ key }) => key !== null);
  if (agents.length === 0) return null;
  const unassigned = summary.byAgent.find(({ key }) => key === null)?.missed ?? 0;
  const shown = agents.slice(0, ROOM.rows);
  const names = namesApart(shown, none, ROOM);
  const rest = agents.length - shown.length;
  const taken = summary.totals.missed - unassigned;
  return {
    title,
    unassigned:
      unassigned === 0
        ? null
        : [
            ...(hours === null ? [] : [messages.allDay]),
            agentMessages.unassigned(format.count(unassigned), unassigned),
            ...(taken > 0 ? [agentMessages.others(format.count(taken), taken)] : []),
          ].join(' '),
    head: [one, agentMessages.assigned, agentMessages.notTaken, agentMessages.wait],
    body: shown.map((figures, at) => ({
      name: names[at] ?? none,
      assigned: format.count(figures.chats),
      notTaken: format.count(figures.missed),
      wait: figures.waitSeconds.count < PERCENTILE_FROM ? '' : format.duration(figures.waitSeconds.p50),
    })),
    more: rest > 0 ? agentMessages.more(format.count(rest), sheet, rest) : null,
  };
}

/** One dimension as a list of the report. */
export interface List {
  readonly id: DimensionId;
  readonly messages: Messages['dimensions'][DimensionId];
  readonly shows: 'all' | 'mostMissed';
  /** Most chats first. Where `shows` is `mostMissed`: only rows with missed chats, most missed first. */
  readonly rows: readonly KeyedFigures[];
}

/** The lists in the order of the dimensions. A list without a key in its rows is left out. */
export function listsOf(summary: Summary, { dimensions }: Messages): List[] {
  return Object.values(
    mapValues(DIMENSIONS, ({ shows }, id): List => {
      const all = summary[id];
      const rows = shows === 'mostMissed' ? byMissed(all) : all;
      const isOfKeys = rows.some(({ key }) => key !== null);
      return { id, messages: dimensions[id], shows, rows: isOfKeys ? rows : [] };
    }),
  ).filter(({ rows }) => rows.length > 0);
}

function byMissed(all: readonly KeyedFigures[]): KeyedFigures[] {
  return all
    .filter(({ key, missed }) => key !== null && missed > 0)
    .toSorted((a, b) => b.missed - a.missed || b.chats - a.chats);
}
