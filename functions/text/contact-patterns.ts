import type { PlainForm } from './plain-form.ts';

/** Where an e-mail address stands in a plain form. */
export interface MailSpan {
  readonly from: number;
  /** What is before the sign of "at", without the blanks of a name that is spelled letter by letter. */
  readonly local: string;
  /** The sign of "at" itself, and what is around it. */
  readonly at: number;
  /** The first sign of the domain. */
  readonly domain: number;
  readonly to: number;
}

export interface MailPlace {
  /** Signs that no address holds there, beside blanks, `<`, `>` and `@`. */
  readonly edges: string;
  /** Whether "at" may be a word: not where people write of servers. */
  readonly hasWords: boolean;
}

const SPOKEN = 'at|a[ ._-]?(?:cong|moc|vong)';
const [OPEN, CLOSE] = ['[([{<«]', '[)\\]}>»]'];
const BETWEEN = `[ _|~*:=,"'·•-]{1,2}`;
/** A sign of "at": in brackets, as it is, or as a word. */
const AT = new RegExp(` ?${OPEN} ?(?:${SPOKEN}|a|@) ?${CLOSE} ?| ?(?:@ ?){1,9}`, 'g');
const AT_OR_WORD = new RegExp(
  `${AT.source}|(?<=[\\p{L}\\p{N}])${BETWEEN}(?:${SPOKEN})${BETWEEN}(?=[\\p{L}\\p{N}])`,
  'gu',
);

const DOT = String.raw` ?${OPEN} ?(?:\.|dot|cham) ?${CLOSE} ?|${BETWEEN}(?:dot|cham)${BETWEEN}| \. ?|\.`;
const DOTS = new RegExp(DOT, 'g');
const DOMAIN = new RegExp(`[\\p{L}\\d][\\p{L}\\d-]*(?:(?:${DOT})[\\p{L}\\d-]+)+`, 'uy');
/** No domain is longer. */
const LONGEST_DOMAIN = 255;
const TOP_LEVEL = /^(?:\p{L}{2,24}|xn--[a-z\d-]+)$/u;
/** What ends with these is a file. */
const FILE = /^(?:aspx?|css|docx?|gif|html?|jpe?g|js|json|jsp|mjs|pdf|php|png|svg|ts|txt|webp|xlsx?|xml)$/;
/** Known well enough to be named without what ends them. */
const PROVIDER = /^(?:gmail|hotmail|icloud|outlook|yahoo)(?![\p{L}\d-])/u;
const SPACED = /(?<=(?:^| )[\p{L}\d.@-]) (?=[\p{L}\d.-](?: |$))/gu;
const MEANT = /[\p{L}\d]/u;
/** Half an escape, among others. */
const PRIVATE = /\p{Co}/gu;
const BEFORE = /^[([{"'“‘,;:]+/;

/** The e-mail addresses of a text, as far as a reader would take them for some. */
export function findMails({ text, cased }: PlainForm, { edges, hasWords }: MailPlace): MailSpan[] {
  const isEdge = (sign = ' ') => ' @<>'.includes(sign) || edges.includes(sign);
  const mails: MailSpan[] = [];
  /** Where the sign of "at" before ends: no address reaches over it, nor over the next. */
  let least = 0;
  const ats = [...text.matchAll(hasWords ? AT_OR_WORD : AT)];
  for (const [place, { 0: at, index }] of ats.entries()) {
    const domain = index + at.length;
    const from = localStart(text, least, index, isEdge);
    least = domain;
    if (from === index) continue;
    const local = cased.slice(from, index).replaceAll(' ', '').replaceAll(PRIVATE, '·');
    const isPlain = /^@+$/.test(at);
    const most = ats[place + 1]?.index ?? text.length;
    const to = isPlain ? plainEnd(text, domain, most, isEdge) : domainEnd(text, domain);
    if (to > domain && (isPlain || MEANT.test(local))) mails.push({ from, local, at: index, domain, to });
  }
  return mails;
}

type IsEdge = (sign: string | undefined) => boolean;

function localStart(text: string, least: number, end: number, isEdge: IsEdge): number {
  const quote = text[end - 1] === '"' ? text.lastIndexOf('"', end - 2) : -1;
  if (quote >= least) return quote;
  let from = end;
  while (from > least && !isEdge(text[from - 1])) from -= 1;
  from += BEFORE.exec(text.slice(from, end))?.[0].length ?? 0;
  const isOfOne = end - from === 1 && MEANT.test(text[from] ?? '');
  return isOfOne ? spacedStart(text, least, from) : from;
}

/** Of what is written letter by letter. */
function spacedStart(text: string, least: number, last: number): number {
  let from = last;
  const isMeant = (at: number) => MEANT.test(text[at] ?? '');
  const isAlone = (at: number) => at >= least && isMeant(at) && !(at > least && isMeant(at - 1));
  while (text[from - 1] === ' ' && isAlone(from - 2)) from -= 2;
  return from;
}

function plainEnd(text: string, start: number, most: number, isEdge: IsEdge): number {
  let end = start;
  while (end < most && !isEdge(text[end])) end += 1;
  return end;
}

/** @returns where the domain ends that begins there; there, where it is none */
function domainEnd(text: string, start: number): number {
  const rest = text.slice(start, start + LONGEST_DOMAIN);
  const whole = domainAt(rest);
  if (whole !== null) return start + whole.length;
  const closed = domainAt(rest.replaceAll(SPACED, ''));
  return start + (closed?.length ?? 0);
}

function domainAt(text: string): string | null {
  DOMAIN.lastIndex = 0;
  const found = DOMAIN.exec(text)?.[0];
  if (found === undefined) return PROVIDER.exec(text)?.[0] ?? null;
  const [, ...labels] = found.split(DOTS);
  const isDomain = labels.some((label) => TOP_LEVEL.test(label)) && !FILE.test(labels.at(-1) ?? '');
  return isDomain ? found : null;
}

/** A part of a plain form: `to` is the first sign that is not of it. */
export interface DigitSpan {
  readonly from: number;
  readonly to: number;
}

/** Digits that stand together, however they are written. */
interface DigitGroup extends DigitSpan {
  readonly digits: string;
  /** `alike`: a letter by itself that may be a digit among others. */
  readonly kind: 'written' | 'spelled' | 'alike' | 'time';
  /** What is between it and the group before. */
  readonly gap: Gap;
}

interface Gap {
  readonly letters: number;
  /** The same sign over and over is one. */
  readonly signs: number;
  /** By a sign that mostly parts one number from another. */
  readonly isParted: boolean;
}

const NO_GAP: Gap = { letters: 0, signs: 0, isParted: false };

const WORD = /[\p{L}\d]+/gu;
/** With letters for digits, as in `O9l2`. */
const DIGITS_ALIKE = /^[\dOoIl]+$/;
const SPELLED =
  /(?:(khong|zero)|(mot|one)|(hai|two)|(ba(?!y)|three)|(bon|tu|four)|(nam|lam|five)|(sau|six)|(bay|seven)|(tam|eight)|(chin|nine))/y;

const [YEAR, MONTH, DAY] = ['(?:19|20)\\d\\d', '(?:0?[1-9]|1[0-2])', '(?:0?[1-9]|[12]\\d|3[01])'];
/** Dates, spans of years, times of day: `20/11/2026`, `2026-11`, `2025-2026`, `09:00:30`, `9h30`. */
const TIME = new RegExp(
  `(?<![\\doil])(?:${DAY}([/.-])${MONTH}\\1${YEAR}|${YEAR}([/.-])(?:${MONTH}(?:\\2${DAY})?|${YEAR})|(?:[01]?\\d|2[0-3])[:h][0-5]\\d(?::[0-5]\\d)?)(?![\\doil])`,
  'g',
);
/** What was masked stays as it is. */
const MASKED = /(?<!\d)\d{3}\*{4,}\d{0,2}(?!\d)/g;

/** Stands for what no number reaches over: it is no sign of a plain form. */
const BARRIER = '\n';

/**
 * All digits of a text.
 *
 * @param parting signs that mostly part one number from another
 * @param hidden parts that no number reaches over, in their order
 */
function groupDigits(form: PlainForm, parting: string, hidden: readonly DigitSpan[]): DigitGroup[] {
  const text = withBarriers(form.text, hidden);
  const timeAt = finder(spansOf(text, TIME));
  const groups: DigitGroup[] = [];
  let gap = NO_GAP;
  let end = 0;
  const add = (span: DigitSpan, digits: string, kind: DigitGroup['kind']): void => {
    const time = timeAt(span);
    if (time === null) groups.push({ ...span, digits, kind, gap });
    else if (groups.at(-1)?.from !== time.from) groups.push({ ...timeGroup(text, time), gap });
    gap = NO_GAP;
  };
  for (const { 0: word, index } of withBarriers(form.cased, hidden).matchAll(WORD)) {
    gap = widened(gap, text.slice(end, index), parting);
    for (const { from, to, digits, kind } of partsOf(word)) {
      if (kind === null) gap = { ...gap, letters: gap.letters + to - from };
      else add({ from: index + from, to: index + to }, digits, kind);
    }
    end = index + word.length;
  }
  return groups;
}

function withBarriers(text: string, hidden: readonly DigitSpan[]): string {
  const parts: string[] = [];
  let done = 0;
  for (const { from, to } of hidden) {
    parts.push(text.slice(done, from), BARRIER.repeat(to - from));
    done = to;
  }
  return (parts.join('') + text.slice(done)).replaceAll(MASKED, ({ length }) => BARRIER.repeat(length));
}

/** One group, so that no number has a part of it. */
function timeGroup(text: string, time: DigitSpan): Omit<DigitGroup, 'gap'> {
  return { ...time, digits: text.slice(time.from, time.to).replaceAll(/\D/g, ''), kind: 'time' };
}

function widened({ letters, signs, isParted }: Gap, between: string, parting: string): Gap {
  if (between.includes(BARRIER)) return { ...NO_GAP, letters: Number.POSITIVE_INFINITY };
  let changes = 0;
  for (let at = 0; at < between.length; at += 1) if (between[at] !== between[at - 1]) changes += 1;
  const parts = [...parting].some((sign) => between.includes(sign));
  return { letters, signs: signs + changes, isParted: isParted || parts };
}

function spansOf(text: string, pattern: RegExp): DigitSpan[] {
  return Array.from(text.matchAll(pattern), ({ 0: match, index }) => ({
    from: index,
    to: index + match.length,
  }));
}

/** @returns which of the spans, that are in their order, holds a part; it is asked for one part after the other */
function finder(spans: readonly DigitSpan[]): (part: DigitSpan) => DigitSpan | null {
  let at = 0;
  return ({ from, to }) => {
    while (at < spans.length && (spans[at]?.to ?? 0) < to) at += 1;
    const span = spans[at];
    return span && span.from <= from ? span : null;
  };
}

interface WordPart {
  readonly from: number;
  readonly to: number;
  readonly digits: string;
  /** Null for letters. */
  readonly kind: 'written' | 'spelled' | 'alike' | null;
}

function partsOf(word: string): WordPart[] {
  const whole = { from: 0, to: word.length };
  if (DIGITS_ALIKE.test(word)) {
    const digits = word.replaceAll(/[Oo]/g, '0').replaceAll(/[Il]/g, '1');
    if (/\d/.test(word)) return [{ ...whole, digits, kind: 'written' }];
    if (word.length === 1) return [{ ...whole, digits, kind: 'alike' }];
  }
  return Array.from(word.matchAll(/\d+|\D+/g), ({ 0: part, index }) => {
    const span = { from: index, to: index + part.length };
    if (/\d/.test(part)) return { ...span, digits: part, kind: 'written' };
    const spelled = readSpelled(part.toLowerCase());
    return { ...span, digits: spelled ?? '', kind: spelled === null ? null : 'spelled' };
  });
}

/** One digit in words, or several without a blank. */
function readSpelled(word: string): string | null {
  let digits = '';
  SPELLED.lastIndex = 0;
  while (SPELLED.lastIndex < word.length) {
    const read = SPELLED.exec(word);
    if (read === null) return null;
    digits += read.slice(1).findIndex((name) => name !== undefined);
  }
  return digits;
}

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
function chainsOf(
  groups: readonly DigitGroup[],
  goesOn: (group: DigitGroup, before: DigitGroup) => boolean,
): DigitGroup[][] {
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
