import { dirname, join, sep } from 'node:path';
import { describe, expect, test } from 'vitest';
import { FORMATS } from '../functions/report/formats.ts';
import { readHouse, SIMULATOR } from './house/house.ts';

/** What runs, from the first floor to the last: a floor may use itself and those before it, never one after. */
const FLOORS = [
  'text',
  'calendar',
  'chats',
  'observability',
  'storage',
  'sources',
  'privacy',
  'capture',
  'sources/caresoft/diagnostics',
  'metrics',
  'warehouse',
  'report',
  'delivery',
  'config',
  'pipeline',
  'erasure',
  'api',
  'web',
  'app',
];

/** The worlds that a file may touch, told by the suffix of its name. A file without one touches none. */
const WORLDS = ['http', 's3', 'fs', 'ses', 'secrets', 'eventbridge', 'lambda', 'aws', 'system', 'local'];

/** What pure files may import besides each other: libraries and modules that only compute. */
const PURE_PACKAGES = [
  'email-addresses',
  'fflate',
  'hono',
  'hono/cookie',
  'hono/etag',
  'hucre/xlsx',
  'hyparquet',
  'hyparquet-writer',
  'hyparquet-writer/src/datapage.js',
  'hyparquet-writer/src/encoding.js',
  'leven',
  'luxon',
  'nodemailer/lib/mail-composer',
  'nodemailer/lib/mime-funcs',
  'p-limit',
  'zod',
];
const PURE_MODULES = [
  'node:buffer',
  'node:crypto',
  'node:stream/promises',
  'node:url',
  'node:util',
  'node:zlib',
];

/** How a pure file would reach the clock, chance, the environment, the network or the terminal all the same. */
const WORLDLY = [
  ...[
    /\bprocess\./,
    /\bfetch\(/,
    /\bconsole\./,
    /\bDate\.now\(/,
    /\bnew Date\(\)/,
    /\bDateTime\.(now|local)\(/,
  ],
  ...[/\bset(Timeout|Interval|Immediate)\(/, /\bperformance\./, /\bglobalThis\b/],
  ...[/\bMath\.random\b/, /\b(randomBytes|randomUUID|randomInt|randomFill(Sync)?|getRandomValues)\b/],
];

/** Where JSON may be written: what leaves, and what two texts are compared by. Elsewhere it might hold half of a pair. */
const JSON_WRITERS = ['functions/text/json.ts', 'functions/text/write-json.ts', 'lib/on-demand.ts'];
const WRITES_JSON = /\bJSON\.stringify\b|\b(Response|context|c)\.json\(/;

/** Where JSON may be read: what came over the wire, and what lies in the lake, of which `json-record.ts` knows what a damaged one means. */
const JSON_READERS = [
  'bin/bundles.ts',
  'bin/pack.ts',
  'functions/api/route.ts',
  'functions/app/lambda-handler.lambda.ts',
  'functions/privacy/json-edit.ts',
  'functions/storage/json-record.ts',
  'functions/text/json.ts',
  'functions/text/write-json.ts',
];
const READS_JSON = /\bJSON\.parse\(/;

/** Who reads and writes what is derived. Others may name one of its files, and put none. */
const OWNERS = ['report-reader.ts', 'report-store.ts'].map((file) => `functions/pipeline/${file}`);
const NAMES_DERIVED =
  /\b(reportKey|readReportKey|REPORTS_PREFIX|curated\w+(Key|Prefix)|CURATED_\w+_PREFIX)\b|['"`](reports|curated)\//;
const WRITES = /\.(put|putIfAbsent|delete|write|create)\(/;

/** The few outside of the vendor's room that may open it: what puts the program together, and which dialect raw is in. */
const MAY_OPEN_VENDOR = [
  /^bin\//,
  /^functions\/app\//,
  'functions/api.lambda.ts',
  'functions/config/account.ts',
  'functions/capture/captures.ts',
];
const VENDOR_ROOM = 'functions/sources/caresoft/';

/** What the API and the pages may ask of the pipeline: reports and runs. */
const OFFERED = ['report-reader', 'run-log'];

/** @param sources the text of each file by its path from the top of the project, with `/` between its parts */
function findBreaches(sources: Readonly<Record<string, string>>): string[] {
  return Object.entries(sources).flatMap(([path, source]) =>
    [
      ...importsOf(source).flatMap((name) => checkImport(path, name)),
      ...checkGlobals(path, source),
      ...checkPlaces(path, source),
    ].map((says) => `${path}: ${says}`),
  );
}

/** What only some files may do. */
function checkPlaces(path: string, source: string): string[] {
  return [
    ...(WRITES_JSON.test(source) && !JSON_WRITERS.includes(path) ? ['writes JSON'] : []),
    ...(READS_JSON.test(source) && !JSON_READERS.includes(path) ? ['reads JSON'] : []),
    ...(NAMES_DERIVED.test(source) && WRITES.test(source) && !OWNERS.includes(path)
      ? ['writes, and names what is derived']
      : []),
    ...(FORMATS.some(({ file }) => source.includes(file)) && path !== 'functions/report/formats.ts'
      ? ['names a form of the report']
      : []),
  ];
}

function importsOf(source: string): string[] {
  return [...source.matchAll(/(?<![.'\w])(?:from|import)\s*\(?\s*'([^']+)'/g)].map(([, name = '']) => name);
}

function checkImport(path: string, name: string): string[] {
  const target = name.startsWith('.') ? join(dirname(path), name).split(sep).join('/') : name;
  if (path.startsWith('bin/')) return [];
  if (target.startsWith(SIMULATOR)) return [`imports ${target}: the simulator is for bin and test alone`];
  if (target.startsWith('bin/') || target.startsWith('test/'))
    return [`imports ${target}, which comes after it`];
  if (path.startsWith('lib/')) {
    return /^functions\/(app\/|[^/]+\.lambda\.ts$)/.test(target)
      ? [`imports ${target}: that runs elsewhere`]
      : [];
  }
  return name.startsWith('.') ? checkWithin(path, target) : checkPackage(path, name);
}

function checkPackage(path: string, name: string): string[] {
  if (/^(aws-cdk-lib|constructs|cdk-)/.test(name)) return [`imports ${name}: what runs knows no CDK`];
  if (!isPure(path) || PURE_PACKAGES.includes(name) || PURE_MODULES.includes(name)) return [];
  return [`imports ${name}, but its name says that it is pure`];
}

function checkWithin(path: string, target: string): string[] {
  // The composition tells which version runs.
  if (target === 'package.json' && path.startsWith('functions/app/compose')) return [];
  if (!target.startsWith('functions/')) return [`imports ${target}: what runs knows only itself`];
  if (isPure(path) && !isPure(target)) return [`imports ${target}, but its name says that it is pure`];
  const inRoom = target.startsWith(VENDOR_ROOM) && !path.startsWith(VENDOR_ROOM);
  if (inRoom && !MAY_OPEN_VENDOR.some((one) => (typeof one === 'string' ? one === path : one.test(path)))) {
    return [`imports ${target}: the vendor's room is opened elsewhere`];
  }
  const ofPipeline = /^functions\/(?:api|web)\//.test(path) && /\/pipeline\/(.+)\.ts$/.exec(target)?.[1];
  if (ofPipeline && !OFFERED.includes(ofPipeline)) return [`imports ${target}, which is not offered to it`];
  const [from, to] = [floorOf(path), floorOf(target)];
  return from !== null && (to === null || to > from) ? [`imports ${target}, which comes after it`] : [];
}

function checkGlobals(path: string, source: string): string[] {
  if (!(path.startsWith('functions/') && isPure(path))) return [];
  const code = source.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
  return WORLDLY.filter((pattern) => pattern.test(code)).map((pattern) => `uses ${pattern.source}`);
}

function isPure(path: string): boolean {
  return !WORLDS.some((world) => path.endsWith(`.${world}.ts`));
}

/** Null for what is on top of all floors: the entry points. */
function floorOf(path: string): number | null {
  const within = (floor: string): boolean => path.startsWith(`functions/${floor}/`);
  const floor = FLOORS.findLastIndex(
    (one) => within(one) && !FLOORS.some((two) => two.length > one.length && within(two)),
  );
  return floor < 0 ? null : floor;
}

describe('the plan of the house', () => {
  const top = join(import.meta.dirname, '..');
  const all = readHouse(top).filter(({ path }) => path.endsWith('.ts'));
  const paths = all.map(({ path }) => path).filter((path) => path.startsWith('functions/'));
  const sources = Object.fromEntries(all.map(({ path, text }) => [path, text]));

  test('holds for every file', () => {
    expect(paths.length).toBeGreaterThan(40);
    expect(all.length).toBeGreaterThan(paths.length + 30);
    expect(findBreaches(sources)).toEqual([]);
  });

  test('has no exception that nothing uses', () => {
    const used = (pattern: RegExp) => (path: string) => pattern.test(sources[path] ?? '');
    expect(JSON_WRITERS.filter(used(WRITES_JSON))).toEqual(JSON_WRITERS);
    expect(JSON_READERS.filter(used(READS_JSON))).toEqual(JSON_READERS);
    expect(OWNERS.filter(used(NAMES_DERIVED))).toEqual(OWNERS);
  });

  test('knows every suffix and every room', () => {
    const suffixes = paths.flatMap((path) => /\.([a-z0-9]+)\.ts$/.exec(path)?.[1] ?? []);
    expect(suffixes.filter((suffix) => !WORLDS.includes(suffix))).toEqual([]);
    const rooms = paths.map((path) => path.split('/')[1] ?? '').filter((room) => !room.endsWith('.ts'));
    expect(rooms.filter((room) => !FLOORS.includes(room))).toEqual([]);
  });

  test.each([
    [
      'a stage that uses a later one',
      'functions/capture/paginate.ts',
      `import { x } from '../metrics/summary.ts';`,
    ],
    [
      'a stage that uses the composition',
      'functions/storage/layout.ts',
      `import { x } from '../app/compose.local.ts';`,
    ],
    [
      'a pure file that reads the disk',
      'functions/storage/layout.ts',
      `import { open } from 'node:fs/promises';`,
    ],
    [
      'a pure file that uses an SDK',
      'functions/storage/layout.ts',
      `import { S3 } from '@aws-sdk/client-s3';`,
    ],
    [
      'a pure file that uses a worldly one',
      'functions/storage/layout.ts',
      `import { x } from './object-store.fs.ts';`,
    ],
    ['a pure file that loads lazily', 'functions/storage/layout.ts', `await import('node:http');`],
    ['a pure file that asks the clock', 'functions/metrics/masking.ts', 'const at = Date.now();'],
    [
      'a pure file that reads the environment',
      'functions/config/settings.ts',
      'const at = process.env.HOME;',
    ],
    [
      'a pure file that draws bytes',
      'functions/capture/captures.ts',
      `import { randomBytes } from 'node:crypto';`,
    ],
    ['a pure file that draws an id', 'functions/storage/lease.ts', 'const owner = crypto.randomUUID();'],
    ['a pure file that draws a number', 'functions/report/sections/notes.ts', 'const share = Math.random();'],
    [
      'a pure file that fills bytes by chance',
      'functions/privacy/suppression-list.ts',
      'crypto.getRandomValues(bytes);',
    ],
    ['CDK in what runs', 'functions/x.lambda.ts', `import { Stack } from 'aws-cdk-lib';`],
    [
      'the simulator in what runs',
      'functions/x.http.ts',
      `import { x } from './sources/caresoft/simulator/world.ts';`,
    ],
    ['the simulator in a stack', 'lib/lake.ts', `import { x } from '../${SIMULATOR}world.ts';`],
    ['a command in what runs', 'functions/x.lambda.ts', `import { x } from '../bin/terminal.ts';`],
    ['a command in a stack', 'lib/lake.ts', `import { x } from '../bin/terminal.ts';`],
    ['a stack that loads a function', 'lib/lake.ts', `import { x } from '../functions/api.lambda.ts';`],
    [
      "the vendor's room in a neutral file",
      'functions/metrics/summary.ts',
      `import { x } from '../sources/caresoft/fields.ts';`,
    ],
    ['JSON that is written anywhere', 'functions/report/notes.ts', 'const text = JSON.stringify(value);'],
    ['JSON that is read anywhere', 'bin/commands/run.ts', 'const value = JSON.parse(text);'],
    [
      'another that writes what is derived',
      'functions/pipeline/heal.ts',
      "await lake.put(reportKey({ day }, 'summary.json'), bytes);",
    ],
    ['a form that is named elsewhere', 'functions/web/page.ts', "const name = 'report.xlsx';"],
    [
      'a page that asks the pipeline for more',
      'functions/web/days.ts',
      `import { x } from '../pipeline/cascade.ts';`,
    ],
  ])('notices %s', (_title, path, source) => {
    expect(findBreaches({ [path]: source })).toHaveLength(1);
  });
});
