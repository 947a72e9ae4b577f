import type { Day } from '../calendar/day.ts';
import { DamagedCaptureError, readAnswer, sha256 } from '../capture/captures.ts';
import type { Coverage } from '../capture/coverage.ts';
import { CHANNELS } from '../chats/channel.ts';
import { contactKeyOf, identifyContact, publicKeysOf } from '../chats/customer-identity.ts';
import { DIMENSIONS, type Dimension } from '../metrics/dimensions.ts';
import { mapValues } from '../metrics/measures.ts';
import type { CallbackChange, Customer, KeyedFigures, Summary } from '../metrics/summary.ts';
import type { Waiting, WaitingCustomer } from '../metrics/waiting.ts';
import { buildWaiting } from '../pipeline/follow-customers.ts';
import type { Erased } from '../pipeline/report-parts.ts';
import type { ReportReader } from '../pipeline/report-reader.ts';
import { ReportStore } from '../pipeline/report-store.ts';
import { countingOf } from '../pipeline/summarize.ts';
import {
  contactsIn,
  type SuppressedValue,
  type SuppressionList,
  valuesIn,
} from '../privacy/suppression-list.ts';
import type { Locale } from '../report/i18n/messages.ts';
import type { RowDialect } from '../sources/row-dialect.ts';
import type { HeldLake } from '../storage/changes.ts';
import type { Lake } from '../storage/object-store.ts';
import { isRecord } from '../text/json.ts';
import { nameNow, type OpenedPage, type RawCapture } from './erase-captures.ts';
import { contactOf, type ReportedContact } from './find-subject.ts';

/** The customers that a report names. A masked report names none. */
export function reportedContacts(summary: Summary): ReportedContact[] {
  const { callbacks, callbackChanges = [], contacts } = summary;
  if (contacts === 'masked') return [];
  const named = [
    ...callbacks.map(({ customer }) => customer),
    ...callbackChanges.flatMap(({ added, gone }) => [...added, ...gone]),
  ];
  return named.map(toContact);
}

/** The customers that a list of who waits names. A masked list names none. */
export function waitingContacts({ waiting, contacts }: Waiting): ReportedContact[] {
  return contacts === 'masked' ? [] : waiting.map(({ customer }) => toContact(customer));
}

function toContact({ key, name, phone, email }: Customer): ReportedContact {
  const customerId = key.startsWith('id:') ? key.slice('id:'.length) : null;
  return { customerId, customerName: name, customerPhone: phone, customerEmail: email };
}

/**
 * Removes people on the suppression list from a list of who waits, as far as the list itself identifies them.
 *
 * @returns null when it names none of them
 */
function waitingWithoutSuppressed(list: Waiting, suppressed: SuppressionList): Waiting | null {
  const isTheirs = (key: string): boolean => suppressed.find(key) !== null;
  const waiting = list.waiting.flatMap((one) => {
    const customer = redactCustomer(one.customer, suppressed);
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
 * Removes people on the suppression list from a report, as far as the report itself identifies them. The rules are those
 * of a row of raw. No figure changes.
 *
 * @returns null when it names none of them
 */
export function withoutSuppressed(summary: Summary, suppressed: SuppressionList): Summary | null {
  const callbacks = summary.callbacks.flatMap((callback) => {
    const customer = redactCustomer(callback.customer, suppressed);
    if (customer === callback.customer) return [callback];
    return customer === null ? [] : [{ ...callback, customer }];
  });
  const changes = redactChanges(summary.callbackChanges ?? [], suppressed);
  const lists = mapValues(DIMENSIONS, ({ fromVisitors }: Dimension, id) =>
    fromVisitors === undefined ? summary[id] : redactKeys(summary[id], fromVisitors, suppressed),
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

/** Whether a report's changes of earlier days name a person on the suppression list. */
export function isTelling(
  revised: readonly Pick<CallbackChange, 'added' | 'gone'>[],
  suppressed: SuppressionList,
): boolean {
  return !areSame(redactChanges(revised, suppressed), revised);
}

/** A change that names none of them stays the same object. */
function redactChanges<Change extends Pick<CallbackChange, 'added' | 'gone'>>(
  changes: readonly Change[],
  suppressed: SuppressionList,
): Change[] {
  return changes.map((change) => {
    const of = (customers: readonly Customer[]) => customers.map((one) => redactCustomer(one, suppressed));
    const [added, gone] = [of(change.added), of(change.gone)];
    const isSame = areSame(added, change.added) && areSame(gone, change.gone);
    const isLeft = (customer: Customer | null): customer is Customer => customer !== null;
    return isSame ? change : { ...change, added: added.filter(isLeft), gone: gone.filter(isLeft) };
  });
}

function areSame(ones: readonly unknown[], others: readonly unknown[]): boolean {
  return ones.length === others.length && ones.every((one, place) => one === others[place]);
}

/** @returns null for a person on the list, and the same object for a customer without a value of theirs */
function redactCustomer(customer: Customer, suppressed: SuppressionList): Customer | null {
  if (suppressed.find(customer.key) || suppressed.find(contactKeyOf(customer.key))) return null;
  const heldIn = (text: string | null): SuppressedValue | null =>
    text === null ? null : suppressed.findAny(contactsIn(text));
  const [name, phone, email] = [heldIn(customer.name), heldIn(customer.phone), heldIn(customer.email)];
  const held = [name, phone, email].filter((value) => value !== null);
  if (held.length === 0) return customer;
  if (held.some(({ given }) => given) || customer.key.startsWith('chat:')) return null;
  // Another customer shares the value. They stay, without it and without the name beside it.
  const left = { phone: phone ? null : customer.phone, email: email ? null : customer.email };
  return { ...customer, name: null, ...left };
}

/** Each key stays a row of its own, because the figures of two rows cannot be added up. */
function redactKeys(
  rows: readonly KeyedFigures[],
  of: NonNullable<Dimension['fromVisitors']>,
  suppressed: SuppressionList,
): KeyedFigures[] {
  const isTheirs = (text: string) => suppressed.findAny(valuesIn(text)) !== null;
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

export interface Rederiving {
  readonly lake: HeldLake;
  readonly suppressed: SuppressionList;
  /** For a report that does not say its language. */
  readonly locale: Locale;
  /** The tombstones of the customers who left the day. */
  readonly erased: Erased;
}

/**
 * Derives all layers above raw again for a day, from its present captures. The account's present settings do not matter:
 * only the named customers of a report change.
 *
 * @param captures all captures of the day
 */
export async function rederiveDay(
  day: Day,
  captures: readonly RawCapture[],
  rederiving: Rederiving,
): Promise<void> {
  const reports = new ReportStore(rederiving.lake);
  const summary = await reports.read({ day });
  for (const place of await reports.beside(day)) {
    const beside = await reports.read(place);
    if (beside) await rederiveReport(beside, captures, reports, rederiving);
  }
  if (summary !== null) return await rederiveReport(summary, captures, reports, rederiving);
  const hasTables = (await reports.tables(day)).length > 0 || (await reports.hasMetrics(day));
  // Nothing is derived of a day that is not over.
  if (captures.length > 0 || hasTables) await reports.deriveTables(day, rederiving.erased);
}

/**
 * When raw is gone or damaged, the figures stay as they were. The person goes from the list of callbacks and from the
 * names of pages. Rows for analysts and rows of the workbook need raw, so all of them go.
 */
async function rederiveReport(
  summary: Summary,
  captures: readonly RawCapture[],
  reports: ReportStore,
  { lake, suppressed, locale, erased }: Rederiving,
): Promise<void> {
  const { day } = summary;
  const completeness = renameCaptures(summary, captures);
  const itsLocale = (await reports.storedDigest(summary))?.locale ?? locale;
  try {
    const counting = await countingOf({ ...summary, completeness }, lake);
    if (counting !== null) {
      await reports.derive({ day, completeness, counting }, itsLocale, { force: true, erased });
      return;
    }
  } catch (error) {
    if (!(error instanceof DamagedCaptureError)) throw error;
  }
  await reports.deriveWithoutRaw(withoutSuppressed(summary, suppressed) ?? summary, itsLocale, erased);
}

function renameCaptures({ day, completeness }: Summary, captures: readonly RawCapture[]): Coverage {
  const { channels, verdict } = completeness;
  const renamed = CHANNELS.flatMap((channel) => {
    const found = channels[channel];
    if (!found) return [];
    const captureId = found.captureId && nameNow({ day, channel, captureId: found.captureId }, captures);
    return [[channel, { ...found, captureId }]];
  });
  return { verdict, channels: Object.fromEntries(renamed) };
}

type Place = Pick<RawCapture, 'day' | 'channel'>;

/** The lists of who waits, compared with the suppression list. */
interface WaitingSurvey {
  /** Days whose list must be made again. */
  readonly days: ReadonlySet<Day>;
  /** Days among them whose list names a person on the suppression list. */
  readonly naming: ReadonlySet<Day>;
  /** Keys of unreadable lists, which may name any person. */
  readonly unreadable: readonly string[];
}

/**
 * @param captures all captures in raw
 * @param touched the day and channel of each capture that changes
 */
export async function surveyWaiting(
  reports: ReportReader,
  captures: readonly RawCapture[],
  touched: readonly Place[],
  suppressed: SuppressionList,
): Promise<WaitingSurvey> {
  const days = new Set<Day>();
  const naming = new Set<Day>();
  const unreadable: string[] = [];
  for (const { place, keys } of await reports.files()) {
    const key = keys.find((one) => one.endsWith('/waiting.json'));
    if (key === undefined || place.only !== undefined) continue;
    const waiting = await reports.waiting(place.day);
    if (waiting === null) {
      unreadable.push(key);
      continue;
    }
    const isNaming = waitingWithoutSuppressed(waiting, suppressed) !== null;
    const isTouched = waiting.waiting.some((one) => touched.some((of) => mayBeOf(one, waiting.day, of)));
    const isReplaced = waiting.captures.some((one) => nameNow(one, captures) !== one.captureId);
    if (isNaming) naming.add(place.day);
    if (isNaming || isTouched || isReplaced) days.add(place.day);
  }
  return { days, naming, unreadable };
}

/** Whether a missed chat of this customer may lie there. A masked list does not say whose contact it was. */
function mayBeOf(
  { channels, firstMissedAt, lastMissedAt }: WaitingCustomer,
  listed: Day,
  { day, channel }: Place,
): boolean {
  const [first, last] = [firstMissedAt.slice(0, 10), lastMissedAt.slice(0, 10)];
  // Chats after the listed day lie under the day on which they were read.
  return channels.includes(channel) && first <= day && (day <= last || last > listed);
}

/**
 * Makes a list again from its present captures, which are without the person. When a capture is gone or damaged, the person
 * is removed from the list as far as the list itself identifies them.
 *
 * @param captures all captures in raw
 */
export async function rederiveWaiting(
  day: Day,
  captures: readonly RawCapture[],
  { lake, suppressed }: { readonly lake: HeldLake; readonly suppressed: SuppressionList },
): Promise<void> {
  const reports = new ReportStore(lake);
  const waiting = await reports.waiting(day);
  if (waiting === null) return;
  const renamed = {
    ...waiting,
    captures: waiting.captures.map((one) => ({ ...one, captureId: nameNow(one, captures) })),
  };
  const without = waitingWithoutSuppressed(renamed, suppressed) ?? renamed;
  await reports.putWaiting((await remade(renamed, reports, lake)) ?? without);
}

/** @returns null when it cannot be made from its captures */
async function remade(
  { schema: _, waiting: __, answered: ___, ...basis }: Waiting,
  reports: ReportReader,
  lake: Lake,
): Promise<Waiting | null> {
  const summary = await reports.read({ day: basis.day });
  if (summary === null) return null;
  try {
    return await buildWaiting(basis, summary.callbacks, lake);
  } catch (error) {
    if (error instanceof DamagedCaptureError) return null;
    throw error;
  }
}

/**
 * The customers who leave each day with an erasure, as SHA-256 of their `customer_key`. A reader with a copy of a table finds
 * them in the copy, and the lake itself names them no more.
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

  /** Sorted, so that the order does not show who wrote first. */
  of(day: Day): string[] {
    return [...(this.#ofDay.get(day) ?? [])].sort();
  }

  toRecord(): Record<Day, string[]> {
    return Object.fromEntries([...this.#ofDay.keys()].sort().map((day) => [day, this.of(day)]));
  }
}

/** The tombstones of rows that become another customer's. Rows stay in their places. */
export function leavingRows({ rows, dialect }: OpenedPage, redacted: Uint8Array): string[] {
  const after = readAnswer(redacted, undefined, dialect).rows;
  return rows.flatMap((row, place) => {
    const left = new Set(keysOf(after[place], dialect));
    return keysOf(row, dialect).flatMap((key) => (left.has(key) ? [] : [sha256(Buffer.from(key))]));
  });
}

/** The tombstones of customers whom the list of callbacks names no more. */
export function leavingCallbacks(before: Summary, after: Summary): string[] {
  const left = new Set(after.callbacks.map(({ customer }) => customer.key));
  return before.callbacks.flatMap(({ customer: { key } }) =>
    left.has(key) ? [] : [sha256(Buffer.from(key))],
  );
}

/** The keys that the table `chats` may have for a row. None: the chat has no identity. */
function keysOf(row: unknown, dialect: RowDialect): string[] {
  if (!isRecord(row)) return [];
  const contact = contactOf(row, dialect);
  const identity = identifyContact(contact);
  return identity === null ? [] : publicKeysOf(identity, contact.customerName);
}
