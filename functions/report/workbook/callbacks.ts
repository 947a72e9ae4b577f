import type { Callback, Summary } from '../../measure/summary.ts';
import type { Voice } from '../voice.ts';
import { seenName } from './names.ts';
import { type Column, type TableSheet, tableOf } from './sheet.ts';

/** Everybody to call back, in the order in which the summary has them. */
export function callbacksSheet({ callbacks }: Summary, { words }: Voice): TableSheet {
  const say = words.workbook;
  const columns: Column<Callback>[] = [
    {
      title: words.customer,
      kind: 'text',
      width: 28,
      of: ({ customer }) => seenName(customer.name) ?? words.noName,
    },
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
    { title: words.cause, kind: 'text', width: 26, of: ({ cause }) => words.causes[cause] },
    { title: say.ticket, kind: 'text', width: 14, of: ({ ticketNo }) => ticketNo },
    { title: say.conversationId, kind: 'text', width: 28, of: ({ conversationId }) => conversationId },
  ];
  return { name: say.sheets.callbacks, ...tableOf(columns, callbacks) };
}

/** Of `2026-11-21T14:26:09+07:00`: such times are on the account's wall clock already. */
function wallSeconds(iso: string): number {
  return Date.parse(`${iso.slice(0, 19)}Z`) / 1_000;
}
