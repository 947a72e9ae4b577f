import type { Chat, ChatStatus } from '../chat/chat.ts';
import type { Moment } from '../time/zone.ts';

const RANKS: Readonly<Record<ChatStatus, number>> = { answered: 2, missed: 1, other: 0 };

/** A row, and the chat that it says. */
export interface Copy {
  readonly chat: Chat;
  /** All that the row says, as one text. */
  readonly text: string;
}

/**
 * Which of two rows of one chat counts: an answered one before a missed one before any other, then the one that was met
 * later, then the one that ended later, then the greater text. Nothing hangs on the order in which they came.
 *
 * @returns above 0 where the first does
 */
export function compareCopies(one: Copy, other: Copy): number {
  return (
    RANKS[one.chat.status] - RANKS[other.chat.status] ||
    secondsOf(one.chat.metAt) - secondsOf(other.chat.metAt) ||
    secondsOf(one.chat.endedAt) - secondsOf(other.chat.endedAt) ||
    (one.text < other.text ? -1 : 1)
  );
}

function secondsOf(moment: Moment | null): number {
  return moment?.epochSeconds ?? 0;
}
