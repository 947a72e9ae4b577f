import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { parseFault } from '../simulator/fault.ts';
import { startSimulator } from '../simulator/simulator.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { start } from './command.ts';
import { DAY, settingsFor } from './killed.ts';

// What fails is tried again.
vi.setConfig({ testTimeout: 60_000 });

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
        expect([channel, step]).toEqual(['zalo', 'capture 1']);
      expect(line).not.toContain('simulated-and-marked');
      expect(line).not.toMatch(/[^\s"]@[^\s"]|\+84\d|\b0\d{9}\b/);
    }
  });
});
