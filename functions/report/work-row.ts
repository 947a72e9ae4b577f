import type { Channel } from '../chat/channel.ts';
import { ticketLink } from '../chat/ticket-link.ts';
import type { Summary } from '../measure/summary.ts';
import type { WaitingCustomer } from '../measure/waiting.ts';
import { reachOf } from '../measure/work-list.ts';
import type { Day } from '../time/report-day.ts';
import { toZonedIso } from '../time/zone.ts';
import { dayWordOf, deadlineOf, type Reading, whenOf } from './deadline.ts';
import { wallClock } from './format.ts';
import { capitalized, visible } from './plain-text.ts';
import type { ReaderLinks } from './reader-links.ts';
import type { WorkAction, WorkRow } from './view.ts';
import { namesOf, type Voice } from './voice.ts';

/** So long after a customer wrote Meta lets a person answer, by the tag of the human agent. */
const HUMAN_AGENT_SECONDS = 7 * 86_400;

/** Of which list a row is, and how it is read. */
export interface RowOptions {
  /** Misses of its day are told without their date. */
  readonly of: Pick<Summary, 'day' | 'contacts' | 'replyHours' | 'timeZone'>;
  readonly reading: Reading;
  readonly links: ReaderLinks;
  readonly voice: Voice;
}

/** One who waits: who it is, until when, what went wrong, and one thing to tap. */
export function workRow(
  item: WaitingCustomer,
  number: number,
  isListedSoon: boolean,
  options: RowOptions,
): WorkRow {
  const { of, reading, links, voice } = options;
  const { words, format } = voice;
  const say = words.list;
  const { customer, channels } = item;
  // As it is by now: the order stays as it was.
  const reach = reachOf(item, of, reading.at);
  const name = visible(customer.name, 70) ?? words.noName;
  const deadline = deadlineOf(item, reading, of, voice);
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
    channels: namesOf(channels, voice),
    // What the button says is not said twice.
    contacts: [action?.kind === 'call' ? null : phone, email].filter((contact) => contact !== null),
    ticket,
    reach:
      reach === 'channel'
        ? say.only(namesOf(writable(channels, of), voice))
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
  { of, reading, voice }: RowOptions,
): string {
  const { byHand } = voice.words.list;
  if (channels.includes('zalo')) return byHand.zalo;
  // When they were missed on Messenger before that is not told.
  if (lastChannel !== 'messenger') return byHand.messengerPerhaps;
  const end = Date.parse(lastMissedAt) / 1_000 + HUMAN_AGENT_SECONDS;
  if (end * 1_000 <= reading.at) return byHand.over;
  return byHand.messenger(whenOf(toZonedIso(end, of.timeZone), reading, of, voice));
}

/** One thing to tap: the surest way that there is. What is masked can be neither called nor written to. */
function actionOf(
  { customer }: WaitingCustomer,
  ticket: string | null,
  isUrgent: boolean,
  { of, voice }: RowOptions,
): WorkAction | null {
  const say = voice.words.list;
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
  const { of, voice } = options;
  const { words, format } = voice;
  const say = words.list;
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
    isLeftOut ? null : lastOf(attempts, isTimeSaid, last, lastMissedAt, voice),
    waited === null ? null : isLastLeftOut ? say.lastWaited(waited) : say.waited(waited),
    reasonOf(item, voice),
  ].filter((part) => part !== null);
  const said = parts.length === 0 ? say.missedAt(last) : parts.join(', ');
  return `${capitalized(said)}.`;
}

/** Whether the last miss was at the clock time of the deadline, on the reported day. */
export function isToldByDeadline(
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
  { words, format }: Voice,
): string {
  const say = words.list;
  if (attempts > 1) return say.lastAt(last);
  return isTimeSaid ? say.missedOn(format.dayName(at.slice(0, 10))) : say.missedAt(last);
}

/** The clock time, with its day where that is not the reported one. */
function atOf(at: string, { of, reading, voice }: RowOptions): string {
  const day = at.slice(0, 10);
  return day === of.day ? wallClock(at) : `${wallClock(at)} ${dayWordOf(day, reading, voice)}`;
}

/** Why it was probably missed; nothing where that is not known. */
function reasonOf({ cause, agent }: WaitingCustomer, { words }: Voice): string | null {
  const say = words.list;
  if (cause === 'outOfHours') return say.reasons.outOfHours;
  const name = visible(agent?.name, 40) ?? visible(agent?.email, 40);
  if (name !== null) return say.assigned(name);
  if (cause !== 'unknown') return say.reasons[cause];
  // It is left out where it was counted before agents were told of: then that there is none is not known.
  return agent === null ? say.reasons.unassigned : null;
}
