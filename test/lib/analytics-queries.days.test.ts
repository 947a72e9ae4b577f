import { describe, expect, test } from 'vitest';
import { systemRandom } from '../../functions/calendar/clock.system.ts';
import { addDays } from '../../functions/calendar/day.ts';
import { erasePerson } from '../../functions/erasure/erase-person.ts';
import { openFolder } from '../../functions/storage/object-store.fs.ts';
import {
  DAY_ON_THE_PAGE,
  queriesOfYesterday,
  readQueries,
  yesterdayIn,
} from '../../lib/analytics-workgroup.ts';
import { held } from '../held.ts';
import { DAY, oneMachine } from '../pipeline/one-machine.ts';
import { type Ask, openDuck, openTables, toPlain } from '../warehouse/duck.ts';
import { queryUnder } from '../warehouse/queries.ts';

const queries = readQueries();

/** What Athena has and DuckDB has not; all else on the page is the same in both. */
const SHIMS = [
  `CREATE MACRO date_format(day, format) AS dayname(day)`,
  `CREATE MACRO sequence(first, last) AS
     CAST(generate_series(CAST(first AS TIMESTAMP), CAST(last AS TIMESTAMP), INTERVAL 1 DAY) AS DATE[])`,
];

/** Every function of Trino that the page uses; a new one is looked up in Trino's documentation before it is put here. */
const FUNCTIONS = [
  ...['array_agg', 'array_sort', 'cast', 'coalesce', 'count', 'count_if', 'date_format', 'max', 'max_by'],
  ...['min', 'min_by', 'nullif', 'round', 'row_number', 'sequence', 'substr', 'unnest'],
];
const KEYWORDS = ['and', 'as', 'asked', 'filter', 'in', 'join', 'over'];

/** How DuckDB is spoken, and Trino is not. */
const DUCKDB_ONLY = [
  /::/,
  /;/,
  /\bFILTER \((?!WHERE)/i,
  /[{}[\]"]/,
  /\bdt\s*(=|<|>|BETWEEN|IN)\s*\(?'/i,
  // Whole numbers divide to whole numbers there.
  /(?<! AS double\)|_sum) \//,
  /\bcurrent_date\b/i,
];

const plain = (rows: readonly Readonly<Record<string, unknown>>[]) =>
  rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, toPlain(value)])));

async function answersOf(ask: Ask, heading: string): Promise<ReturnType<typeof plain>> {
  const sql = queries.find(({ name }) => name === heading)?.sql ?? expect.unreachable();
  return plain(await ask(sql.replaceAll(DAY_ON_THE_PAGE, `DATE '${DAY}'`)));
}

describe('the queries that stand ready in Athena', () => {
  test('are eleven, each of a name and within what Athena takes', () => {
    expect(new Set(queries.map(({ name }) => name)).size).toBe(11);
    for (const { name, description, sql } of queriesOfYesterday('America/Argentina/Buenos_Aires')) {
      expect(name.length).toBeLessThanOrEqual(128);
      expect(description).toMatch(/^[A-Z].{10,200}\.$/);
      expect(Buffer.byteLength(sql)).toBeLessThan(262_144);
      expect(sql).not.toMatch(/\b20\d\d-/);
    }
  });

  test.each(queries.map(({ name, sql }) => [name, sql]))(
    '%s: is in words that Athena knows',
    (_name, sql) => {
      for (const pattern of DUCKDB_ONLY) expect(sql).not.toMatch(pattern);
      const called = [...sql.matchAll(/\b([a-z_]+) ?\(/gi)].map(([, name = '']) => name.toLowerCase());
      expect(called.filter((name) => ![...FUNCTIONS, ...KEYWORDS].includes(name))).toEqual([]);
      // Else every day since the first is looked for.
      const daily = sql.match(/\b(FROM|JOIN) (chats|metrics)\b/g) ?? [];
      if (daily.length > 0) expect(sql.match(/\bdt (=|BETWEEN) DATE/g)).toHaveLength(daily.length);
      else expect(sql).toMatch(/\bFROM (changes|days\nWHERE month )/);
    },
  );

  test('answer as those for DuckDB do, where these shims stand in for Athena', async () => {
    const machine = await oneMachine({ chats: 120, faults: [{ name: 'hostile' }] });
    for (const before of [8, 7, 6, 3, 1, 0]) await machine.report(addDays(DAY, -before), { isOfRange: true });
    const ask = await openTables(machine.lake);
    for (const shim of SHIMS) await ask(shim);
    const inDuck = async (heading: string) =>
      plain(await ask(queryUnder(heading).replaceAll('2026-11-20', DAY)));

    for (const heading of [
      "The report's head line, day by day",
      'The missed rate by hour',
      'Agents',
      'Callbacks still to be made',
      'Week on week',
      'Days without a report',
      'What changed since',
      'The revisions of a day',
      'The settings a day was counted by',
      'How complete is it',
    ]) {
      const answers = await answersOf(ask, heading);
      expect(answers.length, heading).toBeGreaterThan(1);
      expect(answers, heading).toEqual(await inDuck(heading));
    }

    // Nobody calls back whoever was erased, though their chats stay.
    const callbacks = 'Callbacks still to be made';
    const named = (await inDuck(callbacks)).map(({ customer_key }) => String(customer_key));
    const given = named.find((key) => key.startsWith('id:')) ?? expect.unreachable();
    const ports = { lake: await held(openFolder(machine.lake)), outbox: openFolder(machine.outbox) };
    const asked = { given, dryRun: false, now: Date.parse('2026-12-01T00:00:00Z') };
    await erasePerson(asked, { ...ports, objectVersions: null, random: systemRandom, locale: 'vi' });
    const left = await answersOf(ask, callbacks);
    expect(left).toEqual(await inDuck(callbacks));
    expect(left.map(({ customer_key }) => customer_key)).toEqual(named.filter((key) => key !== given));

    // Which of those that are missed alike come among the ten is open.
    const hours = 'Which hours are missed on which days of the week';
    const ratesOf = (rows: ReturnType<typeof plain>) => rows.map(({ missed_rate }) => missed_rate);
    expect(ratesOf(await answersOf(ask, hours))).toEqual(ratesOf(await inDuck(hours)));
  });

  test.each([
    ['Asia/Ho_Chi_Minh', '2026-11-20T16:59:59Z', '2026-11-19'],
    ['Asia/Ho_Chi_Minh', '2026-11-20T17:00:00Z', '2026-11-20'],
    ['America/New_York', '2026-11-02T04:59:59Z', '2026-10-31'],
    ['UTC', '2026-03-01T00:00:00Z', '2026-02-28'],
  ])('ask for yesterday by the clocks of %s at %s', async (timeZone, now, yesterday) => {
    const ask = await openDuck();
    const sql = yesterdayIn(timeZone).replace('current_timestamp', `TIMESTAMPTZ '${now}'`);
    expect(await ask(`SELECT CAST(${sql} AS VARCHAR) AS day`)).toEqual([{ day: `${yesterday} 00:00:00` }]);
  });
});
