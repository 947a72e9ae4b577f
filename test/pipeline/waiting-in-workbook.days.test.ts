import { expect, test } from 'vitest';
import { systemRandom } from '../../functions/calendar/clock.system.ts';
import { erasePerson } from '../../functions/erasure/erase-person.ts';
import { everyoneIn, toWorkList } from '../../functions/metrics/work-list.ts';
import { rebuildDay } from '../../functions/pipeline/cascade.ts';
import { dailyReport } from '../../functions/pipeline/daily-run.ts';
import { ReportReader } from '../../functions/pipeline/report-reader.ts';
import { messagesFor } from '../../functions/report/i18n/messages.ts';
import { UnavailableError } from '../../functions/sources/source.ts';
import { openFolder } from '../../functions/storage/object-store.fs.ts';
import { type Lake, readObject } from '../../functions/storage/object-store.ts';
import { held } from '../held.ts';
import { openWorkbook } from '../report/open-workbook.ts';
import { watchedSource } from '../watched-source.ts';
import { memoryLake } from '../web/memory-lake.ts';
import { changingDays, inputFor, REVISED } from './changing-days.ts';
import { crashingAfter } from './crashing.ts';
import { beMorningAfter } from './mornings.ts';

const { sheets, conversationId } = messagesFor('vi').workbook;

/** A company in which every customer who is missed on a day is missed on each. */
async function company() {
  const lake = memoryLake();
  const { machine } = await changingDays({ LOOK_BACK: 'none' }, undefined, lake);
  beMorningAfter(REVISED);
  return { lake, machine };
}

const bytesOf = (lake: Lake) => readObject(lake, `reports/dt=${REVISED}/report.xlsx`);

/** The chats of those in the workbook that lies there; it is held against the list that lies there. */
async function listedIn(lake: Lake): Promise<unknown[]> {
  const reports = new ReportReader(lake);
  const summary = (await reports.read({ day: REVISED })) ?? expect.unreachable();
  const waiting = (await reports.waiting(REVISED)) ?? expect.unreachable();
  const sheet = openWorkbook((await bytesOf(lake)) ?? Buffer.alloc(0)).sheet(sheets.waiting);
  const ids = sheet.column(conversationId);
  expect(ids).toEqual(everyoneIn(toWorkList(summary, waiting)).map((one) => one.conversationId));
  expect((await reports.storedDigest({ day: REVISED }))?.state).toBe('current');
  return ids;
}

test('a workbook lists who waits also once a channel came later, and is the same when it is made again', async () => {
  const { machine, lake } = await company();
  const { account, context, ports } = machine.compose();
  const chatSource = watchedSource(ports.chatSource, ({ channel }) => {
    if (channel === 'zalo') throw new UnavailableError('HTTP 500');
  });
  const partial = await dailyReport(inputFor(REVISED), context, account, { ...ports, chatSource });
  expect(partial.state).toBe('partial');
  const first = await listedIn(lake);
  expect((await dailyReport(inputFor(REVISED, 'again'), context, account, ports)).state).toBe('reported');
  expect(await listedIn(lake)).not.toEqual(first);
  const before = await bytesOf(lake);
  await rebuildDay(REVISED, account, await held(lake));
  expect(await bytesOf(lake)).toEqual(before);
});

test('a run that died over the list leaves a workbook with it all the same', async () => {
  const { machine, lake } = await company();
  const { account, context, ports } = machine.compose();
  await dailyReport(inputFor(REVISED), crashingAfter(['who waits'], new Set())(context), account, ports);
  await listedIn(lake);
});

test('who is erased is gone from the list of the workbook too', async () => {
  const { machine, lake } = await company();
  const { account, context, ports } = machine.compose();
  await dailyReport(inputFor(REVISED), context, account, ports);
  const before = await listedIn(lake);
  const reports = new ReportReader(lake);
  const own = (await reports.waiting(REVISED))?.waiting.find(({ customer }) => customer.key === 'id:1000');
  expect(before).toContain(own?.conversationId);
  await erasePerson(
    { given: 'id:1000', dryRun: false, now: Date.now() },
    {
      lake: await held(lake),
      outbox: openFolder(machine.outbox),
      objectVersions: null,
      random: systemRandom,
      locale: 'vi',
    },
  );
  const after = await listedIn(lake);
  expect(after).toEqual(before.filter((one) => one !== own?.conversationId));
  await rebuildDay(REVISED, account, await held(lake));
  expect(await listedIn(lake)).toEqual(after);
});
