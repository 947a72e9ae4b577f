/** By nearest rank, so that it is one of them: of two in the middle the lesser. Null of none. */
export function medianOf(values: readonly number[]): number | null {
  return values.toSorted((one, other) => one - other)[Math.ceil(values.length / 2) - 1] ?? null;
}
