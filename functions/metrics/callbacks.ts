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
  readonly reasonOf: (chat: MissedChat) => MissReason;
  /** The agent of a chat. Null without one. */
  readonly agentOf: (chat: MissedChat) => CallbackAgent | null;
}

/**
 * Finds the customers to call back: those with a missed chat and no answered chat after it, on any channel.
 * Erased customers are left out.
 *
 * Chats may come in any order.
 */
export class CallbackAccumulator {
  readonly #missed = new Map<number, Missed>();
  /** When the last answered chat of each customer started, in seconds since 1970, by customer. */
  readonly #answeredAt: number[] = [];

  /** @param customer the number of the chat's customer from `People` */
  add(chat: Chat, customer: number): void {
    if (chat.status === 'missed') this.#addMissed(customer, chat);
    if (chat.status === 'answered') this.#addAnswered(customer, chat.startedAt.epochSeconds);
  }

  /** Adds everything of another accumulator. Both must use the same numbers for the same customers. */
  addAll(other: CallbackAccumulator): void {
    for (const [customer, missed] of other.#missed) {
      this.#addAllMissed(customer, missed instanceof MissedChats ? missed.copy() : missed);
    }
    other.#answeredAt.forEach((startedAt, customer) => {
      this.#addAnswered(customer, startedAt);
    });
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
      this.#addAllMissed(person, missed);
    }
    this.#answeredAt.forEach((startedAt, customer) => {
      const person = joined.personOf(customer);
      if (person === customer) return;
      delete this.#answeredAt[customer];
      this.#addAnswered(person, startedAt);
    });
  }

  /** `answered` where any chat was answered, otherwise `missed` where any was missed. Null for neither. */
  statusOf(person: number): 'answered' | 'missed' | null {
    if (this.#answeredAt[person] !== undefined) return 'answered';
    return this.#missed.has(person) ? 'missed' : null;
  }

  #addMissed(customer: number, chat: Chat): void {
    if (this.#missed.has(customer)) this.#addAllMissed(customer, new MissedChats(toMissed(chat)));
    else this.#missed.set(customer, toMissed(chat));
  }

  #addAllMissed(customer: number, missed: Missed): void {
    const known = this.#missed.get(customer);
    if (known === undefined) {
      this.#missed.set(customer, missed);
      return;
    }
    const all = toMany(known);
    all.addAll(toMany(missed));
    this.#missed.set(customer, all);
  }

  #addAnswered(customer: number, startedAt: number): void {
    if (startedAt > (this.#answeredAt[customer] ?? Number.NEGATIVE_INFINITY)) {
      this.#answeredAt[customer] = startedAt;
    }
  }

  /**
   * How many customers were missed and answered later. Customers who were erased since then still count, so
   * that the figure stays.
   */
  get recovered(): number {
    return [...this.#missed].filter((one) => this.#isRecovered(one)).length;
  }

  #isRecovered([customer, missed]: readonly [number, Missed]): boolean {
    return Number(this.#answeredAt[customer]) > lastOf(missed).startedAt.epochSeconds;
  }

  /** Most attempts first, then the latest. */
  toCallbacks(joined: Keys, options: CallbackOptions): Callback[] {
    return this.#inOrder(joined).map(({ missed, key }) => toCallback(toMany(missed), key, options));
  }

  /** Only the customers, by their numbers, in the same order. */
  toCustomers(joined: Keys, contacts: Summary['contacts']): Map<number, Customer> {
    return new Map(
      this.#inOrder(joined).map(({ customer, missed, key }) => [
        customer,
        toCustomer(toMany(missed), key, contacts),
      ]),
    );
  }

  #inOrder(joined: Keys): { customer: number; missed: Missed; key: string }[] {
    return [...this.#missed]
      .filter((one) => !(this.#isRecovered(one) || isErased(lastOf(one[1]).customerId)))
      .map(([customer, missed]) => ({
        ...{ customer, missed },
        ...{ attempts: missed instanceof MissedChats ? missed.attempts : 1, last: lastOf(missed) },
        key: shownKey(joined.keyOf(customer), lastOf(missed).conversationId),
      }))
      .sort(
        (left, right) =>
          right.attempts - left.attempts ||
          right.last.startedAt.epochSeconds - left.last.startedAt.epochSeconds ||
          compareText(left.key, right.key) ||
          compareChannel(left.last, right.last),
      );
  }
}

const CONTACTS = ['customerName', 'customerPhone', 'customerEmail'] as const;

type ContactField = (typeof CONTACTS)[number];

/** What a callback tells of a missed chat. A day may have a hundred thousand, so nothing else of them is held. */
type MissedChat = Pick<
  Chat,
  | 'channel'
  | 'conversationId'
  | 'startedAt'
  | 'waitSeconds'
  | 'agentEmail'
  | 'ticketId'
  | 'ticketNo'
  | 'customerId'
  | ContactField
>;

function toMissed(chat: Chat): MissedChat {
  const { channel, conversationId, startedAt, agentEmail, ticketId, ticketNo } = chat;
  const { customerId, customerName, customerPhone, customerEmail } = chat;
  return {
    ...{ channel, conversationId, startedAt, agentEmail, ticketId, ticketNo },
    ...{ customerId, customerName, customerPhone, customerEmail },
    waitSeconds: TIMES.abandonWaitSeconds.of(chat),
  };
}

/** The missed chats of one customer, at least one. */
class MissedChats {
  attempts = 1;
  firstAt: number;
  last: MissedChat;
  /** When the last missed chat of each channel started, by the channel's place. */
  readonly #lastAt: number[] = [];
  /** The latest missed chat that has the contact. */
  readonly #latest: Record<ContactField, MissedChat | null>;

  constructor(chat: MissedChat) {
    this.firstAt = chat.startedAt.epochSeconds;
    this.last = chat;
    this.#noteChannel(CHANNELS.indexOf(chat.channel), this.firstAt);
    this.#latest = {
      customerName: chat.customerName === null ? null : chat,
      customerPhone: chat.customerPhone === null ? null : chat,
      customerEmail: chat.customerEmail === null ? null : chat,
    };
  }

  addAll(other: MissedChats): void {
    this.attempts += other.attempts;
    this.firstAt = Math.min(this.firstAt, other.firstAt);
    this.last = later(this.last, other.last);
    other.#lastAt.forEach((at, channel) => {
      this.#noteChannel(channel, at);
    });
    for (const field of CONTACTS)
      this.#latest[field] = laterOrNull(this.#latest[field], other.#latest[field]);
  }

  copy(): MissedChats {
    const copy = new MissedChats(this.last);
    copy.attempts = 0;
    copy.addAll(this);
    return copy;
  }

  #noteChannel(place: number, at: number): void {
    this.#lastAt[place] = Math.max(at, this.#lastAt[place] ?? at);
  }

  /** When the last missed chat of each channel started, in seconds since 1970. */
  get channels(): ReadonlyMap<Channel, number> {
    return new Map(
      CHANNELS.flatMap((channel, place) => {
        const at = this.#lastAt[place];
        return at === undefined ? [] : [[channel, at]];
      }),
    );
  }

  contact(field: ContactField): string | null {
    return this.#latest[field]?.[field] ?? null;
  }
}

/** The missed chats of a customer. Most customers have one, which takes a third of the memory. */
type Missed = MissedChat | MissedChats;

function toMany(missed: Missed): MissedChats {
  return missed instanceof MissedChats ? missed : new MissedChats(missed);
}

function lastOf(missed: Missed): MissedChat {
  return missed instanceof MissedChats ? missed.last : missed;
}

function later(one: MissedChat, other: MissedChat): MissedChat {
  return compareStart(other, one) > 0 ? other : one;
}

function laterOrNull(one: MissedChat | null, other: MissedChat | null): MissedChat | null {
  return one === null || other === null ? (one ?? other) : later(one, other);
}

type Keys = Pick<JoinedPeople, 'keyOf'>;

/** A customer without any identifier has the id of the chat as a key. */
function shownKey(key: string, conversationId: string): string {
  return key.startsWith('chat:') ? `chat:${conversationId}` : key;
}

function toCustomer(missed: MissedChats, key: string, contacts: Summary['contacts']): Customer {
  const customer = {
    key,
    name: missed.contact('customerName'),
    phone: missed.contact('customerPhone'),
    email: missed.contact('customerEmail'),
  };
  return contacts === 'masked' ? maskCustomer(customer) : customer;
}

function toCallback(missed: MissedChats, key: string, options: CallbackOptions): Callback {
  const { last, channels } = missed;
  const { timeZone, contacts, reasonOf, agentOf } = options;
  const lastAt = last.startedAt.epochSeconds;
  const firstMissedAt = toZonedIso(missed.firstAt, timeZone);
  return {
    customer: toCustomer(missed, key, contacts),
    channels: [...channels.keys()],
    attempts: missed.attempts,
    firstMissedAt,
    lastMissedAt: lastAt === missed.firstAt ? firstMissedAt : toZonedIso(lastAt, timeZone),
    replyBy: replyBy(channels, options),
    lastChannel: last.channel,
    waitedSeconds: last.waitSeconds,
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

type StartOfChat = Pick<Chat, 'startedAt' | 'conversationId' | 'channel'>;

/** A strict order of chats by start. Chats of the same second are ordered by id and channel. */
export function compareStart(left: StartOfChat, right: StartOfChat): number {
  return (
    left.startedAt.epochSeconds - right.startedAt.epochSeconds ||
    compareText(left.conversationId, right.conversationId) ||
    compareChannel(left, right)
  );
}

function compareChannel(left: StartOfChat, right: StartOfChat): number {
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
