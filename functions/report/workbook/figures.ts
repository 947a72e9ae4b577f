import { type Channel, inChannelOrder } from '../../chats/channel.ts';
import { DIMENSIONS } from '../../metrics/dimensions.ts';
import { type Figures, MEASURES, mapValues } from '../../metrics/measures.ts';
import type { KeyedFigures, Summary } from '../../metrics/summary.ts';
import { canonicalText } from '../../text/bounds.ts';
import { namesApart } from '../bars.ts';
import { isFew, type LocaleFormatter, PERCENTILE_FROM } from '../locale-formatter.ts';
import { visible } from '../plain-text.ts';
import { type SheetColumn, type TableSheet, tableOf } from './sheet.ts';

/** The figures of a set of chats, a column each; of a handful neither a share nor a percentile. */
export function figuresColumns({ messages }: LocaleFormatter): SheetColumn<Figures>[] {
  return MEASURES.flatMap(({ title, unit, of, values }) => {
    if (title === undefined) return [];
    const isTold = (figures: Figures) =>
      unit === 'share' ? !isFew(figures) : values === undefined || values(figures) >= PERCENTILE_FROM;
    return {
      title: messages.workbook.figures[title],
      kind: unit,
      width: unit === 'seconds' ? 15 : 12,
      of: (figures) => (isTold(figures) ? of(figures) : null),
    };
  });
}

interface HourRow {
  /** Null of the whole day. */
  readonly hour: number | null;
  readonly all: Figures;
  /** Of the channels that have a chat in it. */
  readonly byChannel: ReadonlyMap<Channel, Figures>;
}

/** When customers wrote: an hour a row, first by channel, then all together. */
export function hoursSheet(summary: Summary, formatter: LocaleFormatter): TableSheet {
  const { messages } = formatter;
  const { sheets, total } = messages.workbook;
  const columns: SheetColumn<HourRow>[] = [
    { title: messages.hourColumn, kind: 'hour', width: 9, of: ({ hour }) => hour },
    ...channelsOf(summary).flatMap((channel) => channelColumns(channel, formatter)),
    ...figuresColumns(formatter).map(({ of, ...column }, place) => ({
      ...column,
      // The first is how many chats there were: where there was none the others say nothing of the hour.
      of: ({ hour, all }: HourRow) => (place === 0 || hour === null || all.chats > 0 ? of(all) : null),
    })),
  ];
  const rows = summary.byHour.map(({ hour, ...all }) => ({ hour, all, byChannel: hourOf(hour, summary) }));
  const day = { hour: null, all: summary.totals, byChannel: new Map(inChannelOrder(summary.byChannel)) };
  return { name: sheets.hours, ...tableOf(columns, rows, { name: total, of: day }) };
}

/** Those that were asked; none where the summary is from before hours were counted by channel. */
function channelsOf({ byChannel, byChannelHour, totals }: Summary): Channel[] {
  if (byChannelHour.length === 0 && totals.chats > 0) return [];
  return inChannelOrder(byChannel).map(([channel]) => channel);
}

function channelColumns(channel: Channel, { messages }: LocaleFormatter): SheetColumn<HourRow>[] {
  const figures = ({ byChannel }: HourRow) => byChannel.get(channel);
  const title = (of: string) => `${messages.channels[channel]}: ${of}`;
  return [
    {
      title: title(messages.workbook.figures.chats),
      kind: 'count',
      width: 13,
      of: (row) => figures(row)?.chats ?? 0,
    },
    {
      title: title(messages.workbook.figures.missed),
      kind: 'count',
      width: 13,
      of: (row) => missedOf(row, channel),
    },
    {
      title: title(messages.workbook.figures.missedRate),
      kind: 'share',
      width: 13,
      of: (row) => {
        const of = figures(row);
        return of === undefined || isFew(of) ? null : of.missedRate;
      },
    },
  ];
}

/** Of no chat it is not the same as that none was missed. */
function missedOf({ hour, byChannel }: HourRow, channel: Channel): number | null {
  return byChannel.get(channel)?.missed ?? (hour === null ? 0 : null);
}

function hourOf(hour: number, { byChannelHour }: Summary): Map<Channel, Figures> {
  return new Map(byChannelHour.filter((one) => one.hour === hour).map((one) => [one.channel, one]));
}

/** Far longer than a name is, and far shorter than what a cell can hold. */
const NAME_LENGTH = 1_000;

/** The name, or null where there is nothing of it that can be seen. */
export function seenName(name: string | null | undefined): string | null {
  return visible(name, NAME_LENGTH);
}

/** What each key of the rows is called. */
export function nameByKey(rows: readonly KeyedFigures[], none: string): (key: string | null) => string {
  const names = namesApart(rows, none, { name: NAME_LENGTH, key: NAME_LENGTH });
  const byKey = new Map(rows.map(({ key }, at) => [key && canonicalText(key), names[at]]));
  // A chat may spell the key otherwise than the list shows it.
  return (key) => byKey.get(key && canonicalText(key)) ?? key ?? none;
}

/** The lists of which every row is shown, each with all of its rows. */
export function listSheets(summary: Summary, formatter: LocaleFormatter): TableSheet[] {
  const { dimensions, workbook } = formatter.messages;
  const sheets = mapValues(DIMENSIONS, (_, id): TableSheet[] => {
    const list = dimensions[id];
    if (!('sheet' in list)) return [];
    const nameOf = nameByKey(summary[id], list.none);
    const columns: SheetColumn<KeyedFigures>[] = [
      { title: list.one, kind: 'text', width: 30, of: ({ key }) => nameOf(key) },
      ...('key' in list
        ? [{ title: list.key, kind: 'text', width: 28, of: ({ key }: KeyedFigures) => key } as const]
        : []),
      ...figuresColumns(formatter),
    ];
    const total = { name: workbook.total, of: { key: null, ...summary.totals } };
    return [{ name: list.sheet, ...tableOf(columns, summary[id], total) }];
  });
  return Object.values(sheets).flat();
}
