import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { CHATS_TABLE } from '../../functions/warehouse/chats-table.ts';
import { METRICS_TABLE } from '../../functions/warehouse/metrics-table.ts';
import { filesIn } from '../readers/hostile-lake.ts';
import { isOnPath, JSON_READERS } from '../readers/json-readers.ts';
import { openDuck } from '../warehouse/duck.ts';
import { readArrow } from '../warehouse/read-arrow.ts';
import { type CaseRows, type Row, toWireRows } from './load-case.ts';
import { openCase, type RunningCase } from './run-case.ts';

const run = promisify(execFile);
const HALF = '\ud83d';

const lakeOf = ({ cwd }: Pick<RunningCase, 'cwd'>) => join(cwd, 'out/lake');

/** Another account of rows in the place of the case's. */
function host({ server }: RunningCase, rows: CaseRows): void {
  const behaviour = { escapes: true };
  server.host({ domain: 'tai-khoan-1', token: 'token-1', behaviour, rows: toWireRows(rows) });
}

/** Each reader of JSON that is on this machine reads every file. */
async function expectAllRead(folder: string, least = 4): Promise<void> {
  const paths = await filesIn(folder, /\.json$/);
  expect(paths.length).toBeGreaterThanOrEqual(least);
  for (const { command, read } of JSON_READERS) {
    if (command === null || isOnPath(command)) expect(await read(paths)).toHaveLength(paths.length);
  }
}

describe('half of a pair', () => {
  test('in a customer’s name is U+FFFD in all that is read above raw, which is as it came', async () => {
    const opened = await openCase('23');
    const { code, out, err } = await opened.run('--json');
    const { totals, callbacks } = JSON.parse(out);
    expect([code, totals.chats, totals.missed]).toEqual([0, 2, 1]);
    expect(callbacks.map(({ customer }: { customer: { name: string } }) => customer.name)).toEqual([
      'Khách \ufffd 1',
    ]);
    expect(await opened.readLake('reports/dt=2026-11-20/summary.json')).toEqual(JSON.parse(out));
    expect(out + err).not.toMatch(/\\ud83d/);
    await expectAllRead(lakeOf(opened));
    const [page = ''] = await filesIn(
      join(lakeOf(opened), 'raw/chats/dt=2026-11-20/channel=messenger'),
      /^page-0001/,
    );
    const body = gunzipSync(await readFile(page));
    const manifest = JSON.parse(await readFile(join(dirname(page), 'manifest.json'), 'utf8'));
    expect(body.toString()).toContain('"Kh\\u00e1ch \\ud83d 1"');
    expect(manifest.pages[0].sha256).toBe(createHash('sha256').update(body).digest('hex'));
    const ask = await openDuck();
    const file = join(lakeOf(opened), 'curated/chats/dt=2026-11-20/channel=messenger/chats.parquet');
    const named = `SELECT count(*)::INTEGER AS chats FROM '${file}' WHERE customer_name = 'Khách \ufffd 1'`;
    expect(await ask(named)).toEqual([{ chats: 1 }]);
  });

  test.skipIf(!(isOnPath('jq') && isOnPath('python3')))(
    'in raw is handed on as the documents say',
    async () => {
      const opened = await openCase('23');
      expect((await opened.run()).code).toBe(0);
      const [page = ''] = await filesIn(
        join(lakeOf(opened), 'raw/chats/dt=2026-11-20/channel=messenger'),
        /^page-0001/,
      );
      const queries = await readFile(join(import.meta.dirname, '../../docs/queries.md'), 'utf8');
      const [, command = ''] = /```sh\n(gunzip .*?)```/s.exec(queries) ?? [];
      const { stdout } = await run('sh', ['-c', command], { cwd: dirname(page) });
      const names = JSON.parse(stdout).chats.map((row: { cus_name: string }) => row.cus_name);
      expect(names).toEqual(['Khách 2', 'Khách ? 1']);
      await expect(
        run('sh', ['-c', 'gunzip -c page-0001.json.gz | jq .'], { cwd: dirname(page) }),
      ).rejects.toThrow();
    },
  );

  test('in any other field, in its name, or where a long name is cut is as well', async () => {
    const opened = await openCase('23');
    const hostile: Row[] = [
      { agent_name: `A${HALF}`, agent_email: `${HALF}@example.com`, group_name: `${HALF}\ude00${HALF}` },
      { conversation_id: `x${HALF}`, customer_id: `\ude00${HALF}`, ticket_no: HALF, service_id: HALF },
      { landing_page: `https://shop.example.com/a${HALF}?b=\ude00`, referrer: HALF },
      { chat_status: `LBL_${HALF}`, [HALF]: 1, '\ude00': { [HALF]: [HALF] } },
      { [`${'x'.repeat(59)}😀`]: 1 },
      { cus_email: `a${HALF}@example.com`, cus_phone: `09${HALF}12345678` },
    ];
    const usual = { start_time: '2026-11-20 09:00:00', chat_status: 'LBL_CHAT_STATUS_MISS' };
    host(opened, { zalo: hostile.map((row) => ({ ...usual, ...row })) });
    const { code, out } = await opened.run('--json');
    expect([code, JSON.parse(out).totals.chats]).toEqual([0, hostile.length]);
    await expectAllRead(lakeOf(opened));
    // What is written is what is meant: nothing is taken for changed.
    const again = await opened.run('--json');
    expect([again.out, again.asked.length]).toEqual([out, 0]);
  });

  test('in how CareSoft declines, cut within a pair, is as well', async () => {
    const opened = await openCase('23');
    const message = `No: ${HALF}${'😀'.repeat(150)}`;
    const always = { status: 400, body: { code: 'errors', message } };
    const rows = toWireRows({});
    opened.server.host({ domain: 'tai-khoan-1', token: 'token-1', behaviour: { always }, rows });
    const { code, out, err } = await opened.run('--json');
    expect([code, JSON.parse(out).completeness.channels.zalo.reason]).toEqual([3, 'refused']);
    expect(out + err).not.toMatch(/\\ud[89a-f]/);
    // The run and the lease.
    await expectAllRead(join(opened.cwd, 'out'), 2);
  });
});

describe('a channel without a chat', () => {
  const emptyOnes = async (opened: RunningCase) => {
    const paths = await filesIn(lakeOf(opened), /^chats\.parquet$/);
    const read = await Promise.all(
      paths.map(async (path) => ({ path, table: readArrow(await readFile(path)) })),
    );
    return read.filter(({ table }) => table.numRows === 0);
  };

  test('has a table that arrow-rs reads, with all its columns', async () => {
    const opened = await openCase('24');
    expect((await opened.run()).code).toBe(0);
    const empty = await emptyOnes(opened);
    expect(empty.map(({ path }) => /channel=(\w+)/.exec(path)?.[1])).toEqual(['livechat', 'zalo']);
    for (const { path, table } of empty) {
      expect(table.schema.fields.map(({ name }) => name)).toEqual(
        CHATS_TABLE.columns.map(({ name }) => name),
      );
      const bytes = await readFile(path);
      const footer = bytes.subarray(-8 - bytes.readUInt32LE(bytes.length - 8), -8);
      // num_rows = 0, then a list of no struct, then another field.
      expect(footer.includes(Buffer.from([0x16, 0x00, 0x19, 0x0c, 0x19]))).toBe(true);
    }
  });

  test.each<[string, Record<string, string>]>([
    ['no channel has one', {}],
    [
      'there is one channel, and hours of business',
      { CHANNELS: 'zalo', BUSINESS_HOURS: 'Mon-Sat 08:00-21:00' },
    ],
    ['the day is that of another zone', { TIME_ZONE: 'America/St_Johns', CARESOFT_CLOCK: 'utc' }],
  ])('has one also where %s, and so has the day, before and after it is rebuilt', async (_case, settings) => {
    const opened = await openCase('24');
    host(opened, {});
    const channels = settings.CHANNELS === undefined ? 3 : 1;
    const metrics = join(lakeOf(opened), 'curated/metrics/dt=2026-11-20/metrics.parquet');
    for (const command of ['run', 'rebuild']) {
      expect((await opened.call([command, '--day', '2026-11-20'], settings)).code).toBe(0);
      expect(await emptyOnes(opened)).toHaveLength(channels);
      const { numCols, numRows } = readArrow(await readFile(metrics));
      expect([numCols, numRows >= 1 + channels]).toEqual([METRICS_TABLE.columns.length, true]);
    }
  });
});
