import { identifyContact } from '../chat/customer-identity.ts';
import { isRecord } from '../chat/exact-json.ts';
import { publicKeysOf } from '../chat/joined-people.ts';
import type { Summary } from '../measure/summary.ts';
import { readRows, sha256 } from '../storage/captures.ts';
import type { Day } from '../time/report-day.ts';
import { contactOf } from './find-person.ts';

/**
 * Of each day the customers who leave it with an erasure, as SHA-256 of their `customer_key`: who has copied a table finds
 * them in the copy, and the lake itself does not name them any more.
 */
export class Tombstones {
  readonly #ofDay = new Map<Day, Set<string>>();

  constructor(records: readonly Readonly<Record<Day, readonly string[]>>[] = []) {
    for (const [day, tombstones] of records.flatMap(Object.entries)) this.add(day, tombstones);
  }

  add(day: Day, tombstones: Iterable<string>): void {
    const known = this.#ofDay.get(day) ?? new Set();
    this.#ofDay.set(day, known);
    for (const one of tombstones) known.add(one);
  }

  /** In an order that does not tell in which they wrote. */
  of(day: Day): string[] {
    return [...(this.#ofDay.get(day) ?? [])].sort();
  }

  toRecord(): Record<Day, string[]> {
    return Object.fromEntries([...this.#ofDay.keys()].sort().map((day) => [day, this.of(day)]));
  }
}

/** Of the rows of a page that become another customer's. Rows stay in their places. */
export function leavingRows(before: readonly unknown[], redacted: Uint8Array): string[] {
  const after = readRows(redacted);
  return before.flatMap((row, place) => {
    const left = new Set(keysOf(after[place]));
    return keysOf(row).flatMap((key) => (left.has(key) ? [] : [sha256(Buffer.from(key))]));
  });
}

/** Of those whom a report names to be called back, and no longer does. */
export function leavingCallbacks(before: Summary, after: Summary): string[] {
  const left = new Set(after.callbacks.map(({ customer }) => customer.key));
  return before.callbacks.flatMap(({ customer: { key } }) =>
    left.has(key) ? [] : [sha256(Buffer.from(key))],
  );
}

/** As the table `chats` may have them; none where a chat stands for itself. */
function keysOf(row: unknown): string[] {
  if (!isRecord(row)) return [];
  const contact = contactOf(row);
  const identity = identifyContact(contact);
  return identity === null ? [] : publicKeysOf(identity, contact.customerName);
}
