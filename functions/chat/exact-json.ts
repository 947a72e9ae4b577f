/** Sixteen digits in a row outside a string are the fewest that a number may fail to hold. */
const LONG_INTEGER = /[:[,\s]-?\d{16}/;
const INTEGER = /^-?\d+$/;

/**
 * `JSON.parse` that loses no digit: an integer beyond 2^53 − 1 becomes a bigint.
 * The slow way is taken only for a text that may hold one, since it costs several times as much.
 *
 * @throws SyntaxError when the text is not JSON.
 */
export function parseExactJson(text: string): unknown {
  if (!LONG_INTEGER.test(text)) return JSON.parse(text);
  const keepDigits: Reviver = (_key, value, context) =>
    typeof value === 'number' &&
    !Number.isSafeInteger(value) &&
    context?.source !== undefined &&
    INTEGER.test(context.source)
      ? BigInt(context.source)
      : value;
  return JSON.parse(text, keepDigits);
}

/** The same for the bytes of an answer, UTF-8 with or without a byte order mark. */
export function parseExactBody(body: Uint8Array): unknown {
  return parseExactJson(new TextDecoder().decode(body));
}

type Reviver = (key: string, value: unknown, context?: { source?: string }) => unknown;

/** One text for one content, whatever its types, so that two copies of a row can be compared. */
export function toComparableText(value: unknown): string {
  return (
    JSON.stringify(value, (_key, part) => (typeof part === 'bigint' ? { bigint: String(part) } : part)) ?? ''
  );
}

/** Whether a value is a JSON object: neither null nor a list. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
