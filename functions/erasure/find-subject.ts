import type { Random } from '../calendar/clock.ts';
import type { Day } from '../calendar/day.ts';
import { unpackPage } from '../capture/captures.ts';
import {
  type Contact,
  identifyContact,
  normalizeEmail,
  normalizePhone,
  publicKey,
  toErased,
} from '../chats/customer-identity.ts';
import { People, type PersonalChat } from '../chats/people.ts';
import {
  contactsIn,
  type Erasure,
  type SuppressedValue,
  SuppressionList,
  ValueSieve,
} from '../privacy/suppression-list.ts';
import { orNull, type RowDialect, rawValueOf, readRole } from '../sources/row-dialect.ts';
import { type Lake, readObject } from '../storage/object-store.ts';
import { decodeStored, guessCharset } from '../text/charset.ts';
import { isRecord, toComparableText } from '../text/json.ts';
import { type OpenedPage, openBody, type RawCapture } from './erase-captures.ts';

type SourceRecord = Readonly<Record<string, unknown>>;

/** A customer as a report or a row names them. */
export type ReportedContact = Contact & Pick<PersonalChat, 'customerName'>;

const CONTACT_ROLES = ['customerPhone', 'customerEmail', 'customerName'] as const;

/** What raw and reports know of a person. */
export interface DataSubject {
  /** The given value and the values of the person's rows, as `identifyContact` writes them. */
  readonly values: ReadonlySet<string>;
  /** The number of customers that the person was counted as. */
  readonly customers: number;
  /** The number of other customers who share a phone or an e-mail. They stay customers of their own. */
  readonly sharing: number;
  /** A page that it holds back has no row of the person, and no row of those who share a value. */
  readonly sought: ValueSieve;
  /** @returns one value for all values that were counted as one customer on some day */
  readonly sameAs: (value: string) => string;
}

/**
 * The pages of raw for a search that goes through them several times. It opens a page that may name one of the values that
 * are sought. It does not unpack a page again for the same values.
 */
export class RawPages {
  readonly #lake: Pick<Lake, 'get'>;
  readonly #read = new Set<string>();
  readonly #unreadable = new Set<string>();
  /** The pages without a value, by the sieve that held them back. */
  readonly #heldBack = new WeakMap<ValueSieve, Set<string>>();

  constructor(lake: Pick<Lake, 'get'>) {
    this.#lake = lake;
  }

  /** The keys of the pages that were asked for and cannot be read. They may name any person. */
  get unreadable(): readonly string[] {
    return [...this.#unreadable];
  }

  /**
   * @param sought null: any value
   * @returns null for a page that names none of the values, and for one that cannot be read
   */
  async open(key: string, sought: ValueSieve | null): Promise<OpenedPage | null> {
    const heldBack = (sought && this.#heldBack.get(sought)) ?? new Set();
    if (sought) this.#heldBack.set(sought, heldBack);
    if (heldBack.has(key) || this.#unreadable.has(key)) return null;
    const packed = await readObject(this.#lake, key);
    const body = packed && unpackPage(packed);
    const isHeldBack = body !== null && sought !== null && !mayName(body, sought);
    if (isHeldBack) heldBack.add(key);
    if (isHeldBack && this.#read.has(key)) return null;
    this.#read.add(key);
    const page = body && openBody(body);
    if (page === null) this.#unreadable.add(key);
    return isHeldBack ? null : page;
  }
}

/** A body that is not in UTF-8 may name any value. */
function mayName(body: Buffer, sought: ValueSieve): boolean {
  return guessCharset(body) !== 'utf-8' || sought.mayPass(decodeStored(body));
}

/**
 * Finds a person in all of raw, and in reports, because the raw of a report may be gone.
 *
 * A row belongs to the person when its identity (`identifyContact`) is theirs, or when the day's report joins it with such
 * a row. A given phone or e-mail means all customers who have it. Customers who share another contact of the person, and
 * whom no report joins, are other customers: an agent may type in one number for hundreds.
 *
 * @param given `id:…`, `phone:…` or `email:…`, in its normal form
 * @param reported the customers that reports name
 */
export async function findDataSubject(
  raw: RawPages,
  captures: readonly RawCapture[],
  given: string,
  reported: readonly ReportedContact[],
): Promise<DataSubject> {
  const search = new SubjectSearch(given);
  for (;;) {
    search.beginPass();
    for (const { day, pages } of captures) {
      for (const key of pages) {
        const page = await raw.open(key, search.sought);
        if (page !== null) search.readPage(page, day);
      }
    }
    for (const contact of reported) search.readContact(contact);
    // A value found late may identify rows that were read before, so all are read again.
    if (search.endPass()) return search.toSubject();
  }
}

/** A row with a value of the person. */
interface Met {
  readonly day: Day;
  readonly identity: string;
  readonly own: readonly string[];
  readonly chat: PersonalChat;
}

class SubjectSearch {
  readonly #given: string;
  readonly #values: Set<string>;
  readonly #others = new Set<string>();
  readonly #parents = new Map<string, string>();
  #theirs = new Set<string>();
  #met: Met[] = [];
  #knownBefore = 0;
  #sieve: { readonly values: number; readonly sought: ValueSieve } | null = null;

  constructor(given: string) {
    this.#given = given;
    this.#values = new Set([given]);
  }

  get #known(): number {
    return this.#values.size + this.#others.size;
  }

  /** Only rows with one of these values matter, as far as they are known yet. */
  get sought(): ValueSieve {
    // A customer who turns out to be the person stays among all values. So their number only grows.
    const all = this.#values.union(this.#others);
    if (this.#sieve?.values !== all.size) {
      this.#sieve = { values: all.size, sought: new ValueSieve(all) };
    }
    return this.#sieve.sought;
  }

  beginPass(): void {
    this.#knownBefore = this.#known;
    this.#theirs = new Set();
    this.#met = [];
  }

  readPage({ rows, dialect }: OpenedPage, day: Day): void {
    for (const row of rows) if (isRecord(row)) this.#readRow(row, day, dialect);
  }

  #readRow(row: SourceRecord, day: Day, dialect: RowDialect): void {
    const contact = contactOf(row, dialect);
    const texts = CONTACT_ROLES.map((role) => rawValueOf(row, role, dialect));
    const met = this.#read(contact, texts);
    // Reports have no rows that are no chats.
    if (met !== null && isChat(row, dialect)) {
      this.#met.push({ ...met, day, chat: { ...contact, ...NO_CHAT } });
    }
  }

  /** A report has joined its customers already, so the day does not matter. */
  readContact(contact: ReportedContact): void {
    this.#read(contact, [contact.customerPhone, contact.customerEmail, contact.customerName]);
  }

  /** Null: the contact has nothing to do with the person. */
  #read(contact: Contact, texts: readonly unknown[]): Pick<Met, 'identity' | 'own'> | null {
    const identity = identifyContact(contact);
    if (identity === null) return null;
    const own = valuesOf(contact);
    const isTheirs = this.#values.has(identity) || holds(texts, this.#given);
    if (isTheirs) this.#own(identity, own);
    else if (own.some((value) => this.#values.has(value))) this.#others.add(identity);
    else if (!this.#others.has(identity)) return null;
    return { identity, own };
  }

  #own(identity: string, own: readonly string[]): void {
    this.#theirs.add(identity);
    for (const value of own) this.#values.add(value);
  }

  /** @returns whether the pass found nothing new */
  endPass(): boolean {
    for (const met of Map.groupBy(this.#met, ({ day }) => day).values()) this.#join(met);
    for (const identity of this.#theirs) this.#others.delete(identity);
    return this.#known === this.#knownBefore;
  }

  /** Joins rows as the report of their day does. But here each copy of a row counts. */
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

  toSubject(): DataSubject {
    return {
      values: this.#values,
      customers: new Set([...this.#theirs].map((identity) => this.#rootOf(identity))).size,
      sharing: this.#others.size,
      sought: this.sought,
      sameAs: (value) => this.#rootOf(value),
    };
  }
}

function isChat(row: SourceRecord, dialect: RowDialect): boolean {
  return dialect.conversationIdOf(row) !== null && dialect.startOf(row) !== null;
}

/** The chat does not matter, because the identity tells customers apart. */
const NO_CHAT = { channel: 'zalo', conversationId: '' } as const;

/** Whether one of the texts has the phone or e-mail that was given, in any notation. */
function holds(texts: readonly unknown[], given: string): boolean {
  if (given.startsWith('id:')) return false;
  return texts.some((value) => {
    const text = typeof value === 'string' ? value : toComparableText(value);
    return contactsIn(text).has(given);
  });
}

/** What a row of raw says of who wrote. */
export function contactOf(row: SourceRecord, dialect: RowDialect): ReportedContact {
  return {
    customerName: readRole(row, 'customerName', dialect),
    customerId: readRole(row, 'customerId', dialect),
    customerPhone: readRole(row, 'customerPhone', dialect),
    customerEmail: readRole(row, 'customerEmail', dialect),
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

/** Puts a person on the suppression list. @returns the new list, and the values that were added */
export function suppressSubject(
  { values, sameAs }: DataSubject,
  given: string,
  erasures: ReadonlyMap<string, Erasure>,
  key: Uint8Array,
  random: Random,
): { suppressed: SuppressionList; added: SuppressedValue[] } {
  const known = [...erasures.values()].flatMap((erasure) => erasure.values);
  const before = new SuppressionList(key, known);
  // The person stays as many customers as they were.
  const customers = new Map<string, string>();
  for (const value of values) {
    const customer = before.find(value)?.customer;
    if (customer !== undefined && !customers.has(sameAs(value))) customers.set(sameAs(value), customer);
  }
  const added = [...values].flatMap((value): SuppressedValue[] => {
    const there = before.find(value);
    const isGiven = value === given;
    if (there && (there.given || !isGiven)) return [];
    const customer = there?.customer ?? customers.get(sameAs(value)) ?? toErased(random.hex(8));
    customers.set(sameAs(value), customer);
    // A list of callbacks names the person by a public key, and it may be all that is left.
    return hashedFormsOf(value).map((form) => ({
      hash: before.hash(form),
      customer,
      given: isGiven,
    }));
  });
  return { suppressed: new SuppressionList(key, [...known, ...added]), added };
}

/** A value, and the public keys by which a list of callbacks may name it. Earlier versions wrote other keys. */
function hashedFormsOf(value: string): string[] {
  if (value.startsWith('id:')) return [value];
  const [, national] = /^phone:(0\d+)$/.exec(value) ?? [];
  const before = national === undefined ? [] : [`phone:0${national}`, `phone:${national.slice(1)}`];
  return [value, ...[value, ...before].map(publicKey)];
}

/** The kinds of value by which an erasure can name a person. */
export const WHO = ['customer', 'phone', 'email'] as const;

/**
 * Reads whom an erasure means.
 *
 * @returns what `identifyContact` writes. Null: the text can be no such value
 */
export function readIdentifier(
  kind: (typeof WHO)[number],
  text: string,
  { fields }: RowDialect,
): string | null {
  if (kind === 'customer') return withKind('id', orNull(fields.customerId.read(text)));
  return withKind(kind, kind === 'phone' ? normalizePhone(text) : normalizeEmail(text.trim()));
}

function withKind(kind: string, value: string | null): string | null {
  return value === null ? null : `${kind}:${value}`;
}
