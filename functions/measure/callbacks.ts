import { CHANNELS, type Channel } from '../chat/channel.ts';
import type { Chat } from '../chat/chat.ts';
import { isErased } from '../chat/erased-customer.ts';
import { toZonedIso } from '../time/zone.ts';
import { publicKey } from './customer-identity.ts';
import { secondsOf } from './figures-tally.ts';
import { maskEmail, maskName, maskPhone } from './mask.ts';
import type { Callback, MissCause, ReplyHours } from './summary.ts';

/** The missed chats of one customer, so far. */
interface Missed {
  readonly identity: string;
  /** Where, and when there the last time. */
  readonly channels: Map<Channel, number>;
  attempts: number;
  firstAt: number;
  last: Chat;
  readonly contact: Record<ContactField, { value: string; from: Chat } | null>;
}

type ContactField = 'customerName' | 'customerPhone' | 'customerEmail';
const CONTACT_FIELDS: readonly ContactField[] = ['customerName', 'customerPhone', 'customerEmail'];

export interface CallbackOptions {
  readonly timeZone: string;
  readonly contacts: 'masked' | 'full';
  readonly replyHours: ReplyHours;
  /** Of a missed chat. */
  readonly causeOf: (chat: Chat) => MissCause;
}

/**
 * Finds whom to call back: customers with a missed chat, and no answered chat of theirs on any channel that started
 * after their last missed one. Chats may come in any order. Who was erased is nobody to call.
 */
export class CallbackTally {
  readonly #missed = new Map<number, Missed>();
  /** When each customer's last answered chat started. */
  readonly #answeredAt = new Map<number, number>();

  add(chat: Chat, identity: string, customer: number): void {
    if (chat.status === 'missed') this.#addMissed(chat, identity, customer);
    if (chat.status !== 'answered') return;
    const startedAt = chat.startedAt.epochSeconds;
    if (startedAt > (this.#answeredAt.get(customer) ?? Number.NEGATIVE_INFINITY)) {
      this.#answeredAt.set(customer, startedAt);
    }
  }

  #addMissed(chat: Chat, identity: string, customer: number): void {
    const missed = this.#missed.get(customer) ?? newMissed(chat, identity);
    this.#missed.set(customer, missed);
    missed.attempts += 1;
    const at = chat.startedAt.epochSeconds;
    missed.channels.set(chat.channel, Math.max(at, missed.channels.get(chat.channel) ?? at));
    missed.firstAt = Math.min(missed.firstAt, at);
    if (compareStart(chat, missed.last) > 0) missed.last = chat;
    for (const field of CONTACT_FIELDS) {
      const value = chat[field];
      const known = missed.contact[field];
      if (value !== null && (known === null || compareStart(chat, known.from) > 0)) {
        missed.contact[field] = { value, from: chat };
      }
    }
  }

  /** Customers who were missed, and answered later; also those who were erased since, so that the figure stays as it was. */
  get recovered(): number {
    return [...this.#missed].filter((one) => this.#isRecovered(one)).length;
  }

  #isRecovered([customer, { last }]: readonly [number, Missed]): boolean {
    return Number(this.#answeredAt.get(customer)) > last.startedAt.epochSeconds;
  }

  /** Most attempts first, then the latest. */
  toCallbacks(options: CallbackOptions): Callback[] {
    return [...this.#missed]
      .filter((one) => !(this.#isRecovered(one) || isErased(one[1].last.customerId)))
      .map(([, missed]) => ({ missed, key: publicKey(missed.identity, missed.last.conversationId) }))
      .sort(
        (left, right) =>
          right.missed.attempts - left.missed.attempts ||
          right.missed.last.startedAt.epochSeconds - left.missed.last.startedAt.epochSeconds ||
          compareText(left.key, right.key) ||
          compareChannel(left.missed.last, right.missed.last),
      )
      .map(({ missed, key }) => toCallback(missed, key, options));
  }
}

function newMissed(chat: Chat, identity: string): Missed {
  return {
    identity,
    channels: new Map(),
    attempts: 0,
    firstAt: chat.startedAt.epochSeconds,
    last: chat,
    contact: { customerName: null, customerPhone: null, customerEmail: null },
  };
}

function toCallback(
  missed: Missed,
  key: string,
  { timeZone, contacts, replyHours, causeOf }: CallbackOptions,
): Callback {
  const { last } = missed;
  const { customerName, customerPhone, customerEmail } = missed.contact;
  const name = customerName?.value ?? null;
  const phone = customerPhone?.value ?? null;
  const email = customerEmail?.value ?? null;
  const masked = contacts === 'masked';
  return {
    customer: {
      key,
      name: name && (masked ? maskName(name) : name),
      phone: phone && (masked ? maskPhone(phone) : phone),
      email: email && (masked ? maskEmail(email) : email),
    },
    channels: CHANNELS.filter((channel) => missed.channels.has(channel)),
    attempts: missed.attempts,
    firstMissedAt: toZonedIso(missed.firstAt, timeZone),
    lastMissedAt: toZonedIso(last.startedAt.epochSeconds, timeZone),
    replyBy: replyBy(missed, replyHours, timeZone),
    lastChannel: last.channel,
    waitedSeconds: secondsOf(last).abandonWait,
    cause: causeOf(last),
    ticketNo: last.ticketNo,
    conversationId: last.conversationId,
  };
}

/** The latest end, of the channels that have one. They wrote at the start of a chat, and perhaps later. */
function replyBy({ channels }: Missed, replyHours: ReplyHours, timeZone: string): string | null {
  const ends = [...channels].flatMap(([channel, at]) => {
    const hours = replyHours[channel];
    return hours === undefined ? [] : [at + hours * 3_600];
  });
  return ends.length === 0 ? null : toZonedIso(Math.max(...ends), timeZone);
}

/** Of two chats that started in one second some must be the later one, and always the same. */
export function compareStart(left: Chat, right: Chat): number {
  return (
    left.startedAt.epochSeconds - right.startedAt.epochSeconds ||
    compareText(left.conversationId, right.conversationId) ||
    compareChannel(left, right)
  );
}

function compareChannel(left: Chat, right: Chat): number {
  return CHANNELS.indexOf(left.channel) - CHANNELS.indexOf(right.channel);
}

/** By code units, so that the order is the same on every machine. */
export function compareText(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}
