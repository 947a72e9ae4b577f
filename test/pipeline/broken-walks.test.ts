import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import type { ChannelCompleteness } from '../../functions/capture/completeness.ts';
import { readRun } from '../../functions/pipeline/run-record.ts';
import { parseFault } from '../simulator/fault.ts';
import { startSimulator } from '../simulator/simulator.ts';
import { DAY, IMPATIENT, type OneMachine, oneMachine } from './one-machine.ts';

// What fails is tried again.
vi.setConfig({ testTimeout: 60_000 });

/** One channel of 100 chats, on pages of 20, in a place where things break. */
function machineThat(...faults: readonly string[]): Promise<OneMachine> {
  const simulated = { chatsByChannel: { zalo: 100 }, faults: ['cap:20', ...faults].map(parseFault) };
  return oneMachine(simulated, { CHANNELS: 'zalo', LOCALE: 'en' }, IMPATIENT);
}

/** What a run found of the channel, as it stands in outcome, run record and notice alike. */
async function reportOn(machine: OneMachine): Promise<{ found: ChannelCompleteness; notice: string }> {
  const outcome = await machine.report();
  const found = outcome.completeness.channels.zalo ?? expect.unreachable();
  expect(outcome.state).toBe('unproven');
  const runs = (await machine.filesOf('lake')).filter((key) => key.startsWith('runs/'));
  const record = await readRun(
    machine.compose().ports.lake,
    runs.at(-1)?.replace(/^runs\/|\.json$/g, '') ?? '',
  );
  expect(record?.completeness?.channels.zalo).toEqual(found);
  expect(await machine.filesOf('lake')).not.toContainEqual(expect.stringMatching(/^(reports|curated)\//));
  const [mail = ''] = await machine.filesOf('outbox');
  const eml = await readFile(join(machine.outbox, mail), 'utf8');
  return { found, notice: eml.replaceAll('=\r\n', '').replaceAll(/\s+/g, ' ') };
}

const nothing = { numFoundBefore: null, numFoundAfter: null, pages: 0, rows: 0, unique: 0, captureId: null };
const kept = (pages: number) => ({
  ...{ numFoundBefore: 100, numFoundAfter: null, captureId: null },
  ...{ pages, rows: 20 * pages, unique: 20 * pages, duplicates: 0, conflicts: 0, rejected: 0, outsideDay: 0 },
});

describe('a walk that breaks off says how far it came', () => {
  test.each([
    ['on the first page', 'error', 1, { ...nothing, reason: 'unavailable', detail: 'page 1: HTTP 500' }],
    ['on the second page', 'error', 2, { ...kept(1), reason: 'unavailable', detail: 'page 2: HTTP 500' }],
    ['in the middle', 'error', 4, { ...kept(3), reason: 'unavailable', detail: 'page 4: HTTP 500' }],
    ['past the last page', 'error', 6, { ...kept(5), reason: 'unavailable', detail: 'page 6: HTTP 500' }],
    ['on the closing count', 'error', 7, { ...kept(5), detail: 'the closing count: HTTP 500' }],
    ['where connections drop', 'drop', 4, { ...kept(3), reason: 'unavailable' }],
    ['with 429s', 'throttle', 4, { ...kept(3), reason: 'throttled', detail: 'page 4: too many requests' }],
    [
      'with a token that was reset',
      'token',
      3,
      { ...kept(2), reason: 'token-refused', setting: 'CARESOFT_TOKEN' },
    ],
    [
      'with a refusal',
      'domain',
      3,
      { ...kept(2), reason: 'refused', detail: 'page 3: HTTP 404: Domain incorrect' },
    ],
    [
      'with a lockout',
      'ban',
      4,
      {
        ...kept(3),
        reason: 'banned',
        detail: expect.stringMatching(/^page 4: CareSoft says ".* retry after 15 minutes"$/),
      },
    ],
  ] as const)('%s', async (_title, by, from, expected) => {
    const { found, notice } = await reportOn(await machineThat(`broken:${by}:${from}`));
    expect(found).toMatchObject({ verdict: 'unproven', ...expected });
    // The address was right while CareSoft answered.
    if (by !== 'token') expect(found).not.toHaveProperty('setting');
    const { pages, rows } = found;
    expect(notice).toContain(
      pages === 0
        ? 'Read: nothing.'
        : `Read: ${pages} ${pages === 1 ? 'page' : 'pages'}, ${rows} rows; CareSoft counts 100. Then it broke off.`,
    );
    expect(notice).toContain(`Detail: ${found.detail}`);
  });

  test('when it was gone on with: what lay in the lake counts', async () => {
    const machine = await machineThat('broken:error:4');
    await machine.report();
    const { found } = await reportOn(machine);
    expect(found).toMatchObject({ ...kept(3), reason: 'unavailable', detail: 'page 4: HTTP 500' });
  });

  test('when the account is locked out before it can be gone on with', async () => {
    const machine = await machineThat('broken:ban:4');
    const { found: first } = await reportOn(machine);
    const { found, notice } = await reportOn(machine);
    const { notBefore, detail } = first;
    expect(found).toMatchObject({ ...kept(3), reason: 'banned', detail, notBefore });
    expect(notice).toContain('Read: 3 pages, 60 rows; CareSoft counts 100. Then it broke off.');
  });

  test('and with copies counts them as such', async () => {
    const { found } = await reportOn(await machineThat('repeat-ids', 'broken:error:4'));
    expect(found.rows).toBe(60);
    expect(found.rows).toBe(found.unique + found.duplicates);
  });
});

describe('a walk that is to confirm another and breaks off leaves told what that one found', () => {
  test.each([
    // The first takes eight requests: six pages, since a chat came meanwhile, a look past them, and the count.
    ['on its first page', 9, 'walk 2, page 1: HTTP 500'],
    ['on a later page', 11, 'walk 2, page 3: HTTP 500'],
  ])('%s', async (_title, from, detail) => {
    const { found, notice } = await reportOn(await machineThat('arriving:1', `broken:error:${from}`));
    expect(found).toMatchObject({
      ...{ verdict: 'unproven', reason: 'unavailable' },
      ...{ pages: 6, rows: 101, numFoundBefore: 100, numFoundAfter: 101, captureId: expect.any(String) },
      detail: `${detail}; walk 1: CareSoft counted 100 rows before the walk and 101 after it`,
    });
    expect(notice).toContain('CareSoft counted 100 at first and 101 at the end.');
  });

  test('also when it was gone on with in between', async () => {
    const machine = await machineThat('arriving:1', 'broken:error:11');
    await machine.report();
    const { found } = await reportOn(machine);
    expect(found).toMatchObject({ pages: 6, rows: 101, numFoundAfter: 101 });
    expect(found.detail).toMatch(/^walk 2, page 3: HTTP 500; walk 1: CareSoft counted 100 rows/);
  });
});

describe('a failure that is of one setting names it', () => {
  test.each([
    ['a host that is not there', 'https://caresoft.invalid/demo'],
    ['a host at whose port nothing listens', 'http://127.0.0.1:{port}/demo'],
  ])('%s', async (_title, baseUrl) => {
    const [machine, gone] = [await machineThat(), await startSimulator()];
    await gone.close();
    const settings = { CARESOFT_BASE_URL: baseUrl.replace('{port}', new URL(gone.baseUrl).port) };
    const outcome = await machine.report(DAY, { settings });
    const setting = 'CARESOFT_BASE_URL';
    expect(outcome.completeness.channels.zalo).toMatchObject({ ...nothing, reason: 'unavailable', setting });
  });

  test('an account that is not there', async () => {
    const machine = await machineThat();
    const CARESOFT_BASE_URL = machine.simulator.baseUrl.replace('demo', 'unknown');
    const outcome = await machine.report(DAY, { settings: { CARESOFT_BASE_URL } });
    const setting = 'CARESOFT_BASE_URL';
    expect(outcome.completeness.channels.zalo).toMatchObject({ reason: 'refused', setting });
  });

  test('a token that is wrong', async () => {
    const outcome = await (await machineThat()).report(DAY, { settings: { CARESOFT_TOKEN: 'wrong-one' } });
    const setting = 'CARESOFT_TOKEN';
    expect(outcome.completeness.channels.zalo).toMatchObject({ reason: 'token-refused', setting });
  });

  test('and none where CareSoft is at fault', async () => {
    const { found } = await reportOn(await machineThat('error:forever'));
    expect(found).not.toHaveProperty('setting');
  });
});
