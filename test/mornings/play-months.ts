import { afterAll, expect, test } from 'vitest';
import { SEED } from '../property.ts';
import { drawMonth, type Ground } from './draw-month.ts';
import { FAULTS, type Fault, type Outcome } from './judge-month.ts';
import { playMonth } from './play-month.ts';

const SEEDS = Number(process.env.SEEDS ?? 20);
const DAYS = Number(process.env.DAYS ?? 30);
const MOST_TOLD = 8;

/** Plays a month for each seed, and tells in a table what came of it. */
export function playMonths(ground: Ground): void {
  const outcomes: Outcome[] = [];

  test.each(Array.from({ length: SEEDS }, (_, at) => SEED + at))(`seed %i on ${ground}`, async (seed) => {
    const outcome = await playMonth(drawMonth(seed, DAYS, ground));
    outcomes.push(outcome);
    expect(faultsOf(outcome)).toEqual([]);
  });

  afterAll(() => {
    process.stdout.write(`\n${table(outcomes)}\n\n${outcomes.flatMap(reasons).join('\n')}\n`);
  });
}

/** In words, a few of each kind. */
function faultsOf({ faults }: Outcome): string[] {
  return FAULTS.flatMap((fault) => {
    const more = faults[fault].length - MOST_TOLD;
    const told = faults[fault].slice(0, MOST_TOLD).map((what) => `${fault}: ${what}`);
    return more > 0 ? [...told, `${fault}: and ${more} more`] : told;
  });
}

function reasons(outcome: Outcome): string[] {
  const told = faultsOf(outcome);
  return told.length === 0
    ? []
    : [`seed ${outcome.seed} on ${outcome.ground}:`, ...told.map((one) => `  ${one}`)];
}

function table(outcomes: readonly Outcome[]): string {
  const faulty = (fault: Fault) => (outcome: Outcome) => outcome.faults[fault].length;
  const columns: readonly (readonly [string, (outcome: Outcome) => number])[] = [
    ['days', ({ days }) => days],
    ['reports', ({ mails }) => mails.report],
    ['partial', ({ mails }) => mails.partial],
    ['notices', ({ mails }) => mails.notice],
    ['deaths', ({ deaths }) => deaths],
    ['holes', ({ holes }) => holes],
    ['looks', ({ looks }) => looks],
    ['corrected', ({ corrections }) => corrections],
    ['final', ({ final }) => final],
    ...FAULTS.map((fault) => [fault, faulty(fault)] as const),
  ];
  const rows = outcomes.map((outcome) => [
    `${outcome.seed} ${outcome.ground}`,
    ...columns.map(([, read]) => read(outcome)),
  ]);
  const sums = columns.map(([, read]) => outcomes.reduce((sum, outcome) => sum + read(outcome), 0));
  return [['seed and ground', ...columns.map(([name]) => name)], ...rows, ['all', ...sums]]
    .map(
      ([first, ...cells]) =>
        String(first).padEnd(20) + cells.map((cell) => String(cell).padStart(11)).join(''),
    )
    .join('\n');
}
