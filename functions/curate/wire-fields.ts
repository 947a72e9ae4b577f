import { BOUNDS, cutText } from '../chat/bounds.ts';
import { CHAT_FIELDS } from '../chat/contract.ts';
import { isRecord } from '../chat/exact-json.ts';
import { orNull, readText, UNREADABLE } from '../chat/read-field.ts';
import { toJsonText, withWellFormedNames } from '../chat/write-json.ts';

/** A row as CareSoft sent it. */
export type WireRow = Readonly<Record<string, unknown>>;

/** Text as it came, to the blank, and a number by its digits; null for what is neither. */
export function asItCame(value: unknown): string | null {
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  return typeof value === 'string' ? toColumn(value) : null;
}

/** A text as a field says it, not cut as in reports. */
export function textOfValue(value: unknown): string | null {
  const text = orNull(readText(value));
  return text === null ? null : toColumn(text);
}

function toColumn(text: string): string {
  return cutText(text.toWellFormed(), BOUNDS.columnText);
}

/**
 * What of a row is in no column: the fields that nobody has heard of, and those whose value cannot be read as what
 * they are. What is too deep or too long is cut, and what is too much is left out; `…` then says of how many fields.
 *
 * @returns a JSON object; null when there is nothing.
 */
export function readOtherFields(row: WireRow): string | null {
  const members: string[] = [];
  let length = 0;
  let leftOut = 0;
  const others = Object.entries(row).filter(
    ([field, value]) => !isKnown(field) || CHAT_FIELDS[field](value) === UNREADABLE,
  );
  for (const [field, value] of Object.entries(withWellFormedNames(Object.fromEntries(others)))) {
    const member = `${toJson(field)}:${toJson(value)}`;
    if (length + member.length > BOUNDS.otherFields) leftOut += 1;
    else {
      members.push(member);
      length += member.length;
    }
  }
  if (leftOut > 0) members.push(`"…":"${leftOut} more"`);
  return members.length === 0 ? null : `{${members.join(',')}}`;
}

function isKnown(field: string): field is keyof typeof CHAT_FIELDS {
  return Object.hasOwn(CHAT_FIELDS, field);
}

/** JSON in which no long integer loses a digit, and every text is one that UTF-8 can write. */
function toJson(value: unknown, depth = 0): string {
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'string') return toJsonText(toColumn(value));
  if (typeof value === 'object' && value !== null && depth >= BOUNDS.depth) return '"…"';
  if (Array.isArray(value)) return `[${value.map((item) => toJson(item, depth + 1)).join(',')}]`;
  if (!isRecord(value)) return toJsonText(value);
  const members = Object.entries(withWellFormedNames(value)).map(
    ([name, member]) => `${toJson(name)}:${toJson(member, depth + 1)}`,
  );
  return `{${members.join(',')}}`;
}
