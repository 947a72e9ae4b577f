import { isRecord } from './exact-json.ts';

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
