import { type Finding, note } from './finding.ts';
import type { Sample } from './sample.ts';

/** In which order the chats came. The walk depends on none. */
export function checkOrder({ chats }: Sample): Finding {
  const starts = chats.map(({ wireSeconds }) => wireSeconds);
  const rises = pairs(starts).filter(([one, next]) => next > one).length;
  const falls = pairs(starts).filter(([one, next]) => next < one).length;
  return note('order', sayOrder(rises, falls));
}

function sayOrder(rises: number, falls: number): string {
  if (rises + falls === 0) return 'In which order chats come could not be told: too few came.';
  if (rises === 0) return 'Chats come newest first: one that arrives late moves the others down.';
  if (falls === 0) return 'Chats come oldest first.';
  return 'Chats come neither newest nor oldest first.';
}

function pairs(numbers: readonly number[]): [number, number][] {
  return numbers.slice(1).map((next, index) => [numbers[index] ?? next, next]);
}
