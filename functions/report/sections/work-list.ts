import type { Day } from '../../calendar/day.ts';
import { toZonedIso } from '../../calendar/time-zone.ts';
import { provenChannels } from '../../capture/coverage.ts';
import type { Channel } from '../../chats/channel.ts';
import { ticketLink } from '../../chats/chat.ts';
import { isStatusUnknown } from '../../metrics/rates.ts';
import type { Summary } from '../../metrics/summary.ts';
import type { Waiting, WaitingCustomer } from '../../metrics/waiting.ts';
import { countsOf, everyoneIn, reachOf, type WorkList } from '../../metrics/work-list.ts';
import type { EarlierDay, LackingDay } from '../baselines.ts';
import { type LocaleFormatter, namesOf, wallClock } from '../locale-formatter.ts';
import { capitalized, visible } from '../plain-text.ts';
import {
  asOfWords,
  dayWordOf,
  deadlineOf,
  isSoonToCome,
  type Reading,
  sayWaiting,
  untilOf,
  whenOf,
} from '../reply-deadline.ts';
import type { ReaderLinks } from '../report-input.ts';
import { emptyOf, isQuiet, type Quiet } from '../silence.ts';
import type { WorkAction, WorkGroup, WorkRow, WorkSection } from '../view.ts';
import { listFacts } from './list-facts.ts';
import { isPartial, missingOf } from './missing.ts';

/** So long after a customer wrote Meta lets a person answer, by the tag of the human agent. */
const HUMAN_AGENT_SECONDS = 7 * 86_400;

/** Of which list a row is, and how it is read. */
export interface RowOptions {
  /** Misses of its day are told without their date. */
  readonly of: Pick<Summary, 'day' | 'contacts' | 'replyHours' | 'timeZone'>;
  readonly reading: Reading;
  readonly links: ReaderLinks;
  readonly formatter: LocaleFormatter;
}

/** One who waits: who it is, until when, what went wrong, and one thing to tap. */
export function workRow(
  item: WaitingCustomer,
  number: number,
  isListedSoon: boolean,
  options: RowOptions,
): WorkRow {
  const { of, reading, links, formatter } = options;
  const { messages, format } = formatter;
  const say = messages.list;
  const { customer, channels } = item;
  // As it is by now: the order stays as it was.
  const reach = reachOf(item, of, reading.at);
  const name = visible(customer.name, 70) ?? messages.noName;
  const deadline = deadlineOf(item, reading, of, formatter);
  const isSoon = isListedSoon && deadline?.isOpen === true;
  const ticketNo = visible(item.ticketNo, 20);
  const url = ticketLink(links.ticket, item);
  const ticket = ticketNo === null ? null : { text: say.ticket(ticketNo), url };
  const action = actionOf(item, url, isSoon, options);
  const [phone, email] = [visible(customer.phone, 20), visible(customer.email, 44)];
  return {
    number: format.count(number),
    name,
    said: saidOf(item, deadline?.time ?? null, options),
    channels: namesOf(channels, formatter),
    // What the button says is not said twice.
    contacts: [action?.kind === 'call' ? null : phone, email].filter((contact) => contact !== null),
    ticket,
    reach:
      reach === 'channel'
        ? say.only(namesOf(writable(channels, of), formatter))
        : reach === 'byHand'
          ? byHandOf(item, options)
          : null,
    deadline,
    noDeadline: say.noDeadline,
    isSoon,
    action,
  };
}

/** Where they can be answered; LiveChat is over once they have left. */
function writable(channels: readonly Channel[], { replyHours }: RowOptions['of']): Channel[] {
  return channels.filter((channel) => channel !== 'livechat' || replyHours.livechat !== undefined);
}

function byHandOf(
  { channels, lastChannel, lastMissedAt }: WaitingCustomer,
  { of, reading, formatter }: RowOptions,
): string {
  const { byHand } = formatter.messages.list;
  if (channels.includes('zalo')) return byHand.zalo;
  // When they were missed on Messenger before that is not told.
  if (lastChannel !== 'messenger') return byHand.messengerPerhaps;
  const end = Date.parse(lastMissedAt) / 1_000 + HUMAN_AGENT_SECONDS;
  if (end * 1_000 <= reading.at) return byHand.over;
  return byHand.messenger(whenOf(toZonedIso(end, of.timeZone), reading, of, formatter));
}

/** One thing to tap: the surest way that there is. What is masked can be neither called nor written to. */
function actionOf(
  { customer }: WaitingCustomer,
  ticket: string | null,
  isUrgent: boolean,
  { of, formatter }: RowOptions,
): WorkAction | null {
  const say = formatter.messages.list;
  const isKnown = of.contacts === 'full';
  const [phone, email] = [visible(customer.phone, 20), visible(customer.email, 254)];
  const number = phone === null || !isKnown ? null : dialled(phone);
  const address = email === null || !isKnown ? null : mailed(email);
  if (phone !== null && number !== null) {
    return { kind: 'call', text: say.call(phone), url: `tel:${number}`, isUrgent };
  }
  if (address !== null) return { kind: 'mail', text: say.mail, url: `mailto:${address}`, isUrgent: false };
  return ticket === null ? null : { kind: 'ticket', text: say.openTicket, url: ticket, isUrgent: false };
}

/** @returns null for what a stranger wrote that is no number */
function dialled(phone: string): string | null {
  const number = phone.replaceAll(/[\s().-]/g, '');
  return /^\+?\d{7,15}$/.test(number) ? number : null;
}

/** @returns null for what could say more than an address, such as a subject or a copy */
function mailed(email: string): string | null {
  return /^[\w.+-]{1,64}@[a-z\d.-]{1,190}\.[a-z]{2,24}$/i.test(email) ? email : null;
}

/** What went wrong, in a sentence. A miss at the very clock time of the deadline beside it is not told twice. */
function saidOf(item: WaitingCustomer, deadlineTime: string | null, options: RowOptions): string {
  const { of, formatter } = options;
  const { messages, format } = formatter;
  const say = messages.list;
  const { attempts, firstMissedAt, lastMissedAt, waitedSeconds } = item;
  // Of two times of one day the later one has it.
  const isOneDay = firstMissedAt.slice(0, 10) === lastMissedAt.slice(0, 10);
  const first = isOneDay ? wallClock(firstMissedAt) : atOf(firstMissedAt, options);
  const last = atOf(lastMissedAt, options);
  const isTimeSaid = deadlineTime === wallClock(lastMissedAt);
  const isLeftOut = isToldByDeadline(item, of.day);
  const waited = waitedSeconds === null ? null : format.duration(waitedSeconds);
  const isLastLeftOut = attempts > 1 && isLeftOut;
  const parts = [
    attempts > 1 ? say.missedTimesFirst(format.count(attempts), first, attempts) : null,
    isLeftOut ? null : lastOf(attempts, isTimeSaid, last, lastMissedAt, formatter),
    waited === null ? null : isLastLeftOut ? say.lastWaited(waited) : say.waited(waited),
    reasonOf(item, formatter),
  ].filter((part) => part !== null);
  const said = parts.length === 0 ? say.missedAt(last) : parts.join(', ');
  return `${capitalized(said)}.`;
}

/** Whether the last miss was at the clock time of the deadline, on the reported day. */
function isToldByDeadline(
  { replyBy, lastMissedAt }: Pick<WaitingCustomer, 'replyBy' | 'lastMissedAt'>,
  day: Day,
): boolean {
  if (replyBy === null || lastMissedAt.slice(0, 10) !== day) return false;
  return wallClock(replyBy) === wallClock(lastMissedAt);
}

function lastOf(
  attempts: number,
  isTimeSaid: boolean,
  last: string,
  at: string,
  { messages, format }: LocaleFormatter,
): string {
  const say = messages.list;
  if (attempts > 1) return say.lastAt(last);
  return isTimeSaid ? say.missedOn(format.dayName(at.slice(0, 10))) : say.missedAt(last);
}

/** The clock time, with its day where that is not the reported one. */
function atOf(at: string, { of, reading, formatter }: RowOptions): string {
  const day = at.slice(0, 10);
  return day === of.day ? wallClock(at) : `${wallClock(at)} ${dayWordOf(day, reading, formatter)}`;
}

/** Why it was probably missed; nothing where that is not known. */
function reasonOf({ cause, agent }: WaitingCustomer, { messages }: LocaleFormatter): string | null {
  const say = messages.list;
  if (cause === 'outOfHours') return say.reasons.outOfHours;
  const name = visible(agent?.name, 40) ?? visible(agent?.email, 40);
  if (name !== null) return say.assigned(name);
  if (cause !== 'unknown') return say.reasons[cause];
  // It is left out where it was counted before agents were told of: then that there is none is not known.
  return agent === null ? say.reasons.unassigned : null;
}

/** What comes after them has to be seen too; all of them are in the workbook and on the page. */
const SHOWN = 15;
/** Of those who cannot be reached. */
const UNREACHABLE_SHOWN = 3;
/** So few need no headings. */
const FEW_ROWS = 3;

export interface WorkOptions {
  readonly summary: Summary;
  readonly list: WorkList;
  readonly waiting: Waiting | null;
  readonly quiet: Quiet;
  readonly reading: Reading;
  readonly history: readonly EarlierDay[];
  readonly lacking: readonly LackingDay[];
  readonly links: ReaderLinks;
  readonly formatter: LocaleFormatter;
  /** How many rows are shown; those who cannot be reached among them, where it is not a mail's. */
  readonly most?: number;
}

/** Whom to answer, in the order of work: deadline, who it is, what went wrong, and one thing to tap. */
export function workSection(options: WorkOptions): WorkSection {
  const { summary, list, reading, formatter, most = SHOWN } = options;
  const { messages, format } = formatter;
  const say = messages.list;
  const everyone = everyoneIn(list);
  const until = untilOf(list.soonUntil, summary.timeZone, reading, formatter);
  const title = sayWaiting(everyone.length, options, formatter);
  const isToCome = isSoonToCome(list, reading);
  const isNone = everyone.length === 0;
  const reachable = list.soon.length + list.next.length;
  const isSplit = reachable > FEW_ROWS;
  const numbered = rowsOf(options);
  const [soon, next] = [numbered.slice(0, list.soon.length), numbered.slice(list.soon.length, reachable)];
  const shown = (rows: readonly WorkRow[], before: number) => rows.slice(0, Math.max(0, most - before));
  const groups: WorkGroup[] = [
    {
      title: isSplit ? (isToCome ? say.soon : say.soonOver)(until.text, format.count(soon.length)) : null,
      note: null,
      isUrgent: isToCome,
      rows: shown(soon, 0),
    },
    {
      title: isSplit ? say.next(format.count(next.length)) : null,
      note: isSplit && soon.length < most ? say.nextOrder : null,
      isUrgent: false,
      rows: shown(next, soon.length),
    },
  ].filter(({ rows }) => rows.length > 0);
  return {
    title: isPartial(summary)
      ? say.titleWithout(title, missingOf(summary, formatter), format.shortDay(summary.day))
      : title,
    counts: isNone ? null : countsLine(options, until.text),
    asOf: isNone ? null : asOfLine(options),
    head: [say.deadlineColumn, say.customerColumn],
    groups,
    unreachable: unreachableGroup(options, numbered.slice(reachable)),
    more: moreLine(options, reachable - most),
    facts: listFacts(options),
    isEmpty: isNone,
    none: isNone ? noneLine(summary, options.quiet, formatter) : null,
  };
}

function countsLine(
  { list, summary, reading, formatter }: WorkOptions,
  until: string,
): WorkSection['counts'] {
  const { messages, format } = formatter;
  const say = messages.list;
  const everyone = everyoneIn(list);
  const { withPhone, soon: expiring } = countsOf(list);
  const soon = isSoonToCome(list, reading) ? expiring : 0;
  const earlier = everyone.filter(({ firstMissedAt }) => firstMissedAt.slice(0, 10) < summary.day);
  const [oldest] = earlier.map(({ firstMissedAt }) => firstMissedAt.slice(0, 10)).toSorted();
  const parts = [
    ...(soon > 0 ? [say.expireBefore(format.count(soon), until, soon)] : []),
    ...(withPhone > 0 ? [say.withPhone(format.count(withPhone), withPhone)] : []),
  ];
  return {
    lead: parts.length === 0 ? '' : `${parts.join(', ')}.`,
    rest:
      oldest === undefined
        ? ''
        : say.sinceEarlier(format.count(earlier.length), format.dayName(oldest), earlier.length),
  };
}

function asOfLine({ list, summary, reading, formatter }: WorkOptions): string {
  const { messages, format } = formatter;
  const at = asOfWords(list, reading, summary, formatter);
  const isTimeLeftOut = everyoneIn(list).some((one) => isToldByDeadline(one, summary.day));
  return [
    list.isFollowed ? messages.list.asOf(at) : messages.list.asOfDay(format.dayName(summary.day)),
    ...(isTimeLeftOut ? [messages.list.missedTimes(format.dayName(summary.day))] : []),
  ].join(' ');
}

/** Of the whole list, with their numbers. */
function rowsOf(options: WorkOptions): WorkRow[] {
  const { list } = options;
  const soon = new Set(list.soon);
  return everyoneIn(list).map((item, place) =>
    workRow(item, place + 1, soon.has(item), { ...options, of: options.summary }),
  );
}

function unreachableGroup(
  { list, formatter, most }: WorkOptions,
  rows: readonly WorkRow[],
): WorkSection['unreachable'] {
  const { messages, format } = formatter;
  if (list.unreachable.length === 0) return null;
  const shown = rows.slice(0, most ?? UNREACHABLE_SHOWN);
  const rest = rows.length - shown.length;
  return {
    title: messages.list.unreachable(format.count(rows.length)),
    note: messages.list.unreachableWhy,
    rows: shown,
    more: rest > 0 ? `${messages.list.moreUnreachable(format.count(rest), rest)}.` : null,
  };
}

/** What the rows leave out, and where it is. */
function moreLine({ list, links, summary, formatter }: WorkOptions, rest: number): WorkSection['more'] {
  if (rest <= 0) return null;
  const { messages, format } = formatter;
  const say = messages.list;
  const sheet = messages.workbook.sheets.waiting;
  const lead = say.more(format.count(rest), rest);
  const url = pageOf(links, summary);
  if (url === null) return { lead, link: null, tail: say.inWorkbook(sheet) };
  return {
    lead,
    link: { text: say.allOnPage(format.count(everyoneIn(list).length)), url },
    tail: say.orWorkbook(sheet),
  };
}

/** The page of the day, at its list. */
function pageOf({ pages }: ReaderLinks, { day }: Pick<Summary, 'day'>, place = 'waiting'): string | null {
  return pages === null ? null : `${pages}/days/${day}#${place}`;
}

/** Whether that none waits is a zero: on a day on which what should speak is silent it is not. */
export function isNoneKnown(summary: Summary, quiet: Quiet): boolean {
  const { totals } = summary;
  return !(isStatusUnknown(totals) || isPartial(summary) || isQuiet(quiet));
}

function noneLine(summary: Summary, quiet: Quiet, formatter: LocaleFormatter): string | null {
  const empty = emptyOf(quiet);
  const { totals } = summary;
  const say = formatter.messages.list;
  if (isStatusUnknown(totals)) return say.noneUnknown;
  if (isPartial(summary)) {
    const busy = provenChannels(summary.completeness).filter((channel) => !empty.includes(channel));
    return say.noneOf(namesOf(busy, formatter), missingOf(summary, formatter));
  }
  if (!isQuiet(quiet)) return null;
  if (quiet.silent.some(({ since }) => since !== null)) return say.noneOfThese;
  return totals.chats === 0 ? say.noneKnown : say.noneElsewhere;
}
