import { globSync, readFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { describe, expect, test } from 'vitest';
import { FORMATS } from '../functions/report/formats.ts';

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

/** A program of its own, which plays the source: it shares no code with what is tried against it but types and time zones. */
const SIMULATOR = 'functions/sources/caresoft/simulator/';

/** The worlds that a file may touch, told by the suffix of its name. A file without one touches none. */
const WORLDS = ['http', 's3', 'fs', 'ses', 'secrets', 'eventbridge', 'lambda', 'aws', 'system', 'local'];

/** What pure files may import besides each other: libraries and modules that only compute. */
const PURE_PACKAGES = [
  'email-addresses',
  'hono',
  'hono/etag',
  'hucre/xlsx',
  'hyparquet-writer',
  'leven',
  'luxon',
  'nodemailer/lib/mail-composer',
  'nodemailer/lib/mime-funcs',
  'p-limit',
  'zod',
];
const PURE_MODULES = ['node:crypto', 'node:url', 'node:util', 'node:zlib'];

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
const JSON_WRITERS = ['functions/text/json.ts'];
const WRITES_JSON = /\bJSON\.stringify\b|\b(Response|context|c)\.json\(/;

/** Where JSON may be read: what came over the wire, and what lies in the lake, of which `json-record.ts` knows what a damaged one means. */
const JSON_READERS = [
  'bin/bundles.ts',
  'functions/api/route.ts',
  'functions/privacy/json-edit.ts',
  'functions/storage/json-record.ts',
  'functions/text/json.ts',
];
const READS_JSON = /\bJSON\.parse\(/;

/** Who reads and writes what is derived. Others may name one of its files, and put none. */
const OWNERS = ['report-reader.ts', 'report-store.ts'].map((file) => `functions/pipeline/${file}`);
const NAMES_DERIVED =
  /\b(reportKey|readReportKey|REPORTS_PREFIX|curated\w+(Key|Prefix)|CURATED_\w+_PREFIX)\b|['"`](reports|curated)\//;
const WRITES = /\.(put|putIfAbsent|delete|write|create)\(/;

/** @param sources the text of each file by its path from the top of the project, with `/` between its parts */
function findBreaches(sources: Readonly<Record<string, string>>): string[] {
  return Object.entries(sources).flatMap(([path, source]) => [
    ...importsOf(source).flatMap((name) => checkImport(path, name).map((says) => `${path}: ${says}`)),
    ...checkGlobals(path, source).map((says) => `${path}: ${says}`),
  ]);
}

function importsOf(source: string): string[] {
  return [...source.matchAll(/(?<![.'\w])(?:from|import)\s*\(?\s*'([^']+)'/g)].map(([, name = '']) => name);
}

function checkImport(path: string, name: string): string[] {
  if (!name.startsWith('.')) {
    if (/^(aws-cdk-lib|constructs|cdk-)/.test(name)) return [`imports ${name}: what runs knows no CDK`];
    if (!isPure(path) || PURE_PACKAGES.includes(name) || PURE_MODULES.includes(name)) return [];
    return [`imports ${name}, but its name says that it is pure`];
  }
  const target = join(dirname(path), name).split(sep).join('/');
  // The composition tells which version runs.
  if (target === 'package.json' && path.startsWith('functions/app/compose')) return [];
  if (!target.startsWith('functions/')) return [`imports ${target}: what runs knows only itself`];
  if (isPure(path) && !isPure(target)) return [`imports ${target}, but its name says that it is pure`];
  if (target.startsWith(SIMULATOR)) return [`imports ${target}: the simulator is for bin and test alone`];
  const [from, to] = [floorOf(path), floorOf(target)];
  return from !== null && (to === null || to > from) ? [`imports ${target}, which comes after it`] : [];
}

function checkGlobals(path: string, source: string): string[] {
  if (!isPure(path)) return [];
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
  const all = globSync('functions/**/*.ts', { cwd: top }).map((path) => path.split(sep).join('/'));
  const paths = all.filter((path) => !path.startsWith(SIMULATOR));
  const sources = Object.fromEntries(paths.map((path) => [path, readFileSync(join(top, path), 'utf8')]));

  test('holds for every file of what runs', () => {
    expect(paths.length).toBeGreaterThan(40);
    expect(findBreaches(sources)).toEqual([]);
  });

  test.each([
    ['writes', WRITES_JSON, JSON_WRITERS],
    ['reads', READS_JSON, JSON_READERS],
  ])('%s JSON in few places', (_title, pattern, places) => {
    const commands = globSync('bin/**/*.ts', { cwd: top });
    const found = [...paths, ...commands].filter((path) =>
      pattern.test(readFileSync(join(top, path), 'utf8')),
    );
    expect(found.toSorted()).toEqual(places.toSorted().map((path) => join(...path.split('/'))));
  });

  test('has one owner of what is derived', () => {
    const commands = globSync('bin/**/*.ts', { cwd: top }).map((path) => path.split(sep).join('/'));
    const naming = [...Object.keys(sources), ...commands].filter((path) =>
      NAMES_DERIVED.test(readFileSync(join(top, path), 'utf8')),
    );
    expect(naming).toEqual(expect.arrayContaining(OWNERS));
    const others = naming.filter((path) => !OWNERS.includes(path));
    expect(others.filter((path) => WRITES.test(readFileSync(join(top, path), 'utf8')))).toEqual([]);
  });

  test('names the forms of a report in one place', () => {
    const commands = globSync('bin/**/*.ts', { cwd: top });
    const naming = [...paths, ...commands].filter((path) => {
      const source = readFileSync(join(top, path), 'utf8');
      return FORMATS.some(({ file }) => source.includes(file));
    });
    expect(naming).toEqual([join('functions', 'report', 'formats.ts')]);
  });

  test('lets API and pages ask the pipeline for reports and runs alone', () => {
    const asked = Object.entries(sources)
      .filter(([path]) => path.startsWith('functions/api/') || path.startsWith('functions/web/'))
      .flatMap(([, source]) => importsOf(source))
      .flatMap((name) => /\/pipeline\/(.+)\.ts$/.exec(name)?.[1] ?? []);
    const offered = ['report-reader', 'run-log'];
    expect(asked.filter((name) => !offered.includes(name))).toEqual([]);
    expect(asked).toContain('report-reader');
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
  ])('notices %s', (_title, path, source) => {
    expect(findBreaches({ [path]: source })).toHaveLength(1);
  });
});
