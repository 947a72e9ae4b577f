import { describe, expect, test } from 'vitest';
import { type LogEvent, openLog } from '../../functions/observability/log.ts';
import {
  claimLake,
  identifyLake,
  isOwnLake,
  type LakeIdentity,
  openOwnLake,
  refusalOf,
} from '../../functions/storage/lake-identity.ts';
import { domainOf } from '../../functions/storage/layout.ts';
import { fc } from '../property.ts';
import { memoryLake } from '../web/memory-lake.ts';

const recorded = (more: object = {}) => ({
  schema: 'chat-report/lake/1',
  domain: 'shop',
  account: 'shop',
  format: 1,
  ...more,
});

/** A lake with these objects; what is no text is written as JSON. */
function lakeOf(objects: Readonly<Record<string, unknown>>) {
  const lake = memoryLake();
  for (const [key, value] of Object.entries(objects)) lake.write(key, value);
  return lake;
}

const manifestKey = (capture: number) =>
  `raw/chats/dt=2026-11-${18 + capture}/channel=zalo/capture=${capture}/manifest.json`;
/** As little of a manifest as tells whose it is: this part every version has written alike. */
const manifest = (domain: string, host = 'https://api.caresoft.vn') => ({
  schema: 'chat-report/capture/1',
  source: `${host}/${domain}`,
});

describe('a lake is', () => {
  test.each([
    ['absent where nothing is', {}, { state: 'absent' }],
    [
      "absent where others' files are",
      { 'notes.txt': 'x', 'reports/2026.pdf': 'x', '.git/HEAD': 'x' },
      { state: 'absent' },
    ],
    [
      'vacant where runs came to nothing',
      { 'runs/a.json': {}, 'lease/000000000001.json': '' },
      { state: 'vacant' },
    ],
    [
      'begun where a walk was cut off in its first page',
      { 'raw/chats/dt=2026-11-19/channel=zalo/capture=1/page-0001.json.gz': 'x', 'runs/a.json': {} },
      { state: 'begun' },
    ],
    ['begun where a person is kept out', { 'erased/a.json': {} }, { state: 'begun' }],
    ['unnamed where raw is gone', { 'reports/dt=2026-11-19/summary.json': '{}' }, { state: 'unnamed' }],
    ['known by its file', { 'lake.json': recorded() }, { state: 'known', domain: 'shop' }],
    [
      'known by its file, also where that says more, and its captures say otherwise',
      { 'lake.json': recorded({ since: 2026 }), [manifestKey(1)]: manifest('other') },
      { state: 'known', domain: 'shop' },
    ],
    [
      'known by its captures, on any host, and where one of them is damaged',
      {
        [manifestKey(1)]: manifest('shop'),
        [manifestKey(2)]: manifest('shop', 'http://127.0.0.1:8080'),
        [manifestKey(3)]: '{"source":',
        [manifestKey(4)]: { source: 7 },
      },
      { state: 'known', domain: 'shop' },
    ],
    [
      'known by its domain, however little else its file says, and however it is written',
      { 'lake.json': { schema: 'chat-report/lake/1', domain: 'Shop', account: 7 } },
      { state: 'known', domain: 'shop' },
    ],
    ['known by its domain alone', { 'lake.json': { domain: 'shop' } }, { state: 'known', domain: 'shop' }],
    [
      'known by its captures, which write the domain in any case',
      { [manifestKey(1)]: manifest('Shop'), [manifestKey(2)]: manifest('shop') },
      { state: 'known', domain: 'shop' },
    ],
    [
      'mixed',
      { [manifestKey(1)]: manifest('shop-2'), [manifestKey(2)]: manifest('shop-1') },
      { state: 'mixed', domains: ['shop-1', 'shop-2'] },
    ],
    ['newer by its format', { 'lake.json': recorded({ format: 2 }) }, { state: 'newer', format: '2' }],
    [
      'newer by its schema, in any other form',
      { 'lake.json': { schema: 'chat-report/lake/3', owner: { name: 'x' } } },
      { state: 'newer', format: '3' },
    ],
    [
      'newer by its schema, with any format',
      { 'lake.json': { schema: 'chat-report/lake/2', domain: 'shop', format: 1 } },
      { state: 'newer', format: '2' },
    ],
    ...[recorded({ format: '2' }), { schema: 'chat-report/lake/2', format: '2' }, { format: '2' }].map(
      (record): [string, Record<string, unknown>, LakeIdentity] => [
        `newer by a format in words: ${JSON.stringify(record)}`,
        { 'lake.json': record },
        { state: 'newer', format: '2' },
      ],
    ),
  ])('%s', async (_title, objects, identity) => {
    expect(await identifyLake(lakeOf(objects))).toEqual(identity);
  });

  test('known by its captures where its file cannot be read, and the file is then written again', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.constantFrom('', '{', 'null', '[]', '{}', JSON.stringify(recorded()).slice(0, -5)),
        ),
        async (garbage) => {
          const lake = lakeOf({ 'lake.json': garbage, [manifestKey(1)]: manifest('shop') });
          expect(await identifyLake(lake)).toEqual({ state: 'known', domain: 'shop' });
          const logged: LogEvent[] = [];
          const log = openLog((_level, entry) => logged.push(entry));
          await claimLake(lake, { domain: 'shop', account: 'name' }, log);
          expect(logged).toMatchObject([{ event: 'file-unreadable', key: 'lake.json' }]);
          expect(await isOwnLake(lake, 'shop')).toBe(true);
          await expect(isOwnLake(lake, 'other')).rejects.toThrow(/"shop".*"other"/);
        },
      ),
    );
  });
});

describe('a lake is refused', () => {
  test.each([
    ["another account's", { state: 'known', domain: 'a' }, 'b', /"a".*base URL.*"b".*LAKE_URI/],
    ["several accounts'", { state: 'mixed', domains: ['a', 'b'] }, 'b', /"a" and "b".*raw\/chats/],
    ["a newer program's", { state: 'newer', format: '2' }, null, /format 2.*format 1.*update/],
  ] as const)('that is %s, with what to do', (_title, identity, domain, says) => {
    expect(refusalOf(identity, domain)).toMatch(says);
  });

  test.each([
    ['ours', { state: 'known', domain: 'a' }, 'a'],
    ['of any account, where none is named', { state: 'known', domain: 'a' }, null],
    ['of none yet', { state: 'vacant' }, 'a'],
    ['of a walk that was cut off', { state: 'begun' }, 'a'],
    ['of reports alone', { state: 'unnamed' }, 'a'],
  ] as const)('not where it is %s', (_title, identity, domain) => {
    expect(refusalOf(identity, domain)).toBeNull();
  });
});

test('of two accounts that begin in one empty lake at once, one has it, and the other is told whose it is', async () => {
  const lake = memoryLake();
  const begin = (domain: string) => claimLake(lake, { domain, account: domain });
  const ended = await Promise.allSettled([begin('a'), begin('b'), begin('a')]);
  expect(ended.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(ended[1]).toMatchObject({
    reason: { name: 'LakeRefusedError', message: expect.stringMatching(/"a".*"b"/) },
  });
  expect(await identifyLake(lake)).toEqual({ state: 'known', domain: 'a' });
});

test("nothing is read of another account's lake, nor written, and what is looked at is looked at once", async () => {
  const lake = lakeOf({ 'lake.json': recorded(), 'reports/x.json': '{}' });
  const foreign = openOwnLake(lake, 'other');
  const acts = [
    () => foreign.get('reports/x.json'),
    () => Array.fromAsync(foreign.list('')),
    () => foreign.put('reports/x.json', Buffer.from('')),
    () => foreign.putIfAbsent('y', Buffer.from('')),
    () => foreign.delete('reports/x.json'),
  ];
  for (const act of acts) await expect(act()).rejects.toThrow(/"shop".*"other"/);
  expect(await Array.fromAsync(lake.list(''))).toEqual(['lake.json', 'reports/x.json']);

  lake.reads.length = 0;
  const own = openOwnLake(lake, 'shop');
  for (let time = 0; time < 3; time += 1) await own.get('reports/x.json');
  expect(lake.reads).toEqual(['lake.json', 'reports/x.json', 'reports/x.json', 'reports/x.json']);
});

test.each([
  ['https://api.caresoft.vn/shop', 'shop'],
  ['http://127.0.0.1:8080/Shop-1/', 'shop-1'],
])('the domain of %s is %s', (source, domain) => {
  expect(domainOf(source)).toBe(domain);
});
