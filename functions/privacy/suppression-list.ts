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
/** A longer text is free text, and it does not come again. */
const LONGEST_ASKED = 200;

/** One value of an erased person. */
export interface SuppressedValue {
  /** The hash of the value (`id:…`, `phone:…` or `email:…`) under the lake's key, in hex. */
  readonly hash: string;
  /** The pseudonym that stands for the customer in every row. */
  readonly customer: string;
  /** The request for the erasure named this value. Every customer with it is the person, even with another id. */
  readonly given: boolean;
}

/** The people that are kept out of the lake. The list holds hashes, so it names no person. It only answers whether a value is on it. */
export class SuppressionList {
  readonly #key: KeyObject;
  readonly #values: ReadonlyMap<string, SuppressedValue>;
  /** Caches answers. Most page addresses share their words, and a hash costs more than all the rest. */
  readonly #asked = new Map<string, SuppressedValue | null>();
  readonly #contacts = new Map<string, SuppressedValue | null>();
  readonly #texts = new Map<string, SuppressedValue | null>();

  constructor(key: Uint8Array, values: readonly SuppressedValue[]) {
    this.#key = createSecretKey(key);
    // A value that was given once stays given.
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
    remember(this.#asked, value, found);
    return found;
  }

  /** @returns the value on the list that a text names as a contact, see {@link contactsIn}; a given value first */
  findContact(text: string): SuppressedValue | null {
    return this.#findIn(text, contactsIn, this.#contacts);
  }

  /** The same for contacts and ids, see {@link valuesIn}. */
  findValue(text: string): SuppressedValue | null {
    return this.#findIn(text, valuesIn, this.#texts);
  }

  #findIn(
    text: string,
    read: (text: string) => Set<string>,
    known: Map<string, SuppressedValue | null>,
  ): SuppressedValue | null {
    const before = known.get(text);
    if (before !== undefined) return before;
    const found = this.findAny(read(text));
    if (text.length <= LONGEST_ASKED) remember(known, text, found);
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

  /** A text that hides a content. The same content has the same pseudonym, and another content has another. */
  pseudonym(content: string): string {
    return toErased(this.hash(`content:${content}`));
  }
}

function remember<Value>(answers: Map<string, Value>, text: string, answer: Value): void {
  if (answers.size >= MOST_ASKED) answers.clear();
  // A part of a text keeps the whole text in memory. A copy does not.
  answers.set(Buffer.from(text, 'utf16le').toString('utf16le'), answer);
}

const KEY_BYTES = 32;
/** Without the list, an erased person would come back. */
const MENDING = 'put it back from a backup, or nothing more can be captured (docs/erase.md)';

const keySchema = z.strictObject({
  schema: z.literal('chat-report/erasure-key/1'),
  /** In base64. */
  key: z.base64(),
});

const erasureSchema = z.strictObject({
  schema: z.literal('chat-report/erasure/1'),
  at: z.iso.datetime(),
  /** `begun` until every layer is without the person. The next erasure continues it. */
  state: z.enum(['begun', 'done']),
  /** The days that may not be done yet. */
  days: z.array(z.iso.date()),
  /** The customers who leave each day, by the tombstones of their keys. Left out: the erasure is done. */
  leaving: z.record(z.iso.date(), z.array(z.string())).optional(),
  values: z.array(z.strictObject({ hash: z.hex(), customer: z.string(), given: z.boolean() })),
});

/** One erasure. Its file is `erased/<id>.json`. */
export type Erasure = Readonly<z.infer<typeof erasureSchema>>;

/** The list cannot be read. The program must not go on without it. */
class SuppressionListError extends Error {
  override readonly name = 'KeptListError';
}

const unreadable = (key: string, cause: unknown) =>
  new SuppressionListError(`${key}, which tells who was erased, cannot be read; ${MENDING}`, { cause });
const erasures = defineRecord({ schema: erasureSchema, key: erasureKey, unreadable });
const keys = defineRecord({ schema: keySchema, key: (key: typeof ERASED_KEY_KEY) => key, unreadable });

/** Reads the suppression list. Null: no person was ever erased. @throws SuppressionListError */
export async function readSuppressionList(lake: Pick<Lake, 'get' | 'list'>): Promise<SuppressionList | null> {
  const values = [...(await readErasures(lake)).values()].flatMap((erasure) => erasure.values);
  return values.length === 0 ? null : new SuppressionList(await readKey(lake), values);
}

/** Reads every erasure, by its id. @throws SuppressionListError */
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

/** Reads the lake's key, and makes one when there is none. */
export async function makeKey(lake: Lake, random: Random): Promise<Uint8Array> {
  const record = { schema: 'chat-report/erasure-key/1' as const, key: newKey(random).toString('base64') };
  // When two processes make a key, the first one counts.
  await keys.create(lake, ERASED_KEY_KEY, record);
  return await readKey(lake);
}

export function newKey(random: Random): Buffer {
  return Buffer.from(random.hex(KEY_BYTES), 'hex');
}

/** @throws SuppressionListError also when there is no key, because no hash could be found again */
export async function readKey(lake: Pick<Lake, 'get'>): Promise<Uint8Array> {
  const { key } = there(await keys.read(lake, ERASED_KEY_KEY), ERASED_KEY_KEY);
  return Buffer.from(key, 'base64');
}

function there<Value>(value: Value | null, key: string): Value {
  if (value !== null) return value;
  throw new SuppressionListError(`${key}, which tells who was erased, is missing; ${MENDING}`);
}

const LEAST_PHONE_DIGITS = 7;
const MOST_PHONE_DIGITS = 15;
/** A shorter id within a text is more likely another number. */
const ID_IN_TEXT = /[\p{L}\p{N}_-]{6,40}/gu;
const DIGITS_IN_TEXT = /\d{6,40}/g;
/** A text without such a character holds no contact. Most names have none. */
const SIGN_OF_CONTACT = /[\p{N}@%]/u;
const DIALLED_IN_TEXT = /\+?\d[\d\s.()+-]*/g;
/** Characters that no e-mail address holds, in texts and in web addresses. */
const NO_LOCAL = /[\s<>"'=&?/,;:()[\]|\\]/;
const NO_DOMAIN = /[\s<>"'=&?/,;:()[\]|\\#]/;

/**
 * Finds phone numbers and e-mail addresses in a text, in any notation. It gives them as `identifyContact` writes them.
 * Numbers are also given in the form of earlier versions, because lists may hold that form.
 */
export function contactsIn(text: string): Set<string> {
  const found = new Set<string>();
  if (!SIGN_OF_CONTACT.test(text)) return found;
  for (const form of formsOf(text)) {
    for (const [run] of toAsciiDigits(form).matchAll(DIALLED_IN_TEXT)) addPhones(found, run);
    for (const address of [form.trim(), ...mailsIn(form)]) {
      const email = normalizeEmail(withoutDots(address));
      if (email !== null) found.add(`email:${email}`);
    }
  }
  return found;
}

/** Finds the same, and possible customer ids of six characters or more. */
export function valuesIn(text: string): Set<string> {
  const found = contactsIn(text);
  for (const form of formsOf(text)) {
    for (const pattern of [ID_IN_TEXT, DIGITS_IN_TEXT]) {
      for (const [id] of form.matchAll(pattern)) found.add(`id:${id}`);
    }
  }
  return found;
}

/**
 * A text, and its decoded forms when it is encoded for a web address, once or twice.
 *
 * @param decoded gets what was decoded, in its order
 */
export function formsOf(text: string, decoded: string[] = []): string[] {
  if (!text.includes('%')) return [text];
  const once = decodeLoosely(text, decoded);
  return [...new Set([text, once, decodeLoosely(once, decoded)])];
}

function decodeLoosely(text: string, decoded: string[]): string {
  return text.replaceAll(/(?:%[0-9a-f]{2})+/gi, (encoded) => {
    try {
      const plain = decodeURIComponent(encoded);
      decoded.push(plain);
      return plain;
    } catch {
      return encoded;
    }
  });
}

/** The possible addresses around each `@`. */
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

/** Removes the full stop of a sentence. */
function withoutDots(text: string): string {
  let to = text.length;
  while (text[to - 1] === '.') to -= 1;
  return text.slice(0, to);
}

/** Numbers are written in groups of digits. So every sequence of neighbouring groups may be a number. */
function addPhones(found: Set<string>, run: string): void {
  if (run.length < LEAST_PHONE_DIGITS) return;
  const groups = run.match(/\+?\d+/g) ?? [];
  for (const first of groups.keys()) {
    let dialled = '';
    for (let last = first; last < groups.length; last += 1) {
      dialled += groups[last];
      // 00 before the country code adds two digits, and a leading + one.
      if (dialled.length > MOST_PHONE_DIGITS + 3) break;
      addPhone(found, dialled);
      // A phone number that was stored as a number has lost its zero.
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

/** The search for more values at once takes as long as reading the page. */
const MOST_SOUGHT = 40;
/** A number that may be another one when it is read, such as `9e8`. A page without the sign of one needs no closer look. */
const NO_PLAIN_NUMBER = /[:[,]\s*-?\d+[.eE]/;
const SIGN_OF_NO_PLAIN_NUMBER = /\d[.eE]/;
/** A control character may become another escape when a list is written as a text. */
const CONTROL_ESCAPE = /\\u00[01]/i;
const ESCAPE = /\\(?:u([\da-f]{4})|([^u]))/gi;
const MEANINGS: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };
/**
 * All digits that are not ASCII, and the sign for Kelvin, which becomes a `k`. They may match other characters, but no letter
 * of European languages and of Vietnamese, no usual mark and no usual emoji. A class of digits takes far longer, and so does
 * one pattern of both.
 */
const ODD_SIGN =
  /[\u00b2\u00b3\u00b9\u00bc-\u00be\u0660-\u1e9f\u1f00-\u1fff\u2070-\u209f\u2100-\u25ff\u2776-\u4dff\ua000-\uabff\uff00-\uffef]/;
/** The first half of each odd pair. Most emoji have another. */
const MAYBE_ODD_PAIR = /[\ud800-\ud83c\ud83e-\udbff]/;
const ODD_PAIR = /[\ud800-\ud83b\ud83f-\udbff]|\ud83c[\udd00-\udd0c]|\ud83e[\udff0-\udff9]/;
/** An address with other characters may stand there in another form. */
const STEADY_ADDRESS = /^[^"\\[\]{},:\u0080-\uffff]+$/;

/**
 * Tells which pages cannot name any of some values, without parsing them. A page that may name one still has to be read.
 *
 * A reader finds a value only where its characters stand one after another: an id as it is, an e-mail address in any case,
 * the last digits of a phone number with anything between them. Escapes of JSON and of web addresses are decoded. What is
 * too odd for that may name any value.
 */
export class ValueSieve {
  /** Finds a value. Null: some value could stand there in another form. */
  readonly #pattern: RegExp | null;

  /** @param values as `identifyContact` writes them */
  constructor(values: ReadonlySet<string>) {
    const patterns = [...values].map(patternOf);
    const isUsable = values.size <= MOST_SOUGHT && patterns.every((pattern) => pattern !== null);
    this.#pattern = isUsable ? new RegExp(patterns.join('|')) : null;
  }

  /** @param json a page in JSON, decoded from UTF-8 @returns false: no reader finds one of the values in the page */
  mayPass(json: string): boolean {
    const pattern = this.#pattern;
    const isEscaped = json.includes('\\');
    if (pattern === null || hasOddNumber(json) || (isEscaped && CONTROL_ESCAPE.test(json))) return true;
    const decoded: string[] = [];
    const texts = isEscaped ? [json, withoutEscapes(json, decoded)] : [json];
    const forms = texts.flatMap((text) => formsOf(text, decoded));
    // The forms have no signs but those of the page and the decoded ones.
    return forms.some((form) => pattern.test(form)) || hasOddSign(json) || hasOddSign(decoded.join(''));
  }
}

function hasOddNumber(json: string): boolean {
  return SIGN_OF_NO_PLAIN_NUMBER.test(json) && NO_PLAIN_NUMBER.test(json);
}

function hasOddSign(text: string): boolean {
  return ODD_SIGN.test(text) || (MAYBE_ODD_PAIR.test(text) && ODD_PAIR.test(text));
}

/** Null: the value may stand in a page in another form. */
function patternOf(value: string): string | null {
  const [kind, text] = [value.slice(0, value.indexOf(':')), value.slice(value.indexOf(':') + 1)];
  if (kind === 'phone') return [...text.replace(/^0+/, '')].join('[^0-9]*');
  if (kind === 'email') return STEADY_ADDRESS.test(text) ? [...text].map(eitherCase).join('') : null;
  // A long id has been cut, and its end is a hash.
  return text.includes('…') ? null : RegExp.escape(text);
}

function eitherCase(character: string): string {
  const upper = character.toUpperCase();
  return upper === character ? RegExp.escape(character) : `[${character}${upper}]`;
}

/** @param decoded gets the characters that were written as numbers, in their order */
function withoutEscapes(json: string, decoded: string[]): string {
  return json.replaceAll(ESCAPE, (_escape, hex: string | undefined, mark = '') => {
    if (hex === undefined) return MEANINGS[mark] ?? mark;
    const character = String.fromCharCode(Number.parseInt(hex, 16));
    decoded.push(character);
    return character;
  });
}
