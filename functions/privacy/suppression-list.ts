import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import * as z from 'zod';
import type { Random } from '../calendar/clock.ts';
import {
  normalizeEmail,
  normalizePhone,
  normalizePhoneAsBefore,
  toErased,
} from '../chats/customer-identity.ts';
import { defineRecord } from '../storage/json-record.ts';
import { ERASED_KEY_KEY, ERASED_PREFIX, erasureKey } from '../storage/layout.ts';
import type { Lake } from '../storage/object-store.ts';
import { toAsciiDigits } from '../text/plain-form.ts';

const MOST_ASKED = 50_000;

/** One value of somebody who was erased. */
export interface SuppressedValue {
  /** Of the value, as `identifyContact` writes it (`id:…`, `phone:…`, `email:…`), under the lake's key; in hex. */
  readonly hash: string;
  /** Stands for the customer that the value tells from others, in every row. */
  readonly customer: string;
  /** Whoever asked for the erasure named it: who has it is the person, whatever their id. */
  readonly given: boolean;
}

/** Who is kept out of the lake. Nobody can be read off it; it can only be asked whether a value is somebody's. */
export class SuppressionList {
  readonly #key: KeyObject;
  readonly #values: ReadonlyMap<string, SuppressedValue>;
  /** The same words stand in the addresses of most pages, and a hash costs more than all the rest. */
  readonly #asked = new Map<string, SuppressedValue | null>();

  constructor(key: Uint8Array, values: readonly SuppressedValue[]) {
    this.#key = createSecretKey(key);
    // What was given once is given, whatever comes after.
    const given = values.filter((value) => value.given);
    this.#values = new Map([...values, ...given].map((value) => [value.hash, value]));
  }

  hash(value: string): string {
    return createHmac('sha256', this.#key).update(value).digest('hex');
  }

  /** @param value as `identifyContact` writes it */
  find(value: string): SuppressedValue | null {
    const known = this.#asked.get(value);
    if (known !== undefined) return known;
    const found = this.#values.get(this.hash(value)) ?? null;
    if (this.#asked.size >= MOST_ASKED) this.#asked.clear();
    this.#asked.set(value, found);
    return found;
  }

  findAny(values: Iterable<string>): SuppressedValue | null {
    let any: SuppressedValue | null = null;
    for (const value of values) {
      const found = this.find(value);
      if (found?.given) return found;
      any ??= found;
    }
    return any;
  }

  /** What stands for a content that is to be told from others, and not to be seen; the same for the same. */
  pseudonym(content: string): string {
    return toErased(this.hash(`content:${content}`));
  }
}

const KEY_BYTES = 32;
/** Passed over, it would let a person back in. */
const MENDING = 'put it back from a backup, or nothing more can be captured (docs/erase.md)';

const keySchema = z.strictObject({
  schema: z.literal('chat-report/erasure-key/1'),
  /** In base64. */
  key: z.base64(),
});

const erasureSchema = z.strictObject({
  schema: z.literal('chat-report/erasure/1'),
  at: z.iso.datetime(),
  /** `begun` until nobody is left in any layer; whoever erases next goes on with it. */
  state: z.enum(['begun', 'done']),
  /** The days that are not known to be done. */
  days: z.array(z.iso.date()),
  /** Of each day who leaves it, by the tombstones of their keys; left out once it is done. */
  leaving: z.record(z.iso.date(), z.array(z.string())).optional(),
  values: z.array(z.strictObject({ hash: z.hex(), customer: z.string(), given: z.boolean() })),
});

/** One erasure: `erased/<id>.json`. */
export type Erasure = Readonly<z.infer<typeof erasureSchema>>;

/** The list is there and cannot be read: nobody may go on as if there were none. */
class KeptListError extends Error {
  override readonly name = 'KeptListError';
}

const unreadable = (key: string, cause: unknown) =>
  new KeptListError(`${key}, which tells who was erased, cannot be read; ${MENDING}`, { cause });
const erasures = defineRecord({ schema: erasureSchema, key: erasureKey, unreadable });
const keys = defineRecord({ schema: keySchema, key: (key: typeof ERASED_KEY_KEY) => key, unreadable });

/** Who is kept out; null where nobody ever was erased. @throws KeptListError */
export async function readSuppressionList(lake: Pick<Lake, 'get' | 'list'>): Promise<SuppressionList | null> {
  const values = [...(await readErasures(lake)).values()].flatMap((erasure) => erasure.values);
  return values.length === 0 ? null : new SuppressionList(await readKey(lake), values);
}

/** Every erasure there was, by its id. @throws KeptListError */
export async function readErasures(lake: Pick<Lake, 'get' | 'list'>): Promise<Map<string, Erasure>> {
  const found = new Map<string, Erasure>();
  for await (const key of lake.list(ERASED_PREFIX)) {
    if (key === ERASED_KEY_KEY || !key.endsWith('.json')) continue;
    const id = key.slice(ERASED_PREFIX.length, -'.json'.length);
    found.set(id, there(await erasures.read(lake, id), key));
  }
  return found;
}

export function writeErasure(lake: Pick<Lake, 'put'>, id: string, erasure: Erasure): Promise<void> {
  return erasures.write(lake, id, erasure);
}

/** The lake's key, made where there is none yet. */
export async function makeKey(lake: Lake, random: Random): Promise<Uint8Array> {
  const record = { schema: 'chat-report/erasure-key/1' as const, key: newKey(random).toString('base64') };
  // Of two at once the first one's holds.
  await keys.create(lake, ERASED_KEY_KEY, record);
  return await readKey(lake);
}

export function newKey(random: Random): Buffer {
  return Buffer.from(random.hex(KEY_BYTES), 'hex');
}

/** @throws KeptListError also where there is none: what is hashed could never be found again. */
export async function readKey(lake: Pick<Lake, 'get'>): Promise<Uint8Array> {
  const { key } = there(await keys.read(lake, ERASED_KEY_KEY), ERASED_KEY_KEY);
  return Buffer.from(key, 'base64');
}

function there<Value>(value: Value | null, key: string): Value {
  if (value !== null) return value;
  throw new KeptListError(`${key}, which tells who was erased, is missing; ${MENDING}`);
}

const LEAST_PHONE_DIGITS = 7;
const MOST_PHONE_DIGITS = 15;
/** A shorter id in the midst of a text is more likely any other number. */
const ID_IN_TEXT = /[\p{L}\p{N}_-]{6,40}/gu;
const DIGITS_IN_TEXT = /\d{6,40}/g;
const DIALLED_IN_TEXT = /\+?\d[\d\s.()+-]*/g;
/** What no address holds, as texts and web addresses write them. */
const NO_LOCAL = /[\s<>"'=&?/,;:()[\]|\\]/;
const NO_DOMAIN = /[\s<>"'=&?/,;:()[\]|\\#]/;

/**
 * The telephone numbers and e-mail addresses that a text may hold, as a row's identity names them, however they are written.
 * Numbers are in the form of earlier versions too, by which they may be on a list.
 */
export function contactsIn(text: string): Set<string> {
  const found = new Set<string>();
  for (const form of formsOf(text)) {
    for (const [run] of toAsciiDigits(form).matchAll(DIALLED_IN_TEXT)) addPhones(found, run);
    for (const address of [form.trim(), ...mailsIn(form)]) {
      const email = normalizeEmail(withoutDots(address));
      if (email !== null) found.add(`email:${email}`);
    }
  }
  return found;
}

/** The same, and what may be the id of a customer: six characters or more. */
export function valuesIn(text: string): Set<string> {
  const found = contactsIn(text);
  for (const form of formsOf(text)) {
    for (const pattern of [ID_IN_TEXT, DIGITS_IN_TEXT]) {
      for (const [id] of form.matchAll(pattern)) found.add(`id:${id}`);
    }
  }
  return found;
}

/** A text, and what it says where it is encoded for a web address, once or twice. */
export function formsOf(text: string): string[] {
  if (!text.includes('%')) return [text];
  const once = decodeLoosely(text);
  return [...new Set([text, once, decodeLoosely(once)])];
}

function decodeLoosely(text: string): string {
  return text.replaceAll(/(?:%[0-9a-f]{2})+/gi, (encoded) => {
    try {
      return decodeURIComponent(encoded);
    } catch {
      return encoded;
    }
  });
}

/** What stands beside each `@`, up to what no address holds. */
function* mailsIn(text: string): Generator<string> {
  let before: string | null = null;
  for (const part of text.split('@')) {
    if (before !== null) yield `${endOf(before)}@${startOf(part)}`;
    before = part;
  }
}

function endOf(text: string): string {
  let from = text.length;
  while (from > 0 && !NO_LOCAL.test(text[from - 1] ?? '')) from -= 1;
  return text.slice(from);
}

function startOf(text: string): string {
  const to = text.search(NO_DOMAIN);
  return to < 0 ? text : text.slice(0, to);
}

/** Without the full stop of a sentence. */
function withoutDots(text: string): string {
  let to = text.length;
  while (text[to - 1] === '.') to -= 1;
  return text.slice(0, to);
}

/** Numbers are written in groups, and may stand beside others: every row of neighbouring groups may be one. */
function addPhones(found: Set<string>, run: string): void {
  const groups = run.match(/\+?\d+/g) ?? [];
  for (const first of groups.keys()) {
    let dialled = '';
    for (let last = first; last < groups.length; last += 1) {
      dialled += groups[last];
      // Two more for 00 before the country's code.
      if (dialled.length > MOST_PHONE_DIGITS + 3) break;
      addPhone(found, dialled);
      // What was once a number rather than a text has lost its zero.
      if (dialled.length === 9) addPhone(found, `0${dialled}`);
    }
  }
}

function addPhone(found: Set<string>, dialled: string): void {
  if (dialled.length < LEAST_PHONE_DIGITS) return;
  for (const phone of [normalizePhone(dialled), normalizePhoneAsBefore(dialled)]) {
    if (phone !== null) found.add(`phone:${phone}`);
  }
}
