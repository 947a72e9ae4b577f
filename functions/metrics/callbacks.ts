import { toZonedIso } from '../calendar/time-zone.ts';
import { CHANNELS, type Channel } from '../chats/channel.ts';
import type { Chat } from '../chats/chat.ts';
import { isErased } from '../chats/customer-identity.ts';
import type { JoinedPeople } from '../chats/people.ts';
import { canonicalText, compareText } from '../text/bounds.ts';
import { maskCustomer } from './masking.ts';
import { TIMES } from './measures.ts';
import type { Recipe } from './recipe.ts';
import type { Callback, CallbackAgent, Customer, MissReason, Summary } from './summary.ts';

export interface CallbackOptions extends Pick<Recipe, 'timeZone' | 'contacts' | 'replyHours'> {
  /** Why a missed chat was probably missed. */
  readonly reasonOf: (chat: Chat) => MissReason;
  /** The agent of a chat. Null without one. */
  readonly agentOf: (chat: Chat) => CallbackAgent | null;
}

/**
 * Finds the customers to call back: those with a missed chat and no answered chat after it, on any channel.
 * Erased customers are left out.
 *
 * Chats may come in any order.
 */
export class CallbackAccumulator {
  readonly #missed = new Map<number, Missed>();
  /** When the last answered chat of each customer started, in seconds since 1970. */
  readonly #answeredAt = new Map<number, number>();

  /** @param customer the number of the chat's customer from `People` */
  add(chat: Chat, customer: number): void {
    if (chat.status === 'missed') this.#addMissed(customer, missedIn(chat));
    if (chat.status === 'answered') this.#addAnswered(customer, chat.startedAt.epochSeconds);
  }

  /** Adds everything of another accumulator. Both must use the same numbers for the same customers. */
  addAll(other: CallbackAccumulator): void {
    for (const [customer, missed] of other.#missed) this.#addMissed(customer, missed);
    for (const [customer, startedAt] of other.#answeredAt) this.#addAnswered(customer, startedAt);
  }

  /**
   * Joins the customers who are one person. Call it after the last chat: from here on numbers stand for
   * persons.
   */
  join(joined: Pick<JoinedPeople, 'isAnyJoined' | 'personOf'>): void {
    if (!joined.isAnyJoined) return;
    for (const [customer, missed] of this.#missed) {
      const person = joined.personOf(customer);
      if (person === customer) continue;
      this.#missed.delete(customer);
      this.#addMissed(person, missed);
    }
    for (const [customer, startedAt] of this.#answeredAt) {
      const person = joined.personOf(customer);
      if (person === customer) continue;
      this.#answeredAt.delete(customer);
      this.#addAnswered(person, startedAt);
    }
  }

  /** `answered` where any chat was answered, otherwise `missed` where any was missed. Null for neither. */
  statusOf(person: number): 'answered' | 'missed' | null {
    if (this.#answeredAt.has(person)) return 'answered';
    return this.#missed.has(person) ? 'missed' : null;
  }

  #addMissed(customer: number, missed: Missed): void {
    const known = this.#missed.get(customer);
    this.#missed.set(customer, known ? joined(known, missed) : missed);
  }

  #addAnswered(customer: number, startedAt: number): void {
    if (startedAt > (this.#answeredAt.get(customer) ?? Number.NEGATIVE_INFINITY)) {
      this.#answeredAt.set(customer, startedAt);
    }
  }

  /**
   * How many customers were missed and answered later. Customers who were erased since then still count, so
   * that the figure stays.
   */
  get recovered(): number {
    return [...this.#missed].filter((one) => this.#isRecovered(one)).length;
  }

  #isRecovered([customer, { last }]: readonly [number, Missed]): boolean {
    return Number(this.#answeredAt.get(customer)) > last.startedAt.epochSeconds;
  }

  /** Most attempts first, then the latest. */
  toCallbacks(joined: Keys, options: CallbackOptions): Callback[] {
    return this.#inOrder(joined).map(({ missed, key }) => toCallback(missed, key, options));
  }

  /** Only the customers, by their numbers, in the same order. */
  toCustomers(joined: Keys, contacts: Summary['contacts']): Map<number, Customer> {
    return new Map(
      this.#inOrder(joined).map(({ customer, missed, key }) => [customer, toCustomer(missed, key, contacts)]),
    );
  }

  #inOrder(joined: Keys): { customer: number; missed: Missed; key: string }[] {
    return [...this.#missed]
      .filter((one) => !(this.#isRecovered(one) || isErased(one[1].last.customerId)))
      .map(([customer, missed]) => ({
        ...{ customer, missed },
        key: shownKey(joined.keyOf(customer), missed.last.conversationId),
      }))
      .sort(
        (left, right) =>
          right.missed.attempts - left.missed.attempts ||
          right.missed.last.startedAt.epochSeconds - left.missed.last.startedAt.epochSeconds ||
          compareText(left.key, right.key) ||
          compareChannel(left.missed.last, right.missed.last),
      );
  }
}

/** The missed chats of one customer so far. */
interface Missed {
  /** The last missed chat of each channel, in seconds since 1970. */
  readonly channels: ReadonlyMap<Channel, number>;
  readonly attempts: number;
  readonly firstAt: number;
  readonly last: Chat;
  readonly contact: Readonly<Record<ContactField, Latest | null>>;
}

type ContactField = 'customerName' | 'customerPhone' | 'customerEmail';

/** The value of the latest chat that has one. */
interface Latest {
  readonly value: string;
  readonly from: Chat;
}

type Keys = Pick<JoinedPeople, 'keyOf'>;

/** A customer without any identifier has the id of the chat as a key. */
function shownKey(key: string, conversationId: string): string {
  return key.startsWith('chat:') ? `chat:${conversationId}` : key;
}

function missedIn(chat: Chat): Missed {
  const at = chat.startedAt.epochSeconds;
  const known = (value: string | null): Latest | null => (value === null ? null : { value, from: chat });
  return {
    channels: new Map([[chat.channel, at]]),
    attempts: 1,
    firstAt: at,
    last: chat,
    contact: {
      customerName: known(chat.customerName),
      customerPhone: known(chat.customerPhone),
      customerEmail: known(chat.customerEmail),
    },
  };
}

function joined(one: Missed, other: Missed): Missed {
  const channels = new Map(one.channels);
  for (const [channel, at] of other.channels)
    channels.set(channel, Math.max(at, channels.get(channel) ?? at));
  return {
    channels,
    attempts: one.attempts + other.attempts,
    firstAt: Math.min(one.firstAt, other.firstAt),
    last: compareStart(other.last, one.last) > 0 ? other.last : one.last,
    contact: {
      customerName: later(one.contact.customerName, other.contact.customerName),
      customerPhone: later(one.contact.customerPhone, other.contact.customerPhone),
      customerEmail: later(one.contact.customerEmail, other.contact.customerEmail),
    },
  };
}

function later(one: Latest | null, other: Latest | null): Latest | null {
  if (one === null || other === null) return one ?? other;
  return compareStart(other.from, one.from) > 0 ? other : one;
}

function toCustomer({ contact }: Missed, key: string, contacts: Summary['contacts']): Customer {
  const customer = {
    key,
    name: contact.customerName?.value ?? null,
    phone: contact.customerPhone?.value ?? null,
    email: contact.customerEmail?.value ?? null,
  };
  return contacts === 'masked' ? maskCustomer(customer) : customer;
}

function toCallback(missed: Missed, key: string, options: CallbackOptions): Callback {
  const { last } = missed;
  const { timeZone, contacts, reasonOf, agentOf } = options;
  return {
    customer: toCustomer(missed, key, contacts),
    channels: CHANNELS.filter((channel) => missed.channels.has(channel)),
    attempts: missed.attempts,
    firstMissedAt: toZonedIso(missed.firstAt, timeZone),
    lastMissedAt: toZonedIso(last.startedAt.epochSeconds, timeZone),
    replyBy: replyBy(missed.channels, options),
    lastChannel: last.channel,
    waitedSeconds: TIMES.abandonWaitSeconds.of(last),
    cause: reasonOf(last),
    agent: agentOf(last),
    ticketId: last.ticketId,
    ticketNo: last.ticketNo,
    conversationId: last.conversationId,
  };
}

/**
 * Until when the customer can be answered: the latest end over the channels that have one. Null where no
 * channel has an end.
 *
 * The time counts from the start of the chat; the customer may have written later.
 */
export function replyBy(
  channels: ReadonlyMap<Channel, number>,
  { replyHours, timeZone }: Pick<Recipe, 'replyHours' | 'timeZone'>,
): string | null {
  const ends = [...channels].flatMap(([channel, at]) => {
    const hours = replyHours[channel];
    return hours === undefined ? [] : [at + hours * 3_600];
  });
  return ends.length === 0 ? null : toZonedIso(Math.max(...ends), timeZone);
}

/** A strict order of chats by start. Chats of the same second are ordered by id and channel. */
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

/**
 * The names of agents. The latest chat that names an agent wins. Otherwise the name of the reference data is
 * taken.
 */
export class AgentNames {
  readonly #listed: ReadonlyMap<string, string>;
  /** By the canonical e-mail address. */
  readonly #latest = new Map<string, Chat>();
  /** The canonical address of each spelling, as a cache. */
  readonly #canonical = new Map<string, string>();

  /** @param listed the names of the reference data, by e-mail address in lower case */
  constructor(listed: ReadonlyMap<string, string>) {
    this.#listed = new Map([...listed].map(([email, name]) => [canonicalText(email), name]));
  }

  add(chat: Chat): void {
    if (chat.agentEmail === null || chat.agentName === null) return;
    const agent = this.#canonicalOf(chat.agentEmail);
    const known = this.#latest.get(agent);
    if (!known || compareStart(chat, known) > 0) this.#latest.set(agent, chat);
  }

  /** Call it after the last chat. @param canonical the canonical e-mail address */
  nameOf(canonical: string): string | null {
    return this.#latest.get(canonical)?.agentName ?? this.#listed.get(canonical) ?? null;
  }

  /** The agent of a chat. Null without one. Call it after the last chat. */
  agentOf({ agentEmail }: Pick<Chat, 'agentEmail'>): CallbackAgent | null {
    const canonical = agentEmail === null ? '' : this.#canonicalOf(agentEmail);
    return agentEmail === null || canonical === ''
      ? null
      : { email: agentEmail, name: this.nameOf(canonical) };
  }

  #canonicalOf(email: string): string {
    const known = this.#canonical.get(email);
    if (known !== undefined) return known;
    const canonical = canonicalText(email);
    this.#canonical.set(email, canonical);
    return canonical;
  }
}
