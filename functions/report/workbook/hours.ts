import { type Channel, inChannelOrder } from '../../chat/channel.ts';
import type { Figures } from '../../measure/measures.ts';
import type { Summary } from '../../measure/summary.ts';
import { isFew, type Voice } from '../voice.ts';
import { figuresColumns } from './figures-columns.ts';
import { type SheetColumn, type TableSheet, tableOf } from './sheet.ts';

interface HourRow {
  /** Null of the whole day. */
  readonly hour: number | null;
  readonly all: Figures;
  /** Of the channels that have a chat in it. */
  readonly byChannel: ReadonlyMap<Channel, Figures>;
}

/** When customers wrote: an hour a row, first by channel, then all together. */
export function hoursSheet(summary: Summary, voice: Voice): TableSheet {
  const { words } = voice;
  const { sheets, total } = words.workbook;
  const columns: SheetColumn<HourRow>[] = [
    { title: words.hourColumn, kind: 'hour', width: 9, of: ({ hour }) => hour },
    ...channelsOf(summary).flatMap((channel) => channelColumns(channel, voice)),
    ...figuresColumns(voice).map(({ of, ...column }, place) => ({
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

function channelColumns(channel: Channel, { words }: Voice): SheetColumn<HourRow>[] {
  const figures = ({ byChannel }: HourRow) => byChannel.get(channel);
  const title = (of: string) => `${words.channels[channel]}: ${of}`;
  return [
    {
      title: title(words.workbook.figures.chats),
      kind: 'count',
      width: 13,
      of: (row) => figures(row)?.chats ?? 0,
    },
    {
      title: title(words.workbook.figures.missed),
      kind: 'count',
      width: 13,
      of: (row) => missedOf(row, channel),
    },
    {
      title: title(words.workbook.figures.missedRate),
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
