import { BOUNDS } from './bounds.ts';

type Nest = unknown[] | Record<string, unknown>;

/** A list or an object that is not at its end. */
interface Open {
  readonly value: Nest;
  /** Of the member that comes next; null where it has not come, or in a list. */
  name: string | null;
}

/**
 * `JSON.parse` for what is nested deeper than the stack is: however deep it is, it takes no more of that.
 *
 * @param text known to be JSON
 * @param toNumber what becomes of a number, by its value and as it is written
 */
export function parseDeepJson(text: string, toNumber: (value: number, source: string) => unknown): unknown {
  const root: unknown[] = [];
  const open: Open[] = [{ value: root, name: null }];
  for (const token of tokensOf(text)) {
    const inner = open.at(-1);
    if (token === ']' || token === '}') open.pop();
    else if (inner && token.startsWith('"') && !Array.isArray(inner.value) && inner.name === null) {
      inner.name = String(JSON.parse(token));
    } else if (inner) {
      const nest = toNest(token);
      put(inner, nest ?? toScalar(token, toNumber));
      if (nest !== null) open.push({ value: nest, name: null });
    }
  }
  return root[0];
}

function put(into: Open, value: unknown): void {
  if (Array.isArray(into.value)) into.value.push(value);
  else {
    putMember(into.value, into.name ?? '', value);
    into.name = null;
  }
}

/** As JSON.parse does it: `__proto__` is a name like others. */
function putMember(into: Record<string, unknown>, name: string, value: unknown): void {
  if (name !== '__proto__') into[name] = value;
  else Object.defineProperty(into, name, { value, writable: true, enumerable: true, configurable: true });
}

function toNest(token: string): Nest | null {
  if (token === '[') return [];
  return token === '{' ? {} : null;
}

function toScalar(token: string, toNumber: (value: number, source: string) => unknown): unknown {
  const value: unknown = JSON.parse(token);
  return typeof value === 'number' ? toNumber(value, token) : value;
}

const SHAPE = '[]{}';
const BETWEEN = ' \t\n\r,:';

/** Brackets, braces, and what stands alone, without what parts them. */
function* tokensOf(text: string): Generator<string> {
  let at = 0;
  while (at < text.length) {
    const end = BETWEEN.includes(text.charAt(at)) ? at : endOf(text, at);
    if (end > at) yield text.slice(at, end);
    at = Math.max(end, at + 1);
  }
}

function endOf(text: string, from: number): number {
  const first = text.charAt(from);
  if (SHAPE.includes(first)) return from + 1;
  let at = from + 1;
  if (first === '"') {
    while (text.charAt(at) !== '"') at += text.charAt(at) === '\\' ? 2 : 1;
    return at + 1;
  }
  while (at < text.length && !`${BETWEEN}${SHAPE}`.includes(text.charAt(at))) at += 1;
  return at;
}

/** What is still to be written: a text as it is, a value in a list of its own. */
type Part = string | readonly [unknown];

/**
 * What `JSON.stringify` writes, to the character, of a value that was JSON.
 *
 * @param toScalar what is written of a value that is neither a list nor an object
 */
export function writeDeepJson(value: unknown, toScalar: (scalar: unknown) => unknown): string {
  const written: string[] = [];
  const todo: Part[] = [[value]];
  for (let part = todo.pop(); part !== undefined; part = todo.pop()) {
    if (typeof part === 'string') written.push(part);
    else {
      const parts = partsOf(part[0], toScalar);
      // One by one: as arguments, a long list would be too many.
      for (let at = parts.length - 1; at >= 0; at -= 1) todo.push(parts[at] ?? '');
    }
  }
  return written.join('');
}

function partsOf(value: unknown, toScalar: (scalar: unknown) => unknown): Part[] {
  if (typeof value !== 'object' || value === null) return [JSON.stringify(toScalar(value)) ?? 'null'];
  if (Array.isArray(value)) {
    return ['[', ...value.flatMap((item, at): Part[] => (at === 0 ? [[item]] : [',', [item]])), ']'];
  }
  const members = Object.entries(value).flatMap(([name, member], at): Part[] => [
    `${at === 0 ? '' : ','}${JSON.stringify(name)}:`,
    [member],
  ]);
  return ['{', ...members, '}'];
}

/** Sixteen digits in a row outside a string are the fewest that a number may fail to hold. */
const LONG_INTEGER = /[:[,\s]-?\d{16}/;
const INTEGER = /^-?\d+$/;

/**
 * `JSON.parse` that loses no digit: an integer beyond 2^53 − 1 becomes a bigint; one of more digits than any id has, a text.
 * The slow way is taken only for a text that may hold one, since it costs several times as much.
 *
 * @throws SyntaxError when the text is not JSON.
 */
export function parseExactJson(text: string): unknown {
  if (!LONG_INTEGER.test(text)) return JSON.parse(text);
  const keepDigits: Reviver = (_key, part, context) =>
    typeof part === 'number' && context?.source !== undefined ? toExact(part, context.source) : part;
  try {
    return JSON.parse(text, keepDigits);
  } catch (error) {
    // A reviver is called for what is innermost first, and the stack does not reach as far as a stranger may nest.
    if (error instanceof RangeError) return parseDeepJson(text, toExact);
    throw error;
  }
}

type Reviver = (key: string, value: unknown, context?: { source?: string }) => unknown;

function toExact(value: number, source: string): number | bigint | string {
  if (Number.isSafeInteger(value) || !INTEGER.test(source)) return value;
  return source.length > BOUNDS.digits ? source : BigInt(source);
}

const [QUOTE, BACKSLASH, COMMA, OPEN_LIST, OPEN_OBJECT] = [0x22, 0x5c, 0x2c, 0x5b, 0x7b];

/** How many values a JSON text holds, or somewhat more: each is the first, or follows a comma or an opening bracket. */
export function countValues(text: string): number {
  let values = 1;
  let isInText = false;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === QUOTE) isInText = !isInText;
    else if (isInText) at += unit === BACKSLASH ? 1 : 0;
    else if (unit === COMMA || unit === OPEN_LIST || unit === OPEN_OBJECT) values += 1;
  }
  return values;
}

/** One text for one content, of any type and depth, so that two copies of a row can be compared. */
export function toComparableText(value: unknown): string {
  const toWire = (part: unknown): unknown => (typeof part === 'bigint' ? { bigint: String(part) } : part);
  try {
    return JSON.stringify(value, (_key, part) => toWire(part)) ?? '';
  } catch (error) {
    if (error instanceof RangeError) return writeDeepJson(value, toWire);
    throw error;
  }
}

/** Whether a value is a JSON object: neither null nor a list. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * JSON that every reader takes. `JSON.stringify` writes half of a surrogate pair as its escape, such as `\ud83d`, and
 * jq, DuckDB, ClickHouse and Perl then refuse the whole text. Here it becomes U+FFFD, in names as in values.
 */
export function toJsonText(value: unknown, indent?: number): string {
  const text = JSON.stringify(value, null, indent) ?? 'null';
  return mayHoldHalves(text) ? JSON.stringify(value, wellFormed, indent) : text;
}

/** The same for a text that a library wrote, or an earlier version. What is no JSON stays as it is. */
export function toStrictJson(text: string): string {
  const writable = text.toWellFormed();
  if (!mayHoldHalves(writable)) return writable;
  try {
    return toJsonText(JSON.parse(writable));
  } catch {
    return writable;
  }
}

/** A replacer for `JSON.stringify`, where a library is the one that calls it. */
export function wellFormed(_name: string, value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed();
  return isRecord(value) ? withWellFormedNames(value) : value;
}

/** The same members by names that UTF-8 can write. Two names that differ still do. */
export function withWellFormedNames(
  record: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const names = Object.keys(record);
  if (names.every((name) => name.isWellFormed())) return record;
  const taken = new Set(names);
  const counts = new Map<string, number>();
  const rename = (name: string): string => {
    if (name.isWellFormed()) return name;
    const base = name.toWellFormed();
    let free = base;
    while (taken.has(free)) {
      const count = (counts.get(base) ?? 1) + 1;
      counts.set(base, count);
      free = `${base} (${count})`;
    }
    taken.add(free);
    return free;
  };
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [rename(name), value]));
}

/** Besides halves only a backslash before `ud` does so, and few texts hold one: the others are looked through once. */
function mayHoldHalves(json: string): boolean {
  return json.includes('\\ud');
}
