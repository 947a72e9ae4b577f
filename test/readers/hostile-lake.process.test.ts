import { readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openFolder } from '../../functions/storage/object-store.fs.ts';
import { CHANGES_TABLE } from '../../functions/warehouse/changes-table.ts';
import { CHATS_TABLE } from '../../functions/warehouse/chats-table.ts';
import { DAYS_TABLE } from '../../functions/warehouse/days-table.ts';
import { METRICS_TABLE } from '../../functions/warehouse/metrics-table.ts';
import { posted, serveApi } from '../api/served.ts';
import { openWorkbook } from '../report/open-workbook.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { DAY_AFTER, filesIn, type HostileLake, LEAP_DAY, makeHostileLake } from './hostile-lake.ts';
import { isOnPath, JSON_READERS } from './json-readers.ts';
import { ENGINES, isInstalled, type TableFile } from './parquet-engines.ts';

let made: HostileLake;
beforeAll(async () => {
  made = await makeHostileLake();
});
afterAll(() => made.close());

/** The texts of files, by the parser that is the counterpart of what wrote them. */
async function parsed(paths: readonly string[]): Promise<unknown[]> {
  const texts = paths.map(async (path) => {
    const text = await readFile(path, 'utf8');
    return path.endsWith('.jsonl') ? text.split('\n').filter((line) => line !== '') : [text];
  });
  return (await Promise.all(texts)).flat().map((text) => JSON.parse(text));
}

/** What the API answers of the lake, each in a file. */
async function answersOf(lake: string): Promise<string[]> {
  const folder = await temporaryFolder();
  const { ask } = await serveApi({ lake: openFolder(lake) });
  const asked = [
    { path: '/openapi.json' },
    { path: `/reports/${LEAP_DAY}`, headers: { accept: 'application/json' } },
    { path: `/reports?from=${LEAP_DAY}&to=${DAY_AFTER}` },
    { path: '/reports/Kh%ED%A0%BDông' },
    { path: '/runs/%ED%A0%BD' },
    posted('{"day":"\ud83d","\ud83e":1}'),
    posted('{"day":"2024-02-29","channels":["\\ude00"],"\\ud83d":{"\\ud83d":1}}'),
    posted({ day: LEAP_DAY }, { 'idempotency-key': 'a"b' }),
  ];
  return await Promise.all(
    asked.map(async (request, place) => {
      const path = join(folder, `answer-${place}.json`);
      const { text } = await ask.event(request);
      await writeFile(path, text);
      return path;
    }),
  );
}

describe('a hostile lake', () => {
  test('has a file of each kind', async () => {
    const files = await filesIn(made.lake, /./);
    // The first folder, and how the name ends.
    const kinds = files.map((path) => relative(made.lake, path).replace(/\/.*(?=\.)/, '/…'));
    expect([...new Set(kinds)].toSorted()).toEqual([
      ...['changes/….json', 'curated/….parquet', 'days/….json', 'erased/….json', 'lake.json', 'lease/….json'],
      ...[
        'looks/….json',
        'raw/….gz',
        'raw/….json',
        'reports/….html',
        'reports/….json',
        'reports/….txt',
        'reports/….xlsx',
      ],
      'runs/….json',
    ]);
  });

  test('shows no half of a pair, and nothing that XML refuses, in any form of a report', async () => {
    const pages = await filesIn(join(made.lake, '..'), /\.(html|txt|eml)$/);
    expect(pages.length).toBeGreaterThan(8);
    for (const path of pages) {
      const text = new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path));
      expect(text.isWellFormed(), path).toBe(true);
    }
    const workbooks = await filesIn(made.lake, /\.xlsx$/);
    expect(workbooks.length).toBeGreaterThan(2);
    // It refuses what is no XML.
    for (const path of workbooks) expect(openWorkbook(await readFile(path)).sheets.length).toBeGreaterThan(2);
  });
});

describe.each(JSON_READERS)('of a hostile lake, $name', ({ command, read }) => {
  const isHere = command === null || isOnPath(command);

  test.skipIf(!isHere)(
    'reads every JSON file above raw, and all that the commands said, as it is',
    async () => {
      const paths = [...(await filesIn(made.lake, /\.json$/)), ...(await filesIn(made.said, /\.jsonl?$/))];
      expect(paths.length).toBeGreaterThan(30);
      expect(await read(paths)).toEqual(await parsed(paths));
    },
  );

  test.skipIf(!isHere)('reads every answer of the API as it is', async () => {
    const paths = await answersOf(made.lake);
    expect(await read(paths)).toEqual(await parsed(paths));
  });
});

describe('the tables of a hostile lake, by', () => {
  const tables = async (): Promise<TableFile[]> => [
    ...(await filesIn(made.lake, /^chats\.parquet$/)).map((path) => ({ path, columns: CHATS_TABLE.columns })),
    ...(await filesIn(made.lake, /^metrics\.parquet$/)).map((path) => ({
      path,
      columns: METRICS_TABLE.columns,
    })),
    ...(await filesIn(made.lake, /^days\.parquet$/)).map((path) => ({ path, columns: DAYS_TABLE.columns })),
    ...(await filesIn(made.lake, /^changes\.parquet$/)).map((path) => ({
      path,
      columns: CHANGES_TABLE.columns,
    })),
  ];
  const [duck, ...others] = ENGINES;

  describe.each(others)('$name', (engine) => {
    test.skipIf(!isInstalled(engine))('are what they are by DuckDB, value by value', async () => {
      const files = await tables();
      const expected = await duck.read(files);
      expect(expected.flat(2).length).toBeGreaterThan(10_000);
      // Of a channel without a chat: livechat on both days, messenger on one.
      expect(expected.filter((cells) => cells.length === 0)).toHaveLength(3);
      expect(await engine.read(files)).toEqual(expected);
    });
  });
});
