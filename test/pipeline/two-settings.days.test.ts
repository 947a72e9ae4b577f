import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { rebuildDay } from '../../functions/pipeline/cascade.ts';
import { dailyReport } from '../../functions/pipeline/daily-run.ts';
import { keepRecheck, type Recheck } from '../../functions/pipeline/recheck-days.ts';
import { ReportReader } from '../../functions/pipeline/report-reader.ts';
import { summarize } from '../../functions/pipeline/summarize.ts';
import { curatedChatsKey, recheckKey } from '../../functions/storage/layout.ts';
import { openFolder } from '../../functions/storage/object-store.fs.ts';
import { held } from '../held.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { DAY, type OneMachine, oneMachine } from './one-machine.ts';

/** All that is derived of the day, to the byte. */
async function derivedOf(machine: OneMachine): Promise<Record<string, string>> {
  const keys = (await machine.filesOf('lake')).filter((key) =>
    /^(curated\/(chats|metrics)|reports)\//.test(key),
  );
  const files = keys.map(async (key) => [key, await readFile(join(machine.lake, key), 'base64')] as const);
  return Object.fromEntries(await Promise.all(files));
}

describe('of two runs with other settings', () => {
  test.each([0, 1, 2, 3, 4, 5])(
    'that are at work at the same time, what stands in the end is of one alone (%i)',
    async (turns) => {
      const machine = await oneMachine({ chats: 60 });
      // Captured before, so that both come to what is derived at about the same time.
      await machine.report();
      const run = async (channels: string, id: string) => {
        const { account, context, ports } = machine.compose({ CHANNELS: channels });
        const input = { run: id, day: DAY, since: null, resend: false, deliver: true };
        return await dailyReport(input, context, account, ports);
      };
      const later = async () => {
        for (let turn = 0; turn < turns * 8; turn += 1) await new Promise((resolve) => setImmediate(resolve));
        return await run('zalo', 'b');
      };
      await Promise.all([run('livechat,messenger,zalo', 'a'), later()]);
      const standing = await derivedOf(machine);
      const { summary } = { summary: await new ReportReader(openFolder(machine.lake)).read({ day: DAY }) };
      const { account, ports } = machine.compose({ CHANNELS: Object.keys(summary?.byChannel ?? {}).join() });
      expect(await rebuildDay(DAY, account, await held(ports.lake))).toMatchObject({ state: 'rebuilt' });
      expect(await derivedOf(machine)).toEqual(standing);
    },
  );

  test('the mail and what others are told are of the run itself, and put nothing in the other’s place', async () => {
    const machine = await oneMachine({ chats: 60 });
    await machine.report();
    const other = machine.compose({ CHANNELS: 'zalo' });
    const { account, context, ports } = machine.compose();
    const input = { run: 'a', day: DAY, since: null, resend: false, deliver: true };
    await dailyReport(
      input,
      {
        ...context,
        async step(name, work, retry) {
          if (name === 'deliver report 1') {
            await dailyReport({ ...input, run: 'b' }, other.context, other.account, other.ports);
          }
          return await context.step(name, work, retry);
        },
      },
      account,
      ports,
    );
    const summary = await new ReportReader(ports.lake).read({ day: DAY });
    const text = await readFile(join(machine.lake, `reports/dt=${DAY}/report.txt`), 'utf8');
    expect(Object.keys(summary?.byChannel ?? {})).toEqual(['zalo']);
    expect(text).toContain(`${summary?.totals.missed}/${summary?.totals.chats}`);
  });
});

test('another target is told at the head, and nothing is counted again for it', async () => {
  const machine = await oneMachine({ chats: 60 });
  const { summary: known } = await machine.report();
  if (known === null) throw new Error('there is no report');
  expect(known).not.toHaveProperty('targets');
  const before = await derivedOf(machine);
  const settings = { TARGET_MISSED_RATE: '8%' };
  const targets = { missedRate: 0.08, serviceLevel: null };
  const { account, ports } = machine.compose(settings);
  const basis = { day: DAY, completeness: known.completeness, counting: account };
  const summarized = await summarize(basis, ports.lake, known);
  expect(summarized).toEqual({ summary: { ...known, targets }, extracts: null });

  const { summary } = await machine.report(DAY, { settings });
  expect(summary).toEqual({ ...known, targets });
  expect(await new ReportReader(ports.lake).storedDigest({ day: DAY })).toMatchObject({
    state: 'current',
    targets,
  });
  const after = await derivedOf(machine);
  const changed = Object.keys(before).filter((key) => after[key] !== before[key]);
  expect(changed.filter((key) => key.startsWith('curated/'))).toEqual([]);
  expect(changed).toContain(`reports/dt=${DAY}/summary.json`);

  await machine.report();
  expect(await derivedOf(machine)).toEqual(before);
});

test('links of readers change no byte of what lies in the lake', async () => {
  const machine = await oneMachine({ chats: 60 });
  await machine.report();
  const before = await derivedOf(machine);
  const settings = {
    TICKET_URL: 'https://web.caresoft.vn/ticket/{ticket_id}',
    PAGES_URL: 'https://reports.example.com',
  };
  await machine.report(DAY, { settings });
  expect(await derivedOf(machine)).toEqual(before);
  const { account, ports } = machine.compose(settings);
  expect(await rebuildDay(DAY, account, await held(ports.lake))).toMatchObject({ state: 'rebuilt' });
  expect(await derivedOf(machine)).toEqual(before);
});

test('tables of which one is missing are written again by the next run', async () => {
  const machine = await oneMachine({ chats: 60 });
  await machine.report();
  const before = await derivedOf(machine);
  await rm(join(machine.lake, curatedChatsKey(DAY, 'zalo')));
  await machine.report();
  expect(await derivedOf(machine)).toEqual(before);
});

test('a look at some of the channels leaves what was seen of the others', async () => {
  const lake = openFolder(await temporaryFolder());
  const asked = { source: 's', query: 'q', timeZone: 'UTC', clock: 'utc' } as const;
  const seen = { asked, at: '2026-11-21T23:00:00.000Z', read: false, changed: false, captureId: 'c' };
  const look = { schema: 'chat-report/look/2', day: DAY, back: 1 } as const;
  await keepRecheck(lake, { ...look, channels: { livechat: seen, zalo: seen } } satisfies Recheck);
  await keepRecheck(lake, { ...look, channels: { zalo: { ...seen, captureId: 'd' } } });
  const bytes = await Array.fromAsync((await lake.get(recheckKey(DAY, 1))) ?? []);
  expect(JSON.parse(Buffer.concat(bytes).toString()).channels).toEqual({
    livechat: seen,
    zalo: { ...seen, captureId: 'd' },
  });
});
