import { expect, test } from 'vitest';
import { share, stir } from '../../functions/sources/caresoft/simulator/draw.ts';
import { expectNoDayLost, expectUnharmed, runCalmly, simulate } from '../command-line/killed.ts';
import { SEED } from '../property.ts';

const SECONDS = Number(process.env.SECONDS ?? 60);
const until = Date.now() + SECONDS * 1_000;
/** The last lines are of a run that is all but over, and may be gone before it can be killed. */
const LAST_LINES = 3;

/** Does something with one drawn share after another, until the time is up. @returns how often */
async function soak(
  aspect: number,
  once: (draw: (aspect: number) => number) => Promise<void>,
): Promise<number> {
  let times = 0;
  for (; Date.now() < until; times += 1) {
    const state = stir(stir(SEED, aspect), times);
    await once((of) => share(state, of)).catch((cause: unknown) => {
      throw new Error(`SEED=${SEED}, time ${times}`, { cause });
    });
  }
  return times;
}

async function killDays(): Promise<void> {
  const simulator = await simulate();
  const calm = await runCalmly(simulator);
  let kept = 0;
  const kills = await soak(1, async (draw) => {
    const at = 1 + Math.floor(draw(1) * (calm.lines - LAST_LINES));
    kept += await expectUnharmed(simulator, calm, (_logged, line) => line >= at);
  });
  process.stdout.write(`Killed a day's run ${kills} times, which had kept ${kept} answers.\n`);
  expect(kills).toBeGreaterThan(0);
}

async function killRanges(): Promise<void> {
  const days = SECONDS < 300 ? 14 : 92;
  const runs = await soak(2, async (draw) => {
    const killedAfter = [draw(1), draw(2)].map((part) => 1 + Math.floor(part * (days - 2)));
    await expectNoDayLost(
      '2026-08-21',
      days,
      killedAfter.toSorted((one, other) => one - other),
    );
  });
  process.stdout.write(`Killed ${runs} runs over ${days} days twice each.\n`);
  expect(runs).toBeGreaterThan(0);
}

test('runs that are killed at any line report what undisturbed ones do, and leave no day out', async () => {
  await Promise.all([killDays(), killRanges()]);
});
