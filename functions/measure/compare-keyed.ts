import { compareText } from '../chat/compare-text.ts';
import type { KeyedFigures } from './summary.ts';

/** The order of a list: most chats first, then by key; the chats that have no key come last among equals. */
export function compareKeyed(left: KeyedFigures, right: KeyedFigures): number {
  return right.chats - left.chats || compareKey(left.key, right.key);
}

function compareKey(left: string | null, right: string | null): number {
  if (left === null || right === null) return Number(left === null) - Number(right === null);
  return compareText(left, right);
}
