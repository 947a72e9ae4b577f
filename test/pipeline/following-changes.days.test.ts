import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { systemRandom } from '../../functions/calendar/clock.system.ts';
import { addDays } from '../../functions/calendar/day.ts';
import { sha256 } from '../../functions/capture/captures.ts';
import { erasePerson } from '../../functions/erasure/erase-person.ts';
import { leaseOf } from '../../functions/pipeline/capture-piece.ts';
import { rebuildDay } from '../../functions/pipeline/cascade.ts';
import { dailyReport } from '../../functions/pipeline/daily-run.ts';
import { indexChanges } from '../../functions/pipeline/index-changes.ts';
import { type HeldLake, listChanges, underLease } from '../../functions/storage/changes.ts';
import { withLease } from '../../functions/storage/lease.ts';
import { type Lake, readObject } from '../../functions/storage/object-store.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { openDuck, openTables } from '../warehouse/duck.ts';
import { memoryLake } from '../web/memory-lake.ts';
import { changingDays, FEW, inputFor, LOOKER, NEXT, REVISED } from './changing-days.ts';
import { copyAll, followOn } from './following.ts';
import { beMorningAfter } from './mornings.ts';

const GONE = 'id:1001';

/** As the page of the lake says it. */
const [, FOLLOWING = ''] =
  /^## Following what changed$.*?```sql\n(.*?)```/ms.exec(
    readFileSync(join(import.meta.dirname, '../../docs/lake.md'), 'utf8'),
  ) ?? [];

/** The tables of a lake in memory, as files for an engine. */
async function tablesOf(lake: Pick<Lake, 'get' | 'list'>): Promise<string> {
  const folder = await temporaryFolder();
  for await (const key of lake.list('curated/')) {
    await mkdir(dirname(join(folder, key)), { recursive: true });
    await writeFile(join(folder, key), (await readObject(lake, key)) ?? '');
  }
  return folder;
}

let played: ReturnType<typeof playMonth> | null = null;

/** Some weeks of a lake: what it is in the end, and what it was after each thing that happened to it. */
async function month() {
  played ??= playMonth();
  return await played;
}

async function playMonth() {
  const lake = memoryLake();
  const days = await changingDays({ LOOK_BACK: '1,2', CHANNELS: 'messenger,zalo' }, FEW, lake);
  const { account, context, ports } = days.machine.compose();
  const points = [lake.copy()];
  const then = async (work: () => Promise<unknown>) => {
    await work();
    points.push(lake.copy());
  };
  const run = (day: string) => async () => {
    beMorningAfter(day);
    await dailyReport(inputFor(day), context, account, ports);
  };
  await then(run(addDays(REVISED, -20)));
  // Days without a run: of the last week they are made up, the others stay missing.
  await then(run(REVISED));
  days.reviseOvernight();
  await then(run(LOOKER));
  await then(async () => {
    const erasing = {
      lake,
      outbox: memoryLake(),
      objectVersions: null,
      random: systemRandom,
      locale: 'vi',
    } as const;
    await erasePerson({ given: GONE, dryRun: false, now: ports.clock.now() }, erasing);
    await indexChanges(lake, null);
  });
  await then(run(NEXT));
  await then(async () => {
    const changed = { ...account, serviceLevelSeconds: 5 };
    await rebuildDay(LOOKER, changed, lake);
    await indexChanges(lake, { from: LOOKER, to: LOOKER });
  });
  return { lake, points };
}

test('who follows the changes from any point on, in SQL, ends with the rows of one who reads all', async () => {
  const { lake, points } = await month();
  const ask = await openTables(await tablesOf(lake));
  const statements = FOLLOWING.split(';').filter((statement) => statement.trim() !== '');
  expect(statements).toHaveLength(6);
  const whole = await ask('SELECT * FROM chats ORDER BY ALL');
  expect(whole.length).toBeGreaterThan(100);
  for (const point of points.slice(1)) {
    const before = await tablesOf(point);
    const files = (table: string, partitions: string) =>
      `read_parquet('${before}/curated/${table}/**/*.parquet', hive_types = {${partitions}})`;
    await ask(
      `CREATE OR REPLACE TABLE my_chats AS SELECT * FROM ${files('chats', "'dt': DATE, 'channel': VARCHAR")}`,
    );
    await ask(
      `CREATE OR REPLACE TABLE followed AS SELECT max(sequence) AS sequence FROM ${files('changes', "'month': VARCHAR")}`,
    );
    for (const statement of statements) await ask(statement);
    const columns = 'dt, channel, conversation_id, customer_key, status, capture_id';
    const select = (table: string) => ask(`SELECT ${columns} FROM ${table} ORDER BY ALL`);
    expect(await select('my_chats')).toEqual(await select('chats'));
  }
  // The figures too, by each file.
  for (const point of points) expect(await followOn(await copyAll(point), lake)).toEqual(await copyAll(lake));
});

test('the tables of days and changes tell what became of each day', async () => {
  const { lake } = await month();
  const ask = await openTables(await tablesOf(lake));
  const states = await ask(`
    SELECT day_state, count(DISTINCT dt)::INT AS days FROM days GROUP BY day_state ORDER BY day_state`);
  // From the first to the last: the first, seven made up, three of their own; twelve between are missing.
  expect(states).toEqual([
    { day_state: 'missing', days: 12 },
    { day_state: 'proven', days: 11 },
  ]);
  const kinds = await ask(
    'SELECT kind, count(DISTINCT (sequence, dt))::INT AS changes FROM changes GROUP BY kind ORDER BY kind',
  );
  expect(kinds.map(({ kind }) => kind)).toEqual([
    'erased',
    'made',
    'made-up',
    'rebuilt',
    'revised',
    'tombstone',
  ]);
  const tombstones = await ask(
    `SELECT DISTINCT customer_key_sha256 AS hash FROM changes WHERE kind = 'tombstone'`,
  );
  expect(tombstones).toEqual([{ hash: sha256(Buffer.from(GONE)) }]);
  expect(await ask(`SELECT count(*)::INT AS named FROM chats WHERE customer_key = '${GONE}'`)).toEqual([
    { named: 0 },
  ]);
  // The last change that a day names is the last of its own.
  const differing = await ask(`
    SELECT days.dt FROM days JOIN (SELECT dt, max(sequence) AS last, count(DISTINCT sequence)::INT AS times FROM changes GROUP BY dt) AS of_day USING (dt)
    WHERE last_change <> last OR revision <> times`);
  expect(differing).toEqual([]);
  const [looker] = await ask(
    `SELECT DISTINCT service_level_seconds, contacts, is_final, last_look FROM days WHERE dt = '${LOOKER}'`,
  );
  expect(looker).toEqual({
    service_level_seconds: 5n,
    contacts: 'masked',
    is_final: false,
    last_look: new Date(addDays(LOOKER, 2)),
  });
});

test('both tables are functions of what lies in the lake, also after a killed run', async () => {
  const { lake } = await month();
  const tables = async (of: Lake) => {
    const keys = (await Array.fromAsync(of.list(''))).filter((key) =>
      /^(curated\/(days|changes)|changes\/days)\//.test(key),
    );
    return await Promise.all(
      keys.map(async (key) => [key, sha256((await readObject(of, key)) ?? Buffer.of())]),
    );
  };
  const expected = await tables(lake);
  const fresh = lake.copy();
  for (const [key = ''] of [...expected, ['changes/indexed.json']]) await fresh.delete(key);
  // Killed at each of its writes, and then gone on with.
  for (let writes = 0; ; writes += 1) {
    const struck = fresh.copy();
    let left = writes;
    const dying = {
      ...struck,
      put: async (key: string, body: Uint8Array) => {
        left -= 1;
        if (left < 0) throw new Error('the process died');
        await struck.put(key, body);
      },
    };
    const isOver = await indexChanges(dying, null).then(
      () => true,
      () => false,
    );
    await indexChanges(struck, null);
    expect(await tables(struck)).toEqual(expected);
    if (isOver) break;
  }
});

test('two runs and an erasure at once leave each change once, in one order', async () => {
  const lake = memoryLake();
  const { machine } = await changingDays({ LOOK_BACK: 'none', CHANNELS: 'messenger,zalo' }, FEW, lake);
  const one = machine.compose();
  const other = machine.compose({ SERVICE_LEVEL_SECONDS: '5' });
  beMorningAfter(REVISED);
  await dailyReport(inputFor(REVISED, 'first'), one.context, one.account, one.ports);
  const before = await copyAll(lake);
  const erase = async (held: HeldLake) => {
    const erasing = {
      lake: held,
      outbox: memoryLake(),
      objectVersions: null,
      random: systemRandom,
      locale: 'vi',
    } as const;
    await erasePerson({ given: GONE, dryRun: false, now: held.now() }, erasing);
    await indexChanges(held, null);
  };
  const elsewhere = { ...other.ports, lease: { ...other.ports.lease, owner: 'another machine/1' } };
  const third = leaseOf({ ...one.ports, lease: { ...one.ports.lease, owner: 'a third machine/1' } });
  await Promise.all([
    dailyReport(inputFor(REVISED, 'one'), one.context, one.account, one.ports),
    dailyReport(inputFor(REVISED, 'other'), other.context, other.account, elsewhere),
    withLease(lake, third, async (signal, lockout, number) => ({
      result: await erase(underLease(lake, signal, number, third.clock)),
      lockout,
    })),
  ]);
  await indexChanges(lake, null);
  const sequences = await listChanges(lake);
  expect(sequences).toEqual([...new Set(sequences)].sort());
  expect(await followOn(before, lake)).toEqual(await copyAll(lake));
  const duck = await openDuck();
  const folder = await tablesOf(lake);
  const rows = await duck(`
    SELECT DISTINCT sequence, kind FROM '${folder}/curated/changes/*/changes.parquet' WHERE kind <> 'tombstone' ORDER BY ALL`);
  expect(rows.map(({ sequence }) => sequence)).toEqual(sequences);
  expect(rows.filter(({ kind }) => kind === 'erased')).toHaveLength(1);
});
