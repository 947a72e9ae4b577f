/**
 * Repeatable chance: each draw is a hash of its place. So the millionth chat of a day is drawn without the chats before
 * it, and is the same in every process.
 */

const WHOLE = 2 ** 32;

/** Mixes a whole number into a 32-bit state. */
export function stir(state: number, value: number): number {
  let mixed = Math.imul(state ^ Math.imul(value + 0x7f4a7c15, 0x9e3779b1), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
  mixed = Math.imul(mixed ^ (mixed >>> 12), 0x297a2d39);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}

/** A share in [0, 1) for one aspect of a state. */
export function share(state: number, aspect: number): number {
  return stir(state, aspect) / WHOLE;
}

/** A positive number with a long tail: half of the draws lie below the median, a few very far above. */
export function longTailed(state: number, aspect: number, median: number, spread: number): number {
  const radius = Math.sqrt(-2 * Math.log(1 - share(state, aspect)));
  const normal = radius * Math.cos(2 * Math.PI * share(stir(state, aspect), 1));
  return median * Math.exp(spread * normal);
}

/** The entry at a share in [0, 1) of the list. */
export function pick<T>(list: readonly T[], at: number): T {
  const entry = list[Math.floor(at * list.length)];
  if (entry === undefined) throw new RangeError('there is nothing to pick from');
  return entry;
}
