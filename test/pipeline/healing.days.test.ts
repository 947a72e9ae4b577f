import { expect, test } from 'vitest';
import { addDays } from '../../functions/calendar/day.ts';
import type { Channel } from '../../functions/chats/channel.ts';
import { captureDay } from '../../functions/pipeline/capture-day.ts';
import { rebuildDay } from '../../functions/pipeline/cascade.ts';
import { dailyReport, performRun } from '../../functions/pipeline/daily-run.ts';
import { UnavailableError } from '../../functions/sources/source.ts';
import { held } from '../held.ts';
import { dayOfSlice, watchedSource } from '../watched-source.ts';
import { memoryLake } from '../web/memory-lake.ts';
import { type ChangingDays, changingDays, inputFor, LOOKER, NEXT, REVISED } from './changing-days.ts';
import { beMorningAfter } from './mornings.ts';

const AFTER = addDays(NEXT, 1);

const inMemory = (settings: Readonly<Record<string, string>> = {}) =>
  changingDays(settings, undefined, memoryLake());

/** The run of a day in whose morning a channel does not answer. @returns the channels asked of the day that is revised */
async function runWithout(dead: Channel, day: string, { machine }: ChangingDays) {
  beMorningAfter(day);
  const { account, context, ports } = machine.compose();
  const asked = new Set<string>();
  const chatSource = watchedSource(ports.chatSource, (slice) => {
    if (slice.channel === dead) throw new UnavailableError('HTTP 500');
    if (dayOfSlice(slice) === REVISED) asked.add(slice.channel);
  });
  const outcome = await dailyReport(inputFor(day), context, account, { ...ports, chatSource });
  return { outcome, asked: [...asked].sort() };
}

test('what the last look has read is not read again each morning that another channel is dead', async () => {
  const days = await inMemory();
  await days.machine.report(REVISED);
  await days.machine.report(LOOKER);
  expect((await runWithout('zalo', NEXT, days)).asked).toEqual(['livechat', 'messenger']);
  expect((await runWithout('zalo', AFTER, days)).asked).toEqual([]);
  await days.machine.report(addDays(AFTER, 1));
  expect((await days.summaryOf(REVISED)).looks?.state).toBe('final');
});

test('a whole report that was never mailed is told as it stands, whatever the settings are by now', async () => {
  const days = await inMemory({ LOOK_BACK: 'none' });
  const { machine } = days;
  beMorningAfter(REVISED);
  const { account, context, ports } = machine.compose();
  const mailer = {
    ...ports.mailer,
    send: () => Promise.reject(new Error('no mail today')),
  };
  const { deliveries } = await dailyReport(inputFor(REVISED), context, account, { ...ports, mailer });
  expect(deliveries).toMatchObject([{ state: 'failed' }]);
  const { totals } = await days.summaryOf(REVISED);
  await machine.report(LOOKER, { settings: { CHANNELS: 'messenger' } });
  expect((await days.summaryOf(REVISED)).totals).toEqual(totals);
  expect(await days.textOf(LOOKER)).toContain('18/11/2026: đã đọc lại được');
});

test('a day whose run was stopped after it read two channels is reported of these while the third is dead', async () => {
  const days = await inMemory({ LOOK_BACK: 'none' });
  const { machine } = days;
  await machine.report(addDays(REVISED, -1));
  beMorningAfter(REVISED);
  const { account, context, ports } = machine.compose();
  await captureDay(
    { day: REVISED, since: null },
    context,
    { ...account, channels: ['livechat', 'messenger'] },
    ports,
  );
  await runWithout('zalo', LOOKER, days);
  expect(await days.summaryOf(REVISED)).toMatchObject({ completeness: { verdict: 'partial' } });
});

test('a day whose run was stopped after it read every channel is reported with the names that it had not read', async () => {
  const lake = memoryLake();
  const days = await changingDays({ LOOK_BACK: 'none' }, undefined, lake);
  const { machine } = days;
  await machine.report(addDays(REVISED, -1));
  await machine.report(REVISED);
  const { directoryId } = await days.summaryOf(REVISED);
  expect(directoryId).not.toBeNull();
  const isOfLater = new RegExp(`^(raw/directory|reports|curated/.*|days)/dt=${REVISED}`);
  for (const key of await machine.filesOf('lake')) if (isOfLater.test(key)) await lake.delete(key);
  await machine.report(LOOKER);
  const madeUp = await days.summaryOf(REVISED);
  expect(madeUp.directoryId).not.toBeNull();
  expect(madeUp.directoryId).not.toBe(directoryId);
});

test('a partial day is made of raw again in the same bytes, beside its report and without one', async () => {
  const days = await inMemory({ LOOK_BACK: 'none' });
  const { machine } = days;
  await runWithout('zalo', REVISED, days);
  const before = await days.standing();
  const { account, ports } = machine.compose();
  const rebuild = async () => rebuildDay(REVISED, account, await held(ports.lake));
  expect(await rebuild()).toMatchObject({
    state: 'rebuilt',
    summary: { completeness: { verdict: 'partial' } },
  });
  expect(await days.standing()).toEqual(before);
  for (const key of Object.keys(before)) {
    // Who waited on that morning is found out once.
    const isMade = /^(curated|reports)\/.*(?<!\/waiting)\.(parquet|json|html|txt|xlsx)$/.test(key);
    if (isMade && !key.includes('/sent/')) await ports.lake.delete(key);
  }
  expect(await rebuild()).toMatchObject({ state: 'rebuilt' });
  expect(await days.standing()).toEqual(before);
});

test('a day that is asked for together with others makes no other day right', async () => {
  const days = await inMemory({ LOOK_BACK: 'none' });
  await days.machine.report(REVISED);
  beMorningAfter(NEXT);
  const { account, context, ports } = days.machine.compose();
  const asked = { day: NEXT, channels: null, refresh: false, resend: false, deliver: true } as const;
  await performRun({ ...asked, run: 'of-range', isOfRange: true }, context, account, ports);
  expect(await days.machine.summaryOf(LOOKER)).toBeNull();
  await performRun({ ...asked, run: 'by-itself' }, context, account, ports);
  expect(await days.machine.summaryOf(LOOKER)).not.toBeNull();
});
