import { oneLine } from '../plain-text.ts';

/** What a cell holds at most, in UTF-16 units. */
const MOST_UNITS = 32_767;

/**
 * A text as a cell may hold it: on one line, without what no XML may hold, and not longer than Excel reads. `_x0041_` is
 * how the format writes an A: where strangers write that themselves, it is to stay what they wrote.
 */
export function cellText(text: string): string {
  // A text of strangers may be megabytes long.
  const line = oneLine(text.slice(0, 2 * MOST_UNITS)).replaceAll(/_(?=x[\dA-Fa-f]{4}_)/g, '_x005F_');
  // No half of a character is left at the cut.
  return line.length <= MOST_UNITS ? line : line.slice(0, MOST_UNITS).replace(/[\uD800-\uDBFF]$/, '');
}
