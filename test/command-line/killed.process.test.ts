import { describe, test, vi } from 'vitest';
import { expectNoDayLost, expectUnharmed, runCalmly, simulate } from './killed.ts';

// A day is run four times, and two weeks three times.
vi.setConfig({ testTimeout: 120_000 });

describe('a run that is killed and started again', () => {
  // Each at another kind of work; the soak takes hundreds of others.
  test.each<[string, Parameters<typeof expectUnharmed>[2]]>([
    ['in the middle of a channel', ({ channel, page }) => channel === 'messenger' && page === 5],
    ['when all is captured and nothing reported', ({ step }) => step === 'capture names'],
    ['when one of two mails is out', ({ event }) => event === 'mail-sent'],
  ])('%s reports what an undisturbed one does, and mails each recipient once', async (_title, moment) => {
    const simulator = await simulate();
    await expectUnharmed(simulator, await runCalmly(simulator), moment);
  });

  test('over two weeks, twice, leaves no day out and captures none twice', async () => {
    await expectNoDayLost('2026-11-07', 14, [3, 8]);
  });
});
