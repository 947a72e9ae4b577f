import { compareKeyed } from './compare-keyed.ts';
import { maskPage } from './mask.ts';
import type { KeyedFigures } from './summary.ts';

/**
 * The rows with every contact in their keys masked, in the order of such lists. Two rows stay two: of several whose
 * keys are the same then, those after the first are numbered. A hash in place of a number would tell the contact to
 * a program that tries every phone number there is.
 *
 * @param rows in the order of such lists by the keys that they have
 */
export function maskKeys(rows: readonly KeyedFigures[]): KeyedFigures[] {
  const times = new Map<string, number>();
  return rows
    .map((row) => {
      if (row.key === null) return row;
      const key = maskPage(row.key);
      const time = (times.get(key) ?? 0) + 1;
      times.set(key, time);
      // No address of a page holds a blank. Beside letters the digit is no part of a number.
      return { ...row, key: time === 1 ? key : `${key} (no. ${time})` };
    })
    .sort(compareKeyed);
}
