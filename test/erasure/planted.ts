import { CHANNELS, type Channel } from '../../functions/chats/channel.ts';
import { parseFault } from '../../functions/sources/caresoft/simulator/fault.ts';
import { startSimulator } from '../../functions/sources/caresoft/simulator/simulator.ts';

export const DAYS = ['2026-11-19', '2026-11-20'] as const;

/** The person to erase. No customer of the simulator has any of this. */
export const PERSON = {
  id: 904_715_338,
  name: 'Vương Kiều Diễm Xưa',
  phone: '0987650123',
  email: 'diem.xua@example.org',
};

const at = (day: string, time: string, changes: object) => ({
  ticket_id: 700_000_000_000 + Number(time.replaceAll(':', '')),
  ticket_no: 7_000 + Number(time.replaceAll(':', '')),
  conversation_id: `${day.replaceAll('-', '')}${time.replaceAll(':', '')}-PLANTED-1`,
  start_time: `${day} ${time}`,
  chat_status: 'LBL_CHAT_STATUS_MEET',
  waitTime: '00:00:12',
  agent_email: 'oanh.bui@example.com',
  agent_name: 'Bùi Thị Kim Oanh',
  service_id: 60_000_001,
  ...changes,
});

const [FIRST, SECOND] = DAYS;
const missed = { chat_status: 'LBL_CHAT_STATUS_MISS', waitTime: '00:01:00' };
const known = { customer_id: PERSON.id, cus_name: PERSON.name };
const unknown = { customer_id: null, cus_name: PERSON.name, cus_phone: '', cus_email: null };
/** Without the chat's id two rows are told apart by all else that they say. */
const nameless = { ...known, conversation_id: null, ticket_id: null, ticket_no: null };

/** Rows that are theirs: in every channel, on both days, known by each of the three, written in many ways. */
const THEIRS: readonly [Channel, string, object][] = [
  [
    'livechat',
    FIRST,
    at(FIRST, '08:00:01', {
      ...known,
      cus_phone: '+84987650123',
      cus_email: 'Diem.Xua@example.org',
      landing_page: 'https://shop.example.com/ao?tel=%2B84987650123&mail=diem.xua%40example.org#x',
      referrer: `https://find.example.net/?q=${encodeURIComponent(PERSON.name)}`,
      note: `${PERSON.name}, gọi 098 765 0123 \u0000 "{[`,
      csat: { score: 5, who: [PERSON.id] },
      [`tel ${PERSON.phone}`]: true,
    }),
  ],
  ['messenger', FIRST, at(FIRST, '08:10:00', { ...known, ...missed })],
  [
    'messenger',
    FIRST,
    at(FIRST, '08:15:00', {
      ...known,
      end_time: `chờ ${PERSON.name}`,
      answer_time: [PERSON.name],
      is_trigger: PERSON.email,
      chat_status: `gọi ${PERSON.phone}`,
      [`của ${PERSON.name}`]: true,
    }),
  ],
  ['zalo', FIRST, at(FIRST, '08:25:00', { ...known, conversation_id: [PERSON.phone] })],
  ['zalo', FIRST, at(FIRST, '08:20:00', { ...unknown, ...missed, cus_phone: '+84 98 765 01 23' })],
  ['zalo', SECOND, at(SECOND, '08:30:00', { ...unknown, cus_email: ' DIEM.XUA@example.org ' })],
  [
    'zalo',
    SECOND,
    at(SECOND, '08:40:00', {
      ...known,
      ...missed,
      cus_phone: PERSON.phone,
      landing_page: `https://x.example/${PERSON.phone}/a`,
    }),
  ],
  [
    'livechat',
    SECOND,
    at(SECOND, '09:00:00', {
      ...known,
      customer_id: ` ${PERSON.id} `,
      cus_phone: 987_650_123,
      cus_email: PERSON.email,
    }),
  ],
  ['livechat', SECOND, at(SECOND, '09:05:00', { ...unknown, cus_phone: `${PERSON.phone} / 0912 345 678` })],
  ['livechat', SECOND, at(SECOND, '09:06:00', { ...unknown, cus_phone: PERSON.phone })],
  ['messenger', SECOND, at(SECOND, '09:10:00', { ...nameless, cus_phone: '0987650123' })],
  ['messenger', SECOND, at(SECOND, '09:10:00', { ...nameless, cus_phone: '0084 987-650-123' })],
  [
    'messenger',
    SECOND,
    at(SECOND, '09:20:00', {
      ...known,
      ...missed,
      cus_name: [PERSON.name],
      meet_time: `hỏi ${PERSON.phone}`,
    }),
  ],
];

/** Rows of others that name them. */
const OTHERS: readonly [Channel, string, object][] = [
  [
    'livechat',
    FIRST,
    at(FIRST, '10:00:00', { customer_id: 5, landing_page: `https://a.example/b?ref=${PERSON.id}` }),
  ],
  ['messenger', FIRST, at(FIRST, '10:10:00', { customer_id: 6, extra: { tel: ['0987.650.123', true] } })],
  ['zalo', FIRST, at(FIRST, '10:15:00', { customer_id: 9, ring_time: `hỏi ${PERSON.phone}` })],
  [
    'zalo',
    SECOND,
    at(SECOND, '10:20:00', { customer_id: 7, ...missed, cus_name: 'Chị Lan', cus_email: PERSON.email }),
  ],
  [
    'zalo',
    SECOND,
    at(SECOND, '10:30:00', { customer_id: 8, cus_name: `Em của ${PERSON.email}`, cus_phone: '0911222333' }),
  ],
];

/** Rows of others that only look alike: a longer id, other numbers, the same agent. */
const ALIKE: readonly [Channel, string, object][] = [
  ['livechat', SECOND, at(SECOND, '11:00:00', { customer_id: 9_047_153_381, cus_phone: '0987650124' })],
  [
    'zalo',
    SECOND,
    at(SECOND, '11:10:00', { customer_id: 9_007_199_254_740_993n, cus_email: 'xua@example.org' }),
  ],
  [
    'zalo',
    SECOND,
    at(SECOND, '11:10:01', { customer_id: 9_007_199_254_740_992n, cus_name: 'Vương Kiều', ...missed }),
  ],
];

/**
 * The first day as it is read again: who was missed is answered now, and the other way round. So of those whom a later
 * day tells of it, some are the person and some share what is theirs.
 */
export function readAgain(row: unknown): unknown {
  const missed = 'LBL_CHAT_STATUS_MISS';
  const isPlanted = row !== null && typeof row === 'object' && 'chat_status' in row;
  if (!isPlanted) return row;
  const isMissed = row.chat_status === missed;
  return { ...row, chat_status: isMissed ? 'LBL_CHAT_STATUS_MEET' : missed };
}

/** Theirs of the day after, in the night, as it is read before the mail of the second day: they were missed once more. */
export const NIGHT = '2026-11-21';
export const NIGHT_ROWS: readonly [Channel, string, object][] = [
  ['messenger', NIGHT, at(NIGHT, '03:00:00', { ...known, ...missed, cus_phone: PERSON.phone })],
];

export const THEIR_ROWS = THEIRS.length;
export const OTHERS_ROWS = OTHERS.length;

/** Two days of a company, as hostile as the simulator draws them, and the rows above among theirs. */
export async function plantedRows(chats: number): Promise<(channel: Channel, day: string) => unknown[]> {
  const drawn = await startSimulator({ chats, seed: 7, faults: [parseFault('hostile')] });
  const rows = new Map(
    DAYS.flatMap((day) =>
      CHANNELS.map((channel) => {
        const planted = [...THEIRS, ...OTHERS, ...ALIKE].filter(
          ([ofChannel, ofDay]) => ofChannel === channel && ofDay === day,
        );
        return [`${channel} ${day}`, [...drawn.rows(channel, day), ...planted.map(([, , row]) => row)]];
      }),
    ),
  );
  await drawn.close();
  return (channel, day) => rows.get(`${channel} ${day}`) ?? [];
}
