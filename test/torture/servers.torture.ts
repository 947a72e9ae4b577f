import { afterAll, expect, test } from 'vitest';
import { SEED } from '../property.ts';
import type { Outcome } from '../servers/capture-from.ts';
import { drawOrdeal, type Ordeal } from './draw-server.ts';
import { play } from './play.ts';

const RUNS = Number(process.env.RUNS ?? 300);
const ONLY = process.env.ONLY;
/** Of the servers that keep their word and hold still, one in so many may remain unproven. */
const UNPROVEN_ONE_IN = 20;
const STATES = ['right', 'unproven', 'wrong', 'lost'] as const;

const numbers = ONLY === undefined ? Array.from({ length: RUNS }, (_, at) => at) : [Number(ONLY)];
const ended: { readonly ordeal: Ordeal; readonly outcome: Outcome }[] = [];

test.each(numbers.map((number) => drawOrdeal(SEED, number)))('run $number', async (ordeal) => {
  const outcome = await play(ordeal).catch(lost);
  ended.push({ ordeal, outcome });
  expect([outcome.state, outcome.why], describe(ordeal)).toEqual([
    expect.stringMatching(/^(right|unproven)$/),
    '',
  ]);
});

test('servers that keep their word and hold still are all but all proven', () => {
  const still = ended.filter(({ ordeal }) => ordeal.kind.startsWith('still'));
  const unproven = still.filter(({ outcome }) => outcome.state === 'unproven');
  expect(unproven.length * UNPROVEN_ONE_IN).toBeLessThanOrEqual(still.length);
});

afterAll(() => {
  process.stdout.write(`\n${table()}\n\n${reasons()}\n`);
});

/** An exception that is none of CareSoft's loses the day. */
function lost(error: unknown): Outcome {
  const why = error instanceof Error ? String(error.stack) : String(error);
  return { state: 'lost', why, reasons: {}, requests: 0 };
}

function describe({ number, server, kind, deaths, isKnown }: Ordeal): string {
  return `run ${number}, ${kind}: ${JSON.stringify({ ...server, deaths, isKnown })}`;
}

function table(): string {
  const kinds = Map.groupBy(ended, ({ ordeal }) => ordeal.kind);
  const counts = [...kinds].toSorted().map(([kind, runs]) => {
    const by = STATES.map((state) => runs.filter(({ outcome }) => outcome.state === state).length);
    const died = runs.filter(({ ordeal }) => ordeal.deaths.length > 0).length;
    return [kind, runs.length, died, ...by];
  });
  const totals = counts.reduce<number[]>(
    (sums, [, ...row]) => row.map((count, at) => Number(count) + (sums[at] ?? 0)),
    [],
  );
  const rows = [['kind of server', 'runs', 'killed', ...STATES], ...counts, ['all', ...totals]];
  return rows
    .map(
      ([kind, ...cells]) =>
        `${String(kind).padEnd(24)}${cells.map((cell) => String(cell).padStart(10)).join('')}`,
    )
    .join('\n');
}

/** Of each reason how often, and the still ones by themselves, since those are too many soon. */
function reasons(): string {
  const unproven = ended.filter(({ outcome }) => outcome.state === 'unproven');
  const words = unproven.flatMap(({ ordeal, outcome }) =>
    Object.values(outcome.reasons).map((reason) => `${ordeal.kind}: ${reason.split(':')[0]}`),
  );
  const often = [...Map.groupBy(words, (word) => word)].map(([word, all]) => `${word} (${all.length})`);
  const still = unproven
    .filter(({ ordeal }) => ordeal.kind.startsWith('still'))
    .map(({ ordeal, outcome }) => `${describe(ordeal)}\n  ${JSON.stringify(outcome.reasons)}`);
  return ['Channels that were not proven:', ...often.toSorted(), ...still].join('\n');
}
