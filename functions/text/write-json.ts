import { isRecord } from './json.ts';

/** Writes JSON that every reader can read. */

/**
 * JSON that is valid for every reader. `JSON.stringify` writes half of a surrogate pair as an escape, such as `\ud83d`.
 * jq, DuckDB, ClickHouse and Perl then refuse the whole text. This function writes U+FFFD, in names and in values.
 */
export function toJsonText(value: unknown, indent?: number): string {
  const text = JSON.stringify(value, null, indent) ?? 'null';
  return mayHoldHalves(text) ? JSON.stringify(value, wellFormed, indent) : text;
}

/** Mends a text that a library or an earlier version wrote. A text that is not JSON stays as it is. */
export function toStrictJson(text: string): string {
  const writable = text.toWellFormed();
  if (!mayHoldHalves(writable)) return writable;
  try {
    return toJsonText(JSON.parse(writable));
  } catch {
    return writable;
  }
}

/** A replacer for a library that calls `JSON.stringify` itself. */
export function wellFormed(_name: string, value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed();
  return isRecord(value) ? withWellFormedNames(value) : value;
}

/** The record with names that UTF-8 can encode. Different names stay different. */
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

/** A cheap test that spares most texts a second pass. It may be true for a text without halves. */
function mayHoldHalves(json: string): boolean {
  return json.includes('\\ud');
}

/** A list this long, or a longer one, is written by pieces. */
const LONG = 256;

/**
 * The same text in pieces, for values with long lists: one text of a large report would take several times the memory of
 * its bytes.
 *
 * @param indent in blanks
 */
export function toJsonPieces(value: unknown, indent = 0): Generator<string> {
  return piecesOf(value, indent, 0);
}

function* piecesOf(value: unknown, indent: number, depth: number): Generator<string> {
  if (Array.isArray(value) && value.length >= LONG) yield* piecesOfList(value, indent, depth);
  else if (isRecord(value) && Object.values(value).some(isNest)) {
    yield* piecesOfRecord(withWellFormedNames(value), indent, depth);
  } else yield textAt(value, indent, depth);
}

function isNest(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

function* piecesOfList(list: readonly unknown[], indent: number, depth: number): Generator<string> {
  const line = lineAt(indent, depth + 1);
  for (let from = 0; from < list.length; from += LONG) {
    const items = list.slice(from, from + LONG).map((item) => line + textAt(item ?? null, indent, depth + 1));
    yield (from === 0 ? '[' : ',') + items.join(',');
  }
  yield `${lineAt(indent, depth)}]`;
}

/** @param record has at least one member that is written */
function* piecesOfRecord(
  record: Readonly<Record<string, unknown>>,
  indent: number,
  depth: number,
): Generator<string> {
  const line = lineAt(indent, depth + 1);
  const members = Object.entries(record).filter(([, member]) => member !== undefined);
  for (const [place, [name, member]] of members.entries()) {
    yield `${place === 0 ? '{' : ','}${line}${toJsonText(name)}:${indent > 0 ? ' ' : ''}`;
    yield* piecesOf(member, indent, depth + 1);
  }
  yield `${lineAt(indent, depth)}}`;
}

function lineAt(indent: number, depth: number): string {
  return indent > 0 ? `\n${' '.repeat(indent * depth)}` : '';
}

/** A text within JSON holds no break of a line. */
function textAt(value: unknown, indent: number, depth: number): string {
  const text = toJsonText(value, indent);
  return indent > 0 && depth > 0 ? text.replaceAll('\n', lineAt(indent, depth)) : text;
}
