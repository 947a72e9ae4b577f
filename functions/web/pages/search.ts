import { addDays, type Day } from '../../calendar/day.ts';
import type { Channel } from '../../chats/channel.ts';
import { ticketLink } from '../../chats/chat.ts';
import { normalizeEmail, normalizePhone } from '../../chats/customer-identity.ts';
import { contactKeyOf, publicKey } from '../../chats/people.ts';
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

/** As long as a name that a report shows, and some more. */
const LONGEST = 100;
/** Of letters and digits: one alone would find almost everyone. */
const LEAST_SIGNS = 2;

/** What a masked number must still show to be compared with a whole one. */
const LEAST_HEAD = 2;
const LEAST_TAIL = 2;

/** Signs that a phone number is written with, and no others. */
const DIALLED = /^[\d\s+()./\u2010-\u2015-]+$/;
const LEAST_DIGITS = /(?:\d\D*){7}/;
const MASK = '*';

/** Who is looked for, as a reader typed it. */
export interface Sought {
  readonly text: string;
  /** Of a name, each folded. */
  readonly messages: readonly string[];
  /** As a ticket or a shown contact is compared. */
  readonly plain: string;
  /** Its normal form; null for what is no whole number. */
  readonly phone: string | null;
  readonly email: string | null;
}

/** Whether a report names whom the reader means: by what it shows they may be, where that is masked. */
type Match = 'is' | 'may-be';

/** @returns why it cannot be looked for, where it cannot */
export function readSought(typed: string): Sought | 'too-short' | 'too-long' {
  const text = canonicalText(typed.slice(0, LONGEST + 1));
  if (typed.length > LONGEST) return 'too-long';
  if ((text.match(/[\p{L}\p{N}]/gu) ?? []).length < LEAST_SIGNS) return 'too-short';
  const digits = toAsciiDigits(text);
  return {
    text,
    messages: fold(text).split(' '),
    plain: text.replace(/^#/, '').trim().toLowerCase(),
    phone: DIALLED.test(digits) ? normalizePhone(digits) : null,
    email: normalizeEmail(text),
  };
}

/**
 * A name as it is searched: without marks, in capital letters. Small ones would not do, since that of Σ hangs on where it stands.
 */
function fold(name: string): string {
  const plain = canonicalText(name).normalize('NFKD').toUpperCase().normalize('NFKD');
  return canonicalText(plain.replaceAll(/\p{M}/gu, '').replaceAll('Đ', 'D'));
}

/** Only what the report says of them is compared, and the hash by which it calls those without a customer id. */
function matchOf(customer: Customer, ticketNo: string | null, sought: Sought): Match | null {
  if (isNamed(customer.name, sought) || isTicket(ticketNo, sought) || isShown(customer, sought)) return 'is';
  if (sought.phone === null && sought.email === null) return null;
  if (hasContact(customer, sought)) return 'is';
  return fitsMasked(customer, sought) ? 'may-be' : null;
}

function isNamed(name: string | null, { messages }: Sought): boolean {
  if (name === null) return false;
  const folded = fold(name);
  return messages.every((word) => folded.includes(word));
}

function isTicket(ticketNo: string | null, { plain }: Sought): boolean {
  return ticketNo !== null && canonicalText(ticketNo).toLowerCase() === plain;
}

/** A part of an address, or a number with its mask: as it stands in the report. */
function isShown({ phone, email }: Customer, { plain }: Sought): boolean {
  if (!/[@*]/.test(plain)) return false;
  return [phone, email].some((contact) => contact?.toLowerCase().includes(plain));
}

function hasContact({ key, name, phone, email }: Customer, sought: Sought): boolean {
  const values = [
    ...(sought.phone === null ? [] : [`phone:${sought.phone}`]),
    ...(sought.email === null ? [] : [`email:${sought.email}`]),
  ];
  const known = contactKeyOf(key);
  return (
    values.some((value) => publicKey(value) === known) ||
    [phone, email, name].some((text) => text !== null && holdsAny(text, values, sought))
  );
}

function holdsAny(text: string, values: readonly string[], { phone, email }: Sought): boolean {
  const mayHold =
    (phone !== null && LEAST_DIGITS.test(toAsciiDigits(text))) || (email !== null && text !== '');
  if (!mayHold) return false;
  const held = contactsIn(text);
  return values.some((value) => held.has(value));
}

/** What a reader could tell by eye, who knows the whole of it. */
function fitsMasked({ phone, email }: Customer, sought: Sought): boolean {
  if (sought.phone !== null && phone?.includes(MASK)) return fitsNumber(phone, sought.phone);
  return sought.email !== null && email?.includes(MASK)
    ? maskEmail(sought.email) === email.toLowerCase()
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

/** Of one request: three months of days, and less where they name many customers or many of them are meant. */
const MOST_DAYS = 92;
const MOST_CUSTOMERS = 50_000;
const MOST_HITS = 200;
const AT_ONCE = 8;

/** What became of a customer, as far as the list of that day tells. Null where it does not. */
type Fate =
  | { readonly state: 'answered'; readonly at: string; readonly channel: Channel }
  | { readonly state: 'waiting'; readonly asOf: string }
  | null;

/** A customer whom the report of a day names. */
interface Hit {
  readonly day: Day;
  readonly match: Match;
  readonly customer: Customer;
  /** As that report names its customers. */
  readonly contacts: Summary['contacts'];
  readonly missed: Pick<Callback, 'channels' | 'attempts' | 'firstMissedAt' | 'lastMissedAt' | 'ticketNo'> &
    Partial<Pick<Callback, 'ticketId'>>;
  readonly fate: Fate;
}

/** Of a report, or of the list of who waits. */
type Named = Hit['missed'] & Pick<Callback, 'customer'>;

export interface SearchResult {
  /** Newest day first; of one day in the order of its report. */
  readonly hits: readonly Hit[];
  /** The days that were searched, both included; null where no report is older. */
  readonly searched: { readonly from: Day; readonly to: Day; readonly days: number } | null;
  /** Those of them whose report cannot be read. */
  readonly unreadable: readonly Day[];
  /** Where to go on: days before it; null where no older report is there. */
  readonly before: Day | null;
}

/** Looks for a customer in the reports of the days before the one that is given, a bounded number of them. */
export async function searchDays(reports: ReportReader, sought: Sought, before: Day): Promise<SearchResult> {
  const to = await findNewest(reports, before);
  if (to === null) return { hits: [], searched: null, unreadable: [], before: null };
  const first = addDays(to, 1 - MOST_DAYS);
  const days = (await reports.days(first, to)).toReversed();
  const read: SearchedDay[] = [];
  let left = { customers: MOST_CUSTOMERS, hits: MOST_HITS };
  while (read.length < days.length && left.customers > 0 && left.hits > 0) {
    const some = days.slice(read.length, read.length + AT_ONCE);
    for (const one of await Promise.all(some.map((day) => searchDay(reports, sought, day)))) {
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

async function searchDay(reports: ReportReader, sought: Sought, day: Day): Promise<SearchedDay> {
  const summary = await reports.read({ day });
  if (summary === null) return { day, isReadable: false, customers: 0, hits: [] };
  const waiting = await reports.waitingFor(summary);
  const fateOf = fatesOf(waiting);
  const toHit = (missed: Named, contacts: Summary['contacts'], fate: Fate): Hit[] => {
    const match = matchOf(missed.customer, missed.ticketNo, sought);
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

/** Of one day; more are on the page of that day. */
const SHOWN_A_DAY = 50;

export interface SearchPage {
  readonly typed: string;
  /** Null where nothing was typed. */
  readonly sought: Sought | 'too-short' | 'too-long' | null;
  /** Null where nothing was looked for. */
  readonly found: SearchResult | null;
}

/** In which reports a customer is named: as each of them names its customers, and no more. */
export function renderSearch({ typed, sought, found }: SearchPage, visit: Visit): Html {
  const { say } = visit.formatter;
  return html`<h1>${say.search.title}</h1>
    ${searchForm(visit, typed)}
    <p class="muted note">${say.search.what}</p>
    ${sought === 'too-short' && html`<p>${say.search.tooShort}</p>`}
    ${sought === 'too-long' && html`<p>${say.search.tooLong}</p>`}
    ${found !== null && results(found, typed, visit)}`;
}

function results(found: SearchResult, typed: string, visit: Visit): Html {
  const { formatter, links } = visit;
  const { say, report } = formatter;
  const { hits, searched, unreadable, before } = found;
  if (searched === null) return html`<p>${say.search.noReports}</p>`;
  const { format } = report;
  const span = say.period(format.day(searched.from), format.day(searched.to));
  const days = format.count(searched.days);
  const says =
    hits.length === 0
      ? say.search.none(days, span, searched.days)
      : say.search.found(format.count(hits.length), days, span, hits.length, searched.days);
  const byDay = [...Map.groupBy(hits, ({ day }) => day)];
  return html`<p role="status">${says}</p>
    ${hits.some(({ match }) => match === 'may-be') && html`<p class="muted note">${say.search.mayBeNote}</p>`}
    ${byDay.map(([day, ofDay]) => dayHits(day, ofDay, visit))}
    ${
      unreadable.length > 0 &&
      html`<p class="bad">${say.search.unreadable} ${unreadable.map((day) => html`<a href="${links.day(day)}">${format.day(day)}</a> `)}</p>`
    }
    ${before !== null && html`<p><a class="button inline" rel="next" href="${links.search(typed, before)}">${say.search.further(format.day(before))}</a></p>`}`;
}

function dayHits(day: string, hits: readonly Hit[], visit: Visit): Html {
  const { formatter, links } = visit;
  const { say, report } = formatter;
  const rest = hits.length - SHOWN_A_DAY;
  const list = `${links.day(day)}#waiting`;
  return html`<section class="hits"><h2><a href="${list}">${report.format.weekdayAndDay(day)}</a></h2>
    <ul>${hits.slice(0, SHOWN_A_DAY).map((hit) => html`<li>${hitLines(hit, visit)}</li>`)}</ul>
    ${rest > 0 && html`<p><a href="${list}">${say.search.more(report.format.count(rest), rest)}</a></p>`}</section>`;
}

function hitLines({ customer, contacts, missed, match, fate, day }: Hit, visit: Visit): Html {
  const { formatter } = visit;
  const { say, report } = formatter;
  const { messages, format } = report;
  const { attempts, channels, firstMissedAt, lastMissedAt } = missed;
  const phone = visible(customer.phone, 20);
  const email = visible(customer.email, 40);
  const last = timeOf(lastMissedAt, day, formatter);
  const details = [
    namesOf(channels, report),
    attempts > 1
      ? say.search.missedTimes(format.count(attempts), timeOf(firstMissedAt, day, formatter), last)
      : say.search.missedAt(last),
  ].join('\u00a0· ');
  const ticket = ticketOf(missed, visit);
  return html`<b>${visible(customer.name, 80) ?? messages.noName}</b>${match === 'may-be' && html` <span class="tag">${say.search.mayBe}</span>`}
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
  const { say, report } = formatter;
  return fate.state === 'answered'
    ? say.search.answered(timeOf(fate.at, day, formatter), report.messages.channels[fate.channel])
    : say.search.waiting(timeOf(fate.asOf, day, formatter));
}

/** With its date, unless it is of the day that stands above it. */
function timeOf(at: string, day: string, { dates }: PageFormatter): string {
  const on = at.slice(0, 10);
  return on === day ? wallClock(at) : `${wallClock(at)}, ${dates.dayAndMonth(on)}`;
}
