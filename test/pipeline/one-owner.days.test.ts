import { AsyncLocalStorage } from 'node:async_hooks';
import { expect, onTestFinished, test } from 'vitest';
import { systemRandom } from '../../functions/calendar/clock.system.ts';
import { withChannels } from '../../functions/config/account.ts';
import { erasePerson } from '../../functions/erasure/erase-person.ts';
import { rebuildDay } from '../../functions/pipeline/cascade.ts';
import { dailyReport } from '../../functions/pipeline/daily-run.ts';
import { ReportStore } from '../../functions/pipeline/report-store.ts';
import { OFFERS } from '../../functions/report/formats.ts';
import { openFolder } from '../../functions/storage/object-store.fs.ts';
import type { Lake } from '../../functions/storage/object-store.ts';
import { held } from '../held.ts';
import { changingDays, inputFor, LOOKER, NEXT, REVISED } from './changing-days.ts';

const WRITERS = ['derive', 'deriveWithoutRaw', 'deriveTables', 'putDays', 'putChanges'] as const;
/** What is the report store's alone; who was sent a report is kept beside it by who sends. */
const OWNED = /^(?:curated|reports)\/(?!.*\/sent\/)/;

test('through all that is done to a lake, only the report store changes what is derived', async () => {
  const within = new AsyncLocalStorage<true>();
  const store = ReportStore.prototype as unknown as Record<string, (...args: unknown[]) => unknown>;
  for (const name of WRITERS) {
    const own = store[name];
    if (own === undefined) expect.unreachable();
    store[name] = function (this: ReportStore, ...args) {
      return within.run(true, () => own.apply(this, args));
    };
    onTestFinished(() => {
      store[name] = own;
    });
  }
  const seen = { byStore: new Set<string>(), byOthers: new Set<string>() };
  const noting = <Args extends [string, ...unknown[]], Result>(change: (...args: Args) => Result) => {
    return (...args: Args): Result => {
      if (OWNED.test(args[0])) seen[within.getStore() ? 'byStore' : 'byOthers'].add(args[0]);
      return change(...args);
    };
  };
  const watched = (lake: Lake): Lake => ({
    ...lake,
    put: noting(lake.put),
    putIfAbsent: noting(lake.putIfAbsent),
    delete: noting(lake.delete),
  });

  const days = await changingDays({ LOOK_BACK: '1,2', CHANNELS: 'messenger,zalo' });
  const { machine } = days;
  const { account, context, ports } = machine.compose();
  const lake = watched(ports.lake);
  const run = (day: string, of = account, id = day) =>
    dailyReport(inputFor(day, id), context, of, { ...ports, lake });
  const erasing = {
    outbox: openFolder(machine.outbox),
    objectVersions: null,
    random: systemRandom,
    locale: 'vi',
  } as const;
  const erase = async (given: string) =>
    erasePerson({ given, dryRun: false, now: ports.clock.now() }, { ...erasing, lake: await held(lake) });
  // Reports, a day put between others, some channels alone, a look at what has changed, and what tells of it.
  await run(REVISED);
  await run(NEXT);
  days.reviseOvernight();
  await run(LOOKER);
  await run(REVISED, withChannels(account, ['zalo']), 'zalo');
  await rebuildDay(NEXT, account, await held(lake));
  await erase('id:1001');
  // Raw of one day is gone, and the report of another.
  for await (const key of lake.list(`raw/chats/dt=${REVISED}/`)) await ports.lake.delete(key);
  await ports.lake.delete(`reports/dt=${NEXT}/summary.json`);
  await erase('id:1003');

  const files = ['digest.json', ...OFFERS.map(({ file }) => file)];
  expect([...seen.byStore]).toEqual(
    expect.arrayContaining([
      ...[REVISED, LOOKER, NEXT].flatMap((day) => files.map((file) => `reports/dt=${day}/${file}`)),
      `reports/dt=${REVISED}/channels=zalo/summary.json`,
      `curated/metrics/dt=${NEXT}/metrics.parquet`,
      `curated/chats/dt=${REVISED}/channel=zalo/chats.parquet`,
    ]),
  );
  expect([...seen.byOthers]).toEqual([]);
});
