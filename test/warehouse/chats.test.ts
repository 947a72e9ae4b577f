import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parquetMetadata } from 'hyparquet';
import { describe, expect, test } from 'vitest';
import { DamagedCaptureError } from '../../functions/capture/captures.ts';
import { CHANNELS, type Channel } from '../../functions/chats/channel.ts';
import { rebuildDay } from '../../functions/pipeline/cascade.ts';
import { ReportStore } from '../../functions/pipeline/report-store.ts';
import { CHAT_FIELDS } from '../../functions/sources/caresoft/fields.ts';
import type { SimulatorOptions } from '../../functions/sources/caresoft/simulator/simulator.ts';
import { openFolder } from '../../functions/storage/object-store.fs.ts';
import { held } from '../held.ts';
import { DAY, oneMachine } from '../pipeline/one-machine.ts';
import { openTables } from './duck.ts';
import { handMade, writeAlone, writeInGroups } from './hand-made-capture.ts';
import { readParquet } from './read-parquet.ts';

/** The least that is a chat. */
const least = (changes: object = {}) => ({
  conversation_id: 'c-1',
  start_time: '2026-11-20 09:30:00',
  ...changes,
});

async function rowsOf(
  pages: readonly (readonly unknown[])[],
  changes?: Parameters<typeof handMade>[1],
  rowsAGroup?: number,
) {
  const { lake, manifest } = handMade(pages, changes);
  const table = rowsAGroup ? writeInGroups(lake, manifest, rowsAGroup) : writeAlone(lake, manifest);
  return await readParquet(await table);
}

/** A machine, and DuckDB over the tables of one of its days. */
async function curated(simulated: SimulatorOptions, settings: Record<string, string> = {}) {
  const machine = await oneMachine(simulated, settings);
  const { summary } = await machine.report();
  if (summary === null) expect.unreachable();
  return { machine, summary, ask: await openTables(machine.lake) };
}

const NONE: ReadonlySet<unknown> = new Set([null, '', 0, '0', '00:00:00', '0000-00-00 00:00:00']);
const ZERO: ReadonlySet<unknown> = new Set([0, '0', '00:00:00']);
const LENGTHS = new Map(
  Object.entries({ waitTime: 'wait', answer_time: 'answer', chat_duration: 'duration' }),
);
const COLUMNS = new Map(
  Object.entries({
    ...{ ticket_id: 'ticket_id', ticket_no: 'ticket_no', customer_id: 'customer_id' },
    ...{ service_id: 'service_id', facebook_page_id: 'facebook_page_id', cus_email: 'customer_email' },
    ...{ cus_name: 'customer_name', cus_phone: 'customer_phone', agent_email: 'agent_email' },
    ...{ agent_name: 'agent_name', group_name: 'group_name', landing_page: 'landing_page' },
    ...{ referrer: 'referrer', is_trigger: 'is_trigger', start_time: 'started_at', end_time: 'ended_at' },
    ...{ ring_time: 'rang_at', meet_time: 'met_at', conversation_id: 'conversation_id' },
  }),
);

/** What a value that is one looks like in its column, by means of its own. */
function shown(field: string, value: unknown): unknown {
  if (field.endsWith('_time')) return new Date(`${String(value).trim().replace(' ', 'T')}+07:00`);
  if (field === 'is_trigger') return value === 'LBL_CHAT_CUSTOMER_REQUEST_TRIGGER';
  const text = String(value).trim().toWellFormed();
  return field === 'agent_email' ? text.toLowerCase() : text;
}

const asItCame = (value: unknown) => (value === null || typeof value === 'object' ? null : String(value));

/** What the table is to say of a field. */
function expected(field: string, value: unknown, isOther: boolean): object {
  const trimmed = typeof value === 'string' ? value.trim() : value;
  const isNull = NONE.has(trimmed) || isOther;
  const length = LENGTHS.get(field);
  const seconds = isNull ? null : expect.any(BigInt);
  if (length !== undefined) {
    return {
      [`${length}_text`]: asItCame(value),
      [`caresoft_${length}_seconds`]: ZERO.has(trimmed) ? 0n : seconds,
    };
  }
  if (field === 'chat_status') return { status_text: asItCame(value) };
  const column = COLUMNS.get(field);
  return column === undefined ? {} : { [column]: isNull ? null : shown(field, value) };
}

/** A field that has a column is elsewhere only where it has a value that could not be read. */
function mayBeOther(field: string, value: unknown): boolean {
  const hasColumn = COLUMNS.has(field) || LENGTHS.has(field) || field === 'chat_status';
  return !(hasColumn && NONE.has(typeof value === 'string' ? value.trim() : value));
}

describe('a row of the table', () => {
  test('has every column of a chat of which all is known', async () => {
    const [row] = await rowsOf([
      [
        {
          ticket_id: 623310000001,
          ticket_no: 17,
          customer_id: 165644057,
          group_name: ' Chăm sóc khách hàng ',
          conversation_id: '20261120093000-AIVGTIVI-503996',
          cus_email: 'an@example.com',
          cus_name: 'Nguyễn Thị Ánh',
          cus_phone: '0901234567',
          start_time: '2026-11-20 09:30:00',
          end_time: '2026-11-20 09:45:01',
          chat_duration: 902,
          agent_email: 'Oanh.Bui@example.com',
          agent_name: 'Bùi Thị Kim Oanh',
          ring_time: '2026-11-20 09:30:02',
          meet_time: '2026-11-20 09:30:11',
          waitTime: '00:00:10',
          answer_time: '00:14:50',
          chat_status: 'LBL_CHAT_STATUS_MEET',
          landing_page: 'https://Shop.example.com/áo?utm=1#top',
          referrer: 'https://search.example.net/',
          is_trigger: 'LBL_CHAT_CUSTOMER_REQUEST_TRIGGER',
          facebook_page_id: '100000000060000001',
          service_id: 60000001,
        },
      ],
    ]);
    const micros = (iso: string) => BigInt(Date.parse(iso)) * 1_000n;
    expect(row).toEqual({
      conversation_id: '20261120093000-AIVGTIVI-503996',
      ticket_id: '623310000001',
      ticket_no: '17',
      customer: 'id:165644057',
      customer_key: 'id:165644057',
      customer_id: '165644057',
      customer_name: 'Nguyễn Thị Ánh',
      customer_phone: '0901234567',
      customer_phone_normalized: '0901234567',
      customer_email: 'an@example.com',
      service_id: '60000001',
      facebook_page_id: '100000000060000001',
      agent_email: 'oanh.bui@example.com',
      agent_name: 'Bùi Thị Kim Oanh',
      group_name: 'Chăm sóc khách hàng',
      status: 'answered',
      status_text: 'LBL_CHAT_STATUS_MEET',
      miss_cause: null,
      started_at: micros('2026-11-20T09:30:00+07:00'),
      started_at_local: micros('2026-11-20T09:30:00Z'),
      in_business_hours: null,
      rang_at: micros('2026-11-20T09:30:02+07:00'),
      rang_at_local: micros('2026-11-20T09:30:02Z'),
      met_at: micros('2026-11-20T09:30:11+07:00'),
      met_at_local: micros('2026-11-20T09:30:11Z'),
      ended_at: micros('2026-11-20T09:45:01+07:00'),
      ended_at_local: micros('2026-11-20T09:45:01Z'),
      hour: 9,
      wait_text: '00:00:10',
      caresoft_wait_seconds: 10n,
      answer_text: '00:14:50',
      caresoft_answer_seconds: 890n,
      duration_text: '902',
      caresoft_duration_seconds: 902n,
      wait_seconds: 10n,
      abandon_wait_seconds: null,
      handle_seconds: 890n,
      duration_seconds: 902n,
      is_trigger: true,
      landing_page: 'https://Shop.example.com/áo?utm=1#top',
      landing_page_key: 'shop.example.com/%C3%A1o',
      referrer: 'https://search.example.net/',
      is_final: null,
      capture_id: 'by-hand',
      page: 1,
      row_on_page: 0,
      other_fields: null,
    });
  });

  test('has nothing but what it is known by, of a chat of which nothing else is', async () => {
    const [row = {}] = await rowsOf([[least()]]);
    expect(Object.entries(row).filter(([, value]) => value !== null)).toEqual([
      ['conversation_id', 'c-1'],
      ['customer', 'chat:zalo:c-1'],
      ['customer_key', 'chat:c-1'],
      ['status', 'other'],
      ['started_at', 1_795_141_800_000_000n],
      ['started_at_local', 1_795_167_000_000_000n],
      ['hour', 9],
      ['capture_id', 'by-hand'],
      ['page', 1],
      ['row_on_page', 0],
    ]);
  });

  // As CareSoft writes no value; what each column makes of it.
  test.each<[string, object, unknown, string | null]>([
    ['a missing key', {}, null, null],
    ['null', { x: null }, null, null],
    ['empty text', { x: '' }, null, ''],
    ['a blank', { x: ' ' }, null, ' '],
    ['the number 0', { x: 0 }, 0n, '0'],
    ['the text 0', { x: '0' }, 0n, '0'],
    ['00:00:00', { x: '00:00:00' }, 0n, '00:00:00'],
    ['a date of zeros', { x: '0000-00-00 00:00:00' }, null, '0000-00-00 00:00:00'],
  ])('tells %s from a value and a zero', async (_form, { x }: { x?: unknown }, zero, text) => {
    const fields = [
      ...['ticket_id', 'ticket_no', 'customer_id', 'service_id', 'facebook_page_id'],
      ...['cus_email', 'cus_name', 'cus_phone', 'agent_email', 'agent_name', 'group_name', 'chat_status'],
      ...['end_time', 'ring_time', 'meet_time', 'waitTime', 'answer_time', 'chat_duration'],
      ...['landing_page', 'referrer', 'is_trigger'],
    ];
    const every = least(Object.fromEntries(fields.map((field) => [field, x])));
    const statuses = ['LBL_CHAT_STATUS_MEET', 'LBL_CHAT_STATUS_MISS'];
    const rows = await rowsOf([
      [
        every,
        ...statuses.map((chat_status, index) => ({ ...every, conversation_id: `d-${index}`, chat_status })),
      ],
    ]);
    expect(rows.map(({ status }) => status)).toEqual(['other', 'answered', 'missed']);
    expect(rows[0]?.status_text).toBe(text);
    const none = [
      ...['ticket_id', 'ticket_no', 'customer_id', 'service_id', 'facebook_page_id', 'customer_name'],
      ...['customer_phone', 'customer_email', 'agent_email', 'agent_name', 'group_name', 'landing_page'],
      ...['landing_page_key', 'referrer', 'is_trigger', 'rang_at', 'rang_at_local', 'met_at', 'met_at_local'],
      ...['ended_at', 'ended_at_local', 'abandon_wait_seconds', 'other_fields'],
    ];
    for (const row of rows) {
      // Only of an answered chat is a zero what it says.
      const counted = row.status === 'answered' ? zero : null;
      expect(row).toMatchObject({
        ...Object.fromEntries(none.map((column) => [column, null])),
        ...{ wait_text: text, answer_text: text, duration_text: text },
        ...{ caresoft_wait_seconds: zero, caresoft_answer_seconds: zero, caresoft_duration_seconds: zero },
        ...{ wait_seconds: counted, handle_seconds: counted, duration_seconds: counted },
      });
    }
  });

  test('loses no digit of an id', async () => {
    const id = 9_007_199_254_740_993n;
    const [row] = await rowsOf([
      [
        least({
          ...{ conversation_id: id, ticket_id: id + 1n, ticket_no: String(id + 2n), customer_id: id + 3n },
          ...{ service_id: id + 4n, facebook_page_id: id + 5n, future_id: id + 6n, deep: [{ id }] },
        }),
      ],
    ]);
    expect(row).toMatchObject({
      conversation_id: '9007199254740993',
      ticket_id: '9007199254740994',
      ticket_no: '9007199254740995',
      customer_id: '9007199254740996',
      customer: 'id:9007199254740996',
      service_id: '9007199254740997',
      facebook_page_id: '9007199254740998',
      other_fields: '{"future_id":9007199254740999,"deep":[{"id":9007199254740993}]}',
    });
  });

  test('keeps what has no column, and what cannot be read, as JSON', async () => {
    const [row] = await rowsOf([
      [
        JSON.parse(`{ "conversation_id": "c-1", "start_time": "2026-11-20 09:30:00", "cus_name": ["Lan", "Hoa"],
          "chat_status": 1, "is_trigger": "MAYBE", "waitTime": "-00:00:05", "chat_duration": 12.75, "end_time": true,
          "referrer": {}, "csat": null, "__proto__": { "polluted": true }, "constructor": "none", "broken": "\\ud83d" }`),
      ],
    ]);
    expect(row).toMatchObject({
      status: 'other',
      status_text: '1',
      wait_text: '-00:00:05',
      duration_text: '12.75',
    });
    expect(JSON.parse(String(row?.other_fields))).toEqual(
      JSON.parse(`{ "cus_name": ["Lan", "Hoa"], "chat_status": 1, "is_trigger": "MAYBE", "waitTime": "-00:00:05",
        "chat_duration": 12.75, "end_time": true, "referrer": {}, "csat": null,
        "__proto__": { "polluted": true }, "constructor": "none", "broken": "\\ufffd" }`),
    );
  });

  test.each([199, 200, 201, 5_000])(
    'holds names of %i characters whole, which reports cut',
    async (length) => {
      const text = (first: string) =>
        first
          .padEnd(length, ' ạ')
          .slice(0, length - 1)
          .concat('z');
      const names = { cus_name: text('Lan'), agent_name: text('Mai') };
      const [row] = await rowsOf([[least({ ...names, landing_page: `https://example.com/${text('x')}` })]]);
      expect(row).toMatchObject({
        ...{ customer_name: names.cus_name, agent_name: names.agent_name },
        landing_page: `https://example.com/${text('x')}`,
        other_fields: null,
      });
    },
  );

  test('holds lengths and moments beyond any day, and none beyond all sense', async () => {
    const lengths = async (waitTime: string, chat_duration: number, end_time: string) => {
      const chat = { chat_status: 'LBL_CHAT_STATUS_MEET', waitTime, chat_duration, end_time };
      const [row] = await rowsOf([[least(chat)]]);
      return row;
    };
    expect(await lengths('8784:00:00', 31_622_400, '2099-12-31 23:59:59')).toMatchObject({
      wait_seconds: 31_622_400n,
      duration_seconds: 31_622_400n,
      ended_at_local: 4_102_444_799_000_000n,
      other_fields: null,
    });
    const beyond = await lengths('999999:59:59', Number.MAX_SAFE_INTEGER, '9999-12-31 23:59:59');
    expect(beyond).toMatchObject({ wait_seconds: null, duration_seconds: null, ended_at_local: null });
    expect(JSON.parse(String(beyond?.other_fields))).toEqual({
      ...{ waitTime: '999999:59:59', chat_duration: Number.MAX_SAFE_INTEGER },
      end_time: '9999-12-31 23:59:59',
    });
    // A difference of two times that can be read is no longer than that either.
    expect(await lengths('', 0, '2099-12-31 23:59:59')).toMatchObject({ handle_seconds: null });
  });

  test.each(Object.entries(CHAT_FIELDS))('has a column that tells what stands in %s', async (field, read) => {
    const samples = ['77', 'hello', '2026-11-20 09:31:00', '00:00:07', 'LBL_CHAT_CUSTOMER_REQUEST_TRIGGER'];
    const readable = samples.filter((sample) => typeof read(sample) !== 'symbol');
    const sample = field === 'landing_page' ? 'https://example.com/x' : readable.at(-1);
    const [[without], [with_]] = await Promise.all([
      rowsOf([[least()]]),
      rowsOf([[least({ [field]: sample })]]),
    ]);
    expect(with_).not.toEqual(without);
    expect(with_?.other_fields).toBeNull();
  });
});

describe('the table of a day', () => {
  test.each<[string, SimulatorOptions]>([
    ['an ordinary', { seed: 21, chats: 400 }],
    ['a hostile', { seed: 22, chats: 900, faults: [{ name: 'hostile' }] }],
  ])('of %s kind holds each value of each row, or says what it could not read', async (_kind, simulated) => {
    const { machine, ask } = await curated(simulated);
    const sourceRow = new Map(
      CHANNELS.flatMap((channel) =>
        (machine.simulator.rows(channel, DAY) as ({ conversation_id?: unknown } | null)[]).map((row) => [
          `${channel} ${String(row?.conversation_id).trim()}`,
          row,
        ]),
      ),
    );
    const table = await ask(`SELECT * FROM chats`);
    expect(table.length).toBeGreaterThan(sourceRow.size * 0.8);
    for (const row of table) {
      const sent = sourceRow.get(`${row.channel} ${row.conversation_id}`) ?? expect.unreachable();
      const others: object = JSON.parse(String(row.other_fields ?? '{}'));
      for (const [field, value] of Object.entries(sent)) {
        const isOther = Object.hasOwn(others, field);
        expect(row).toMatchObject(expected(field, value, isOther));
        expect(isOther && !mayBeOther(field, value), field).toBe(false);
      }
      expect(Object.keys(sent)).toEqual(expect.arrayContaining(Object.keys(others)));
    }
    const unreadable = table.filter(({ other_fields }) => other_fields !== null);
    // Of an ordinary day everything can be read.
    expect(unreadable.length > 0).toBe(simulated.faults !== undefined);
  });

  test('tells customers apart who are known by their chat alone, on two channels', async () => {
    // Each channel numbers its chats for itself.
    const start_time = (channel: Channel) => `${DAY} 1${CHANNELS.indexOf(channel)}:00:00`;
    const { summary, ask } = await curated({
      rows: (channel, day) =>
        day === DAY ? [least({ conversation_id: 503, start_time: start_time(channel) })] : [],
    });
    expect(summary.totals.customers).toBe(3);
    expect(
      await ask(`SELECT count(DISTINCT customer) AS customers, any_value(customer_key) AS key FROM chats`),
    ).toEqual([{ customers: 3n, key: 'chat:503' }]);
  });

  test('has the same columns of a channel without a chat, by which no other channel is bent', async () => {
    const { machine, ask } = await curated({ chatsByChannel: { livechat: 0, messenger: 1, zalo: 3 } });
    expect(await ask(`SELECT channel, count(*) AS chats FROM chats GROUP BY ALL ORDER BY ALL`)).toEqual([
      { channel: 'messenger', chats: 1n },
      { channel: 'zalo', chats: 3n },
    ]);
    const describe = (channel: Channel) =>
      ask(`DESCRIBE FROM '${machine.lake}/curated/chats/dt=${DAY}/channel=${channel}/chats.parquet'`);
    expect(await describe('livechat')).toEqual(await describe('zalo'));
  });

  test('is written again to the byte, without what an earlier report left of other channels', async () => {
    const { machine } = await curated({ chats: 50 });
    const bytes = async () =>
      await Promise.all(
        (await machine.filesOf('lake'))
          .filter((key) => /^curated\/(chats|metrics)\//.test(key))
          .map(async (key) => [
            key,
            createHash('sha256')
              .update(await readFile(join(machine.lake, key)))
              .digest('hex'),
          ]),
      );
    const before = await bytes();
    expect(before).toHaveLength(4);
    const lake = openFolder(machine.lake);
    await rebuildDay(DAY, machine.compose().account, await held(lake));
    expect(await bytes()).toEqual(before);
    await machine.report(DAY, { settings: { CHANNELS: 'zalo' } });
    expect((await bytes()).map(([key]) => key)).toEqual([
      `curated/chats/dt=${DAY}/channel=zalo/chats.parquet`,
      `curated/metrics/dt=${DAY}/metrics.parquet`,
    ]);
  });

  test('has the same rows whichever end CareSoft sends them from, and in pages of whatever size', async () => {
    const columns = `* EXCLUDE (capture_id, page, row_on_page)`;
    const read = async (faults: SimulatorOptions['faults']) => {
      const { ask } = await curated({ chats: 300, ...(faults && { faults }) });
      return await ask(`SELECT ${columns} FROM chats ORDER BY channel, started_at, conversation_id`);
    };
    expect(await read([{ name: 'oldest-first' }, { name: 'cap', rows: 37 }])).toEqual(await read(undefined));
  });
});

describe('writing', () => {
  const chat = (second: number, id: string) =>
    least({
      conversation_id: id,
      start_time: `2026-11-20 09:${String(Math.floor(second / 60)).padStart(2, '0')}:${String(second % 60).padStart(2, '0')}`,
    });
  const place = (row: Record<string, unknown>) => [row.conversation_id, row.page, row.row_on_page];

  test('orders by start, then by id, across pages and groups', async () => {
    const pages = [
      [chat(5, 'e'), chat(3, 'd')],
      [chat(3, 'b'), chat(1, 'a'), chat(3, 'c')],
    ];
    const ordered = [
      ['a', 2, 1],
      ['b', 2, 0],
      ['c', 2, 2],
      ['d', 1, 1],
      ['e', 1, 0],
    ];
    for (const rowsAGroup of [1, 2, 3, 100]) {
      expect((await rowsOf(pages, {}, rowsAGroup)).map(place)).toEqual(ordered);
    }
  });

  const withCopies = [
    [chat(9, 'a'), null, chat(8, 'b')],
    [least({ start_time: '2026-11-19 23:59:59' }), chat(7, 'a'), {}],
  ];

  test('counts no superseded row, no row that is no chat, and none of another day', async () => {
    const rows = await rowsOf(withCopies, {
      ...{ schema: 'chat-report/capture/2', superseded: [[0]], chats: 2 },
    });
    expect(rows.map(place)).toEqual([
      ['a', 2, 1],
      ['b', 1, 2],
    ]);
  });

  test('counts of an earlier version’s copies the one that says most, though that one took the last', async () => {
    const rows = await rowsOf(withCopies, { superseded: [[0]], chats: 2 });
    expect(rows.map(place)).toEqual([
      ['b', 1, 2],
      ['a', 1, 0],
    ]);
  });

  const many = Array.from({ length: 40 }, (_, page) =>
    Array.from({ length: 25 }, (_, row) => chat(page * 25 + row, `${page}-${row}`)),
  );

  test('reads each page once for the order and once for the rows, when they come in order', async () => {
    for (const pages of [many, many.toReversed().map((page) => page.toReversed())]) {
      const { lake, manifest, seen } = handMade(pages);
      const rows = await readParquet(await writeInGroups(lake, manifest, 90));
      expect(rows.map((row) => row.conversation_id)).toEqual(
        many.flat().map(({ conversation_id }) => conversation_id),
      );
      // The facts of the day take a reading too.
      expect(seen).toHaveLength(3 * 40);
    }
  });

  test.each([
    ['350 kB', 350_000, 1],
    ['32 MB', 32 * 1_024 * 1_024, 20],
  ])('has as many groups as can be held, where pages have %s', async (_size, bytes, groups) => {
    const { lake, manifest } = handMade(many);
    const pages = manifest.pages.map((page) => ({ ...page, bytes }));
    const table = new Uint8Array(await writeAlone(lake, { ...manifest, pages }));
    expect(parquetMetadata(table.buffer).row_groups).toHaveLength(groups);
  });

  test('does so too when they come in no order', async () => {
    const all = many.flat();
    const shuffled = Array.from({ length: 40 }, (_, page) =>
      Array.from({ length: 25 }, (_, row) => all[((page * 25 + row) * 387) % 1_000]),
    );
    const { lake, manifest, seen } = handMade(shuffled);
    const rows = await readParquet(await writeInGroups(lake, manifest, 250));
    expect(rows.map((row) => row.conversation_id)).toEqual(all.map(({ conversation_id }) => conversation_id));
    expect(seen).toHaveLength(3 * 40);
  });

  test.each([
    ['fewer', 3],
    ['more', 1],
  ])('refuses a capture with %s chats than were counted', async (_title, chats) => {
    const { lake, manifest } = handMade([[chat(1, 'a'), chat(2, 'b')]], { chats });
    await expect(writeAlone(lake, manifest)).rejects.toThrow(DamagedCaptureError);
  });

  test('refuses a page that was altered between the two readings', async () => {
    const { lake, manifest, objects, seen } = handMade([[chat(1, 'a')]]);
    const altered: typeof lake = {
      async get(key) {
        if (seen.length === 2) objects.delete(key);
        return await lake.get(key);
      },
    };
    await expect(writeInGroups(altered, manifest, 1)).rejects.toThrow(DamagedCaptureError);
  });

  test('refuses a capture that is gone', async () => {
    const { machine, summary } = await curated({ chats: 5 }, { CHANNELS: 'zalo' });
    const [manifest = ''] = (await machine.filesOf('lake')).filter((key) => /chats.*manifest/.test(key));
    await writeFile(join(machine.lake, manifest), '{}');
    const basis = { day: DAY, completeness: summary.completeness, counting: machine.compose().account };
    const derived = new ReportStore(await held(openFolder(machine.lake))).derive(basis, 'vi', {
      force: true,
    });
    await expect(derived).rejects.toThrow(DamagedCaptureError);
  });

  test('leaves nothing in the file of when or where it was written', async () => {
    const { lake, manifest } = handMade([[chat(1, 'a')]]);
    const bytes = Buffer.from(await writeAlone(lake, manifest)).toString('latin1');
    expect(bytes).toContain('chat-report.capture');
    expect(bytes).not.toMatch(/node|\/tmp|hyparquet/);
  });
});
