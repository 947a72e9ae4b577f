import { contactKeyOf } from '../chat/joined-people.ts';
import type { KeepOut, KeptOutValue } from '../keep-out/keep-out.ts';
import { contactsIn, valuesIn } from '../keep-out/values-in-text.ts';
import { DIMENSIONS, type Dimension } from '../measure/dimensions.ts';
import { mapValues } from '../measure/map-values.ts';
import type { CallbackChange, Customer, KeyedFigures, Summary } from '../measure/summary.ts';
import type { Waiting } from '../measure/waiting.ts';

/** What a report tells of whom to call back, as rows of raw tell it; nothing where it is masked. */
export function contactRows(summary: Summary): Record<string, string | null>[] {
  const { callbacks, callbackChanges = [], contacts } = summary;
  if (contacts === 'masked') return [];
  const named = [
    ...callbacks.map(({ customer }) => customer),
    ...callbackChanges.flatMap(({ added, gone }) => [...added, ...gone]),
  ];
  return named.map(toRow);
}

/** The same of a list of who waits. */
export function waitingRows({ waiting, contacts }: Waiting): Record<string, string | null>[] {
  return contacts === 'masked' ? [] : waiting.map(({ customer }) => toRow(customer));
}

function toRow({ key, name, phone, email }: Customer): Record<string, string | null> {
  return {
    customer_id: key.startsWith('id:') ? key.slice('id:'.length) : null,
    cus_name: name,
    cus_phone: phone,
    cus_email: email,
  };
}

/**
 * A list of who waits without who is kept out, as far as it can be told from itself.
 *
 * @returns null where it names none of them
 */
export function waitingWithoutKeptOut(list: Waiting, keepOut: KeepOut): Waiting | null {
  const isTheirs = (key: string): boolean => keepOut.find(key) !== null;
  const waiting = list.waiting.flatMap((one) => {
    const customer = redactCustomer(one.customer, keepOut);
    const isSame = customer === one.customer && !one.callbacks.some(isTheirs);
    if (isSame) return [one];
    if (customer === null) return [];
    return [{ ...one, customer, callbacks: one.callbacks.filter((key) => !isTheirs(key)) }];
  });
  const answered = list.answered.filter(({ key }) => !isTheirs(key));
  const isNaming = !(areSame(answered, list.answered) && areSame(waiting, list.waiting));
  return isNaming ? { ...list, waiting, answered } : null;
}

/**
 * A report without who is kept out, as far as it can be told from itself, and by the rules of a row of raw. No figure
 * changes.
 *
 * @returns null where it names none of them
 */
export function withoutKeptOut(summary: Summary, keepOut: KeepOut): Summary | null {
  const callbacks = summary.callbacks.flatMap((callback) => {
    const customer = redactCustomer(callback.customer, keepOut);
    if (customer === callback.customer) return [callback];
    return customer === null ? [] : [{ ...callback, customer }];
  });
  const changes = redactChanges(summary.callbackChanges ?? [], keepOut);
  const lists = mapValues(DIMENSIONS, ({ fromVisitors }: Dimension, id) =>
    fromVisitors === undefined ? summary[id] : redactKeys(summary[id], fromVisitors, keepOut),
  );
  const isSame =
    areSame(callbacks, summary.callbacks) &&
    areSame(changes, summary.callbackChanges ?? []) &&
    Object.values(mapValues(lists, (list, id) => areSame(list, summary[id]))).every(Boolean);
  if (isSame) return null;
  const { callbackChanges: _, ...others } = summary;
  const left = changes.filter(({ added, gone }) => added.length + gone.length > 0);
  return { ...others, ...(left.length > 0 && { callbackChanges: left }), callbacks, ...lists };
}

/** Whether a report that tells what changed of earlier days tells it of a person who is kept out. */
export function isTelling(
  revised: readonly Pick<CallbackChange, 'added' | 'gone'>[],
  keepOut: KeepOut,
): boolean {
  return !areSame(redactChanges(revised, keepOut), revised);
}

/** Each that names none of them stays itself. */
function redactChanges<Change extends Pick<CallbackChange, 'added' | 'gone'>>(
  changes: readonly Change[],
  keepOut: KeepOut,
): Change[] {
  return changes.map((change) => {
    const of = (customers: readonly Customer[]) => customers.map((one) => redactCustomer(one, keepOut));
    const [added, gone] = [of(change.added), of(change.gone)];
    const isSame = areSame(added, change.added) && areSame(gone, change.gone);
    const isLeft = (customer: Customer | null): customer is Customer => customer !== null;
    return isSame ? change : { ...change, added: added.filter(isLeft), gone: gone.filter(isLeft) };
  });
}

function areSame(ones: readonly unknown[], others: readonly unknown[]): boolean {
  return ones.length === others.length && ones.every((one, place) => one === others[place]);
}

/** @returns null for one of them; themselves for who has nothing of theirs */
function redactCustomer(customer: Customer, keepOut: KeepOut): Customer | null {
  if (keepOut.find(customer.key) || keepOut.find(contactKeyOf(customer.key))) return null;
  const heldIn = (text: string | null): KeptOutValue | null =>
    text === null ? null : keepOut.findAny(contactsIn(text));
  const [name, phone, email] = [heldIn(customer.name), heldIn(customer.phone), heldIn(customer.email)];
  const held = [name, phone, email].filter((value) => value !== null);
  if (held.length === 0) return customer;
  if (held.some(({ given }) => given) || customer.key.startsWith('chat:')) return null;
  // Somebody else, who shares it: they stay, without it and without the name beside it.
  const left = { phone: phone ? null : customer.phone, email: email ? null : customer.email };
  return { ...customer, name: null, ...left };
}

/** Each stays a row of its own: figures of two cannot be added up. */
function redactKeys(
  rows: readonly KeyedFigures[],
  of: NonNullable<Dimension['fromVisitors']>,
  keepOut: KeepOut,
): KeyedFigures[] {
  const isTheirs = (text: string) => keepOut.findAny(valuesIn(text)) !== null;
  const keys = new Set(rows.map(({ key }) => key));
  return rows.map((row) => {
    if (row.key === null || !isTheirs(row.key)) return row;
    const [host = ''] = row.key.split('/', 1);
    const plain = of === 'text' || isTheirs(host) ? 'erased' : `${host}/erased`;
    let key = plain;
    for (let number = 2; keys.has(key); number += 1) key = `${plain}-${number}`;
    keys.add(key);
    return { ...row, key };
  });
}
