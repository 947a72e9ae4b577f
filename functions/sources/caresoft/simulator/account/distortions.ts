import type { SourceRow } from './wire-row.ts';

/** The first integer that a double cannot hold. A double cannot tell it from the one below. */
const TOO_BIG = 9_007_199_254_740_993n;

/** One thing wrong with a row. */
type Distortion = (row: SourceRow, index: number) => object;

/** Makes a row unreadable: it has no id, or no start. */
export const UNREADABLE: readonly Distortion[] = [
  (row) => without(row, 'conversation_id'),
  (row) => ({ ...row, conversation_id: '' }),
  (row) => ({ ...row, conversation_id: null }),
  (row) => without(row, 'start_time'),
  (row) => ({ ...row, start_time: '' }),
  (row) => ({ ...row, start_time: 'hôm qua' }),
  (row) => ({ ...row, start_time: '2026-02-30 10:00:00' }),
];

export const DISTORTIONS: readonly Distortion[] = [
  // Numbers as text, and text as numbers.
  (row) => ({ ...row, ticket_id: String(row.ticket_id), ticket_no: String(row.ticket_no) }),
  (row) => ({ ...row, customer_id: String(row.customer_id ?? ''), service_id: String(row.service_id) }),
  (row, index) => ({ ...row, cus_phone: 900_000_000 + (index % 1_000) }),
  (row) => ({ ...row, chat_duration: '39' }),
  (row, index) => ({ ...row, conversation_id: 503_000_000_000 + index }),
  (row) => ({ ...row, cus_name: 12_345 }),
  (row) => ({ ...row, facebook_page_id: 100_000_000_000_001 }),
  // Lists, objects and truth values.
  (row) => ({ ...row, cus_name: ['Lan', 'Hoa'] }),
  (row) => ({ ...row, cus_email: { address: 'lan@example.com' } }),
  (row) => ({ ...row, agent_email: {}, agent_name: true }),
  (row) => ({ ...row, group_name: [], service_id: false }),
  (row) => ({ ...row, landing_page: 42, referrer: ['javascript:alert(1)'] }),
  (row) => ({ ...row, meet_time: true, answer_time: [] }),
  // Durations.
  (row) => ({ ...row, chat_duration: -40 }),
  (row) => ({ ...row, chat_duration: 12.75 }),
  (row) => ({ ...row, chat_duration: 1e300 }),
  (row) => ({ ...row, waitTime: '44:01:35' }),
  (row) => ({ ...row, waitTime: '-00:00:05' }),
  (row) => ({ ...row, waitTime: 95 }),
  (row) => ({ ...row, answer_time: '00:61:75' }),
  (row) => ({ ...row, answer_time: 'lâu lắm' }),
  // Unknown statuses and columns.
  (row) => ({ ...row, chat_status: 'LBL_CHAT_STATUS_TRANSFER' }),
  (row) => ({ ...row, chat_status: 1 }),
  (row) => ({ ...row, chat_status: null }),
  (row) => ({ ...row, csat_score: 5, tags: ['vip', { depth: [1] }] }),
  (row) => ({ ...row, ['__proto__']: { polluted: true }, constructor: 'none' }),
  // Missing keys and unreadable values.
  ...UNREADABLE,
  (row) => ({ conversation_id: row.conversation_id, start_time: row.start_time }),
  (row) => without(row, 'chat_status'),
  // Impossible moments.
  (row) => ({ ...row, end_time: '2026-02-30 25:61:00' }),
  (row) => ({ ...row, meet_time: '1999-12-31 23:59:59', waitTime: null, answer_time: null }),
  (row) => ({ ...row, ring_time: 1_700_000_000, end_time: '9999-99-99 99:99:99' }),
  // Ids too large for a double. Two customers differ only in the last digit.
  (row, index) => ({ ...row, customer_id: TOO_BIG - BigInt(Math.floor(index / 100) % 2) }),
  (row, index) => ({ ...row, ticket_id: TOO_BIG + BigInt(index), ticket_no: TOO_BIG + 2n }),
  (row) => ({ ...row, service_id: TOO_BIG }),
  // Text that breaks files, mails and databases.
  (row) => ({ ...row, cus_name: 'nửa \ud83d chữ', agent_name: '\udc00' }),
  (row) => ({ ...row, cus_name: 'không phải chữ \ufffe \uffff' }),
  (row) => ({ ...row, cus_name: 'rỗng \u0000 giữa', group_name: '\u0000' }),
  (row) => ({ ...row, cus_name: 'chuông \u0007\u001b[31m đỏ' }),
];

function without(row: SourceRow, column: string): object {
  return Object.fromEntries(Object.entries(row).filter(([key]) => key !== column));
}
