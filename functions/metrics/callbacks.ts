import { toZonedIso } from '../calendar/time-zone.ts';
import { CHANNELS, type Channel } from '../chats/channel.ts';
import type { Chat } from '../chats/chat.ts';
import { isErased } from '../chats/customer-identity.ts';
import type { JoinedPeople } from '../chats/people.ts';
import { canonicalText, compareText } from '../text/bounds.ts';
import { maskCustomer } from './masking.ts';
import { TIMES } from './measures.ts';
import type { Recipe } from './recipe.ts';
import type { Callback, CallbackAgent, Customer, MissCause, Summary } from './summary.ts';

/** The missed chats of one customer, so far. */
interface Missed {
  /** Where, and when there the last time. */
  readonly channels: ReadonlyMap<Channel, number>;
  readonly attempts: number;
  readonly firstAt: number;
  readonly last: Chat;
  readonly contact: Readonly<Record<ContactField, Known | null>>;
}

type ContactField = 'customerName' | 'customerPhone' | 'customerEmail';

/** What the latest chat that says it says. */
interface Known {
  readonly value: string;
  readonly from: Chat;
}

type Keys = Pick<JoinedPeople, 'keyOf'>;

export interface CallbackOptions extends Pick<Recipe, 'timeZone' | 'contacts' | 'replyHours'> {
  /** Of a missed chat. */
  readonly causeOf: (chat: Chat) => MissCause;
  /** Whom it was given to. */
  readonly agentOf: (chat: Chat) => CallbackAgent | null;
}

/**
 * Finds whom to call back: customers with a missed chat, and no answered chat of theirs on any channel that started
 * after their last missed one. Chats may come in any order. Who was erased is nobody to call.
 */
export class CallbackAccumulator {
  readonly #missed = new Map<number, Missed>();
  /** When each customer's last answered chat started. */
  readonly #answeredAt = new Map<number, number>();

  /** @param customer the number that `People` gave the chat's customer */
  add(chat: Chat, customer: number): void {
    if (chat.status === 'missed') this.#addMissed(customer, missedIn(chat));
    if (chat.status === 'answered') this.#addAnswered(customer, chat.startedAt.epochSeconds);
  }

  /** What another one has seen, of which the same numbers stand for the same customers. */
  addAll(other: CallbackAccumulator): void {
    for (const [customer, missed] of other.#missed) this.#addMissed(customer, missed);
    for (const [customer, startedAt] of other.#answeredAt) this.#addAnswered(customer, startedAt);
  }

  /** Puts what is known of one person together, once all chats were added: from here on the numbers are of persons. */
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

  /** Whether a person was answered at all, or else missed; null where neither. */
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

  /** Customers who were missed, and answered later; also those who were erased since, so that the figure stays as it was. */
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

  /** Who they are alone, by the number that stands for each; in the same order. */
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

/** Who is known by nothing but the chat is called by its id alone. */
function shownKey(key: string, conversationId: string): string {
  return key.startsWith('chat:') ? `chat:${conversationId}` : key;
}

function missedIn(chat: Chat): Missed {
  const at = chat.startedAt.epochSeconds;
  const known = (value: string | null): Known | null => (value === null ? null : { value, from: chat });
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

function later(one: Known | null, other: Known | null): Known | null {
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
  const { timeZone, contacts, causeOf, agentOf } = options;
  return {
    customer: toCustomer(missed, key, contacts),
    channels: CHANNELS.filter((channel) => missed.channels.has(channel)),
    attempts: missed.attempts,
    firstMissedAt: toZonedIso(missed.firstAt, timeZone),
    lastMissedAt: toZonedIso(last.startedAt.epochSeconds, timeZone),
    replyBy: replyBy(missed.channels, options),
    lastChannel: last.channel,
    waitedSeconds: TIMES.abandonWaitSeconds.of(last),
    cause: causeOf(last),
    agent: agentOf(last),
    ticketId: last.ticketId,
    ticketNo: last.ticketNo,
    conversationId: last.conversationId,
  };
}

/** The latest end, of the channels that have one. They wrote at the start of a chat, and perhaps later. */
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

/** What agents are called: each what the latest chat that names them calls them; else as the directory has them. */
export class AgentNames {
  readonly #listed: ReadonlyMap<string, string>;
  /** By their e-mails as they are told apart. */
  readonly #latest = new Map<string, Chat>();
  /** The same by each spelling, so that it is read once. */
  readonly #canonical = new Map<string, string>();

  /** @param directory by e-mail in lower case */
  constructor(directory: ReadonlyMap<string, string>) {
    this.#listed = new Map([...directory].map(([email, name]) => [canonicalText(email), name]));
  }

  add(chat: Chat): void {
    if (chat.agentEmail === null || chat.agentName === null) return;
    const agent = this.#canonicalOf(chat.agentEmail);
    const known = this.#latest.get(agent);
    if (!known || compareStart(chat, known) > 0) this.#latest.set(agent, chat);
  }

  /** Once every chat was added. @param canonical the e-mail as agents are told apart by it */
  nameOf(canonical: string): string | null {
    return this.#latest.get(canonical)?.agentName ?? this.#listed.get(canonical) ?? null;
  }

  /** Whom a chat was given to, once every chat was added. */
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
