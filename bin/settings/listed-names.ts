import leven from 'leven';
import type { ListedEntry } from '../../functions/sources/caresoft/diagnostics/filters.ts';

/** Groups and services as a person names them: by their ids, or by their names in the lists of the source. */

/** Case, blanks and the encoding of a letter make no difference. */
function comparable(name: string): string {
  return name.normalize('NFC').toLowerCase().replaceAll(/\s+/gu, ' ').trim();
}

/**
 * Finds the entries that a list names, with commas between. A name may hold commas itself.
 *
 * @returns what is wrong: a sentence for each part
 */
export function findEntries(
  text: string,
  list: readonly ListedEntry[],
): { readonly entries: readonly ListedEntry[]; readonly problems: readonly string[] } {
  const parts = text.split(',');
  const entries = new Map<string, ListedEntry>();
  const problems: string[] = [];
  for (let at = 0; at < parts.length; ) {
    const { length, matches } = matchLongest(parts.slice(at), list);
    const part = parts
      .slice(at, at + length)
      .join(',')
      .trim();
    const [first] = matches;
    if (first === undefined && part !== '') problems.push(explainUnknown(part, list));
    else if (first !== undefined && matches.length > 1) problems.push(explainTwice(part, matches));
    else if (first !== undefined) entries.set(first.id, first);
    at += length;
  }
  if (entries.size === 0 && problems.length === 0) problems.push(`names none; ${offer(list)}`);
  return { entries: [...entries.values()], problems };
}

function matchLongest(
  parts: readonly string[],
  list: readonly ListedEntry[],
): { readonly length: number; readonly matches: readonly ListedEntry[] } {
  for (let length = parts.length; length > 0; length -= 1) {
    const written = comparable(parts.slice(0, length).join(','));
    const byId = list.filter(({ id }) => id === written);
    const matches = byId.length > 0 ? byId : list.filter(({ name }) => comparable(name) === written);
    if (written !== '' && matches.length > 0) return { length, matches };
  }
  return { length: 1, matches: [] };
}

function explainUnknown(part: string, list: readonly ListedEntry[]): string {
  const distance = ({ name }: ListedEntry): number => leven(bare(name), bare(part));
  const [nearest] = list.toSorted((one, other) => distance(one) - distance(other));
  const isId = /^\d+$/.test(part);
  if (nearest === undefined || isId || distance(nearest) > bare(part).length / 2) {
    return `holds "${part}", which is not in the list; ${offer(list)}`;
  }
  return `holds "${part}", which is not in the list; write "${nearest.name}" or ${nearest.id}`;
}

function explainTwice(part: string, matches: readonly ListedEntry[]): string {
  const ids = matches.map(({ id }) => id);
  return `holds "${part}", which the list has ${ids.length} times; write its id instead: ${ids.join(' or ')}`;
}

/** Without the marks of Vietnamese letters, which a person may leave out. */
function bare(name: string): string {
  return comparable(name).normalize('NFD').replaceAll(/\p{M}/gu, '').replaceAll('đ', 'd');
}

const MOST_OFFERED = 5;

function offer(list: readonly ListedEntry[]): string {
  if (list.length === 0) return 'the list is empty';
  const shown = list.slice(0, MOST_OFFERED).map(({ id, name }) => `${id} ${name}`.trim());
  const more = list.length - shown.length;
  return `it can hold ${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
