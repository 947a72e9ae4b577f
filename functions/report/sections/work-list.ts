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
  asOfMessage,
  dayMessage,
  deadlineOf,
  isSoonToCome,
  type Reading,
  untilOf,
  waitingMessage,
  whenOf,
} from '../reply-deadline.ts';
import type { ReaderLinks } from '../report-input.ts';
import { emptyOf, hasQuietChannels, type QuietChannels } from '../silence.ts';
import type { WorkAction, WorkGroup, WorkRow, WorkSection } from '../view.ts';
import { listFacts } from './list-facts.ts';
import { isPartial, missingNames } from './missing.ts';

/** The list of waiting customers, in the order of work. */

/** Meta lets a person answer for seven days after the customer's message, with its tag "human agent". */
const HUMAN_AGENT_SECONDS = 7 * 86_400;

/** The list of a row, and how it is read. */
export interface RowOptions {
  /** The list. A miss on the day of the list is shown without a date. */
  readonly of: Pick<Summary, 'day' | 'contacts' | 'replyHours' | 'timeZone'>;
  readonly reading: Reading;
  readonly links: ReaderLinks;
  readonly formatter: LocaleFormatter;
}

/**
 * One waiting customer: the name, the deadline, what went wrong, and one action.
 *
 * @param number the place in the whole list, from 1
 * @param isListedSoon whether the list has the customer among those whose time to answer ends soon
 */
export function workRow(
  item: WaitingCustomer,
  number: number,
  isListedSoon: boolean,
  options: RowOptions,
): WorkRow {
  const { of, reading, links, formatter } = options;
  const { messages, format } = formatter;
  const listMessages = messages.list;
  const { customer, channels } = item;
  // The way to reach a customer is that of the time of reading. The order of the list does not change with it.
  const reach = reachOf(item, of, reading.at);
  const name = visible(customer.name, 70) ?? messages.noName;
  const deadline = deadlineOf(item, reading, of, formatter);
  const isSoon = isListedSoon && deadline?.isOpen === true;
  const ticketNo = visible(item.ticketNo, 20);
  const url = ticketLink(links.ticket, item);
  const ticket = ticketNo === null ? null : { text: listMessages.ticket(ticketNo), url };
  const action = actionOf(item, url, isSoon, options);
  const [phone, email] = [visible(customer.phone, 20), visible(customer.email, 44)];
  return {
    number: format.count(number),
    name,
    sentence: missSentence(item, deadline?.time ?? null, options),
    channels: namesOf(channels, formatter),
    // The button shows the phone number already.
    contacts: [action?.kind === 'call' ? null : phone, email].filter((contact) => contact !== null),
    ticket,
    reach:
      reach === 'channel'
        ? listMessages.only(namesOf(writable(channels, of), formatter))
        : reach === 'byHand'
          ? byHandOf(item, options)
          : null,
    deadline,
    noDeadline: listMessages.noDeadline,
    isSoon,
    action,
  };
}

/** The channels on which customers can be answered. LiveChat ends with the visit, unless it has a deadline. */
function writable(channels: readonly Channel[], { replyHours }: RowOptions['of']): Channel[] {
  return channels.filter((channel) => channel !== 'livechat' || replyHours.livechat !== undefined);
}

/** How a person can answer by hand, and until when. */
function byHandOf(
  { channels, lastChannel, lastMissedAt }: WaitingCustomer,
  { of, reading, formatter }: RowOptions,
): string {
  const { byHand } = formatter.messages.list;
  if (channels.includes('zalo')) return byHand.zalo;
  // Only the time of the last miss is known. It was on another channel, so the end on Messenger is unknown.
  if (lastChannel !== 'messenger') return byHand.messengerPerhaps;
  const end = Date.parse(lastMissedAt) / 1_000 + HUMAN_AGENT_SECONDS;
  if (end * 1_000 <= reading.at) return byHand.over;
  return byHand.messenger(whenOf(toZonedIso(end, of.timeZone), reading, of, formatter));
}

/** The surest action: call, write an e-mail, or open the ticket. Masked contacts give no action. Null without any. */
function actionOf(
  { customer }: WaitingCustomer,
  ticket: string | null,
  isUrgent: boolean,
  { of, formatter }: RowOptions,
): WorkAction | null {
  const listMessages = formatter.messages.list;
  const isKnown = of.contacts === 'full';
  const [phone, email] = [visible(customer.phone, 20), visible(customer.email, 254)];
  const number = phone === null || !isKnown ? null : dialled(phone);
  const address = email === null || !isKnown ? null : mailed(email);
  if (phone !== null && number !== null) {
    return { kind: 'call', text: listMessages.call(phone), url: `tel:${number}`, isUrgent };
  }
  if (address !== null)
    return { kind: 'mail', text: listMessages.mail, url: `mailto:${address}`, isUrgent: false };
  return ticket === null
    ? null
    : { kind: 'ticket', text: listMessages.openTicket, url: ticket, isUrgent: false };
}

/** The number for a `tel:` link. Customers write any text. @returns null where the text is no number */
function dialled(phone: string): string | null {
  const number = phone.replaceAll(/[\s().-]/g, '');
  return /^\+?\d{7,15}$/.test(number) ? number : null;
}

/**
 * The address for a `mailto:` link.
 *
 * @returns null where the text could add more to the link than an address, such as a subject or a copy
 */
function mailed(email: string): string | null {
  return /^[\w.+-]{1,64}@[a-z\d.-]{1,190}\.[a-z]{2,24}$/i.test(email) ? email : null;
}

/**
 * What went wrong, in a sentence. Where the deadline beside it has the clock time of the last miss, the sentence does
 * not repeat that time.
 */
function missSentence(item: WaitingCustomer, deadlineTime: string | null, options: RowOptions): string {
  const { of, formatter } = options;
  const { messages, format } = formatter;
  const listMessages = messages.list;
  const { attempts, firstMissedAt, lastMissedAt, waitedSeconds } = item;
  // Where both misses are on one day, only the later time shows the day.
  const isOneDay = firstMissedAt.slice(0, 10) === lastMissedAt.slice(0, 10);
  const first = isOneDay ? wallClock(firstMissedAt) : atOf(firstMissedAt, options);
  const last = atOf(lastMissedAt, options);
  const isTimeSaid = deadlineTime === wallClock(lastMissedAt);
  const isLeftOut = isToldByDeadline(item, of.day);
  const waited = waitedSeconds === null ? null : format.duration(waitedSeconds);
  const isLastLeftOut = attempts > 1 && isLeftOut;
  const parts = [
    attempts > 1 ? listMessages.missedTimesFirst(format.count(attempts), first, attempts) : null,
    isLeftOut ? null : lastOf(attempts, isTimeSaid, last, lastMissedAt, formatter),
    waited === null ? null : isLastLeftOut ? listMessages.lastWaited(waited) : listMessages.waited(waited),
    reasonOf(item, formatter),
  ].filter((part) => part !== null);
  const sentence = parts.length === 0 ? listMessages.missedAt(last) : parts.join(', ');
  return `${capitalized(sentence)}.`;
}

/** Whether the last miss was on the reported day, at the clock time of the deadline. */
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
  const listMessages = messages.list;
  if (attempts > 1) return listMessages.lastAt(last);
  return isTimeSaid ? listMessages.missedOn(format.dayName(at.slice(0, 10))) : listMessages.missedAt(last);
}

/** The clock time. It is followed by the day, unless this is the reported day. */
function atOf(at: string, { of, reading, formatter }: RowOptions): string {
  const day = at.slice(0, 10);
  return day === of.day ? wallClock(at) : `${wallClock(at)} ${dayMessage(day, reading, formatter)}`;
}

/** The probable reason of the miss. Null where it is not known. */
function reasonOf({ cause, agent }: WaitingCustomer, { messages }: LocaleFormatter): string | null {
  const listMessages = messages.list;
  if (cause === 'outOfHours') return listMessages.reasons.outOfHours;
  const name = visible(agent?.name, 40) ?? visible(agent?.email, 40);
  if (name !== null) return listMessages.assigned(name);
  if (cause !== 'unknown') return listMessages.reasons[cause];
  // Old reports did not record agents, so `agent` is undefined there. Only null means that there was none.
  return agent === null ? listMessages.reasons.unassigned : null;
}

/** The reachable customers of a mail. More would hide the sections below. The workbook and the page have all. */
const SHOWN = 15;
/** The unreachable customers of a mail. */
const UNREACHABLE_SHOWN = 3;
/** A list of at most so many rows has no headings. */
const FEW_ROWS = 3;

export interface WorkOptions {
  readonly summary: Summary;
  readonly list: WorkList;
  readonly waiting: Waiting | null;
  readonly quiet: QuietChannels;
  readonly reading: Reading;
  readonly history: readonly EarlierDay[];
  readonly lacking: readonly LackingDay[];
  readonly links: ReaderLinks;
  readonly formatter: LocaleFormatter;
  /** The most reachable customers, and the most unreachable ones. Left out for a mail, which has its own limits. */
  readonly most?: number;
}

/** The waiting customers in the order of work. Where none waits, `none` says why this is not certain. */
export function workSection(options: WorkOptions): WorkSection {
  const { summary, list, reading, formatter, most = SHOWN } = options;
  const { messages, format } = formatter;
  const listMessages = messages.list;
  const everyone = everyoneIn(list);
  const until = untilOf(list.soonUntil, summary.timeZone, reading, formatter);
  const title = waitingMessage(everyone.length, options, formatter);
  const isToCome = isSoonToCome(list, reading);
  const isNone = everyone.length === 0;
  const reachable = list.soon.length + list.next.length;
  const isSplit = reachable > FEW_ROWS;
  const { soon, next } = list;
  const groups: WorkGroup[] = [
    {
      title: isSplit
        ? (isToCome ? listMessages.soon : listMessages.soonOver)(until.text, format.count(soon.length))
        : null,
      note: null,
      isUrgent: isToCome,
      rows: rowsOf(soon.slice(0, most), 1, options),
    },
    {
      title: isSplit ? listMessages.next(format.count(next.length)) : null,
      note: isSplit && soon.length < most ? listMessages.nextOrder : null,
      isUrgent: false,
      rows: rowsOf(next.slice(0, Math.max(0, most - soon.length)), soon.length + 1, options),
    },
  ].filter(({ rows }) => rows.length > 0);
  return {
    title: isPartial(summary)
      ? listMessages.titleWithout(title, missingNames(summary, formatter), format.shortDay(summary.day))
      : title,
    counts: isNone ? null : countsLine(options, until.text),
    asOf: isNone ? null : asOfLine(options),
    head: [listMessages.deadlineColumn, listMessages.customerColumn],
    groups,
    unreachable: unreachableGroup(options, reachable + 1),
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
  const listMessages = messages.list;
  const everyone = everyoneIn(list);
  const { withPhone, soon: expiring } = countsOf(list);
  const soon = isSoonToCome(list, reading) ? expiring : 0;
  const earlier = everyone.filter(({ firstMissedAt }) => firstMissedAt.slice(0, 10) < summary.day);
  const [oldest] = earlier.map(({ firstMissedAt }) => firstMissedAt.slice(0, 10)).toSorted();
  const parts = [
    ...(soon > 0 ? [listMessages.expireBefore(format.count(soon), until, soon)] : []),
    ...(withPhone > 0 ? [listMessages.withPhone(format.count(withPhone), withPhone)] : []),
  ];
  return {
    lead: parts.length === 0 ? '' : `${parts.join(', ')}.`,
    rest:
      oldest === undefined
        ? ''
        : listMessages.sinceEarlier(format.count(earlier.length), format.dayName(oldest), earlier.length),
  };
}

function asOfLine({ list, summary, reading, formatter }: WorkOptions): string {
  const { messages, format } = formatter;
  const at = asOfMessage(list, reading, summary, formatter);
  const isTimeLeftOut = everyoneIn(list).some((one) => isToldByDeadline(one, summary.day));
  return [
    list.isFollowed ? messages.list.asOf(at) : messages.list.asOfDay(format.dayName(summary.day)),
    ...(isTimeLeftOut ? [messages.list.missedTimes(format.dayName(summary.day))] : []),
  ].join(' ');
}

/** Only rows that are shown are made. @param first the number of the first one in the whole list */
function rowsOf(items: readonly WaitingCustomer[], first: number, options: WorkOptions): WorkRow[] {
  const isSoon = first <= options.list.soon.length;
  return items.map((item, place) =>
    workRow(item, first + place, isSoon, { ...options, of: options.summary }),
  );
}

function unreachableGroup(options: WorkOptions, first: number): WorkSection['unreachable'] {
  const { list, formatter, most } = options;
  const { messages, format } = formatter;
  const { length } = list.unreachable;
  if (length === 0) return null;
  const shown = list.unreachable.slice(0, most ?? UNREACHABLE_SHOWN);
  const rest = length - shown.length;
  return {
    title: messages.list.unreachable(format.count(length)),
    note: messages.list.unreachableWhy,
    rows: rowsOf(shown, first, options),
    more: rest > 0 ? `${messages.list.moreUnreachable(format.count(rest), rest)}.` : null,
  };
}

/** How many customers the rows leave out, and where they are listed. Null where there are none. */
function moreLine({ list, links, summary, formatter }: WorkOptions, rest: number): WorkSection['more'] {
  if (rest <= 0) return null;
  const { messages, format } = formatter;
  const listMessages = messages.list;
  const sheet = messages.workbook.sheets.waiting;
  const lead = listMessages.more(format.count(rest), rest);
  const url = pageOf(links, summary);
  if (url === null) return { lead, link: null, tail: listMessages.inWorkbook(sheet) };
  return {
    lead,
    link: { text: listMessages.allOnPage(format.count(everyoneIn(list).length)), url },
    tail: listMessages.orWorkbook(sheet),
  };
}

/** The link to the list on the page of the day. Null where there are no pages. */
function pageOf({ pages }: ReaderLinks, { day }: Pick<Summary, 'day'>, place = 'waiting'): string | null {
  return pages === null ? null : `${pages}/days/${day}#${place}`;
}

/**
 * Whether an empty list means that no customer waits. It does not where statuses are unknown, where a channel is
 * missing, or where a channel is unusually quiet.
 */
export function isNoneKnown(summary: Summary, quiet: QuietChannels): boolean {
  const { totals } = summary;
  return !(isStatusUnknown(totals) || isPartial(summary) || hasQuietChannels(quiet));
}

function noneLine(summary: Summary, quiet: QuietChannels, formatter: LocaleFormatter): string | null {
  const empty = emptyOf(quiet);
  const { totals } = summary;
  const listMessages = formatter.messages.list;
  if (isStatusUnknown(totals)) return listMessages.noneUnknown;
  if (isPartial(summary)) {
    const busy = provenChannels(summary.completeness).filter((channel) => !empty.includes(channel));
    return listMessages.noneOf(namesOf(busy, formatter), missingNames(summary, formatter));
  }
  if (!hasQuietChannels(quiet)) return null;
  if (quiet.silent.some(({ since }) => since !== null)) return listMessages.noneOfThese;
  return totals.chats === 0 ? listMessages.noneKnown : listMessages.noneElsewhere;
}
