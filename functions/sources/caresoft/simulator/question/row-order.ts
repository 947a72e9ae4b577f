import { stir } from '../draw.ts';
import type { Quirks } from '../faults/quirks.ts';
import type { Found } from './search.ts';

/**
 * The matching row at a place of the answer.
 *
 * @param request the number of the request for this channel, from 1. The order of rows of one second may depend on it.
 */
export function orderRows(
  found: Found,
  { plain }: Readonly<Quirks>,
  request: number,
): (place: number) => number {
  const plainly = (place: number): number => (plain.has('oldest-first') ? place : found.total - 1 - place);
  const isAlternating = plain.has('ties');
  if (!(isAlternating || plain.has('ties-shuffled'))) return plainly;

  const byId = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
  const compare = (one: string, other: string): number =>
    isAlternating
      ? byId(one, other) * (request % 2 === 1 ? 1 : -1)
      : stir(request, hashOf(one)) - stir(request, hashOf(other)) || byId(one, other);
  const tieOf = (place: number): { from: number; positions: readonly number[] } => {
    const startAt = (at: number): number => found.startAt(plainly(at));
    const start = startAt(place);
    let from = place;
    let until = place + 1;
    while (from > 0 && startAt(from - 1) === start) from -= 1;
    while (until < found.total && startAt(until) === start) until += 1;
    const tied = Array.from({ length: until - from }, (_, index) => {
      const position = plainly(from + index);
      return { position, id: String(found.idAt(position)) };
    });
    return {
      from,
      positions: tied.toSorted((one, other) => compare(one.id, other.id)).map(({ position }) => position),
    };
  };
  let tie: ReturnType<typeof tieOf> = { from: 0, positions: [] };
  return (place) => {
    // Places are read in their order.
    if (place < tie.from || place >= tie.from + tie.positions.length) tie = tieOf(place);
    return tie.positions[place - tie.from] ?? plainly(place);
  };
}

function hashOf(text: string): number {
  let hash = 0;
  for (let at = 0; at < text.length; at += 1) hash = stir(hash, text.charCodeAt(at));
  return hash;
}
