import type { Chat } from '../chats/chat.ts';
import { contactPhone, normalizeEmail } from '../chats/customer-identity.ts';
import { type JoinedPeople, People } from '../chats/people.ts';
import { IntColumn } from './aggregate.ts';
import type { CallbackAccumulator } from './callbacks.ts';
import type { FollowUp, Summary } from './summary.ts';

/** The customers whom the report of the day before named to be called back. */
export type Followed = Pick<Summary, 'day' | 'generatedAt'> & {
  /** Their keys, as in `callbacks`. */
  readonly keys: readonly string[];
  /** The writers of that day. Null where its chats can no longer be read. */
  readonly writers: Writers | null;
};

export function toFollowed({ day, generatedAt, callbacks }: Summary, writers: Writers | null): Followed {
  return { day, generatedAt, keys: callbacks.map(({ customer }) => customer.key), writers };
}

/** Whether a follow-up is about the customers of this report. @param before with the number of its callbacks */
export function isFollowUpOf(
  followUp: FollowUp | null,
  before: (Pick<Summary, 'day' | 'generatedAt'> & { readonly callbacks: number }) | null,
): boolean {
  if (followUp === null || before === null) return followUp === before;
  return (
    followUp.day === before.day &&
    followUp.generatedAt === before.generatedAt &&
    followUp.customers === before.callbacks
  );
}

/** The customers who wrote on a day. It knows who of them was missed. */
export class Writers {
  readonly people = new People();
  readonly #missed = new Set<number>();

  add(chat: Chat): void {
    const customer = this.people.add(chat);
    if (chat.status === 'missed') this.#missed.add(customer);
  }

  /** The numbers of each missed person who has one of the keys. */
  find(keys: ReadonlySet<string>): Map<string, readonly number[]> {
    const joined = this.people.join();
    const found = new Map<string, readonly number[]>();
    for (const person of new Set([...this.#missed].map((customer) => joined.personOf(customer)))) {
      const key = joined.keyOf(person);
      if (keys.has(key)) found.set(key, joined.nodesOf(person));
    }
    return found;
  }
}

/** A customer who left no identifier has the key of one chat. No other chat has it. */
function isIdentifiable(key: string): boolean {
  return !key.startsWith('chat:');
}

/**
 * Looks for the customers of the day before among the chats of a day. The rules that join persons within one
 * day join them over both days.
 */
export class FollowUpAccumulator {
  readonly #followed: Followed;
  readonly #keys: ReadonlySet<string>;
  /** The writers of both days. Null where the day before is not known. */
  readonly #both: People | null;
  /** The numbers of the followed customers in `#both`. */
  readonly #sought: Map<string, readonly number[]>;
  /** The numbers of this day's customers in `#both`. */
  readonly #inBoth: number[] = [];

  constructor(followed: Followed) {
    this.#followed = followed;
    this.#keys = new Set(followed.keys.filter(isIdentifiable));
    this.#both = followed.writers?.people ?? null;
    this.#sought = followed.writers?.find(this.#keys) ?? new Map();
  }

  add(chat: Chat, customer: number): void {
    if (this.#keys.size > 0 && this.#both) this.#inBoth[customer] = this.#both.add(chat);
  }

  /**
   * @param joined knows which customers of this day are one person
   * @param callbacks of these persons
   */
  toFollowUp(
    joined: Pick<JoinedPeople, 'find' | 'personOf'>,
    callbacks: Pick<CallbackAccumulator, 'statusOf'>,
  ): FollowUp {
    const { day, generatedAt, keys } = this.#followed;
    const came = this.#findAgain(joined);
    const counts = { answered: 0, missedAgain: 0, silent: 0 };
    for (const key of this.#keys) {
      const statuses = (came.get(key) ?? []).map((person) => callbacks.statusOf(person));
      if (statuses.includes('answered')) counts.answered += 1;
      else if (statuses.includes('missed')) counts.missedAgain += 1;
      else counts.silent += 1;
    }
    const unidentifiable = keys.length - this.#keys.size;
    return { day, generatedAt, customers: keys.length, ...counts, unrecognizable: unidentifiable };
  }

  /** The persons of this day, by the key of the day before. */
  #findAgain(joined: Pick<JoinedPeople, 'find' | 'personOf'>): Map<string, number[]> {
    if (this.#keys.size === 0) return new Map();
    if (this.#both === null) {
      const persons = (nodes: readonly number[]) => nodes.map((node) => joined.personOf(node));
      return new Map([...joined.find(this.#keys)].map(([key, nodes]) => [key, persons(nodes)]));
    }
    const both = this.#both.join();
    // Reports of earlier versions have other keys. And a day that cannot be read gives only its keys.
    const unknown = [...this.#keys].filter((key) => !this.#sought.has(key));
    const sought = new Map([...this.#sought, ...both.find(new Set(unknown))]);
    const wanted = new Map<number, Set<number>>();
    for (const nodes of sought.values()) for (const node of nodes) wanted.set(both.personOf(node), new Set());
    for (const [customer, node] of this.#inBoth.entries()) {
      wanted.get(both.personOf(node))?.add(joined.personOf(customer));
    }
    return new Map(
      [...sought].map(([key, nodes]) => [
        key,
        nodes.flatMap((node) => [...(wanted.get(both.personOf(node)) ?? [])]),
      ]),
    );
  }
}

/** So many marks are told apart. More would take more memory than they spare. */
const MARKS = 2 ** 27;
/** Stands for an identifier that a chat lacks. */
const NO_MARK = -1;
/** An id, a phone number and an e-mail address. */
const MARKS_A_CHAT = 3;

/**
 * Finds everyone who may be one person with some customers: by a shared id, phone number or e-mail address, and
 * so on from there. It uses the same identifiers as `People`, so the joining gives the same result as over all
 * chats.
 *
 * An identifier is kept as a mark: a hash of 27 bits. So the chats need no further reading, and a day of a million
 * of them takes 12 MB. Two identifiers with one mark do no harm: then some more chats are joined, each with all of
 * its person.
 */
export class PeopleReach {
  /** The marks of each chat, in as many places. */
  readonly #marks = new IntColumn();
  readonly #reached = new Uint8Array(MARKS / 8);

  /** @param isBegin whether the reach begins with the chat */
  note(chat: Chat, isBegin: boolean): void {
    const marks = marksOf(chat);
    for (let place = 0; place < MARKS_A_CHAT; place += 1) this.#marks.push(marks[place] ?? NO_MARK);
    if (isBegin) for (const mark of marks) this.#reach(mark);
  }

  /** Call it after the last chat, and once. @returns whether a chat may be of one of them */
  toTest(): (chat: Chat) => boolean {
    const all = this.#marks.take();
    while (this.#spread(all));
    return (chat) => marksOf(chat).some((mark) => this.#isReached(mark));
  }

  /** Goes through all chats once. @returns whether a mark was added */
  #spread(all: Int32Array): boolean {
    let isAdded = false;
    for (let chat = 0; chat < all.length; chat += MARKS_A_CHAT) {
      const marks = all.subarray(chat, chat + MARKS_A_CHAT);
      if (!marks.some((mark) => this.#isReached(mark))) continue;
      for (const mark of marks) isAdded = this.#reach(mark) || isAdded;
    }
    return isAdded;
  }

  /** @returns whether it is new */
  #reach(mark: number): boolean {
    if (mark === NO_MARK || this.#isReached(mark)) return false;
    this.#reached[mark >>> 3] = (this.#reached[mark >>> 3] ?? 0) | (1 << (mark & 7));
    return true;
  }

  #isReached(mark: number): boolean {
    return mark !== NO_MARK && (((this.#reached[mark >>> 3] ?? 0) >> (mark & 7)) & 1) === 1;
  }
}

function marksOf(chat: Chat): number[] {
  return identifiersOf(chat).map(markOf);
}

/** FNV-1a, of which the upper bits are taken. */
function markOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 5;
}

function identifiersOf({ customerId, customerPhone, customerEmail }: Chat): string[] {
  const phone = contactPhone(customerPhone);
  const email = customerEmail === null ? null : normalizeEmail(customerEmail);
  return [
    ...(customerId === null ? [] : [`id:${customerId}`]),
    ...(phone === null ? [] : [`phone:${phone}`]),
    ...(email === null ? [] : [`email:${email}`]),
  ];
}
