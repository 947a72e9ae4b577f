import { CHAT_FIELDS } from '../chat/contract.ts';
import { isRecord } from '../chat/exact-json.ts';
import { type Field, UNREADABLE } from '../chat/read-field.ts';
import { toJsonText, withWellFormedNames } from '../chat/write-json.ts';

/** A row as CareSoft sent it. */
export type WireRow = Readonly<Record<string, unknown>>;

/** What a field says, or null: where it says nothing, and where what it says cannot be read. */
export function orNull<Value>(field: Field<Value>): Value | null {
  return field === UNREADABLE ? null : field;
}

/** Text as it came, to the blank, and a number by its digits; null for what is neither. */
export function asItCame(value: unknown): string | null {
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  return typeof value === 'string' ? value : null;
}

/**
 * What of a row is in no column: the fields that nobody has heard of, and those whose value cannot be read as what
 * they are.
 *
 * @returns a JSON object; null when there is nothing.
 */
export function readOtherFields(row: WireRow): string | null {
  const others = Object.entries(row).filter(([field, value]) => {
    return !isKnown(field) || CHAT_FIELDS[field](value) === UNREADABLE;
  });
  return others.length === 0 ? null : toJson(Object.fromEntries(others));
}

function isKnown(field: string): field is keyof typeof CHAT_FIELDS {
  return Object.hasOwn(CHAT_FIELDS, field);
}

/** JSON in which no long integer loses a digit, and every text is one that UTF-8 can write. */
function toJson(value: unknown): string {
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'string') return toJsonText(value);
  if (Array.isArray(value)) return `[${value.map(toJson).join(',')}]`;
  if (!isRecord(value)) return toJsonText(value);
  const members = Object.entries(withWellFormedNames(value)).map(
    ([name, member]) => `${toJson(name)}:${toJson(member)}`,
  );
  return `{${members.join(',')}}`;
}
