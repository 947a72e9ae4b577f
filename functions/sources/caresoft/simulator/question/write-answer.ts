import type { Quirks } from '../faults/quirks.ts';

/** The body of an answer with these rows, each already JSON. */
export function writeAnswer(rows: readonly string[], numFound: number, { plain }: Readonly<Quirks>): string {
  const written = plain.has('numfound-text') ? `"${numFound}"` : String(numFound);
  const chats = writeChats(rows, numFound, plain);
  return `{"code":"OK","numFound":${written}${chats === null ? '' : `,"chats":${chats}`}}`;
}

/** @returns null if the key is left out */
function writeChats(
  rows: readonly string[],
  numFound: number,
  plain: Readonly<Quirks>['plain'],
): string | null {
  if (numFound === 0 && plain.has('chats-absent')) return null;
  if (numFound === 0 && plain.has('chats-null')) return 'null';
  if (rows.length > 0 && plain.has('chats-object')) {
    return `{${rows.map((row, index) => `"${2 * index}":${row}`).join(',')}}`;
  }
  return `[${rows.join(',')}]`;
}

/** The number of rows that the answer reports. */
export function numFoundOf(total: number, given: number, count: number, quirks: Readonly<Quirks>): number {
  const always = quirks.numbers.get('num-found-is');
  if (always !== undefined && given > 0) return always;
  const ofPage = quirks.plain.has('num-found-page') ? count : Number.POSITIVE_INFINITY;
  return Math.min(Math.max(0, total + quirks.numFoundBy), quirks.numFoundCap, ofPage);
}
