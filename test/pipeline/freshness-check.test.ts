import { describe, expect, test } from 'vitest';
import { checkFreshness } from '../../functions/deadline.lambda.ts';
import { LONGEST_RUN_MS } from '../../functions/pipeline/durable.ts';
import { type RunRequest, readRunName } from '../../functions/pipeline/run-log.ts';
import { memoryLake } from '../web/memory-lake.ts';

const DAY = '2026-11-20';
const NOW = Date.parse('2026-11-21T00:00:00Z');
const CHECK = `demo-${DAY}-check`;

interface Known {
  readonly id: string;
  readonly state?: string;
  readonly agoMs?: number;
  readonly more?: object;
}

/** One check of a lake with some runs and no report. */
async function check(runs: readonly Known[], { isAgain = false, started = 'started' as unknown } = {}) {
  const lake = memoryLake();
  for (const { id, state = 'running', agoMs = 60_000, more = {} } of runs) {
    const [startedAt, endedAt] = [new Date(NOW - agoMs).toISOString(), null];
    const record = { schema: 'chat-report/run/1', id, day: readRunName(id)?.day, state, startedAt, endedAt };
    lake.write(`runs/${id}.json`, { ...record, versions: {}, steps: [], ...more });
  }
  const asked: RunRequest[] = [];
  const found = await checkFreshness(
    { account: 'demo', day: DAY, isAgain },
    {
      lake,
      clock: { now: () => NOW },
      launcher: {
        async start(request) {
          asked.push(request);
          if (started instanceof Error) throw started;
          return started as 'started' | 'taken';
        },
      },
    },
  );
  return { ...found, asked };
}

describe('a check that finds no report', () => {
  test.each<[string, Known[]]>([
    ['no run', []],
    ['runs that ended', [{ id: `demo-${DAY}-1`, state: 'failed' }]],
    ['a run that was killed long ago', [{ id: `demo-${DAY}-1`, agoMs: LONGEST_RUN_MS + 1 }]],
    ['a run of some channels', [{ id: `demo-${DAY}-0123456789ab`, more: { only: ['zalo'] } }]],
    ['a run of another day', [{ id: 'demo-2026-11-19-1' }]],
    ['a record that cannot be read', [{ id: `demo-${DAY}-1`, state: 'asleep' }]],
    ['the run that an earlier call of it started', [{ id: CHECK }]],
  ])('starts one run, or has started it, beside %s', async (_what, runs) => {
    const { outcome, asked } = await check(runs);
    expect(outcome).toBe('run-started');
    for (const request of asked) {
      expect(request).toEqual({
        ...{ run: CHECK, day: DAY, channels: null, refresh: false, resend: false, deliver: true },
      });
    }
    expect(asked).toHaveLength(runs.some(({ id }) => id === CHECK) ? 0 : 1);
  });

  test.each<[string, Known[], { isAgain?: boolean; started?: unknown }, string, number]>([
    ['a run is at work or waits', [{ id: `demo-${DAY}-1` }], {}, 'run-at-work', 0],
    ['one is at work beside its own', [{ id: `demo-${DAY}-2` }, { id: CHECK }], {}, 'run-at-work', 0],
    ['its own run has ended', [{ id: CHECK, state: 'unproven' }], {}, 'missing', 0],
    ['it is the second one', [], { isAgain: true }, 'missing', 0],
    ['its own run is at work at the second', [{ id: CHECK }], { isAgain: true }, 'run-at-work', 0],
    ['the name is taken', [], { started: 'taken' }, 'start-failed', 1],
    ['nothing can be started', [], { started: new Error('AccessDenied') }, 'start-failed', 1],
  ])('calls a person at once where %s', async (_when, runs, around, expected, times) => {
    const { outcome, asked, problem } = await check(runs, around);
    expect([outcome, asked.length]).toEqual([expected, times]);
    expect(problem !== undefined).toBe(expected === 'start-failed');
  });
});

test('the name of its run tells who asked for it', () => {
  expect(readRunName(CHECK)).toMatchObject({ day: DAY, origin: 'freshness-check' });
});
