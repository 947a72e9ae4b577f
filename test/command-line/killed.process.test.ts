import { describe, expect, test } from 'vitest';
import { expectNoDayLost, expectUnharmed, type Moment, runCalmly, simulate } from './killed.ts';

/** Each at another kind of work; the soak takes hundreds of others. */
const MOMENTS: Readonly<Record<string, Moment>> = {
  'in the middle of a channel': ({ channel, page }) => channel === 'messenger' && page === 5,
  'when all is captured and nothing reported': ({ event, step }) =>
    event === 'step-done' && step === 'compare channels',
  'when one of two mails is out': ({ event }) => event === 'mail-sent',
};

describe('a run that is killed and started again', () => {
  test('reports what an undisturbed one does, and mails each recipient once', async () => {
    const simulator = await simulate();
    const calm = await runCalmly(simulator);
    for (const [title, moment] of Object.entries(MOMENTS)) {
      const kept = await expectUnharmed(simulator, calm, moment).catch((cause: unknown) => {
        throw new Error(`Killed ${title}`, { cause });
      });
      expect(kept, title).toBeGreaterThan(0);
    }
  });

  test('over five days, twice, leaves no day out and captures none twice', async () => {
    await expectNoDayLost('2026-11-07', 5, [1, 3]);
  });
});
