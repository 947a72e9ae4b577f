import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openCase, type RunningCase } from './run-case.ts';

const EARLIER = 'reports/dt=2026-11-19/summary.json';
const OWN = 'reports/dt=2026-11-20/summary.json';
const LEASE = 'lease/000000000042.json';

const pathOf = ({ cwd }: Pick<RunningCase, 'cwd'>, key: string) => join(cwd, 'out/lake', key);

async function put(opened: Pick<RunningCase, 'cwd'>, key: string, text: string): Promise<void> {
  await mkdir(dirname(pathOf(opened, key)), { recursive: true });
  await writeFile(pathOf(opened, key), text);
}

const timesIn = (text: string, word: string): number => text.split(word).length - 1;

describe('the summary of an earlier day that cannot be read', () => {
  test('is left as it is, left out, and told, and the report of the day goes out', async () => {
    const opened = await openCase('33');
    const { code, out, err } = await opened.run('--json');
    expect([code, timesIn(err, EARLIER)]).toEqual([0, 1]);
    expect(JSON.parse(out)).toMatchObject({
      ...{ completeness: { verdict: 'proven' }, followUp: null },
      totals: { chats: 5, answered: 4, missed: 1 },
    });
    expect(JSON.parse(out).callbacks).toHaveLength(1);
    expect(JSON.parse(await readFile(pathOf(opened, EARLIER), 'utf8'))).toEqual({
      schema: 'chat-report/1',
      definitions: 99,
    });
    const [mail] = Object.values(await opened.readMails());
    for (const form of [mail?.text, mail?.html]) {
      expect(form).toContain('Không so sánh với 19/11/2026: không đọc được báo cáo đã lưu của');
    }
  });

  test.each([
    ['half', '{"schema":"chat-report/1","definitions":2,"totals":{"ch'],
    ['of another shape', '{"schema":"chat-report/1","definitions":2,"totals":{},"callbacks":null}'],
  ])('stops nothing where it is %s', async (_of, text) => {
    const opened = await openCase('33');
    await put(opened, EARLIER, text);
    const { code, err } = await opened.run();
    expect([code, timesIn(err, EARLIER)]).toEqual([0, 1]);
    expect(await readFile(pathOf(opened, EARLIER), 'utf8')).toBe(text);
  });

  test('is told once for several days, and found by check', async () => {
    const opened = await openCase('33');
    const ended = await opened.call(['run', '--from', '2026-11-20', '--to', '2026-11-21']);
    expect([ended.code, timesIn(ended.err, EARLIER)]).toEqual([0, 1]);
    const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
    const [newer, damaged] = [yesterday, '2026-11-19'].map((day) => `reports/dt=${day}/summary.json`);
    await put(opened, newer ?? '', '{"schema":"chat-report/1","definitions":99}');
    await put(opened, damaged ?? '', '{}');
    const { code, out } = await opened.call(['check', '--json']);
    expect(code).toBe(0);
    const { findings } = JSON.parse(out) as { findings: { id: string; says: string; do: string }[] };
    const found = findings.filter(({ id }) => id === 'lake-report');
    expect(found).toContainEqual({
      ...{ id: 'lake-report', status: 'note', do: 'update chat-report' },
      says: expect.stringContaining(`${newer} was written by a newer version`),
    });
    // Those of the last thirty days.
    expect(found.every(({ says }) => [newer, damaged].some((key) => says.startsWith(key ?? '')))).toBe(true);
  });
});

describe('the summary of the day itself', () => {
  test('is made again where it is damaged, and that is told', async () => {
    const opened = await openCase('33');
    await rm(dirname(pathOf(opened, EARLIER)), { recursive: true });
    expect((await opened.run()).code).toBe(0);
    const whole = await readFile(pathOf(opened, OWN), 'utf8');
    await put(opened, OWN, whole.slice(0, 500));
    const again = await opened.run();
    expect([again.code, again.asked.length, timesIn(again.err, OWN)]).toEqual([0, 0, 1]);
    expect(await readFile(pathOf(opened, OWN), 'utf8')).toBe(whole);
  });

  test('is never written over where a newer program made it, and nothing is asked', async () => {
    const opened = await openCase('33');
    const newer = '{"schema":"chat-report/1","definitions":99}';
    await put(opened, OWN, newer);
    const run = await opened.run();
    expect([run.code, run.asked.length]).toEqual([2, 0]);
    expect(run.err).toMatch(
      new RegExp(`^ +${OWN} +was written by a newer version .* update chat-report, or delete`, 'm'),
    );
    expect(run.out + run.err).not.toMatch(/Error\b/);
    expect(await readFile(pathOf(opened, OWN), 'utf8')).toBe(newer);
  });

  test.each([
    ['run', OWN, []],
    ['run', OWN, ['--json']],
    ['run', 'reports/dt=2026-11-20/channels=zalo/summary.json', ['--channels', 'zalo']],
    ['rebuild', OWN, []],
    ['rebuild', 'reports/dt=2026-11-20/channels=zalo/summary.json', []],
  ])('%s tells of it before the first of several days: %s %j', async (command, key, more) => {
    const opened = await openCase('33');
    const newer = '{"schema":"chat-report/1","definitions":99}';
    await put(opened, key, newer);
    const range = ['--from', '2026-11-18', '--to', '2026-11-21'];
    const { code, out, err, asked } = await opened.call([command, ...range, ...more], { LOCALE: 'fr' });
    expect([code, out, asked.length, timesIn(err, key)]).toEqual([2, '', 0, 1]);
    expect(err).toContain('LOCALE');
    const ended = await opened.call([command, ...range, ...more]);
    expect([ended.code, ended.out, ended.asked.length, timesIn(ended.err, key)]).toEqual([2, '', 0, 1]);
    expect(await readdir(join(opened.cwd, 'out/lake'))).toEqual(['reports']);
  });
});

describe('a lease file that cannot be read', () => {
  test('is named and outlived, also by the run of a day that is proven already', async () => {
    const opened = await openCase('34');
    const first = await opened.run('--json');
    expect([first.code, timesIn(first.err, LEASE)]).toEqual([0, 1]);
    expect(JSON.parse(first.out)).toMatchObject({ totals: { chats: 5, answered: 4, missed: 1 } });
    expect(await readFile(pathOf(opened, LEASE), 'utf8')).toBe('');
    // In any form, and by every command.
    const calls = [
      ['{\n  "owner": "host/1/x",\n  "expi', 'rebuild', '--day', '2026-11-20'],
      ['null', 'erase', '--customer', '1'],
      ['[]', 'run', '--day', '2026-11-20'],
    ];
    for (const [place, [text = '', ...args]] of calls.entries()) {
      const key = `lease/00000000${place + 1}000.json`;
      await put(opened, key, text);
      const { code, err } = await opened.call(args);
      expect([code, timesIn(err, key)], args.join(' ')).toEqual([0, 1]);
    }
  });

  test('is found by check', async () => {
    const opened = await openCase('34');
    await put(opened, 'lease/notes.txt', 'not ours');
    const { code, out } = await opened.call(['check', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(out).findings).toContainEqual({
      ...{ id: 'lake-lease', status: 'note' },
      says: expect.stringContaining(`The lease ${LEASE} cannot be read`),
      do: expect.stringContaining('may be deleted'),
    });
  });
});

describe('a lake.json that cannot be read', () => {
  test('is found by check, and told when it is written again', async () => {
    const opened = await openCase('34');
    await put(opened, 'lake.json', '{');
    const check = await opened.call(['check', '--json']);
    expect(JSON.parse(check.out).findings).toContainEqual({
      ...{ id: 'lake-identity', status: 'note', do: expect.stringContaining('writes it again') },
      says: expect.stringContaining('lake.json is damaged'),
    });
    const { code, err } = await opened.run();
    expect([code, timesIn(err, 'lake.json: ')]).toEqual([0, 1]);
    expect(await opened.readLake('lake.json')).toMatchObject({ domain: 'tai-khoan-1' });
  });

  test.each([
    [
      'of another account, and lacks its format',
      { schema: 'chat-report/lake/1', domain: 'other', account: 'x' },
    ],
    ['of another account, and says nothing else', { domain: 'OTHER' }],
    ['newer, with its format in words', { schema: 'chat-report/lake/2', format: '2' }],
    ['newer by its schema alone', { schema: 'chat-report/lake/2', domain: 'tai-khoan-1', format: 1 }],
  ])('but for one that is %s, which is left as it is', async (_of, record) => {
    const opened = await openCase('34');
    await put(opened, 'lake.json', JSON.stringify(record));
    const { code, err, asked } = await opened.run();
    expect([code, asked.length]).toEqual([2, 0]);
    expect(err).toMatch(/which (belongs to the account "other"|has the format 2)/);
    expect(await opened.readLake('lake.json')).toEqual(record);
  });
});

describe('the list of who is kept out', () => {
  test('is not passed over where it cannot be read: nothing is captured, and the file is named', async () => {
    const opened = await openCase('34');
    await put(opened, 'erased/20261101T000000000Z-aaaaaa.json', '');
    const { code, out, err, asked } = await opened.run();
    expect([code, asked.length]).toEqual([1, 0]);
    expect(out).toMatch(
      /erased\/20261101T000000000Z-aaaaaa\.json, .* cannot be read; put it back from a backup/,
    );
    expect(out + err).not.toMatch(/SyntaxError|ZodError|\n\s+at /);
    const check = await opened.call(['check']);
    expect(check.code).toBe(3);
    expect(check.out).toMatch(/^fail {2}No chat can be captured: erased\/20261101T000000000Z-aaaaaa\.json/m);
  });
});
