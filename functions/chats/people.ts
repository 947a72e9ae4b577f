import { canonicalName } from '../text/bounds.ts';
import type { Chat } from './chat.ts';
import {
  type Compact,
  compareKeys,
  contactInKey,
  contactPhone,
  isErased,
  keyWithoutId,
  namedKey,
  normalizeEmail,
  publicKey,
  toCompact,
} from './customer-identity.ts';

/** Begins the key of a customer with an id. */
const ID = 'id:';

/** The key of a number. A customer id is stored compact. */
function keyText(key: Compact | undefined): string {
  if (typeof key === 'number') return key < 0 ? `${ID}0${-key}` : `${ID}${key}`;
  return key ?? '';
}

/** The persons, by the numbers that `People` gave to customers. */
export class JoinedPeople {
  /** Whether two numbers belong to one person. */
  readonly isAnyJoined: boolean;
  readonly #keys: readonly Compact[];
  readonly #persons: Int32Array;
  #nodes: Map<number, number[]> | null = null;
  #sharedContacts: Set<string> | null = null;

  /**
   * @param keys the key of each number
   * @param persons for each number, the least number of its person
   */
  constructor(keys: readonly Compact[], persons: Int32Array) {
    this.#keys = keys;
    this.#persons = persons;
    this.isAnyJoined = persons.some((person, node) => person !== node);
  }

  /** The number that stands for the person. It is the least of the person's numbers. */
  personOf(node: number): number {
    return this.#persons[node] ?? node;
  }

  /** The numbers of a person, ascending. */
  nodesOf(person: number): readonly number[] {
    this.#nodes ??= this.#groupNodes();
    return this.#nodes.get(person) ?? [person];
  }

  /**
   * The key of a person. It shows no phone and no e-mail. It is `id:…` with the least of the person's ids, else
   * `phone:<hash>`, else `email:<hash>`, else `chat:<channel>:<conversation id>`. Two persons can share a contact and have
   * different names. Then a hash of contact and name follows.
   */
  keyOf(person: number): string {
    const key = this.#leastKey(person);
    const contact = contactInKey(key);
    if (contact === null) return key;
    this.#sharedContacts ??= this.#findShared();
    return this.#sharedContacts.has(contact) ? namedKey(contact, key) : publicKey(contact);
  }

  /** The numbers that have one of the keys on their own, before they are joined. */
  find(keys: ReadonlySet<string>): Map<string, number[]> {
    const found = new Map<string, number[]>();
    const isHashed = [...keys].some((key) => !key.startsWith(ID));
    for (const [node, compact] of this.#keys.entries()) {
      const key = keyText(compact);
      const contact = isHashed ? contactInKey(key) : null;
      const names = contact === null ? [key] : [publicKey(contact), namedKey(contact, key)];
      for (const name of names) if (keys.has(name)) found.set(name, [...(found.get(name) ?? []), node]);
    }
    return found;
  }

  /** Only persons with more than one number are here. */
  #groupNodes(): Map<number, number[]> {
    const nodes = new Map<number, number[]>();
    for (const [node, person] of this.#persons.entries()) {
      if (node === person) continue;
      const known = nodes.get(person);
      if (known) known.push(node);
      else nodes.set(person, [person, node]);
    }
    return nodes;
  }

  /** The contacts that would name more than one person. */
  #findShared(): Set<string> {
    const met = new Set<string>();
    const shared = new Set<string>();
    for (let person = 0; person < this.#keys.length; person += 1) {
      const contact = this.personOf(person) === person ? this.#contactNaming(person) : null;
      if (contact === null) continue;
      if (met.has(contact)) shared.add(contact);
      else met.add(contact);
    }
    return shared;
  }

  /** The contact that would name the person. Null: an id or a chat does. */
  #contactNaming(person: number): string | null {
    this.#nodes ??= this.#groupNodes();
    const key = this.#nodes.has(person) ? this.#leastKey(person) : this.#keys[person];
    return typeof key === 'string' ? contactInKey(key) : null;
  }

  #leastKey(person: number): string {
    const [first = '', ...others] = this.nodesOf(person).map((node) => keyText(this.#keys[node]));
    return others.reduce((least, key) => (compareKeys(key, least) < 0 ? key : least), first);
  }
}

/** The parts of a chat that identify its customer. */
export type PersonalChat = Pick<
  Chat,
  'channel' | 'conversationId' | 'customerId' | 'customerName' | 'customerPhone' | 'customerEmail'
>;

/** A person has no more ids than this. A contact with more ids belongs to a shop, or is typed in for everyone. */
const MOST_IDS = 4;

/** The numbers of customers. */
interface Numbers {
  readonly byId: Map<Compact, number>;
  /** Of customers without an id. */
  readonly byKey: Map<Compact, number>;
}

/** @param keys the key of each number */
function numbersOf(keys: readonly Compact[]): Numbers {
  const numbers: Numbers = { byId: new Map(), byKey: new Map() };
  for (const [node, key] of keys.entries()) {
    if (typeof key === 'number') numbers.byId.set(key, node);
    else if (key.startsWith(ID)) numbers.byId.set(key.slice(ID.length), node);
    else numbers.byKey.set(key, node);
  }
  return numbers;
}

/** The numbers that have a contact. Most contacts have one number. */
type Holders = number | Set<number>;

/**
 * Finds the persons who wrote a set of chats. The chats are of one day, or of several days that are compared. Each customer
 * id gets a number. Without an id, each phone (else each e-mail) with its name gets a number. A chat with none of them
 * gets its own number. `join` says which numbers are one person. The rules are in `docs/figures.md`. The order of the
 * chats does not matter.
 */
export class People {
  /** The key of each number, from 0. */
  readonly #keys: Compact[] = [];
  /** Null: they can be had again from the keys. */
  #numbers: Numbers | null = { byId: new Map(), byKey: new Map() };
  /** The first name of each number. Null: it has no name. */
  #names: (string | null)[] = [];
  /** The numbers with two different names. */
  readonly #disagreeing = new Set<number>();
  #holders = new Map<Compact, Holders>();
  #isClosed = false;

  /** @returns the number of the chat's customer */
  add(chat: PersonalChat): number {
    const phone = contactPhone(chat.customerPhone);
    const email = chat.customerEmail === null ? null : normalizeEmail(chat.customerEmail);
    const node = this.#numberOf(chat, phone, email);
    // An erased customer is never joined by a contact, even when the row has one.
    if (this.#isClosed || isErased(chat.customerId)) return node;
    if (phone !== null) this.#hold(toCompact(phone), node);
    if (email !== null) this.#hold(email, node);
    return node;
  }

  #numberOf(chat: PersonalChat, phone: string | null, email: string | null): number {
    const { customerId, customerName } = chat;
    // Nearly all chats have an id. A key made of it would have to be put together and hashed for each of them.
    const key = customerId === null ? keyWithoutId(chat, phone, email) : toCompact(customerId);
    this.#numbers ??= numbersOf(this.#keys);
    const numbers = customerId === null ? this.#numbers.byKey : this.#numbers.byId;
    const known = numbers.get(key);
    if (known !== undefined) {
      if (!this.#isClosed) this.#addName(known, customerName);
      return known;
    }
    this.#names.push(customerName);
    const isTextId = customerId !== null && typeof key === 'string';
    const node = this.#keys.push(isTextId ? `${ID}${key}` : key) - 1;
    numbers.set(key, node);
    return node;
  }

  #addName(node: number, name: string | null): void {
    const known = this.#names[node] ?? null;
    if (name === null || name === known) return;
    const canonical = canonicalName(name);
    if (canonical === '') return;
    const before = known === null ? '' : canonicalName(known);
    if (before === '') this.#names[node] = name;
    else if (before !== canonical) this.#disagreeing.add(node);
  }

  #hold(contact: Compact, node: number): void {
    const holders = this.#holders.get(contact);
    if (holders === node) return;
    if (holders === undefined) this.#holders.set(contact, node);
    else if (typeof holders === 'number') this.#holders.set(contact, new Set([holders, node]));
    else holders.add(node);
  }

  /** Joins the chats so far. More chats may be added later. */
  join(): JoinedPeople {
    return this.#joinAs([...this.#keys]);
  }

  #joinAs(keys: readonly Compact[]): JoinedPeople {
    return new Joining(keys, this.#links(keys)).join();
  }

  /**
   * Joins the chats, and forgets names, contacts and numbers, which are most of the memory. Chats that are added later must
   * have been added before: they find their numbers.
   */
  close(): JoinedPeople {
    const joined = this.#joinAs(this.#keys);
    this.#isClosed = true;
    this.#names = [];
    this.#holders = new Map();
    this.#numbers = null;
    return joined;
  }

  /** The numbers that share a contact, in groups of one name. */
  #links(keys: readonly Compact[]): Link[] {
    const links: Link[] = [];
    for (const holders of this.#holders.values()) {
      if (typeof holders === 'number') continue;
      const groups = this.#groupByName(holders);
      // A number that is typed in for many identifies no one.
      if (groups.some(({ nodes }) => countIds(nodes, keys) > MOST_IDS)) continue;
      for (const group of groups) if (group.nodes.length > 1) links.push(group);
    }
    return links;
  }

  /** A number without a name is joined only when all others have one name. */
  #groupByName(holders: ReadonlySet<number>): Link[] {
    const named = new Map<string, number[]>();
    const nameless: number[] = [];
    let disagreeing = 0;
    for (const node of holders) {
      if (this.#disagreeing.has(node)) {
        disagreeing += 1;
        continue;
      }
      const name = canonicalName(this.#names[node] ?? '');
      if (name === '') nameless.push(node);
      else named.set(name, [...(named.get(name) ?? []), node]);
    }
    const isOneName = disagreeing === 0 && named.size < 2;
    if (isOneName && named.size === 0) return [{ name: '', nodes: nameless, nameless }];
    return [...named].map(([name, nodes]) => ({
      name,
      nodes: isOneName ? [...nodes, ...nameless] : nodes,
      nameless: isOneName ? nameless : [],
    }));
  }
}

/** Numbers that share a contact and have the same name. */
interface Link {
  readonly name: string;
  readonly nodes: readonly number[];
  /** The numbers among them without a name. */
  readonly nameless: readonly number[];
}

/** Joins linked numbers, as far as the rules allow. */
class Joining {
  readonly #keys: readonly Compact[];
  readonly #links: readonly Link[];
  /** For each number a lesser number of the same person, or itself. */
  readonly #parents: Int32Array;

  constructor(keys: readonly Compact[], links: readonly Link[]) {
    this.#keys = keys;
    this.#links = links;
    this.#parents = Int32Array.from(keys, (_, node) => node);
  }

  join(): JoinedPeople {
    for (const { nodes } of this.#links) this.#unite(nodes);
    this.#partNames();
    this.#partCrowds();
    const persons = this.#parents.map((_, node) => this.#rootOf(node));
    return new JoinedPeople(this.#keys, persons);
  }

  /** When links bring different names together, only numbers of one name stay together. */
  #partNames(): void {
    const names = new Map<number, string | null>();
    for (const { name, nodes } of this.#links) {
      if (name === '') continue;
      const root = this.#rootOf(nodes[0] ?? 0);
      const known = names.get(root);
      names.set(root, known === undefined || known === name ? name : null);
    }
    const parted = this.#links.filter(({ nodes }) => names.get(this.#rootOf(nodes[0] ?? 0)) === null);
    this.#part(parted.flatMap(({ nodes }) => nodes));
    for (const { nodes, nameless } of parted) {
      this.#unite(nodes.slice(0, nodes.length - nameless.length));
    }
  }

  #partCrowds(): void {
    for (const members of this.#members().values()) {
      if (countIds(members, this.#keys) > MOST_IDS) this.#part(members);
    }
  }

  #members(): Map<number, number[]> {
    const members = new Map<number, number[]>();
    for (const node of new Set(this.#links.flatMap(({ nodes }) => nodes))) {
      const root = this.#rootOf(node);
      const known = members.get(root);
      if (known) known.push(node);
      else members.set(root, [node]);
    }
    return members;
  }

  #unite([first = 0, ...others]: readonly number[]): void {
    for (const other of others) {
      const [one, two] = [this.#rootOf(first), this.#rootOf(other)];
      this.#parents[Math.max(one, two)] = Math.min(one, two);
    }
  }

  #part(nodes: readonly number[]): void {
    for (const node of nodes) this.#parents[node] = node;
  }

  #rootOf(node: number): number {
    let root = node;
    for (;;) {
      const parent = this.#parents[root] ?? root;
      if (parent === root) return root;
      // Halves the path for later lookups.
      this.#parents[root] = this.#parents[parent] ?? parent;
      root = parent;
    }
  }
}

function countIds(nodes: readonly number[], keys: readonly Compact[]): number {
  return nodes.filter((node) => keyText(keys[node]).startsWith(ID)).length;
}
