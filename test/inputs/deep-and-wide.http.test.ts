import { describe, expect, test } from 'vitest';
import { missedRow, pageOf, serveRaw } from './raw-server.ts';
import { readChats, readManifest, readRaw } from './read-capture.ts';
import { openCase, type RunningCase } from './run-case.ts';

const RUN = ['run', '--day', '2026-11-20', '--json'];
const arrays = (times: number) => '['.repeat(times) + ']'.repeat(times);
const objects = (times: number) => `${'{"a":'.repeat(times)}1${'}'.repeat(times)}`;

const manifestOf = async (opened: RunningCase) => (await readManifest(opened, 'messenger')) as Manifest;

interface Manifest {
  readonly drift: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly conflicts: number;
}

test('a field that is nested 5,000 deep costs nothing but its end, which is told', async () => {
  const opened = await openCase('25');
  const { code, out } = await opened.run('--json');
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    completeness: { verdict: 'proven' },
    totals: { chats: 2, missed: 1 },
  });
  expect(String((await readRaw(opened, 'messenger'))[0])).toContain(arrays(5_000));
  expect((await manifestOf(opened)).drift).toMatchObject({ unknownFields: { x: 1 }, cut: { x: 1 } });
  const [{ other_fields: others } = {}] = await readChats(opened, 'messenger');
  expect(JSON.parse(String(others)).x).toEqual(JSON.parse(`${'['.repeat(32)}"…"${']'.repeat(32)}`));
});

/** Deeper than the stack of a worker is for code that goes down level by level; that of a process ends at 5,000. */
const DEEP = 20_000;

/** What strangers may send in a row, however deep or wide it is. */
const ODD_ROWS = [
  missedRow('B-1', `"list":${arrays(DEEP)}`),
  missedRow('B-2', `"object":${objects(DEEP)}`),
  missedRow('90071992547409931', `"x":[90071992547409933,${objects(10_000)}]`),
  missedRow('B-4', `"cus_name":${arrays(DEEP)},"cus_phone":${objects(50)}`),
  missedRow('B-5', Array.from({ length: 3_000 }, (_, n) => `"${'f'.repeat(100)}${n}":${n}`).join()),
  missedRow('B-6', `"${'k'.repeat(2_000)}":1,"__proto__":{"a":1},"constructor":2,"":3,"\\ud83d":4`),
  missedRow('B-7', `"shallow":${arrays(32)},"too_deep":${arrays(33)}`),
  missedRow('B-8'),
  // No chat.
  arrays(DEEP),
];

test('a page with deep and wide rows is read to its end, and read again', async () => {
  const page = pageOf(ODD_ROWS, `"trace":${arrays(DEEP)},"meta":${objects(DEEP)},`);
  const { settings } = await serveRaw((asked) => ({ body: [page(asked)] }));
  const opened = await openCase('25');
  const run = async () => {
    const { code, out } = await opened.call(RUN, settings);
    const { totals, callbacks } = JSON.parse(out);
    return [code, totals.chats, totals.customers, callbacks.length];
  };
  expect(await run()).toEqual([0, 8, 8, 8]);
  expect(String((await readRaw(opened, 'messenger'))[0])).toBe(page(new URLSearchParams('page=1&count=500')));
  const { drift } = await manifestOf(opened);
  expect(drift.cut).toEqual({ list: 1, object: 1, x: 1, cus_name: 1, cus_phone: 1, too_deep: 1 });
  expect(drift.unreadable).toEqual({ cus_name: 1, cus_phone: 1 });
  expect(JSON.stringify(drift).length).toBeLessThan(10_000);
  const others = (await readChats(opened, 'messenger')).map((row) => String(row.other_fields ?? null));
  for (const text of others) {
    expect(text.length).toBeLessThan(300_000);
    JSON.parse(text);
  }
  expect(others.some((text) => /"…":"\d+ more"\}$/.test(text))).toBe(true);

  expect((await opened.call(['rebuild', '--day', '2026-11-20'], settings)).code).toBe(0);
  expect((await opened.call(['erase', '--customer', 'B-8'], settings)).code).toBe(0);
  expect(await run()).toEqual([0, 8, 8, 7]);
});

test('copies that differ at the bottom alone are told apart', async () => {
  const copies = [1, 2, 2].map((end) => missedRow('B-1', `"x":${'['.repeat(DEEP)}${end}${']'.repeat(DEEP)}`));
  const { settings } = await serveRaw((asked) => ({ body: [pageOf(copies)(asked)] }));
  const opened = await openCase('25');
  const { code } = await opened.call(RUN, settings);
  expect([code, (await manifestOf(opened)).conflicts]).toEqual([0, 1]);
});

describe('an answer beyond its bound is asked for once more, then named in a notice', () => {
  const zeros = Buffer.alloc(1_024 * 1_024, ' ');
  function* endless() {
    for (;;) yield zeros;
  }
  test.each([
    [
      '1,000,001 deep',
      () => ({ body: [`{"code":"ok","numFound":1,"chats":[${arrays(1_000_001)}]}`] }),
      'the day: answered more than 1,000,000 values',
    ],
    [
      'of as many small values',
      () => ({ body: [`{"code":"ok","numFound":1,"chats":[[${'0,'.repeat(1_000_000)}0]]}`] }),
      'the day: answered more than 1,000,000 values',
    ],
    [
      'that says how large it is',
      () => ({ headers: { 'content-length': '999999999999' }, body: ['{'] }),
      'the day: answered more than 32 MB',
    ],
    ['without an end', () => ({ body: endless() }), 'the day: answered more than 32 MB'],
  ])('%s', async (_title, answer, says) => {
    const { settings, asked } = await serveRaw(answer);
    const opened = await openCase('25');
    const { code, out } = await opened.call(RUN, settings);
    expect(code).toBe(3);
    expect(JSON.parse(out).completeness.channels.messenger).toMatchObject({
      reason: 'unavailable',
      detail: says,
    });
    expect(asked.filter((query) => query.get('conversation_type') === '1')).toHaveLength(2);
    const [mail] = Object.values(await opened.readMails());
    for (const form of [mail?.text, mail?.html]) expect(form).toContain(says);
  });

  test.each(['gzip', 'br'] as const)('packed with %s to a fraction of its size', async (encoding) => {
    const { brotliCompressSync, gzipSync } = await import('node:zlib');
    const plain = Buffer.concat(Array.from({ length: 40 }, () => zeros));
    const packed = encoding === 'gzip' ? gzipSync(plain) : brotliCompressSync(plain, { params: { 1: 1 } });
    expect(packed.byteLength).toBeLessThan(100_000);
    const { settings } = await serveRaw(() => ({
      headers: { 'content-encoding': encoding },
      body: [packed],
    }));
    const { code, out } = await (await openCase('25')).call(RUN, settings);
    expect(code).toBe(3);
    expect(JSON.parse(out).completeness.channels.messenger.detail).toBe('the day: answered more than 32 MB');
  });

  test('and one that is large within it is read', async () => {
    const rows = Array.from({ length: 30 }, (_, n) =>
      missedRow(`B-${n}`, `"landing_page":"https://shop.example.com/${'x'.repeat(100_000)}${n}"`),
    );
    const { settings } = await serveRaw((asked) => ({ body: [pageOf(rows)(asked)] }));
    const { code, out } = await (await openCase('25')).call(RUN, settings);
    expect([code, JSON.parse(out).byLandingPage.length]).toEqual([0, 30]);
  });
});
