import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { unlessInterrupted } from '../../bin/terminal.ts';
import { parseFault } from '../../functions/sources/caresoft/simulator/fault.ts';
import { beside, mailIn } from './beside.ts';
import { type Started, start } from './command.ts';

/** Until the log has so many lines that say so. */
async function heard(child: Started, event: string, times: number): Promise<void> {
  let text = '';
  while (text.split(`"event":"${event}"`).length <= times) {
    const [chunk] = await once(child.stderr ?? child, 'data');
    text += chunk;
  }
}

async function runsIn(cwd: string): Promise<{ day: string; state: string; endedAt: string | null }[]> {
  const names = (await readdir(join(cwd, 'out/lake/runs'))).toSorted();
  return await Promise.all(
    names.map(async (name) => JSON.parse(await readFile(join(cwd, 'out/lake/runs', name), 'utf8'))),
  );
}

describe('a run that is interrupted', () => {
  const ARGS = ['run', '--from', '2026-11-19', '--to', '2026-11-20', '--log', 'json'];

  /** Ends a run while it reads the slices of a channel that one answer does not hold. */
  async function interrupt(signal: 'SIGINT' | 'SIGTERM') {
    const { simulator, settings, cwd } = await beside({
      chatsByChannel: { livechat: 2, messenger: 1_100, zalo: 2 },
      faults: [parseFault('slow:150')],
    });
    const child = start(ARGS, { cwd, settings });
    await heard(child, 'page-kept', 3);
    child.kill(signal);
    return { simulator, settings, cwd, ended: await child.ended };
  }

  test('says what is kept, marks itself, and is gone on with', async () => {
    const { simulator, settings, cwd, ended } = await interrupt('SIGINT');
    expect(ended.code).toBe(130);
    expect(ended.err).toMatch(
      /\nchat-report: interrupted\. 0 of 2 days reported\. Of 2026-11-19 2 of 2 chats of livechat, (2 of 2 chats of zalo, )?\d+ of 1100 chats of messenger(, 2 of 2 chats of zalo)? are kept\. The same command goes on from there\.\n/,
    );
    expect(ended.out).toBe('');
    expect(await runsIn(cwd)).toMatchObject([
      { day: '2026-11-19', state: 'interrupted', endedAt: expect.any(String) },
    ]);
    const again = await start(ARGS, { cwd, settings }).ended;
    expect(again.code).toBe(0);
    expect(again.out).toMatch(/\n2 days {6}2 proven {2}/);
    const first = simulator.seen.entries.filter(
      ({ channel, params }) =>
        channel === 'messenger' &&
        params.get('count') === '500' &&
        params.get('start_time_since') === '2026-11-18T23:59:59Z' &&
        params.get('start_time_to') === '2026-11-20T00:00:00Z',
    );
    expect(first).toHaveLength(1);
    expect(await mailIn(join(cwd, 'out/outbox'))).toHaveLength(2);
  });

  test('by another program ends with the number that stands for that', async () => {
    const { cwd, ended } = await interrupt('SIGTERM');
    expect(ended.code).toBe(143);
    expect(await runsIn(cwd)).toMatchObject([{ state: 'interrupted' }]);
  });

  test('leaves no listener behind, so that a second signal ends the process at once', async () => {
    const said: string[] = [];
    const ended = unlessInterrupted(
      () => new Promise<never>(() => {}),
      () => {
        said.push('stopped');
      },
    );
    process.emit('SIGINT', 'SIGINT');
    expect(await ended).toBe(130);
    expect(said).toEqual(['stopped']);
    expect(process.listenerCount('SIGINT')).toBe(0);
  });
});
