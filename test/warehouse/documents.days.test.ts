import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { addDays } from '../../functions/calendar/day.ts';
import { CHANNELS } from '../../functions/chats/channel.ts';
import { CHANGES_TABLE } from '../../functions/warehouse/changes-table.ts';
import { CHATS_TABLE } from '../../functions/warehouse/chats-table.ts';
import { DAYS_TABLE } from '../../functions/warehouse/days-table.ts';
import { METRICS_TABLE } from '../../functions/warehouse/metrics-table.ts';
import { describeFigures, describeTable } from '../../functions/warehouse/table.ts';
import { DAY, oneMachine } from '../pipeline/one-machine.ts';
import { openTables } from './duck.ts';
import { QUERIES } from './queries.ts';

const HOW_TO_WRITE = 'UPDATE=1 npx vitest run test/warehouse/documents.days.test.ts';

test('the data dictionary is what the tables say of themselves', () => {
  const path = join(import.meta.dirname, '../../docs/data-dictionary.md');
  const text = [
    '# The data dictionary',
    '',
    "The tables under `curated/` in the lake, for analysts. This page is made from the program's own declaration of the tables, by",
    `\`${HOW_TO_WRITE}\`. [duckdb.sql](duckdb.sql) opens the tables,`,
    '[queries.md](queries.md) has queries, and [figures.md](figures.md) defines the figures.',
    '',
    'An _instant_ is a moment in UTC. A _wall clock_ is the time in the account’s time zone at that moment. If a wall time happens',
    'twice, the first one counts. The _source_ is CareSoft. Null means _no value_, and never zero.',
    '',
    describeTable(CHATS_TABLE),
    describeTable(METRICS_TABLE),
    describeTable(DAYS_TABLE),
    describeTable(CHANGES_TABLE),
  ].join('\n');
  if (process.env.UPDATE) writeFileSync(path, text);
  expect(readFileSync(path, 'utf8'), `write it again: ${HOW_TO_WRITE}`).toBe(text);
});

test('the page of figures has the table that the figures make', () => {
  const path = join(import.meta.dirname, '../../docs/figures.md');
  const part = /(?<=<!-- figures -->\n).*?(?=<!-- \/figures -->)/s;
  const page = readFileSync(path, 'utf8');
  if (process.env.UPDATE)
    writeFileSync(
      path,
      page.replace(part, () => `\n${describeFigures()}\n`),
    );
  expect(part.exec(readFileSync(path, 'utf8'))?.[0], `write it again: ${HOW_TO_WRITE}`).toBe(
    `\n${describeFigures()}\n`,
  );
});

test('every query on the page of queries is answered by a lake of nine days, of which three are missing', async () => {
  const machine = await oneMachine({ chats: 60, faults: [{ name: 'hostile' }] });
  for (const before of [8, 7, 6, 3, 1, 0]) {
    await machine.report(addDays(DAY, -before), { isOfRange: true });
  }
  const ask = await openTables(machine.lake);
  const answers = new Map<string, Readonly<Record<string, unknown>>[]>();
  for (const [heading, sql] of QUERIES) answers.set(heading, await ask(sql));
  expect(answers.size).toBeGreaterThanOrEqual(14);
  for (const [heading, rows] of answers) expect(rows, heading).not.toEqual([]);
  const [plan] = await ask(`EXPLAIN ANALYZE SELECT count(status) FROM chats WHERE dt = '${DAY}'`);
  expect(String(plan?.explain_value)).toMatch(/Total Files Read: 3\b/);
  const columnOf = (heading: string, column: string) => answers.get(heading)?.map((row) => row[column]);
  expect(columnOf('How complete is it', 'difference')).toEqual(Array.from({ length: 18 }, () => 0n));
  expect(columnOf('Days without a report', 'missing')).toEqual(
    [5, 4, 2].flatMap((before) => CHANNELS.map(() => new Date(addDays(DAY, -before)))),
  );
  expect(columnOf('Week on week', 'chats_a_week_before')?.filter((chats) => chats !== null)).toHaveLength(2);
});
