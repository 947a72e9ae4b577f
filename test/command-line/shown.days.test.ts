import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Terminal } from '../../bin/terminal.ts';
import { parseFault } from '../../functions/sources/caresoft/simulator/fault.ts';
import type { SimulatorOptions } from '../../functions/sources/caresoft/simulator/simulator.ts';
import { beside, DAY } from './beside.ts';
import { call } from './call.ts';

/** Zalo has another row each time it is asked, so that it is never proven. */
function restless(): SimulatorOptions {
  const arrived: unknown[] = [];
  return {
    rows: (channel) =>
      channel === 'zalo'
        ? arrived.slice(0, arrived.push({ conversation_id: `late-${arrived.length}` }))
        : undefined,
  };
}

const RANGE = ['--from', '2026-11-18', '--to', DAY];

describe('what a run shows', () => {
  async function run(args: readonly string[], simulated = {}, more: Partial<Terminal> = {}) {
    const { settings, cwd } = await beside({ chats: 30, ...simulated });
    const places = { LAKE_URI: join(cwd, 'out/lake'), LOCALE: 'en' };
    const words = ['run', ...args, '--look-back', 'none', '--outbox', join(cwd, 'out/outbox')];
    const again = () => call(words, { ...settings, ...places }, more);
    return { ...(await again()), again, cwd };
  }

  test('of several days is a line a day as it ends, and a table of all at the end', async () => {
    const { code, out, cwd } = await run(RANGE, restless());
    expect(code).toBe(3);
    const lines = out.split('\n');
    expect(
      lines.filter((line) => /^2026-11-\d\d {2}PARTIAL, without zalo, the rest proven: /.test(line)),
    ).toHaveLength(3);
    const table = lines.slice(lines.findIndex((line) => line.startsWith('day ')));
    expect(table[0]).toMatch(/^day {9}state {5}chats {2}missed +rate {2}to call +mails$/);
    expect(table[1]).toMatch(/^2026-11-18 {2}PARTIAL +\d+ +\d+ +\d+\.\d % +\d+ {2}1 of 1$/);
    expect(table[4]).toMatch(/^3 days {6}0 proven +\d+ +\d+ +\d+\.\d %$/);
    const chats = [1, 2, 3].map((place) => Number(table[place]?.split(/ +/)[2]));
    expect(Number(table[4]?.split(/ +/)[4])).toBe(chats.reduce((sum, one) => sum + one, 0));
    expect(out).toContain(`\nThe reports are in ${join(cwd, 'out/lake/reports')}. The mails are in `);
    expect(out).not.toContain('report.html');
  });

  test('of a range without a terminal is a plain line now and then: the place, the chats, the time left', async () => {
    const { err } = await run(RANGE, { faults: [parseFault('slow:25')] }, { heartbeatMs: 20 });
    expect(err).toMatch(/^chat-report: reporting 3 days, 2026-11-18 to 2026-11-20, of demo, into .*\n/);
    const beats = err.split('\n').slice(1, -1);
    expect(beats.length).toBeGreaterThan(2);
    const form =
      /^2026-11-\d\d (at work|[\d a-z,]+ chats of \w+); day \d of 3, \d+ chats so far(, about \d+ s left)?$/;
    for (const beat of beats) expect(beat).toMatch(form);
    for (const sign of ['{', '\u001B']) expect(err).not.toContain(sign);
  });

  test('on a terminal is one line that fits into it, with the place in the range', async () => {
    const { err } = await run(RANGE, {}, { isWatched: true, columns: 60 });
    const drawn = err
      .split('\r\u001B[2K')
      .slice(1)
      .filter((line) => line !== '' && !line.endsWith('\n'));
    expect(drawn.some((line) => / chats; day 2 of 3, \d+ chats so/.test(line))).toBe(true);
    for (const line of drawn) expect(line.length).toBeLessThan(60);
  });

  test('with --quiet is nothing while all is well, and what is not well otherwise', async () => {
    expect(await run(['--day', DAY, '--quiet'])).toMatchObject({ code: 0, out: '', err: '' });
    expect(await run([...RANGE, '--quiet'])).toMatchObject({ code: 0, out: '', err: '' });
    const { code, out, err } = await run(['--day', DAY, '--quiet'], restless());
    expect([code, err]).toEqual([3, '']);
    expect(out).toMatch(/^2026-11-20 {2}PARTIAL, without zalo/);
    const json = await run(['--day', DAY, '--quiet', '--json']);
    expect([JSON.parse(json.out).day, json.err]).toEqual([DAY, '']);
  });

  test('with --verbose is each step, with --log json an object a line, with --log plain no line that is drawn again', async () => {
    const verbose = await run(['--day', DAY, '--verbose']);
    expect(verbose.err).toMatch(
      /^\d\d:\d\d:\d\d 2026-11-20 page-kept step="capture 1" channel="zalo" page=1 rows=\d+/m,
    );
    const json = await run(['--day', DAY, '--log', 'json']);
    const events = json.err
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).event);
    expect([events[0], events.at(-1)]).toEqual(['run-started', 'run-ended']);
    const plain = await run(['--day', DAY, '--log', 'plain'], {}, { isWatched: true });
    expect(plain.err).toMatch(/^chat-report: reporting 2026-11-20 of demo, into .*\n$/);
  });

  test('by --day yesterday is the day before today, in the account’s zone', async () => {
    const now = Date.parse('2026-11-20T17:30:00Z');
    const { code, out } = await run(['--day', 'Yesterday', '--json'], {}, { now });
    expect([code, JSON.parse(out).day]).toEqual([0, DAY]);
  });
});
