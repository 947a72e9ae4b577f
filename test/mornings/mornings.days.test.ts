import { beforeAll, describe, expect, test } from 'vitest';
import { drawMonth } from './draw-month.ts';
import type { Outcome } from './judge-month.ts';
import { playMonth } from './play-month.ts';

/** A few days with a death, a morning that fails, and a channel that is dead for some of them. */
const SEED = 30;
const DAYS = 5;
const LOOK_BACK = [1, 2];

describe.each(['laptop', 'aws'] as const)('some mornings on %s', (ground) => {
  let outcome: Outcome;
  beforeAll(async () => {
    outcome = await playMonth(drawMonth(SEED, DAYS, ground, LOOK_BACK));
  });

  test('send each day’s mail once, in the morning', () => {
    const { twice, unmailed, untold, threw, 'at night': night } = outcome.faults;
    expect({ twice, unmailed, untold, threw, night }).toEqual({
      twice: [],
      unmailed: [],
      untold: [],
      threw: [],
      night: [],
    });
    expect(outcome.mails.report).toBeGreaterThan(0);
    expect(outcome.mails.partial).toBeGreaterThan(0);
  });

  test('leave no day wrong or missing', () => {
    const { wrong, 'told wrong': told, missing, 'not final': open } = outcome.faults;
    expect({ wrong, told, missing, open }).toEqual({ wrong: [], told: [], missing: [], open: [] });
  });
});
