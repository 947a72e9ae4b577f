import { compareKeyed } from './compare-keyed.ts';
import { DIMENSIONS, type Dimension, type DimensionId } from './dimensions.ts';
import { mapValues } from './map-values.ts';
import { maskName, maskPage } from './mask.ts';
import type { KeyedFigures, Summary } from './summary.ts';

/** Every list with the contacts in its keys masked, where visitors may have put some there. */
export function maskLists(lists: Pick<Summary, DimensionId>): Pick<Summary, DimensionId> {
  return mapValues(DIMENSIONS, ({ fromVisitors }: Dimension, id) =>
    fromVisitors === undefined ? lists[id] : maskKeys(lists[id], fromVisitors),
  );
}

/**
 * The rows with every contact in their keys masked, in the order of such lists. Two rows stay two: of several whose
 * keys are the same then, those after the first are numbered. A hash in place of a number would tell the contact to
 * a program that tries every phone number there is.
 *
 * @param rows in the order of such lists by the keys that they have
 */
export function maskKeys(
  rows: readonly KeyedFigures[],
  of: NonNullable<Dimension['fromVisitors']>,
): KeyedFigures[] {
  const mask = of === 'page' ? maskPage : maskName;
  const taken = new Set<string>();
  return rows
    .map((row) => {
      if (row.key === null) return row;
      const masked = mask(row.key);
      let key = masked;
      // Beside letters the digit is no part of a number.
      for (let time = 2; taken.has(key); time += 1) key = `${masked} (no. ${time})`;
      taken.add(key);
      return { ...row, key };
    })
    .sort(compareKeyed);
}
