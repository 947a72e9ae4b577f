import { afterAll, expect, test } from 'vitest';
import { SEED } from '../property.ts';
import { drawGround, type Ground } from './draw-ground.ts';
import { drawOrdeal, type Ordeal } from './draw-server.ts';
import { play } from './play.ts';
import { playGround } from './play-ground.ts';
import { type STATES, tableOf } from './table.ts';

const RUNS = Number(process.env.RUNS ?? 300);
const ONLY = process.env.ONLY;
/** Of the servers that keep their word and hold still, one in so many may remain unproven. */
const UNPROVEN_ONE_IN = 20;
/** Of five runs, so many are on bad ground. */
const ON_BAD_GROUND = 2;

type Drawn =
  | { readonly of: 'server'; readonly ordeal: Ordeal }
  | { readonly of: 'ground'; readonly ordeal: Ground };

interface Ended {
  readonly drawn: Drawn;
  readonly state: (typeof STATES)[number];
  readonly why: string;
  /** Why channels are not proven, by channel. */
  readonly reasons: Readonly<Record<string, string>>;
  readonly twice: number;
  readonly failed: number;
}

const ended: Ended[] = [];

test.each(chosen())('run $ordeal.number', async (drawn) => {
  const end = await endOf(drawn).catch((error: unknown) => lost(drawn, error));
  ended.push(end);
  expect([end.state, end.why], describe(drawn)).toEqual([expect.stringMatching(/^(right|unproven)$/), '']);
});

test('servers that keep their word and hold still are all but all proven', () => {
  const still = ended.filter(({ drawn }) => drawn.ordeal.kind.startsWith('still'));
  const unproven = still.filter(({ state }) => state === 'unproven');
  expect(unproven.length * UNPROVEN_ONE_IN).toBeLessThanOrEqual(still.length);
});

afterAll(() => {
  const runs = ended.map(({ drawn, state }) => ({ ...drawn.ordeal, hasDied: hasDied(drawn), state }));
  const twice = ended.reduce((sum, one) => sum + one.twice, 0);
  const failed = ended.reduce((sum, one) => sum + one.failed, 0);
  const mails = `On bad ground ${failed} mornings failed, and ${twice} mails came twice as the contract allows.`;
  process.stdout.write(`\n${tableOf(runs)}\n\n${mails}\n${reasons()}\n`);
});

/** So many runs; of one kind or one number, where that is asked for. */
function chosen(): Drawn[] {
  if (ONLY !== undefined && /^\d+$/.test(ONLY)) return [draw(Number(ONLY))];
  const drawn: Drawn[] = [];
  for (let number = 0; drawn.length < RUNS && number < RUNS * 100; number += 1) {
    const one = draw(number);
    if (one.ordeal.kind.includes(ONLY ?? '')) drawn.push(one);
  }
  if (drawn.length === 0) throw new Error(`no run is of a kind that is called ${ONLY}`);
  return drawn;
}

function draw(number: number): Drawn {
  return number % 5 < ON_BAD_GROUND
    ? { of: 'ground', ordeal: drawGround(SEED, number) }
    : { of: 'server', ordeal: drawOrdeal(SEED, number) };
}

async function endOf(drawn: Drawn): Promise<Ended> {
  if (drawn.of === 'server') return { drawn, twice: 0, failed: 0, ...(await play(drawn.ordeal)) };
  return { drawn, reasons: {}, ...(await playGround(drawn.ordeal)) };
}

/** An exception that is none of CareSoft's loses the day. */
function lost(drawn: Drawn, error: unknown): Ended {
  const why = error instanceof Error ? String(error.stack) : String(error);
  return { drawn, state: 'lost', why, reasons: {}, twice: 0, failed: 0 };
}

function hasDied(drawn: Drawn): boolean {
  return drawn.of === 'server'
    ? drawn.ordeal.deaths.length > 0
    : drawn.ordeal.mornings.some(({ death }) => death !== null);
}

function describe({ ordeal }: Drawn): string {
  return `run ${ordeal.number}, ${ordeal.kind}: ${JSON.stringify(ordeal)}`;
}

/** Of each reason how often, and the still ones by themselves, since those are too many soon. */
function reasons(): string {
  const unproven = ended.filter(({ state }) => state === 'unproven');
  if (unproven.length === 0) return '';
  const words = unproven.flatMap(({ drawn, reasons: all }) =>
    Object.values(all).map((reason) => `${drawn.ordeal.kind}: ${reason.split(':')[0]}`),
  );
  const often = [...Map.groupBy(words, (word) => word)].map(([word, all]) => `${word} (${all.length})`);
  const still = unproven
    .filter(({ drawn }) => drawn.ordeal.kind.startsWith('still'))
    .map(({ drawn, reasons: all }) => `${describe(drawn)}\n  ${JSON.stringify(all)}`);
  return ['\nChannels that were not proven:', ...often.toSorted(), ...still].join('\n');
}
