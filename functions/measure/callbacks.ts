import { CHANNELS, type Channel } from '../chat/channel.ts';
import type { Chat } from '../chat/chat.ts';
import { isErased } from '../chat/erased-customer.ts';
import { toZonedIso } from '../time/zone.ts';
import { publicKey } from './customer-identity.ts';
import { maskEmail, maskName, maskPhone } from './mask.ts';
import type { Callback } from './summary.ts';

/** The missed chats of one customer, so far. */
interface Missed {
  readonly identity: string;
  readonly channels: Set<Channel>;
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
    if (isErased(chat.customerId)) return;
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
    missed.channels.add(chat.channel);
    missed.firstAt = Math.min(missed.firstAt, chat.startedAt.epochSeconds);
    if (compareStart(chat, missed.last) > 0) missed.last = chat;
    for (const field of CONTACT_FIELDS) {
      const value = chat[field];
      const known = missed.contact[field];
      if (value !== null && (known === null || compareStart(chat, known.from) > 0)) {
        missed.contact[field] = { value, from: chat };
      }
    }
  }

  /** Most attempts first, then the latest. */
  toCallbacks(options: CallbackOptions): Callback[] {
    return [...this.#missed]
      .filter(
        ([customer, { last }]) => !(Number(this.#answeredAt.get(customer)) > last.startedAt.epochSeconds),
      )
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
    channels: new Set(),
    attempts: 0,
    firstAt: chat.startedAt.epochSeconds,
    last: chat,
    contact: { customerName: null, customerPhone: null, customerEmail: null },
  };
}

function toCallback(missed: Missed, key: string, { timeZone, contacts }: CallbackOptions): Callback {
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
    lastMissedAt: toZonedIso(missed.last.startedAt.epochSeconds, timeZone),
    ticketNo: missed.last.ticketNo,
    conversationId: missed.last.conversationId,
  };
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
