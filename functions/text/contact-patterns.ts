import type { PlainForm } from './plain-form.ts';

/**
 * Finds e-mail addresses and telephone numbers in a text, also where people spell or disguise them. All functions work on
 * a plain form, which has one unit for each sign that a reader sees.
 */

/** A part of a plain form. `to` is the first sign after it. */
export interface TextSpan {
  readonly from: number;
  readonly to: number;
}

/** Where an e-mail address stands in a plain form. */
export interface MailSpan extends TextSpan {
  /** The part before the sign for "at". A name that is spelled letter by letter loses its blanks. */
  readonly local: string;
  /** The place of the sign for "at", with its brackets and blanks. */
  readonly at: number;
  /** The place of the domain. */
  readonly domain: number;
}

/** What counts as an address depends on where the text was written. */
export interface MailContext {
  /** Signs that end an address, besides blanks, `<`, `>` and `@`. */
  readonly edges: string;
  /** Whether "at" may be a word. In texts about servers it is not. */
  readonly hasWords: boolean;
}

const SPOKEN = 'at|a[ ._-]?(?:cong|moc|vong)';
const [OPEN, CLOSE] = ['[([{<«]', '[)\\]}>»]'];
const BETWEEN = `[ _|~*:=,"'·•-]{1,2}`;
/** A sign for "at": in brackets, or plain. */
const AT = new RegExp(` ?${OPEN} ?(?:${SPOKEN}|a|@) ?${CLOSE} ?| ?(?:@ ?){1,9}`, 'g');
/** The same, or a word for "at". */
const AT_OR_WORD = new RegExp(
  `${AT.source}|(?<=[\\p{L}\\p{N}])${BETWEEN}(?:${SPOKEN})${BETWEEN}(?=[\\p{L}\\p{N}])`,
  'gu',
);

const DOT = String.raw` ?${OPEN} ?(?:\.|dot|cham) ?${CLOSE} ?|${BETWEEN}(?:dot|cham)${BETWEEN}| \. ?|\.`;
const DOTS = new RegExp(DOT, 'g');
const DOMAIN = new RegExp(`[\\p{L}\\d][\\p{L}\\d-]*(?:(?:${DOT})[\\p{L}\\d-]+)+`, 'uy');
/** In characters, by RFC 1035. */
const LONGEST_DOMAIN = 255;
const TOP_LEVEL = /^(?:\p{L}{2,24}|xn--[a-z\d-]+)$/u;
/** Endings of files, which are no top-level domains here. */
const FILE = /^(?:aspx?|css|docx?|gif|html?|jpe?g|js|json|jsp|mjs|pdf|php|png|svg|ts|txt|webp|xlsx?|xml)$/;
/** People write these names without a top-level domain. */
const PROVIDER = /^(?:gmail|hotmail|icloud|outlook|yahoo)(?![\p{L}\d-])/u;
const SPACED = /(?<=(?:^| )[\p{L}\d.@-]) (?=[\p{L}\d.-](?: |$))/gu;
const MEANT = /[\p{L}\d]/u;
/** Characters for private use: `plain-form.ts` puts them in place of half an escape. */
const PRIVATE = /\p{Co}/gu;
const BEFORE = /^[([{"'“‘,;:]+/;

/** The e-mail addresses of a text that a reader would recognize, in their order. */
export function findMails({ text, cased }: PlainForm, { edges, hasWords }: MailContext): MailSpan[] {
  const isEdge = (sign = ' ') => ' @<>'.includes(sign) || edges.includes(sign);
  const mails: MailSpan[] = [];
  /** The end of the previous sign for "at". No address contains two such signs. */
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

/** The start of a local part that is spelled letter by letter. */
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

/** @returns the end of the domain that begins at `start`; `start` if there is no domain */
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

/** Where a telephone number stands in a plain form. */
export interface PhoneSpan extends TextSpan {
  /** The digits alone. */
  readonly digits: string;
}

/** What counts as a number depends on where the text was written. */
export interface PhoneContext {
  /** Signs that usually separate two numbers. */
  readonly separators: string;
  /** How many letters may stand between two groups of a Vietnamese number. */
  readonly letters: number;
}

const LEAST_DIGITS = 7;
/** The least number of digits if some are spelled in words, or stand behind a separator. */
const LEAST_DOUBTFUL = 9;
/** Two groups with more signs between them are two numbers. A run of the same sign counts once. */
const MOST_SIGNS = 3;

/** A number as people dial it in Vietnam, with or without the country's code: a mobile phone or a landline. */
const DIALLED = /^(?:0|(?:00)?840?)[2-9]\d{8,9}$/;
const LONGEST_DIALLED = 15;

/**
 * The telephone numbers of a text, in their order. Other runs of as many digits are found too, because a reader cannot
 * tell them from telephone numbers.
 *
 * @param hidden parts that no number spans, in their order
 */
export function findPhones(form: PlainForm, context: PhoneContext, hidden: readonly TextSpan[]): PhoneSpan[] {
  const groups = groupDigits(form, context.separators, hidden);
  const near = chainsOf(groups, ({ gap }) => gap.letters === 0 && gap.signs <= MOST_SIGNS);
  const numbers = near.flatMap(numbersIn);
  const taken = new Set(numbers.flat());
  // Groups with letters between them count only if they form a Vietnamese number.
  const spread = chainsOf(groups, (group, before) => {
    return group.gap.letters <= context.letters && taken.has(group) === taken.has(before);
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

/** Splits the groups before each one that does not continue the previous one. */
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

/** @param chain groups that stand close together */
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

/** The chain as one number; none if it has too few digits. */
function numberOf(chain: readonly DigitGroup[]): DigitGroup[][] {
  // Some words for digits are also names, such as "Nam". So written digits come first.
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

/** The Vietnamese numbers that begin and end with a group, in their order. */
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
    // `09:12:34 56 78` begins like a time of day and is a number. A run of times alone is none.
    if (!run.every(isTime)) return run;
  }
  return null;
}

/** Digits that stand together. */
interface DigitGroup extends TextSpan {
  readonly digits: string;
  /** How the digits are written. `alike`: a single letter that looks like a digit. `time`: a date or a time of day. */
  readonly kind: 'written' | 'spelled' | 'alike' | 'time';
  /** What is between this group and the one before. */
  readonly gap: Gap;
}

interface Gap {
  readonly letters: number;
  /** A run of the same sign counts once. */
  readonly signs: number;
  /** Whether it holds a sign that usually separates two numbers. */
  readonly isParted: boolean;
}

const NO_GAP: Gap = { letters: 0, signs: 0, isParted: false };

const WORD = /[\p{L}\d]+/gu;
/** Digits, and letters that look like digits, as in `O9l2`. */
const DIGITS_ALIKE = /^[\dOoIl]+$/;
const SPELLED =
  /(?:(khong|zero)|(mot|one)|(hai|two)|(ba(?!y)|three)|(bon|tu|four)|(nam|lam|five)|(sau|six)|(bay|seven)|(tam|eight)|(chin|nine))/y;

const [YEAR, MONTH, DAY] = ['(?:19|20)\\d\\d', '(?:0?[1-9]|1[0-2])', '(?:0?[1-9]|[12]\\d|3[01])'];
/** Dates, spans of years, times of day: `20/11/2026`, `2026-11`, `2025-2026`, `09:00:30`, `9h30`. */
const TIME = new RegExp(
  `(?<![\\doil])(?:${DAY}([/.-])${MONTH}\\1${YEAR}|${YEAR}([/.-])(?:${MONTH}(?:\\2${DAY})?|${YEAR})|(?:[01]?\\d|2[0-3])[:h][0-5]\\d(?::[0-5]\\d)?)(?![\\doil])`,
  'g',
);
/** A masked number. It stays as it is. */
const MASKED = /(?<!\d)\d{3}\*{4,}\d{0,2}(?!\d)/g;

/** Stands for a part that no number spans. A plain form never holds this character. */
const BARRIER = '\n';

/**
 * All digits of a text.
 *
 * @param separators signs that usually separate two numbers
 * @param hidden parts that no number spans, in their order
 */
function groupDigits(form: PlainForm, separators: string, hidden: readonly TextSpan[]): DigitGroup[] {
  const text = withBarriers(form.text, hidden);
  const timeAt = finder(spansOf(text, TIME));
  const groups: DigitGroup[] = [];
  let gap = NO_GAP;
  let end = 0;
  const add = (span: TextSpan, digits: string, kind: DigitGroup['kind']): void => {
    const time = timeAt(span);
    if (time === null) groups.push({ ...span, digits, kind, gap });
    else if (groups.at(-1)?.from !== time.from) groups.push({ ...timeGroup(text, time), gap });
    gap = NO_GAP;
  };
  for (const { 0: word, index } of withBarriers(form.cased, hidden).matchAll(WORD)) {
    gap = widened(gap, text.slice(end, index), separators);
    for (const { from, to, digits, kind } of partsOf(word)) {
      if (kind === null) gap = { ...gap, letters: gap.letters + to - from };
      else add({ from: index + from, to: index + to }, digits, kind);
    }
    end = index + word.length;
  }
  return groups;
}

function withBarriers(text: string, hidden: readonly TextSpan[]): string {
  const parts: string[] = [];
  let done = 0;
  for (const { from, to } of hidden) {
    parts.push(text.slice(done, from), BARRIER.repeat(to - from));
    done = to;
  }
  return (parts.join('') + text.slice(done)).replaceAll(MASKED, ({ length }) => BARRIER.repeat(length));
}

/** A time as one group. So no number takes a part of it. */
function timeGroup(text: string, time: TextSpan): Omit<DigitGroup, 'gap'> {
  return { ...time, digits: text.slice(time.from, time.to).replaceAll(/\D/g, ''), kind: 'time' };
}

function widened({ letters, signs, isParted }: Gap, between: string, separators: string): Gap {
  if (between.includes(BARRIER)) return { ...NO_GAP, letters: Number.POSITIVE_INFINITY };
  let changes = 0;
  for (let at = 0; at < between.length; at += 1) if (between[at] !== between[at - 1]) changes += 1;
  const hasSeparator = [...separators].some((sign) => between.includes(sign));
  return { letters, signs: signs + changes, isParted: isParted || hasSeparator };
}

function spansOf(text: string, pattern: RegExp): TextSpan[] {
  return Array.from(text.matchAll(pattern), ({ 0: match, index }) => ({
    from: index,
    to: index + match.length,
  }));
}

/**
 * @param spans in their order
 * @returns a function that finds the span around a part. Its calls must go from the first part to the last.
 */
function finder(spans: readonly TextSpan[]): (part: TextSpan) => TextSpan | null {
  let at = 0;
  return ({ from, to }) => {
    while (at < spans.length && (spans[at]?.to ?? 0) < to) at += 1;
    const span = spans[at];
    return span && span.from <= from ? span : null;
  };
}

interface WordPart extends TextSpan {
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

/** The digits of a word such as `hai` or `onetwo`; null if the word is anything else. */
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
