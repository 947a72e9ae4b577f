import type { Day } from '../calendar/day.ts';
import { type Contact, identifyContact, normalizeEmail, normalizePhone } from '../chats/customer-identity.ts';
import { People, type PersonalChat } from '../chats/people.ts';
import { contactsIn } from '../privacy/suppression-list.ts';
import { CHAT_FIELDS, orNull, readId } from '../sources/caresoft/fields.ts';
import type { Lake } from '../storage/object-store.ts';
import { isRecord, toComparableText } from '../text/json.ts';
import { type RawCapture, readPageAt } from './erase-captures.ts';

/** By what a person is known, as far as raw and reports tell. */
export interface DataSubject {
  /** Their values, as `identifyContact` writes them: the one that was given, and those of their rows. */
  readonly values: ReadonlySet<string>;
  /** How many customers they were counted as. */
  readonly customers: number;
  /** How many others have a telephone number or an address of theirs, and stay who they are. */
  readonly sharing: number;
  /** @returns of the values that were counted as one customer on some day, always the same one */
  readonly sameAs: (value: string) => string;
}

/**
 * Looks for who is meant through all of raw, and through what reports tell, whose raw may be gone.
 *
 * A row is theirs by what tells rows apart (`identifyContact`): its customer id, without one its phone, without that its
 * e-mail; or where the day's report joins it with such a row. By a phone or an e-mail that was given all customers are meant
 * who have it. Those who merely share another phone or e-mail of theirs, and are joined with them by no report, are not: a
 * number that an agent typed in for hundreds would erase them all.
 *
 * @param given `id:…`, `phone:…` or `email:…`, normalized
 * @param reported rows as far as reports tell them
 */
export async function findDataSubject(
  lake: Pick<Lake, 'get'>,
  captures: readonly RawCapture[],
  given: string,
  reported: readonly unknown[],
): Promise<DataSubject> {
  const learned = new Learned(given);
  for (;;) {
    learned.beginPass();
    for (const { day, pages } of captures) {
      for (const key of pages) {
        const page = await readPageAt(lake, key);
        for (const row of page?.rows ?? []) learned.learn(row, day);
      }
    }
    // Joined with none: of which day a report tells them does not matter.
    for (const row of reported) learned.learn(row, null);
    // What was learned late may tell of rows that were passed by before.
    if (learned.endPass()) return learned.person();
  }
}

/** A row that has a value of theirs. */
interface Met {
  readonly day: Day;
  readonly identity: string;
  readonly own: readonly string[];
  readonly chat: PersonalChat;
}

class Learned {
  readonly #given: string;
  readonly #values: Set<string>;
  readonly #others = new Set<string>();
  readonly #parents = new Map<string, string>();
  #theirs = new Set<string>();
  #met: Met[] = [];
  #knownBefore = 0;

  constructor(given: string) {
    this.#given = given;
    this.#values = new Set([given]);
  }

  beginPass(): void {
    this.#knownBefore = this.#values.size + this.#others.size;
    this.#theirs = new Set();
    this.#met = [];
  }

  learn(row: unknown, day: Day | null): void {
    if (!isRecord(row)) return;
    const contact = contactOf(row);
    const identity = identifyContact(contact);
    if (identity === null) return;
    const own = valuesOf(contact);
    const isTheirs = this.#values.has(identity) || holds(row, this.#given);
    if (isTheirs) this.#own(identity, own);
    else if (own.some((value) => this.#values.has(value))) this.#others.add(identity);
    else if (!this.#others.has(identity)) return;
    // What is no chat is in no report.
    if (day !== null && isChat(row)) this.#met.push({ day, identity, own, chat: { ...contact, ...NO_CHAT } });
  }

  #own(identity: string, own: readonly string[]): void {
    this.#theirs.add(identity);
    for (const value of own) this.#values.add(value);
  }

  /** @returns whether nothing was learned that might tell of further rows */
  endPass(): boolean {
    for (const met of Map.groupBy(this.#met, ({ day }) => day).values()) this.#join(met);
    for (const identity of this.#theirs) this.#others.delete(identity);
    return this.#values.size + this.#others.size === this.#knownBefore;
  }

  /** As the report of their day would, but for rows that were read again: each of these counts. */
  #join(met: readonly Met[]): void {
    const people = new People();
    const nodes = met.map(({ chat }) => people.add(chat));
    const joined = people.join();
    const persons = Map.groupBy(met.keys(), (place) => joined.personOf(nodes[place] ?? -1));
    for (const places of persons.values()) {
      const rows = places.flatMap((place) => met[place] ?? []);
      if (!rows.some(({ identity }) => this.#theirs.has(identity))) continue;
      for (const { identity, own } of rows) {
        this.#own(identity, own);
        this.#unite(identity, rows[0]?.identity ?? identity);
      }
    }
  }

  #unite(one: string, other: string): void {
    const [first, second] = [this.#rootOf(one), this.#rootOf(other)].toSorted();
    if (first !== undefined && second !== undefined && first !== second) this.#parents.set(second, first);
  }

  #rootOf(value: string): string {
    let root = value;
    for (let next = this.#parents.get(root); next !== undefined; next = this.#parents.get(root)) root = next;
    return root;
  }

  person(): DataSubject {
    return {
      values: this.#values,
      customers: new Set([...this.#theirs].map((identity) => this.#rootOf(identity))).size,
      sharing: this.#others.size,
      sameAs: (value) => this.#rootOf(value),
    };
  }
}

function isChat({ conversation_id, start_time }: Readonly<Record<string, unknown>>): boolean {
  const [id, start] = [CHAT_FIELDS.conversation_id(conversation_id), CHAT_FIELDS.start_time(start_time)];
  return orNull(id) !== null && orNull(start) !== null;
}

/** Which chat it is does not matter: a person with an identity is told apart by it. */
const NO_CHAT = { channel: 'zalo', conversationId: '' } as const;

/** Whether the row's contact has the phone or e-mail that was given, in whatever notation. */
function holds(row: Readonly<Record<string, unknown>>, given: string): boolean {
  if (given.startsWith('id:')) return false;
  return [row.cus_phone, row.cus_email, row.cus_name].some((value) => {
    const text = typeof value === 'string' ? value : toComparableText(value);
    return contactsIn(text).has(given);
  });
}

/** What a row of raw says of who wrote. */
export function contactOf(
  row: Readonly<Record<string, unknown>>,
): Contact & Pick<PersonalChat, 'customerName'> {
  return {
    customerName: orNull(CHAT_FIELDS.cus_name(row.cus_name)),
    customerId: orNull(CHAT_FIELDS.customer_id(row.customer_id)),
    customerPhone: orNull(CHAT_FIELDS.cus_phone(row.cus_phone)),
    customerEmail: orNull(CHAT_FIELDS.cus_email(row.cus_email)),
  };
}

function valuesOf({ customerId, customerPhone, customerEmail }: Contact): string[] {
  const phone = customerPhone === null ? null : normalizePhone(customerPhone);
  const email = customerEmail === null ? null : normalizeEmail(customerEmail);
  return [
    ...(customerId === null ? [] : [`id:${customerId}`]),
    ...(phone === null ? [] : [`phone:${phone}`]),
    ...(email === null ? [] : [`email:${email}`]),
  ];
}

/** By what a person can be named who is to be erased. */
export const WHO = ['customer', 'phone', 'email'] as const;

const READERS: Readonly<Record<(typeof WHO)[number], (text: string) => unknown>> = {
  customer: readId,
  phone: normalizePhone,
  email: (text) => normalizeEmail(text.trim()),
};

/** @returns who is meant, written as `identifyContact` does; null for what cannot be anybody's */
export function readIdentifier(kind: (typeof WHO)[number], text: string): string | null {
  const value = READERS[kind](text);
  return typeof value === 'string' ? `${kind === 'customer' ? 'id' : kind}:${value}` : null;
}
