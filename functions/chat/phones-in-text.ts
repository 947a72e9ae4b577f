import { type DigitSpan, type DigitGroup, groupDigits } from './digit-groups.ts';
import type { PlainForm } from './plain-form.ts';

/** Where a telephone number stands in a plain form. */
export interface PhoneSpan extends DigitSpan {
  /** Without what stands between them. */
  readonly digits: string;
}

export interface PhonePlace {
  /** Signs that mostly part one number from another there. */
  readonly parting: string;
  /** How many letters may stand between two groups of what is a number of this country's. */
  readonly letters: number;
}

const LEAST_DIGITS = 7;
/** Of what is spelled in words, or parted. */
const LEAST_DOUBTFUL = 9;
/** More signs than these between two groups make them two; the same one over and over is one. */
const MOST_SIGNS = 3;

/** How numbers are dialled in this country, without or with its code: of a mobile phone or a landline. */
const DIALLED = /^(?:0|(?:00)?840?)[2-9]\d{8,9}$/;
const LONGEST_DIALLED = 15;

/**
 * The telephone numbers of a text, and what else is as long, as far as its digits stand in one row for a reader.
 *
 * @param hidden parts that no number reaches over, in their order
 */
export function findPhones(form: PlainForm, place: PhonePlace, hidden: readonly DigitSpan[]): PhoneSpan[] {
  const groups = groupDigits(form, place.parting, hidden);
  const near = chainsOf(groups, ({ gap }) => gap.letters === 0 && gap.signs <= MOST_SIGNS);
  const numbers = near.flatMap(numbersIn);
  const taken = new Set(numbers.flat());
  // What is spread over a text counts only where it is dialled in this country.
  const spread = chainsOf(groups, (group, before) => {
    return group.gap.letters <= place.letters && taken.has(group) === taken.has(before);
  });
  const dialled = spread.filter(([first]) => first && !taken.has(first)).flatMap(dialledIn);
  return [...numbers, ...dialled].map(toSpan).sort((one, other) => one.from - other.from);
}

function toSpan(run: readonly DigitGroup[]): PhoneSpan {
  return { from: run[0]?.from ?? 0, to: run.at(-1)?.to ?? 0, digits: digitsOf(run) };
}

function digitsOf(run: readonly DigitGroup[]): string {
  return run.map(({ digits }) => digits).join('');
}

/** Parts the groups wherever one does not go on from the one before. */
function chainsOf(groups: readonly DigitGroup[], goesOn: (group: DigitGroup, before: DigitGroup) => boolean): DigitGroup[][] {
  const chains: DigitGroup[][] = [];
  let before: DigitGroup | null = null;
  for (const group of groups) {
    if (before !== null && goesOn(group, before)) chains.at(-1)?.push(group);
    else chains.push([group]);
    before = group;
  }
  return chains;
}

/** @param chain groups that are near each other */
function numbersIn(chain: readonly DigitGroup[]): DigitGroup[][] {
  if (dialledIn(chain).some((run) => run.some(isTime))) return numberOf(chain);
  const parts: DigitGroup[][] = [[]];
  for (const group of chain) {
    if (isTime(group)) parts.push([]);
    else parts.at(-1)?.push(group);
  }
  return parts.flatMap(numberOf);
}

function isTime({ kind }: DigitGroup): boolean {
  return kind === 'time';
}

/** The chain as one number, or nothing where it has too few digits. */
function numberOf(chain: readonly DigitGroup[]): DigitGroup[][] {
  // Some digits are names, too.
  const written = trim(chain, ({ kind }) => kind !== 'written' && kind !== 'time');
  if (isEnough(written)) return [written];
  const whole = trim(chain, ({ kind }) => kind === 'alike');
  return isEnough(whole) ? [whole] : [];
}

function trim(chain: readonly DigitGroup[], isLoose: (group: DigitGroup) => boolean): DigitGroup[] {
  const first = chain.findIndex((group) => !isLoose(group));
  return first < 0 ? [] : chain.slice(first, chain.findLastIndex((group) => !isLoose(group)) + 1);
}

function isEnough(run: readonly DigitGroup[]): boolean {
  const isDoubtful = run.some(({ kind, gap }, at) => kind === 'spelled' || (at > 0 && gap.isParted));
  const count = run.reduce((sum, { digits }) => sum + digits.length, 0);
  return count >= (isDoubtful ? LEAST_DOUBTFUL : LEAST_DIGITS);
}

/** Each number of this country that begins and ends with a group, the first first. */
function dialledIn(chain: readonly DigitGroup[]): DigitGroup[][] {
  const found: DigitGroup[][] = [];
  for (let first = 0; first < chain.length; first += 1) {
    const run = dialledFrom(chain, first);
    if (run === null) continue;
    found.push(run);
    first += run.length - 1;
  }
  return found;
}

function dialledFrom(chain: readonly DigitGroup[], first: number): DigitGroup[] | null {
  let digits = '';
  for (let last = first; last < chain.length && digits.length < LONGEST_DIALLED; last += 1) {
    digits += chain[last]?.digits ?? '';
    if (!DIALLED.test(digits)) continue;
    const run = chain.slice(first, last + 1);
    // `09:12:34 56 78` is no time of day, however it begins.
    if (!run.every(isTime)) return run;
  }
  return null;
}
