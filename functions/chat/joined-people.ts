import { createHash } from 'node:crypto';
import { canonicalName } from './canonical-text.ts';
import type { Chat } from './chat.ts';
import { compareText } from './compare-text.ts';

type Named = Pick<Chat, 'channel' | 'conversationId' | 'customerId' | 'customerName'>;

/** Where a name begins that stands behind a contact: neither a number nor an address holds such a break. */
const BREAK = '\n';

/** Of a contact, and of a name beside it, in hex. */
const CONTACT_HASH = 16;
const NAME_HASH = 8;

/**
 * What a chat is told from others by, before any are joined.
 *
 * @param phone its normal form; null where it has none
 * @param email likewise
 */
export function keyOfNode(
  { channel, conversationId, customerId, customerName }: Named,
  phone: string | null,
  email: string | null,
): string {
  if (customerId !== null) return `id:${customerId}`;
  const contact = phone === null ? email && `email:${email}` : `phone:${phone}`;
  if (contact === null) return `chat:${channel}:${conversationId}`;
  return `${contact}${BREAK}${customerName === null ? '' : canonicalName(customerName)}`;
}

/** Who is who, by the numbers that `People` gave. */
export class Joined {
  /** Whether any two numbers are of one person. */
  readonly isAnyJoined: boolean;
  readonly #keys: readonly string[];
  readonly #persons: Int32Array;
  #nodes: Map<number, number[]> | null = null;
  #sharedContacts: Set<string> | null = null;

  /**
   * @param keys what each number was told from others by
   * @param persons the least number of the person that each number is of
   */
  constructor(keys: readonly string[], persons: Int32Array) {
    this.#keys = keys;
    this.#persons = persons;
    this.isAnyJoined = persons.some((person, node) => person !== node);
  }

  /** @returns the number that stands for the person: the least of theirs */
  personOf(node: number): number {
    return this.#persons[node] ?? node;
  }

  /** The numbers of a person, ascending. */
  nodesOf(person: number): readonly number[] {
    this.#nodes ??= this.#groupNodes();
    return this.#nodes.get(person) ?? [person];
  }

  /**
   * What tells the person from others, with neither phone nor e-mail to be read: `id:…` by the least of their ids, without
   * one `phone:<hash>`, then `email:<hash>`, else `chat:<channel>:<conversation_id>`. Where two have one number, and names
   * that disagree, the hash is longer by one of both.
   */
  keyOf(person: number): string {
    const key = this.#leastKey(person);
    const contact = contactOf(key);
    if (contact === null) return key;
    this.#sharedContacts ??= this.#findShared();
    return this.#sharedContacts.has(contact) ? namedKey(contact, key) : publicKey(contact);
  }

  /** The numbers that would have one of the keys by themselves, joined with none. */
  find(keys: ReadonlySet<string>): Map<string, number[]> {
    const found = new Map<string, number[]>();
    const isHashed = [...keys].some((key) => !key.startsWith('id:'));
    for (const [node, key] of this.#keys.entries()) {
      const contact = isHashed ? contactOf(key) : null;
      const names = contact === null ? [key] : [publicKey(contact), namedKey(contact, key)];
      for (const name of names) if (keys.has(name)) found.set(name, [...(found.get(name) ?? []), node]);
    }
    return found;
  }

  /** Only of those who are more than one number. */
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

  /** The contacts by which more than one person would be named. */
  #findShared(): Set<string> {
    const met = new Set<string>();
    const shared = new Set<string>();
    for (const [person, key] of this.#keys.entries()) {
      if (this.personOf(person) !== person || (contactOf(key) === null && this.nodesOf(person).length < 2)) {
        continue;
      }
      const contact = contactOf(this.#leastKey(person));
      if (contact !== null && met.has(contact)) shared.add(contact);
      else if (contact !== null) met.add(contact);
    }
    return shared;
  }

  #leastKey(person: number): string {
    const [first = '', ...others] = this.nodesOf(person).map((node) => this.#keys[node] ?? '');
    return others.reduce((least, key) => (compareKeys(key, least) < 0 ? key : least), first);
  }
}

/**
 * A phone or an e-mail as others may see it: the same has the same key, and it cannot be read off it.
 *
 * @param contact `phone:…` or `email:…`
 */
export function publicKey(contact: string): string {
  const colon = contact.indexOf(':') + 1;
  return contact.slice(0, colon) + hashOf(contact.slice(colon)).slice(0, CONTACT_HASH);
}

/**
 * Every key by which a row may name its customer, so far as the row alone tells.
 *
 * @param identity `id:…`, `phone:…` or `email:…`
 */
export function publicKeysOf(identity: string, customerName: string | null): string[] {
  if (identity.startsWith('id:')) return [identity];
  const key = `${identity}${BREAK}${customerName === null ? '' : canonicalName(customerName)}`;
  return [publicKey(identity), namedKey(identity, key)];
}

/** The same with a hash of the name, where two have one contact and their names disagree. */
function namedKey(contact: string, key: string): string {
  return publicKey(contact) + hashOf(key).slice(0, NAME_HASH);
}

/** A public key without what tells two of one contact apart; any other is given back as it is. */
export function contactKeyOf(key: string): string {
  return /^(?:phone|email):[0-9a-f]{16}/.exec(key)?.[0] ?? key;
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function contactOf(key: string): string | null {
  const end = key.indexOf(BREAK);
  return end < 0 || key.startsWith('id:') || key.startsWith('chat:') ? null : key.slice(0, end);
}

const KINDS = ['id:', 'phone:', 'email:', 'chat:'];

function compareKeys(one: string, other: string): number {
  const kindOf = (key: string) => KINDS.findIndex((kind) => key.startsWith(kind));
  return kindOf(one) - kindOf(other) || compareIds(one, other);
}

/** By the number where both end in one. */
function compareIds(one: string, other: string): number {
  const numberOf = (key: string) => /^id:0*(\d+)$/.exec(key)?.[1];
  const [number, otherNumber] = [numberOf(one), numberOf(other)];
  // Numbers come before texts: were all others told by their letters, 9 < 10 < "1a" < 9 would go round.
  return (
    Number(number === undefined) - Number(otherNumber === undefined) ||
    (number?.length ?? 0) - (otherNumber?.length ?? 0) ||
    compareText(number ?? one, otherNumber ?? other) ||
    compareText(one, other)
  );
}
