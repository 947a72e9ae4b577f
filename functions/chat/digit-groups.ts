import type { PlainForm } from './plain-form.ts';

/** A part of a plain form: `to` is the first sign that is not of it. */
export interface DigitSpan {
  readonly from: number;
  readonly to: number;
}

/** Digits that stand together, however they are written. */
export interface DigitGroup extends DigitSpan {
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
export function groupDigits(form: PlainForm, parting: string, hidden: readonly DigitSpan[]): DigitGroup[] {
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
