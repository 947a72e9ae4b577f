import { describe, expect, test, vi } from 'vitest';
import { openCase } from './run-case.ts';

// Each case starts the command line several times.
vi.setConfig({ testTimeout: 60_000 });

describe('a day that was asked for with one channel', () => {
  test('is reported', async () => {
    const { run } = await openCase('22');
    const first = await run('--json');
    expect(first).toMatchObject({ code: 0 });
    expect(JSON.parse(first.out)).toMatchObject({ totals: { chats: 1, missed: 1 } });
  });
});
