import { toZonedIso } from '../../../calendar/time-zone.ts';
import { type Channel, inChannelOrder } from '../../../chats/channel.ts';
import { type Chat, landingPageKey } from '../../../chats/chat.ts';
import { isErased } from '../../../chats/customer-identity.ts';
import { compareStart } from '../../../metrics/callbacks.ts';
import { DIMENSIONS } from '../../../metrics/dimensions.ts';
import { eachOnce, maskEmail, maskName, maskPage, maskPhone } from '../../../metrics/masking.ts';
import { type Figures, MEASURES, mapValues, TIMES } from '../../../metrics/measures.ts';
import type { KeyedFigures, Summary } from '../../../metrics/summary.ts';
import type { Waiting } from '../../../metrics/waiting.ts';
import {
  countsOf,
  everyoneIn,
  isWrittenOn,
  type WorkItem,
  type WorkList,
} from '../../../metrics/work-list.ts';
import { canonicalText } from '../../../text/bounds.ts';
import { isFew, type LocaleFormatter, namesOf, PERCENTILE_FROM, wallClock } from '../../locale-formatter.ts';
import { visible } from '../../plain-text.ts';
import { namesApart } from '../../sections/bars.ts';
import { type SheetColumn, type TableSheet, tableOf } from './sheet.ts';

/** The sheets of lists: hours, dimensions, chats and waiting customers. */

/** A column for each figure of a set of chats. A share or percentile of few chats is null. */
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
  /** From 0 to 23. Null for the whole day. */
  readonly hour: number | null;
  readonly all: Figures;
  /** Only channels with a chat in this hour. */
  readonly byChannel: ReadonlyMap<Channel, Figures>;
}

/** When customers wrote: one row an hour, first by channel, then all together. */
export function hoursSheet(summary: Summary, formatter: LocaleFormatter): TableSheet {
  const { messages } = formatter;
  const { sheets, total } = messages.workbook;
  const columns: SheetColumn<HourRow>[] = [
    { title: messages.hourColumn, kind: 'hour', width: 9, of: ({ hour }) => hour },
    ...channelsOf(summary).flatMap((channel) => channelColumns(channel, formatter)),
    ...figuresColumns(formatter).map(({ of, ...column }, place) => ({
      ...column,
      // The first figure is the number of chats. An hour without chats has no other figures.
      of: ({ hour, all }: HourRow) => (place === 0 || hour === null || all.chats > 0 ? of(all) : null),
    })),
  ];
  const rows = summary.byHour.map(({ hour, ...all }) => ({ hour, all, byChannel: hourOf(hour, summary) }));
  const day = { hour: null, all: summary.totals, byChannel: new Map(inChannelOrder(summary.byChannel)) };
  return { name: sheets.hours, ...tableOf(columns, rows, { name: total, of: day }) };
}

/** The channels of the report. None for old summaries without hours by channel. */
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

/** Null for an hour without chats: that is not the same as none missed. */
function missedOf({ hour, byChannel }: HourRow, channel: Channel): number | null {
  return byChannel.get(channel)?.missed ?? (hour === null ? 0 : null);
}

function hourOf(hour: number, { byChannelHour }: Summary): Map<Channel, Figures> {
  return new Map(byChannelHour.filter((one) => one.hour === hour).map((one) => [one.channel, one]));
}

/** In characters: far more than a name has, and far less than a cell holds. */
const NAME_LENGTH = 1_000;

/** The name. Null where nothing is visible. */
function seenName(name: string | null | undefined): string | null {
  return visible(name, NAME_LENGTH);
}

/** A function that finds the name of a key. */
function nameByKey(rows: readonly KeyedFigures[], none: string): (key: string | null) => string {
  const names = namesApart(rows, none, { name: NAME_LENGTH, key: NAME_LENGTH });
  const byKey = new Map(rows.map(({ key }, at) => [key && canonicalText(key), names[at]]));
  // A chat may spell the key differently from the list.
  return (key) => byKey.get(key && canonicalText(key)) ?? key ?? none;
}

/** All rows of each dimension that has a sheet. */
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

/** The most rows of chats. Nearly all readers need fewer, and the workbook is attached to mails. */
export const MOST_CHATS = 20_000;

/** The chats that a workbook lists. */
export interface PickedChats {
  /** A day with too many chats lists only the missed ones, or only the latest of these. */
  readonly holds: 'all' | 'missed' | 'latestMissed';
  /** By start. The latest first, where only they are listed. */
  readonly chats: readonly Chat[];
}

/** Picks the chats for the list, from pages in any order. It holds at most a quarter more. */
export class ChatPicker {
  readonly #most: number;
  #picked: Chat[] = [];
  #chats = 0;
  #missed = 0;

  constructor(most = MOST_CHATS) {
    this.#most = most;
  }

  add(chats: readonly Chat[]): void {
    this.#chats += chats.length;
    const missed = chats.filter(({ status }) => status === 'missed');
    this.#missed += missed.length;
    for (const chat of this.#chats <= this.#most ? chats : missed) this.#picked.push(chat);
    // Sorting after each page would be slow.
    if (this.#picked.length > this.#most + Math.ceil(this.#most / 4)) this.#picked = this.#latest();
  }

  /** The latest first. */
  #latest(): Chat[] {
    const wanted =
      this.#chats <= this.#most ? this.#picked : this.#picked.filter(({ status }) => status === 'missed');
    return wanted.sort((left, right) => compareStart(right, left)).slice(0, this.#most);
  }

  finish(): PickedChats {
    const holds = this.#chats <= this.#most ? 'all' : this.#missed <= this.#most ? 'missed' : 'latestMissed';
    const chats = this.#latest();
    return { holds, chats: holds === 'latestMissed' ? chats : chats.reverse() };
  }
}

/** One row a chat. Contacts are masked or in full, as in the rest of the report. */
export function chatsSheet(
  { chats, holds }: PickedChats,
  summary: Summary,
  formatter: LocaleFormatter,
): TableSheet {
  const { messages } = formatter;
  const { sheets } = messages.workbook;
  return {
    name: holds === 'all' ? sheets.chats : sheets.missedChats,
    ...tableOf(
      [...chatColumns(formatter), ...contactColumns(summary, formatter), ...workColumns(summary, formatter)],
      chats,
    ),
  };
}

function chatColumns({ messages }: LocaleFormatter): SheetColumn<Chat>[] {
  const labels = messages.workbook;
  return [
    { title: labels.startedAt, kind: 'moment', width: 20, of: ({ startedAt }) => startedAt.wallSeconds },
    { title: messages.channel, kind: 'text', width: 12, of: ({ channel }) => messages.channels[channel] },
    { title: labels.status, kind: 'text', width: 13, of: ({ status }) => labels.statuses[status] },
  ];
}

function contactColumns({ contacts }: Summary, { messages }: LocaleFormatter): SheetColumn<Chat>[] {
  const labels = messages.workbook;
  const isMasked = contacts === 'masked';
  /** Raw data may still hold contacts of an erased person. They are never shown. */
  const column = (title: string, width: number, of: Of, mask: (text: string) => string) => ({
    title,
    kind: 'text' as const,
    width,
    of: (chat: Chat) => {
      const text = isErased(chat.customerId) ? null : of(chat);
      return text !== null && isMasked ? mask(text) : text;
    },
  });
  return [
    column(messages.customer, 26, ({ customerName }) => customerName, eachOnce(maskName)),
    column(labels.phone, 16, ({ customerPhone }) => customerPhone, eachOnce(maskPhone)),
    column(labels.email, 26, ({ customerEmail }) => customerEmail, eachOnce(maskEmail)),
    // The page has no query here, because sites put personal data there.
    column(
      messages.dimensions.byLandingPage.one,
      36,
      ({ landingPage }) => landingPageKey(landingPage),
      eachOnce(maskPage),
    ),
  ];
}

type Of = (chat: Chat) => string | null;

function workColumns(summary: Summary, { messages }: LocaleFormatter): SheetColumn<Chat>[] {
  const labels = messages.workbook;
  const { byAgent, byGroup, byService } = messages.dimensions;
  const agentName = nameByKey(summary.byAgent, byAgent.none);
  const serviceName = nameByKey(summary.byService, byService.none);
  const seconds = (title: string, of: SheetColumn<Chat>['of']) =>
    ({ title, kind: 'seconds', width: 11, of }) as const;
  return [
    { title: byAgent.one, kind: 'text', width: 24, of: ({ agentEmail }) => agentName(agentEmail) },
    { title: byGroup.one, kind: 'text', width: 22, of: ({ groupName }) => groupName ?? byGroup.none },
    { title: byService.one, kind: 'text', width: 24, of: ({ serviceId }) => serviceName(serviceId) },
    seconds(labels.wait, (chat) => TIMES.waitSeconds.of(chat) ?? TIMES.abandonWaitSeconds.of(chat)),
    seconds(labels.handle, TIMES.handleSeconds.of),
    seconds(labels.duration, TIMES.durationSeconds.of),
    { title: labels.ticket, kind: 'text', width: 14, of: ({ ticketNo }) => ticketNo },
    { title: labels.conversationId, kind: 'text', width: 28, of: ({ conversationId }) => conversationId },
  ];
}

interface Row extends WorkItem {
  /** From 1, as in the other formats. */
  readonly number: number;
  readonly group: string;
}

/** All waiting customers, in the order of work. Readers fill in the last two columns: who calls, and the result. */
export function waitingSheet(list: WorkList, summary: Summary, formatter: LocaleFormatter): TableSheet {
  const { messages } = formatter;
  const labels = messages.workbook;
  const groups = [
    ...list.soon.map(() => labels.groups.soon(soonUntil(list, summary, formatter))),
    ...list.next.map(() => labels.groups.next),
    ...list.unreachable.map(() => labels.groups.unreachable),
  ];
  const rows = everyoneIn(list).map(
    (one, place): Row => ({ ...one, number: place + 1, group: groups[place] ?? '' }),
  );
  const columns: SheetColumn<Row>[] = [
    { title: labels.number, kind: 'count', width: 6, of: ({ number }) => number },
    {
      title: messages.customer,
      kind: 'text',
      width: 28,
      of: ({ customer }) => seenName(customer.name) ?? messages.noName,
    },
    { title: labels.group, kind: 'text', width: 33, of: ({ group }) => group },
    { title: labels.phone, kind: 'text', width: 16, of: ({ customer }) => customer.phone },
    { title: labels.email, kind: 'text', width: 26, of: ({ customer }) => customer.email },
    {
      title: messages.channel,
      kind: 'text',
      width: 18,
      of: ({ channels }) => channels.map((channel) => messages.channels[channel]).join(', '),
    },
    { title: labels.attempts, kind: 'count', width: 9, of: ({ attempts }) => attempts },
    { title: labels.firstMissedAt, kind: 'moment', width: 20, of: (row) => wallSeconds(row.firstMissedAt) },
    { title: labels.lastMissedAt, kind: 'moment', width: 20, of: (row) => wallSeconds(row.lastMissedAt) },
    { title: messages.waited, kind: 'seconds', width: 11, of: ({ waitedSeconds }) => waitedSeconds },
    {
      title: labels.replyBy,
      kind: 'moment',
      width: 20,
      of: ({ replyBy }) => (replyBy === null ? null : wallSeconds(replyBy)),
    },
    { title: labels.reach, kind: 'text', width: 34, of: (row) => reachOf(row, summary, formatter) },
    { title: messages.missReason, kind: 'text', width: 26, of: ({ cause }) => messages.missReasons[cause] },
    { title: labels.ticket, kind: 'text', width: 14, of: ({ ticketNo }) => ticketNo },
    { title: labels.conversationId, kind: 'text', width: 28, of: ({ conversationId }) => conversationId },
    { title: labels.whoCalls, kind: 'text', width: 18, of: () => null, toFillIn: [] },
    { title: labels.result, kind: 'text', width: 26, of: () => null, toFillIn: labels.results },
  ];
  // The name stays in view while readers fill in the last columns.
  return { name: labels.sheets.waiting, frozenColumns: 2, ...tableOf(columns, rows) };
}

interface Figure {
  readonly title: string;
  readonly value: number;
}

/** How many wait, how many of them expire soon, and how many have a phone. */
export function waitingFigures(
  list: WorkList,
  summary: Summary,
  formatter: LocaleFormatter,
): readonly [Figure, ...Figure[]] {
  const { waiting, soon, withPhone } = countsOf(list);
  const labels = formatter.messages.workbook;
  const parts = [
    { title: labels.ofWhomSoon(soonUntil(list, summary, formatter)), value: soon },
    { title: labels.ofWhomWithPhone, value: withPhone },
  ];
  return [{ title: labels.waiting, value: waiting }, ...(waiting === 0 ? [] : parts)];
}

/** Until when answers are known, and on which channels they are not. */
export function waitingRemarks(
  list: WorkList,
  summary: Summary,
  waiting: Waiting | null,
  formatter: LocaleFormatter,
): string[] {
  const labels = formatter.messages.workbook;
  const at = whenOf(list.asOf, summary, formatter);
  if (waiting === null) return [labels.onlyOfDay];
  const failed = waiting.open.failed.map(({ channel }) => channel);
  return [
    labels.asOf(at),
    ...(failed.length === 0
      ? []
      : [labels.unread(namesOf(failed, formatter), whenOf(Date.parse(waiting.asOf), summary, formatter))]),
  ];
}

function reachOf({ reach, channels }: WorkItem, summary: Summary, formatter: LocaleFormatter): string {
  const reachMessages = formatter.messages.workbook.reaches;
  const messaging = channels.filter((channel) => channel !== 'livechat');
  const written = channels.filter((channel) => isWrittenOn(channel, summary));
  switch (reach) {
    case 'phone':
    case 'email':
    case 'none':
      return reachMessages[reach];
    case 'channel':
      return reachMessages.channel(namesOf(written, formatter));
    case 'byHand':
      return reachMessages.byHand(namesOf(messaging, formatter));
  }
}

/** `9:00 26/11`. */
function soonUntil(
  { soonUntil: at }: WorkList,
  { timeZone }: Summary,
  { messages, format }: LocaleFormatter,
): string {
  const iso = toZonedIso(at / 1_000, timeZone);
  return messages.workbook.timeAndDay(clockOf(iso), format.shortDay(iso.slice(0, 10)));
}

function whenOf(at: number, { timeZone }: Summary, { messages, format }: LocaleFormatter): string {
  const iso = toZonedIso(Math.floor(at / 1_000), timeZone);
  return messages.workbook.timeOnDay(wallClock(iso), format.day(iso.slice(0, 10)));
}

function clockOf(iso: string): string {
  return wallClock(iso).replace(/^0/, '');
}

/** The wall clock of a time such as `2026-11-21T14:26:09+07:00`, in seconds. */
function wallSeconds(iso: string): number {
  return Date.parse(`${iso.slice(0, 19)}Z`) / 1_000;
}
