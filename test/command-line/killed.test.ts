import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parseFault } from '../simulator/fault.ts';
import { startSimulator } from '../simulator/simulator.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { start, startUnthrottled } from './command.ts';
import { DAY, deriveAnew, derivedIn, figuresOf, killAndRestart, manifestsIn, settingsFor } from './killed.ts';

/** Spread over a run, of which starting the process is the first third. `npm run soak` takes hundreds. */
const moments = Array.from(
  { length: Number(process.env.KILLS ?? 4) },
  (_, kill) => 250 + ((kill * 137) % 550),
);

const faults = [parseFault('cap:15')];

async function simulate(chats: number) {
  const simulator = await startSimulator({ chats, faults, requestsPerSecond: 10_000 });
  onTestFinished(() => simulator.close());
  return simulator;
}

describe('a run that is killed and started again', () => {
  test.each(moments)(
    'after %i ms reports what an undisturbed one does, and mails each recipient once',
    async (killAfterMs) => {
      const simulator = await simulate(900);
      const [cwd, calm] = [await temporaryFolder(), await temporaryFolder()];
      await killAndRestart(simulator, cwd, killAfterMs);
      const requests = simulator.seen.requests;
      const derived = await derivedIn(cwd);
      expect(Object.keys(derived).filter((key) => key.endsWith('.eml'))).toHaveLength(2);
      // From the same captures, the same to the byte; and no call for it.
      expect(await deriveAnew(simulator, cwd)).toEqual(derived);
      expect(simulator.seen.requests).toBe(requests);

      await startUnthrottled(DAY, DAY, { cwd: calm, settings: settingsFor(simulator) }).ended;
      const key = `reports/dt=${DAY}/summary.json`;
      expect(figuresOf(derived[key] ?? '')).toEqual(figuresOf((await derivedIn(calm))[key] ?? ''));
      // What was kept was not asked for again: at most what was under way, and the count at the end.
      expect(requests).toBeLessThanOrEqual(simulator.seen.requests - requests + 5);
      expect(await manifestsIn(cwd)).toHaveLength(3);
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
      const simulator = await simulate(700);
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
      expect(await deriveAnew(simulator, cwd)).toEqual(
        expect.objectContaining({ [`reports/dt=${DAY}/summary.json`]: expect.any(String) }),
      );
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
      expect(JSON.parse(line)).toMatchObject({ account: 'demo' });
      expect(line).not.toContain('simulated-and-marked');
      expect(line).not.toMatch(/[^\s"]@[^\s"]|\+84\d|\b0\d{9}\b/);
    }
  });
});
