import { BOUNDS } from './bounds.ts';
import { parseDeepJson, writeDeepJson } from './deep-json.ts';

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
