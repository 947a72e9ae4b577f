import { openHoursOf, readBusinessHours } from '../../calendar/business-hours.ts';
import { CHANNELS } from '../../chats/channel.ts';
import type { AddedFigures, Figures } from '../../metrics/measures.ts';
import { decided, isRateUnknown } from '../../metrics/rates.ts';
import type { Summary } from '../../metrics/summary.ts';
import { type Scope, scopeOf } from '../judge.ts';
import { isFew, type LocaleFormatter, shortRatio } from '../locale-formatter.ts';
import type { HourCell, HourColumn, HourRow, HourSection, HourStrip } from '../view.ts';
import { outsideLine } from './facts.ts';
import { isPartial, missingNames } from './missing.ts';
import { worstOf } from './why.ts';

/** The day by hours: a strip for mails, a table for pages, and the shades that mark bad rates. */

/** Without business hours, the hours before this one share one column. */
const FIRST_HOUR = 6;

/**
 * Missed chats, all chats and agents with chats, hour by hour. It has the business hours. Where none are set, it has
 * the whole day, and the night is one column. Null where these hours had no chat.
 *
 * @param isBad whether the day was bad: then the worst hour is in the colour of alarm
 */
export function hourStrip(
  summary: Summary,
  scope: Scope,
  isBad: boolean,
  formatter: LocaleFormatter,
): HourStrip | null {
  const { messages, format } = formatter;
  if (scope.figures.chats === 0) return null;
  const columns = columnsOf(summary, scope);
  const workload = isPartial(summary) ? null : summary.workload;
  const worst = worstOf(summary, scope)?.hour ?? null;
  const missedIn = (hours: readonly number[]) => sum(summary, hours, ({ missed }) => missed);
  const most = Math.max(1, ...columns.map(({ hours }) => missedIn(hours)));
  const isUnknown = summary.byHour.some(isRateUnknown);
  const body = columns.map(({ label, hours }): HourColumn => {
    const [missed, chats] = [missedIn(hours), sum(summary, hours, (figures) => figures.chats)];
    const agents = Math.max(0, ...hours.map((hour) => workload?.byHour[hour]?.agents ?? 0));
    const isWorst = worst !== null && hours.includes(worst);
    return {
      hour: label,
      missed: missed === 0 && isUnknown && chats > 0 ? '?' : format.shortCount(missed),
      chats: format.shortCount(chats),
      agents: format.shortCount(agents),
      bar: Math.round((100 * missed) / most),
      isWorst,
      isBad: isWorst && isBad,
    };
  });
  const hourMessages = messages.hourStrip;
  return {
    title: messages.byHour,
    worst: worst === null ? null : worstLine(worst, summary, formatter),
    labels: {
      hour: messages.hourColumn,
      missed: messages.measures.missed,
      chats: messages.chatsRow,
      agents: hourMessages.agents,
    },
    hasAgents: workload != null,
    body,
    scale: columns.some(({ hours }) => missedIn(hours) > 0)
      ? hourMessages.scale(format.count(most), most)
      : null,
    notes: [
      ...(workload == null ? [] : [hourMessages.agentsDefinition]),
      ...(isPartial(summary) ? [messages.hoursWithout(missingNames(summary, formatter))] : []),
      outsideLine(summary, scope, formatter),
    ].filter((note) => note !== null),
  };
}

interface Column {
  readonly label: string;
  readonly hours: readonly number[];
}

function columnsOf({ day }: Summary, { hours }: Scope): Column[] {
  const read = hours === null ? null : readBusinessHours(hours);
  const single = (hour: number): Column => ({ label: String(hour), hours: [hour] });
  if (read !== null) return openHoursOf(day, read).map(single);
  const all = Array.from({ length: 24 }, (_, hour) => hour);
  return [{ label: `<${FIRST_HOUR}`, hours: all.slice(0, FIRST_HOUR) }, ...all.slice(FIRST_HOUR).map(single)];
}

function sum(
  { byHour }: Summary,
  hours: readonly number[],
  of: (figures: Summary['byHour'][number]) => number,
): number {
  return byHour.reduce((total, one) => total + (hours.includes(one.hour) ? of(one) : 0), 0);
}

function worstLine(hour: number, { byHour, workload }: Summary, formatter: LocaleFormatter): string | null {
  const { messages, format } = formatter;
  const figures = byHour[hour];
  if (figures === undefined || decided(figures) === 0) return null;
  const agents = workload?.byHour[hour]?.agents;
  const hourMessages = messages.hourStrip;
  return hourMessages.worst(
    messages.hour(hour),
    shortRatio(formatter, figures),
    agents === undefined ? '' : hourMessages.withAgents(format.count(agents), agents),
  );
}

/** How bad a missed rate is, from 0 (none missed) to 3 (worst). Pages have one colour for each shade. */
export type Shade = 0 | 1 | 2 | 3;

/**
 * The least rate and the least missed chats of a shade. Both must be reached. Otherwise an hour with a single chat,
 * which was missed, would look like a bad hour.
 */
const FROM = {
  2: { rate: 0.1, missed: 3 },
  3: { rate: 0.2, missed: 5 },
} as const;

/** The shade of a set of chats. It is 0 where none was missed. */
export function shadeOf(figures: Pick<AddedFigures, 'answered' | 'missed'>): Shade {
  const { missed } = figures;
  if (missed === 0) return 0;
  const isFrom = (shade: 2 | 3): boolean =>
    missed >= FROM[shade].missed && missed / decided(figures) >= FROM[shade].rate;
  if (isFrom(3)) return 3;
  return isFrom(2) ? 2 : 1;
}

/** The meaning of the shades 1 to 3, the palest first. */
export function shadeLegend({
  messages,
  format,
}: LocaleFormatter): { readonly shade: Shade; readonly label: string }[] {
  return [
    { shade: 1, label: `<${format.percent(FROM[2].rate)}` },
    { shade: 2, label: `≥${format.percent(FROM[2].rate)}` },
    {
      shade: 3,
      label: `≥${format.percent(FROM[3].rate)} ${messages.shadeFromCount(format.count(FROM[3].missed))}`,
    },
  ];
}

/**
 * The whole day by hours: missed chats by channel, all chats, agents with chats, and how many chats an agent held at
 * once. It has no rows on a day without chats. On a partial day the figures of agents are left out.
 */
export function hourTable(summary: Summary, formatter: LocaleFormatter): HourSection {
  const { messages, format } = formatter;
  const rows = summary.totals.chats === 0 ? [] : hourRows(summary, formatter);
  const hasGaps = rows.some(({ cells }) => cells.some(({ hasChats }) => !hasChats));
  const outside = outsideLine(summary, scopeOf(summary), formatter);
  const workload = isPartial(summary) ? null : summary.workload;
  const hourMessages = messages.hourStrip;
  return {
    title: messages.byHour,
    hourLabel: messages.hourColumn,
    chatsLabel: messages.chatsRow,
    legend: messages.shade,
    shades: rows.some(({ cells }) => cells.some(({ shade }) => shade > 0)) ? shadeLegend(formatter) : [],
    emptyLegend: hasGaps ? messages.hourWithoutChats(format.percent(null)) : null,
    labels: summary.byHour.map(({ hour }) => String(hour)),
    rows,
    chats: summary.byHour.map(({ chats }) => format.shortCount(chats)),
    staff:
      workload == null
        ? []
        : [
            {
              name: hourMessages.agents,
              cells: workload.byHour.map(({ agents }) => format.shortCount(agents)),
            },
            {
              name: hourMessages.atOnce,
              cells: workload.byHour.map(({ chatsAtOnce }) =>
                chatsAtOnce === null ? '' : format.decimal(chatsAtOnce),
              ),
            },
          ],
    facts: [
      ...(workload == null ? [] : [`${hourMessages.agentsDefinition} ${hourMessages.atOnceDefinition}`]),
      ...(isPartial(summary) ? [messages.hoursWithout(missingNames(summary, formatter))] : []),
      ...(outside === null ? [] : [outside]),
    ],
  };
}

/**
 * A row for each channel with chats. A row for all channels follows, unless only one channel has chats. A day of few
 * chats has no shades: its rates are extreme by chance.
 */
function hourRows({ byHour, byChannelHour, totals }: Summary, formatter: LocaleFormatter): HourRow[] {
  const { messages } = formatter;
  const isShaded = !isFew(totals);
  const rowOf = (name: string, of: readonly ({ readonly hour: number } & Figures)[]): HourRow => ({
    name,
    cells: byHour.map(({ hour }) =>
      hourCell(
        of.find((figures) => figures.hour === hour),
        isShaded,
        formatter,
      ),
    ),
  });
  const channels = CHANNELS.flatMap((channel) => {
    const of = byChannelHour.filter((figures) => figures.channel === channel);
    return of.length === 0 ? [] : [rowOf(messages.channels[channel], of)];
  });
  return channels.length === 1 ? channels : [...channels, rowOf(messages.allChannels, byHour)];
}

function hourCell(figures: Figures | undefined, isShaded: boolean, { format }: LocaleFormatter): HourCell {
  if (figures === undefined || figures.chats === 0) {
    const none = format.percent(null);
    return { missed: none, hasChats: false, of: none, rate: none, shade: 0 };
  }
  const isUnknown = isRateUnknown(figures);
  return {
    // Chats of unknown status may be missed ones. So zero known missed chats is not zero.
    missed: figures.missed === 0 && isUnknown ? '?' : format.shortCount(figures.missed),
    hasChats: true,
    of: format.shortCount(decided(figures)),
    rate: format.percent(isUnknown ? null : figures.missedRate),
    shade: isShaded ? shadeOf(figures) : 0,
  };
}
