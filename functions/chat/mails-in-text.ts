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
