import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ChannelCoverage } from '../../functions/capture/coverage.ts';
import { readRun } from '../../functions/pipeline/run-log.ts';
import { parseFault } from '../../functions/sources/caresoft/simulator/fault.ts';
import { startSimulator } from '../../functions/sources/caresoft/simulator/simulator.ts';
import { DAY, IMPATIENT, type OneMachine, oneMachine } from './one-machine.ts';

/** One channel of 100 chats, which one answer holds, in a place where things break. */
function machineThat(...faults: readonly string[]): Promise<OneMachine> {
  const simulated = { chatsByChannel: { zalo: 100 }, faults: faults.map(parseFault) };
  return oneMachine(simulated, { CHANNELS: 'zalo', LOCALE: 'en' }, IMPATIENT);
}

/** The same beside a CareSoft that gives twenty rows at once, so that the day is cut. */
const CUT = 'cap:20';

/** What a run found of the channel, as it stands in outcome, run record and notice alike. */
async function reportOn(machine: OneMachine): Promise<{ found: ChannelCoverage; notice: string }> {
  const outcome = await machine.report();
  const found = outcome.completeness.channels.zalo ?? expect.unreachable();
  expect(outcome.state).toBe('unproven');
  const runs = (await machine.filesOf('lake')).filter((key) => key.startsWith('runs/'));
  const record = await readRun(
    machine.compose().ports.lake,
    runs.at(-1)?.replace(/^runs\/|\.json$/g, '') ?? '',
  );
  expect(record?.completeness?.channels.zalo).toEqual(found);
  expect(await machine.filesOf('lake')).not.toContainEqual(
    expect.stringMatching(/^(reports|curated\/(chats|metrics))\//),
  );
  const [mail = ''] = await machine.filesOf('outbox');
  const eml = await readFile(join(machine.outbox, mail), 'utf8');
  return { found, notice: eml.replaceAll('=\r\n', '').replaceAll(/\s+/g, ' ') };
}

const nothing = { numFoundBefore: null, numFoundAfter: null, pages: 0, rows: 0, unique: 0, captureId: null };
const kept = (pages: number, rows: number) => ({
  ...{ numFoundBefore: 100, numFoundAfter: null, captureId: null },
  ...{ pages, rows, unique: rows, duplicates: 0, conflicts: 0, rejected: 0, outsideDay: 0 },
});
const SLICE = /^\d\d:\d\d:00 to \d\d:\d\d:00: /;

describe('a capture that breaks off says how far it came', () => {
  test.each([
    [
      'on its first question',
      ['broken:error:1'],
      { ...nothing, reason: 'unavailable', detail: 'the day: HTTP 500' },
    ],
    [
      'on its second page',
      [CUT, 'broken:error:2'],
      { ...kept(1, 20), reason: 'unavailable', detail: 'the day, page 2: HTTP 500' },
    ],
    [
      'in a slice',
      [CUT, 'broken:error:5'],
      { pages: 4, reason: 'unavailable', detail: expect.stringMatching(/^[\d:]{8} to [\d:]{8}: HTTP 500$/) },
    ],
    [
      'on the closing counts',
      ['broken:error:2'],
      { ...kept(1, 100), reason: 'unavailable', detail: 'the closing counts: HTTP 500' },
    ],
    // The day, what was missed, what was met, and all in two halves; then whether another channel has other rows.
    [
      'on what it checks in the end',
      ['broken:token:6'],
      {
        ...kept(1, 100),
        reason: 'token-refused',
        detail: 'the check of what was asked for: the token was refused',
      },
    ],
    ['where connections drop', [CUT, 'broken:drop:2'], { ...kept(1, 20), reason: 'unavailable' }],
    [
      'with 429s',
      [CUT, 'broken:throttle:2'],
      { ...kept(1, 20), reason: 'throttled', detail: 'the day, page 2: too many requests' },
    ],
    [
      'with a token that was reset',
      [CUT, 'broken:token:2'],
      { ...kept(1, 20), reason: 'token-refused', setting: 'CARESOFT_TOKEN' },
    ],
    [
      'with a refusal',
      [CUT, 'broken:domain:2'],
      { ...kept(1, 20), reason: 'refused', detail: 'the day, page 2: HTTP 404: Domain incorrect' },
    ],
    // It is no refusal of the status that is counted by.
    [
      'with a refusal of what counts',
      ['broken:domain:2'],
      { ...kept(1, 100), reason: 'refused', detail: 'the closing counts: HTTP 404: Domain incorrect' },
    ],
    [
      'with a lockout',
      [CUT, 'broken:ban:2'],
      {
        ...kept(1, 20),
        reason: 'banned',
        detail: expect.stringMatching(/^the day, page 2: CareSoft says ".* retry after 15 minutes"$/),
      },
    ],
  ] as const)('%s', async (_title, faults, expected) => {
    const { found, notice } = await reportOn(await machineThat(...faults));
    expect(found).toMatchObject({ verdict: 'unproven', ...expected });
    // The address was right while CareSoft answered.
    if (found.reason !== 'token-refused') expect(found).not.toHaveProperty('setting');
    const { pages, rows } = found;
    expect(notice).toContain(
      pages === 0
        ? 'Read: nothing.'
        : `Read: ${pages} ${pages === 1 ? 'page' : 'pages'}, ${rows} rows; CareSoft counts 100. Then it broke off.`,
    );
    const label = found.reason === 'refused' ? 'CareSoft answers' : 'Detail';
    expect(notice).toContain(`${label}: ${found.detail}`);
  });

  test('when it was gone on with: what lay in the lake counts, and is not asked for again', async () => {
    const machine = await machineThat(CUT, 'broken:error:5');
    const { found: first } = await reportOn(machine);
    const before = machine.simulator.seen.requests;
    const { found } = await reportOn(machine);
    expect(found).toMatchObject({ pages: 4, rows: first.rows, unique: first.unique, reason: 'unavailable' });
    expect(found.rows).toBeGreaterThanOrEqual(40);
    expect(found.detail).toMatch(SLICE);
    const answered = (from: number, to?: number) =>
      machine.simulator.seen.entries
        .slice(from, to)
        .filter(({ channel }) => channel !== undefined)
        .map(({ params }) => params.toString());
    const asked = answered(0, before);
    const keptOnes = asked.slice(0, 4);
    expect(answered(before).filter((params) => keptOnes.includes(params))).toEqual([]);
  });

  test('when the account is locked out before it can be gone on with', async () => {
    const machine = await machineThat(CUT, 'broken:ban:2');
    const { found: first } = await reportOn(machine);
    const { found, notice } = await reportOn(machine);
    const { notBefore, detail } = first;
    expect(found).toMatchObject({ ...kept(1, 20), reason: 'banned', detail, notBefore });
    expect(notice).toContain('Read: 1 page, 20 rows; CareSoft counts 100. Then it broke off.');
  });

  test('but not where another channel cannot be asked, of which the account may have none', async () => {
    const machine = await machineThat('broken:error:6');
    expect(await machine.report()).toMatchObject({ state: 'reported', summary: { totals: { chats: 100 } } });
  });

  test('and with copies counts them as such', async () => {
    const { found } = await reportOn(await machineThat('repeat-ids', 'broken:error:2'));
    expect(found).toMatchObject({ rows: 101, unique: 100, duplicates: 1 });
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
