import { describe, expect, onTestFinished, test } from 'vitest';
import { jsonLines } from '../../bin/terminal-log.ts';
import { openLog } from '../../functions/observability/log.ts';
import { RETRY_POLICY as PROGRAMS } from '../../functions/sources/caresoft/retry-policy.ts';
import { parseFault } from '../../functions/sources/caresoft/simulator/fault.ts';
import { startSimulator } from '../../functions/sources/caresoft/simulator/simulator.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { reportUnthrottled } from './report-unthrottled.ts';

const DAY = '2026-11-20';
/** What fails is tried again as often as by the program, at once. */
const RETRY_POLICY = { ...PROGRAMS, firstDelayMs: 1, pauseMs: 1 };

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
      requestsPerSecond: 10_000,
    });
    onTestFinished(() => simulator.close());
    const cwd = await temporaryFolder();
    const settings = {
      CARESOFT_BASE_URL: simulator.baseUrl,
      CARESOFT_TOKEN: simulator.token,
      MAIL_TO: 'a@example.com,b@example.com',
      CHANNELS: 'zalo',
    };
    const lines: string[] = [];
    const log = openLog(jsonLines((line) => lines.push(line)));
    const days = await Array.fromAsync(reportUnthrottled([DAY], { cwd, settings }, log, RETRY_POLICY));
    expect(days).toMatchObject([{ day: DAY, state: 'reported' }]);
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
