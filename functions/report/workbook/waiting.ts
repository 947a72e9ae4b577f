import type { Summary } from '../../measure/summary.ts';
import type { Waiting } from '../../measure/waiting.ts';
import { countsOf, everyoneIn, isWrittenOn, type WorkItem, type WorkList } from '../../measure/work-list.ts';
import { toZonedIso } from '../../time/zone.ts';
import { wallClock } from '../format.ts';
import { namesOf, type Voice } from '../voice.ts';
import { seenName } from './names.ts';
import { type SheetColumn, type TableSheet, tableOf } from './sheet.ts';

interface Row extends WorkItem {
  /** From 1, as in the other forms. */
  readonly number: number;
  readonly group: string;
}

/** Everyone who waits, in the order of work, with room to write down who called them and what came of it. */
export function waitingSheet(list: WorkList, summary: Summary, voice: Voice): TableSheet {
  const { words } = voice;
  const say = words.workbook;
  const groups = [
    ...list.soon.map(() => say.groups.soon(soonUntil(list, summary, voice))),
    ...list.next.map(() => say.groups.next),
    ...list.unreachable.map(() => say.groups.unreachable),
  ];
  const rows = everyoneIn(list).map(
    (one, place): Row => ({ ...one, number: place + 1, group: groups[place] ?? '' }),
  );
  const columns: SheetColumn<Row>[] = [
    { title: say.number, kind: 'count', width: 6, of: ({ number }) => number },
    {
      title: words.customer,
      kind: 'text',
      width: 28,
      of: ({ customer }) => seenName(customer.name) ?? words.noName,
    },
    { title: say.group, kind: 'text', width: 33, of: ({ group }) => group },
    { title: say.phone, kind: 'text', width: 16, of: ({ customer }) => customer.phone },
    { title: say.email, kind: 'text', width: 26, of: ({ customer }) => customer.email },
    {
      title: words.channel,
      kind: 'text',
      width: 18,
      of: ({ channels }) => channels.map((channel) => words.channels[channel]).join(', '),
    },
    { title: say.attempts, kind: 'count', width: 9, of: ({ attempts }) => attempts },
    { title: say.firstMissedAt, kind: 'moment', width: 20, of: (row) => wallSeconds(row.firstMissedAt) },
    { title: say.lastMissedAt, kind: 'moment', width: 20, of: (row) => wallSeconds(row.lastMissedAt) },
    { title: words.waited, kind: 'seconds', width: 11, of: ({ waitedSeconds }) => waitedSeconds },
    {
      title: say.replyBy,
      kind: 'moment',
      width: 20,
      of: ({ replyBy }) => (replyBy === null ? null : wallSeconds(replyBy)),
    },
    { title: say.reach, kind: 'text', width: 34, of: (row) => reachOf(row, summary, voice) },
    { title: words.cause, kind: 'text', width: 26, of: ({ cause }) => words.causes[cause] },
    { title: say.ticket, kind: 'text', width: 14, of: ({ ticketNo }) => ticketNo },
    { title: say.conversationId, kind: 'text', width: 28, of: ({ conversationId }) => conversationId },
    { title: say.whoCalls, kind: 'text', width: 18, of: () => null, toFillIn: [] },
    { title: say.result, kind: 'text', width: 26, of: () => null, toFillIn: say.results },
  ];
  // The name stays in view while the result is written down.
  return { name: say.sheets.waiting, frozenColumns: 2, ...tableOf(columns, rows) };
}

interface Figure {
  readonly title: string;
  readonly value: number;
}

/** How many wait, how many of them expire soon, and how many have a phone. */
export function waitingFigures(
  list: WorkList,
  summary: Summary,
  voice: Voice,
): readonly [Figure, ...Figure[]] {
  const { waiting, soon, withPhone } = countsOf(list);
  const say = voice.words.workbook;
  const parts = [
    { title: say.ofWhomSoon(soonUntil(list, summary, voice)), value: soon },
    { title: say.ofWhomWithPhone, value: withPhone },
  ];
  return [{ title: say.waiting, value: waiting }, ...(waiting === 0 ? [] : parts)];
}

/** Up to when it is known who was answered, and where it is not. */
export function waitingRemarks(
  list: WorkList,
  summary: Summary,
  waiting: Waiting | null,
  voice: Voice,
): string[] {
  const say = voice.words.workbook;
  const at = whenOf(list.asOf, summary, voice);
  if (waiting === null) return [say.onlyOfDay];
  const failed = waiting.open.failed.map(({ channel }) => channel);
  return [
    say.asOf(at),
    ...(failed.length === 0
      ? []
      : [say.unread(namesOf(failed, voice), whenOf(Date.parse(waiting.asOf), summary, voice))]),
  ];
}

function reachOf({ reach, channels }: WorkItem, summary: Summary, voice: Voice): string {
  const say = voice.words.workbook.reaches;
  const messaging = channels.filter((channel) => channel !== 'livechat');
  const written = channels.filter((channel) => isWrittenOn(channel, summary));
  switch (reach) {
    case 'phone':
    case 'email':
    case 'none':
      return say[reach];
    case 'channel':
      return say.channel(namesOf(written, voice));
    case 'byHand':
      return say.byHand(namesOf(messaging, voice));
  }
}

/** `9:00 26/11`. */
function soonUntil({ soonUntil: at }: WorkList, { timeZone }: Summary, { words, format }: Voice): string {
  const iso = toZonedIso(at / 1_000, timeZone);
  return words.workbook.timeAndDay(clockOf(iso), format.shortDay(iso.slice(0, 10)));
}

function whenOf(at: number, { timeZone }: Summary, { words, format }: Voice): string {
  const iso = toZonedIso(Math.floor(at / 1_000), timeZone);
  return words.workbook.timeOnDay(wallClock(iso), format.day(iso.slice(0, 10)));
}

function clockOf(iso: string): string {
  return wallClock(iso).replace(/^0/, '');
}

/** Of `2026-11-21T14:26:09+07:00`: such times are on the account's wall clock already. */
function wallSeconds(iso: string): number {
  return Date.parse(`${iso.slice(0, 19)}Z`) / 1_000;
}
