import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parseFault } from '../simulator/fault.ts';
import { startSimulator } from '../simulator/simulator.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { start, startUnthrottled } from './command.ts';
import {
  DAY,
  deriveAnew,
  derivedIn,
  directoriesIn,
  figuresOf,
  killAndRestart,
  manifestsIn,
  runCalmly,
  settingsFor,
} from './killed.ts';

/** Spread evenly over what a run logs, from its first page to its last mail. `npm run soak` takes hundreds. */
const KILLS = Number(process.env.KILLS ?? 6);
const shares = Array.from({ length: KILLS }, (_, kill) => (kill + 0.5) / KILLS);

describe('a run that is killed and started again', () => {
  test.each(shares)(
    'at %f of its way reports what an undisturbed one does, and mails each recipient once',
    async (share) => {
      const faults = [parseFault('cap:15')];
      const simulator = await startSimulator({ chats: 300, faults, requestsPerSecond: 10_000 });
      onTestFinished(() => simulator.close());
      const [cwd, calm] = [await temporaryFolder(), await temporaryFolder()];
      const lines = await runCalmly(simulator, calm);
      const calmRequests = simulator.seen.requests;
      // The last lines are of a run that is all but over, and may be gone before it can be killed.
      const killedAt = Math.max(1, Math.floor(share * (lines - 3)));
      const { logged, asked } = await killAndRestart(simulator, cwd, killedAt);
      expect(logged.length).toBeGreaterThan(0);
      const requests = simulator.seen.requests - calmRequests - asked;
      // What was kept was not asked for again: only what was under way, and the count at a walk's end.
      expect(requests).toBeLessThanOrEqual(calmRequests + 5);

      const derived = await derivedIn(cwd);
      expect(Object.keys(derived).filter((key) => key.endsWith('.eml'))).toHaveLength(2);
      const key = `reports/dt=${DAY}/summary.json`;
      expect(figuresOf(derived[key] ?? '')).toEqual(figuresOf((await derivedIn(calm))[key] ?? ''));
      expect(await manifestsIn(cwd)).toHaveLength(3);
      // From the same captures, the same to the byte; and no call for it.
      const before = simulator.seen.requests;
      expect(await deriveAnew(simulator, cwd)).toEqual(derived);
      expect(simulator.seen.requests).toBe(before);
    },
  );

  test('over three months, twice, leaves no day out and captures none twice', async () => {
    const simulator = await startSimulator({
      chats: 2,
      requestsPerSecond: 10_000,
      chatsByChannel: { zalo: 2 },
    });
    onTestFinished(() => simulator.close());
    const cwd = await temporaryFolder();
    const settings = { ...settingsFor(simulator), CHANNELS: 'zalo' };
    const run = () => startUnthrottled('2026-08-21', '2026-11-20', { cwd, settings });
    for (const afterDays of [10, 40]) {
      const killed = run();
      await new Promise<void>((resolve) => {
        let said = '';
        killed.stdout?.on('data', (data) => {
          said += String(data);
          if (said.split('\n').length > afterDays) resolve();
        });
      });
      killed.kill('SIGKILL');
      await killed.ended;
    }
    const { code, out } = await run().ended;
    expect(code).toBe(0);
    const days = out.trim().split('\n');
    expect(days).toHaveLength(92);
    expect(days).toEqual([...new Set(days)].toSorted());
    expect(days.every((day) => day.endsWith(' reported'))).toBe(true);
    expect(await manifestsIn(cwd)).toHaveLength(92);
  });
});

describe('runs at the same time', () => {
  test.each([2, 5])(
    '%i of one day make one capture, whole files and one mail a recipient',
    async (number) => {
      const simulator = await startSimulator({ chats: 300, faults: [parseFault('dead-agents')] });
      onTestFinished(() => simulator.close());
      const cwd = await temporaryFolder();
      const runs = Array.from({ length: number }, () =>
        start(['run', '--day', DAY, '--json'], { cwd, settings: settingsFor(simulator) }),
      );
      const ended = await Promise.all(runs.map((run) => run.ended));
      expect(ended.map(({ code }) => code)).toEqual(runs.map(() => 0));
      const [first, ...others] = ended.map(({ out }) => JSON.parse(out));
      for (const other of others) expect(other).toEqual(first);
      expect(await manifestsIn(cwd)).toHaveLength(3);
      expect(simulator.seen.peakPerSecond()).toBeLessThanOrEqual(15);
      const mail = (await readdir(join(cwd, 'out/outbox'))).filter((name) => name.endsWith('.eml'));
      expect(mail).toHaveLength(2);
      expect(await directoriesIn(cwd)).toHaveLength(1);
      const derived = await derivedIn(cwd);
      expect(await deriveAnew(simulator, cwd)).toEqual(derived);
    },
  );
});

describe('what is logged', () => {
  test('in a run with every fault that passes holds no token, phone or mail address', async () => {
    const names = [
      'error:some',
      'cut:some',
      'html:some',
      'code-errors:some',
      'throttle:some',
      'hostile',
      'repeat-ids',
    ];
    const simulator = await startSimulator({
      chats: 300,
      faults: names.map(parseFault),
      token: 'simulated-and-marked',
    });
    onTestFinished(() => simulator.close());
    const cwd = await temporaryFolder();
    const settings = { ...settingsFor(simulator), CHANNELS: 'zalo' };
    const { code, err } = await start(['run', '--day', DAY], { cwd, settings }).ended;
    expect(code).toBe(0);
    const lines = err.trim().split('\n');
    const events = new Set(lines.map((line) => JSON.parse(line).event));
    for (const event of ['request-repeated', 'page-kept', 'step-done', 'run-ended'])
      expect(events).toContain(event);
    for (const line of lines) {
      expect(JSON.parse(line)).toMatchObject({ account: 'demo', run: expect.any(String), day: DAY });
      const { event, channel, step } = JSON.parse(line);
      if (['page-kept', 'request-repeated'].includes(event))
        expect([channel, step]).toEqual(['zalo', 'capture zalo 1']);
      expect(line).not.toContain('simulated-and-marked');
      expect(line).not.toMatch(/[^\s"]@[^\s"]|\+84\d|\b0\d{9}\b/);
    }
  });
});
