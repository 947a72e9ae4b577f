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
