import { addDays, type Day } from '../../calendar/day.ts';
import type { Channel } from '../../chats/channel.ts';
import { ticketLink } from '../../chats/chat.ts';
import { contactKeyOf, normalizeEmail, normalizePhone, publicKey } from '../../chats/customer-identity.ts';
import { maskEmail } from '../../metrics/masking.ts';
import type { Callback, Customer, Summary } from '../../metrics/summary.ts';
import type { Waiting } from '../../metrics/waiting.ts';
import type { ReportReader } from '../../pipeline/report-reader.ts';
import { contactsIn } from '../../privacy/suppression-list.ts';
import { type Html, html } from '../../report/formats/mail-page.ts';
import { namesOf, wallClock } from '../../report/locale-formatter.ts';
import { visible } from '../../report/plain-text.ts';
import { canonicalText } from '../../text/bounds.ts';
import { toAsciiDigits } from '../../text/plain-form.ts';
import { findNewest } from '../days.ts';
import type { PageFormatter } from '../locale.ts';
import { searchForm, type Visit } from '../page.ts';

/** The longest query, in characters: somewhat longer than names in reports. */
const LONGEST = 100;
/** A query needs so many letters or digits. One alone would find almost all customers. */
const LEAST_SIGNS = 2;

/** The digits that a masked number must show at each end, so that it can be compared with a whole one. */
const LEAST_HEAD = 2;
const LEAST_TAIL = 2;

/** The characters of written phone numbers. */
const DIALLED = /^[\d\s+()./\u2010-\u2015-]+$/;
const LEAST_DIGITS = /(?:\d\D*){7}/;
const MASK = '*';

/** The customer whom a reader is looking for. */
export interface SearchQuery {
  readonly text: string;
  /** The words of a name, folded. */
  readonly words: readonly string[];
  /** The form that is compared with ticket numbers and with contacts as reports show them. */
  readonly plain: string;
  /** The normal form; null where the text is no complete phone number. */
  readonly phone: string | null;
  readonly email: string | null;
}

/** Whether a customer of a report is the one in the query. With a masked contact they only may be. */
type Match = 'is' | 'may-be';

/** @returns the reason where the text cannot be searched for */
export function readSearchQuery(typed: string): SearchQuery | 'too-short' | 'too-long' {
  const text = canonicalText(typed.slice(0, LONGEST + 1));
  if (typed.length > LONGEST) return 'too-long';
  if ((text.match(/[\p{L}\p{N}]/gu) ?? []).length < LEAST_SIGNS) return 'too-short';
  const digits = toAsciiDigits(text);
  return {
    text,
    words: fold(text).split(' '),
    plain: text.replace(/^#/, '').trim().toLowerCase(),
    phone: DIALLED.test(digits) ? normalizePhone(digits) : null,
    email: normalizeEmail(text),
  };
}

/**
 * The form in which names are compared: without marks, in capital letters. Small letters would not do: Σ has two, by its place.
 */
function fold(name: string): string {
  const plain = canonicalText(name).normalize('NFKD').toUpperCase().normalize('NFKD');
  return canonicalText(plain.replaceAll(/\p{M}/gu, '').replaceAll('Đ', 'D'));
}

/** Compares only what the report shows, and the hash that is the key of customers without an id. */
function matchOf(customer: Customer, ticketNo: string | null, query: SearchQuery): Match | null {
  if (isNamed(customer.name, query) || isTicket(ticketNo, query) || isShown(customer, query)) return 'is';
  if (query.phone === null && query.email === null) return null;
  if (hasContact(customer, query)) return 'is';
  return fitsMasked(customer, query) ? 'may-be' : null;
}

function isNamed(name: string | null, { words }: SearchQuery): boolean {
  if (name === null) return false;
  const folded = fold(name);
  return words.every((word) => folded.includes(word));
}

function isTicket(ticketNo: string | null, { plain }: SearchQuery): boolean {
  return ticketNo !== null && canonicalText(ticketNo).toLowerCase() === plain;
}

/** Whether the text is part of a contact as the report shows it: an address, or a masked number. */
function isShown({ phone, email }: Customer, { plain }: SearchQuery): boolean {
  if (!/[@*]/.test(plain)) return false;
  return [phone, email].some((contact) => contact?.toLowerCase().includes(plain));
}

function hasContact({ key, name, phone, email }: Customer, query: SearchQuery): boolean {
  const values = [
    ...(query.phone === null ? [] : [`phone:${query.phone}`]),
    ...(query.email === null ? [] : [`email:${query.email}`]),
  ];
  const known = contactKeyOf(key);
  return (
    values.some((value) => publicKey(value) === known) ||
    [phone, email, name].some((text) => text !== null && holdsAny(text, values, query))
  );
}

function holdsAny(text: string, values: readonly string[], { phone, email }: SearchQuery): boolean {
  const mayHold =
    (phone !== null && LEAST_DIGITS.test(toAsciiDigits(text))) || (email !== null && text !== '');
  if (!mayHold) return false;
  const held = contactsIn(text);
  return values.some((value) => held.has(value));
}

/** Whether a masked contact fits the whole one. A reader who knows the whole one could tell, too. */
function fitsMasked({ phone, email }: Customer, query: SearchQuery): boolean {
  if (query.phone !== null && phone?.includes(MASK)) return fitsNumber(phone, query.phone);
  return query.email !== null && email?.includes(MASK)
    ? maskEmail(query.email) === email.toLowerCase()
    : false;
}

function fitsNumber(shown: string, phone: string): boolean {
  const dialled = (text: string): string => toAsciiDigits(text).replaceAll(/[^\d+]/g, '');
  const head = dialled(shown.slice(0, shown.indexOf(MASK)));
  const tail = dialled(shown.slice(shown.lastIndexOf(MASK)));
  if (head.length < LEAST_HEAD || tail.length < LEAST_TAIL) return false;
  return spellingsOf(phone).some(
    (spelling) => spelling.length <= shown.length && spelling.startsWith(head) && spelling.endsWith(tail),
  );
}

function spellingsOf(phone: string): string[] {
  const rest = phone.replace(/^0/, '');
  return [phone, rest, `+84${rest}`, `84${rest}`, `0084${rest}`, `+840${rest}`, `840${rest}`];
}

/** The limits of one request: three months of days, and fewer where they hold many customers or many matches. */
const MOST_DAYS = 92;
const MOST_CUSTOMERS = 50_000;
const MOST_HITS = 200;
const AT_ONCE = 8;

/** What happened to a customer later, by the list of that day. Null where the list does not tell. */
type Fate =
  | { readonly state: 'answered'; readonly at: string; readonly channel: Channel }
  | { readonly state: 'waiting'; readonly asOf: string }
  | null;

/** A match in the report of a day. */
interface Hit {
  readonly day: Day;
  readonly match: Match;
  readonly customer: Customer;
  /** The name as that report shows names. */
  readonly contacts: Summary['contacts'];
  readonly missed: Pick<Callback, 'channels' | 'attempts' | 'firstMissedAt' | 'lastMissedAt' | 'ticketNo'> &
    Partial<Pick<Callback, 'ticketId'>>;
  readonly fate: Fate;
}

/** From a report, or from the list of waiting customers. */
type Named = Hit['missed'] & Pick<Callback, 'customer'>;

export interface SearchResult {
  /** The newest day first; within a day in the order of its report. */
  readonly hits: readonly Hit[];
  /** The first and the last day that were searched; null where no report is older. */
  readonly searched: { readonly from: Day; readonly to: Day; readonly days: number } | null;
  /** The searched days whose report cannot be read. */
  readonly unreadable: readonly Day[];
  /** The next search begins before this day; null where no older report exists. */
  readonly before: Day | null;
}

/** Searches the reports before the given day, within the limits of one request. */
export async function searchDays(
  reports: ReportReader,
  query: SearchQuery,
  before: Day,
): Promise<SearchResult> {
  const to = await findNewest(reports, before);
  if (to === null) return { hits: [], searched: null, unreadable: [], before: null };
  const first = addDays(to, 1 - MOST_DAYS);
  const days = (await reports.days(first, to)).toReversed();
  const read: SearchedDay[] = [];
  let left = { customers: MOST_CUSTOMERS, hits: MOST_HITS };
  while (read.length < days.length && left.customers > 0 && left.hits > 0) {
    const some = days.slice(read.length, read.length + AT_ONCE);
    for (const one of await Promise.all(some.map((day) => searchDay(reports, query, day)))) {
      if (left.customers <= 0 || left.hits <= 0) break;
      read.push(one);
      left = { customers: left.customers - one.customers, hits: left.hits - one.hits.length };
    }
  }
  const isWhole = read.length === days.length;
  const from = isWhole ? first : (read.at(-1)?.day ?? first);
  return {
    hits: read.flatMap(({ hits }) => hits),
    searched: { from: read.at(-1)?.day ?? from, to, days: read.length },
    unreadable: read.flatMap(({ day, isReadable }) => (isReadable ? [] : [day])),
    before: (await findNewest(reports, from)) === null ? null : from,
  };
}

interface SearchedDay {
  readonly day: Day;
  readonly isReadable: boolean;
  readonly customers: number;
  readonly hits: readonly Hit[];
}

async function searchDay(reports: ReportReader, query: SearchQuery, day: Day): Promise<SearchedDay> {
  const summary = await reports.read({ day });
  if (summary === null) return { day, isReadable: false, customers: 0, hits: [] };
  const waiting = await reports.waitingFor(summary);
  const fateOf = fatesOf(waiting);
  const toHit = (missed: Named, contacts: Summary['contacts'], fate: Fate): Hit[] => {
    const match = matchOf(missed.customer, missed.ticketNo, query);
    const { customer } = missed;
    return match === null ? [] : [{ day, match, customer, contacts, missed, fate }];
  };
  const earlier = (waiting?.waiting ?? []).filter(({ callbacks }) => callbacks.length === 0);
  const still: Fate = waiting && { state: 'waiting', asOf: waiting.asOf };
  return {
    day,
    isReadable: true,
    customers: summary.callbacks.length + earlier.length,
    hits: [
      ...summary.callbacks.flatMap((one) => toHit(one, summary.contacts, fateOf(one.customer.key))),
      ...earlier.flatMap((one) => toHit(one, waiting?.contacts ?? 'masked', still)),
    ],
  };
}

function fatesOf(waiting: Waiting | null): (key: string) => Fate {
  if (waiting === null) return () => null;
  const { asOf } = waiting;
  const answered = new Map(waiting.answered.map(({ key, at, channel }) => [key, { at, channel }]));
  const still = new Set(waiting.waiting.flatMap(({ callbacks }) => callbacks));
  return (key) => {
    const by = answered.get(key);
    if (by !== undefined) return { state: 'answered', ...by };
    return still.has(key) ? { state: 'waiting', asOf } : null;
  };
}

/** The most matches shown of one day. The page of that day has the rest. */
const SHOWN_A_DAY = 50;

export interface SearchPage {
  readonly typed: string;
  /** Null where the text is empty. */
  readonly query: SearchQuery | 'too-short' | 'too-long' | null;
  /** Null where there was no search. */
  readonly found: SearchResult | null;
}

/** The reports that name a customer. Each match shows no more than its report shows. */
export function renderSearch({ typed, query, found }: SearchPage, visit: Visit): Html {
  const { pageMessages } = visit.formatter;
  return html`<h1>${pageMessages.search.title}</h1>
    ${searchForm(visit, typed)}
    <p class="muted note">${pageMessages.search.what}</p>
    ${query === 'too-short' && html`<p>${pageMessages.search.tooShort}</p>`}
    ${query === 'too-long' && html`<p>${pageMessages.search.tooLong}</p>`}
    ${found !== null && results(found, typed, visit)}`;
}

function results(found: SearchResult, typed: string, visit: Visit): Html {
  const { formatter, links } = visit;
  const { pageMessages, report } = formatter;
  const { hits, searched, unreadable, before } = found;
  if (searched === null) return html`<p>${pageMessages.search.noReports}</p>`;
  const { format } = report;
  const span = pageMessages.period(format.day(searched.from), format.day(searched.to));
  const days = format.count(searched.days);
  const says =
    hits.length === 0
      ? pageMessages.search.none(days, span, searched.days)
      : pageMessages.search.found(format.count(hits.length), days, span, hits.length, searched.days);
  const byDay = [...Map.groupBy(hits, ({ day }) => day)];
  return html`<p role="status">${says}</p>
    ${hits.some(({ match }) => match === 'may-be') && html`<p class="muted note">${pageMessages.search.mayBeNote}</p>`}
    ${byDay.map(([day, ofDay]) => dayHits(day, ofDay, visit))}
    ${
      unreadable.length > 0 &&
      html`<p class="bad">${pageMessages.search.unreadable} ${unreadable.map((day) => html`<a href="${links.day(day)}">${format.day(day)}</a> `)}</p>`
    }
    ${before !== null && html`<p><a class="button inline" rel="next" href="${links.search(typed, before)}">${pageMessages.search.further(format.day(before))}</a></p>`}`;
}

function dayHits(day: string, hits: readonly Hit[], visit: Visit): Html {
  const { formatter, links } = visit;
  const { pageMessages, report } = formatter;
  const rest = hits.length - SHOWN_A_DAY;
  const list = `${links.day(day)}#waiting`;
  return html`<section class="hits"><h2><a href="${list}">${report.format.weekdayAndDay(day)}</a></h2>
    <ul>${hits.slice(0, SHOWN_A_DAY).map((hit) => html`<li>${hitLines(hit, visit)}</li>`)}</ul>
    ${rest > 0 && html`<p><a href="${list}">${pageMessages.search.more(report.format.count(rest), rest)}</a></p>`}</section>`;
}

function hitLines({ customer, contacts, missed, match, fate, day }: Hit, visit: Visit): Html {
  const { formatter } = visit;
  const { pageMessages, report } = formatter;
  const { messages, format } = report;
  const { attempts, channels, firstMissedAt, lastMissedAt } = missed;
  const phone = visible(customer.phone, 20);
  const email = visible(customer.email, 40);
  const last = timeOf(lastMissedAt, day, formatter);
  const details = [
    namesOf(channels, report),
    attempts > 1
      ? pageMessages.search.missedTimes(format.count(attempts), timeOf(firstMissedAt, day, formatter), last)
      : pageMessages.search.missedAt(last),
  ].join('\u00a0· ');
  const ticket = ticketOf(missed, visit);
  return html`<b>${visible(customer.name, 80) ?? messages.noName}</b>${match === 'may-be' && html` <span class="tag">${pageMessages.search.mayBe}</span>`}
    ${phone !== null && html` <span class="contact">${dialled(phone, contacts)}</span>`}${email !== null && html` <span class="contact">${email}</span>`}
    <div class="muted">${details}${ticket !== null && html`\u00a0· ${ticket}`}</div>
    ${fate !== null && html`<div>${sayFate(fate, day, formatter)}</div>`}`;
}

function ticketOf(missed: Hit['missed'], { formatter, ticket: template }: Visit): Html | null {
  const number = visible(missed.ticketNo, 20);
  if (number === null) return null;
  const says = formatter.report.messages.list.ticket(number);
  const url = ticketLink(template, missed);
  return url === null ? html`${says}` : html`<a href="${url}">${says}</a>`;
}

function dialled(phone: string, contacts: Hit['contacts']): Html {
  const number = phone.replaceAll(/[\s().-]/g, '');
  const isDialled = contacts === 'full' && /^\+?\d{7,15}$/.test(number);
  return isDialled ? html`<a href="tel:${number}">${phone}</a>` : html`${phone}`;
}

function sayFate(fate: NonNullable<Hit['fate']>, day: string, formatter: PageFormatter): string {
  const { pageMessages, report } = formatter;
  return fate.state === 'answered'
    ? pageMessages.search.answered(timeOf(fate.at, day, formatter), report.messages.channels[fate.channel])
    : pageMessages.search.waiting(timeOf(fate.asOf, day, formatter));
}

/** The time, with its date where that is not the day of the heading. */
function timeOf(at: string, day: string, { dates }: PageFormatter): string {
  const on = at.slice(0, 10);
  return on === day ? wallClock(at) : `${wallClock(at)}, ${dates.dayAndMonth(on)}`;
}
