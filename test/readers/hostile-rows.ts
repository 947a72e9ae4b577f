import type { Channel } from '../../functions/chats/channel.ts';
import { CHAT_FIELDS } from '../../functions/sources/caresoft/fields.ts';

type Row = Record<string, unknown>;

/** A number as it is written on the wire, of however many digits. */
class Digits {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toJSON(): unknown {
    // TypeScript does not know it yet.
    return (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(this.#text);
  }

  toString(): string {
    return this.#text;
  }
}

const MISSING = Symbol('missing');

const ODD_TEXTS = [
  ...['\ud83d', 'a\ude00b', '\ude00\ud83d', '👩‍👩‍👧 Ánh', '\u202eمرحبا\u200f שלום'],
  ...['a\u0000b', '\ufffe\uffff\u0008\u007f'],
  ...['"quoted\\" \\ud83d \\', `'a'; -- \r\n\t\u2028,`, '=1+1', 'ế'.repeat(1_000), '9223372036854775808'],
  ...['2024-02-29 00:00:00', '2024-02-30 10:00:00', '0001-01-01 00:00:00', '9999-12-31 23:59:59'],
  ...['00:00:00', '-00:00:01', '999999:59:59', 'https://shop.example.com/ch\ud83do/%F0%9F?q=\ude00'],
];

/** Beyond what a double, 64 bits, or any number holds. */
const LONG_NUMBERS = '9007199254740993 9223372036854775807 9223372036854775808 18446744073709551616 1e400'
  .split(' ')
  .map((digits) => new Digits(digits));

/** What any field may hold. */
const VALUES: readonly unknown[] = [
  ...[MISSING, null, '', ' ', 0, '0', true, -1, 1.5, [], {}],
  ...[...LONG_NUMBERS, ...ODD_TEXTS],
  JSON.parse('[{"\\ud83d":1,"\\ud83e":[null,"\\ude00"],"__proto__":{"a":1},"A":1,"a":2,"":""}]'),
];

/** Fields that CareSoft’s description does not name. */
const UNKNOWN = [
  ...['note', '', ' ', 'A', 'a', 'a.b', '"', '\u0000', '\ud83d', '\ud83e'],
  ...['__proto__', 'toString', '💬'.repeat(40)],
];

/** By these a row is told from others, and counted: they are hostile in rows of their own. */
const TELLING = ['conversation_id', 'chat_status'];
const OTHERS = [
  ...Object.keys(CHAT_FIELDS).filter((field) => ![...TELLING, 'start_time'].includes(field)),
  ...UNKNOWN,
];

const STATUSES = ['LBL_CHAT_STATUS_MEET', 'LBL_CHAT_STATUS_MISS', 'LBL_\ud83d'];

/** Behind the day. */
const START_TIMES = [' 00:00:00', ' 23:59:59', ' 10:00:61', '', 'T\ud83d'];

function usualRow(day: string, place: number): Row {
  const at = (second: number) => `${day} ${new Date(second * 1_000).toISOString().slice(11, 19)}`;
  const start = place * 300;
  return {
    conversation_id: `H-${place}`,
    ticket_id: 500_000_000 + place,
    ticket_no: place,
    customer_id: 200_000_000 + place,
    cus_name: `Khách ${place}`,
    agent_email: 'nv1@example.com',
    agent_name: 'Nhân viên 1',
    group_name: 'Nhóm 1',
    service_id: 600_001,
    chat_status: 'LBL_CHAT_STATUS_MEET',
    start_time: at(start),
    ring_time: at(start),
    meet_time: at(start + 20),
    end_time: at(start + 120),
    waitTime: '00:00:20',
    answer_time: '00:01:40',
    chat_duration: 120,
    landing_page: 'https://shop.example.com/ao',
    is_trigger: 'LBL_CHAT_CUSTOMER_REQUEST_NORMAL',
  };
}

/** A row in which some fields are as they are said; left out for what is missing. */
function rowWith(day: string, place: number, fields: readonly (readonly [string, unknown])[]): Row {
  const members = [...Object.entries(usualRow(day, place)), ...fields];
  // By a map: `__proto__` too is a field of its own.
  return Object.fromEntries([...new Map(members)].filter(([, value]) => value !== MISSING));
}

/**
 * Every value in every field on the first day, over two channels, of chats that are answered, missed and neither; the
 * third channel has no chat. Some rows come twice, one of them otherwise. Each later day has some of the same.
 */
export function hostileRows([first = '', ...later]: readonly string[]): Record<Channel, Row[]> {
  const others = VALUES.map((_value, shift) =>
    OTHERS.map((field, place) => [field, VALUES[(shift + place) % VALUES.length]] as const),
  );
  const changes = [
    ...STATUSES.flatMap((status) => others.map((fields) => [...fields, ['chat_status', status] as const])),
    ...TELLING.flatMap((field) => VALUES.map((value) => [[field, value] as const])),
    ...START_TIMES.map((time) => [['start_time', `${first}${time}`] as const]),
  ];
  const rows = changes.map((fields, place) => rowWith(first, place + 1, fields));
  const messenger = rows.filter((_row, place) => place % 2 === 0);
  const zalo = rows.filter((_row, place) => place % 2 === 1);
  const again = [...zalo.slice(0, 3), { ...zalo[3], cus_name: 'Khách \ud83d' }];
  const some = later.flatMap((day) =>
    changes.slice(0, 20).map((fields, place) => rowWith(day, place + 1, fields)),
  );
  // A channel is not understood where more than one row in ten has no id or no start.
  const usual = Array.from({ length: 60 }, (_, place) => usualRow(first, changes.length + place + 1));
  return { livechat: [], messenger, zalo: [...zalo, ...usual, ...again, ...some] };
}
