import type { Chat } from '../../chat/chat.ts';
import { compareStart } from '../../measure/callbacks.ts';
import type { Figures } from '../../measure/measures.ts';

/** More rows nobody reads, and a mail is to carry them. */
export const MOST_CHATS = 20_000;

/** The chats that a workbook lists. */
export interface PickedChats {
  /** Of a day of more chats only the missed ones, and of those the latest. */
  readonly holds: 'all' | 'missed' | 'latestMissed';
  /** By their start; where only the latest are held, the latest first. */
  readonly chats: readonly Chat[];
}

/**
 * Picks the chats to be listed, and holds hardly more than these, however many there are.
 *
 * @param totals of the same chats
 */
export async function pickChats(
  pages: AsyncIterable<readonly Chat[]>,
  totals: Pick<Figures, 'chats' | 'missed'>,
  most = MOST_CHATS,
): Promise<PickedChats> {
  const holds = totals.chats <= most ? 'all' : totals.missed <= most ? 'missed' : 'latestMissed';
  const isWanted = ({ status }: Chat): boolean => holds === 'all' || status === 'missed';
  // The order is looked for now and then: with each chat it would cost more than all the reading.
  const mostHeld = most + Math.ceil(most / 4);
  let picked: Chat[] = [];
  for await (const page of pages) {
    for (const chat of page) if (isWanted(chat)) picked.push(chat);
    if (picked.length > mostHeld) picked = latest(picked, most);
  }
  const chats = latest(picked, most);
  return { holds, chats: holds === 'latestMissed' ? chats : chats.reverse() };
}

/** The latest first. */
function latest(chats: readonly Chat[], most: number): Chat[] {
  return chats.toSorted((left, right) => compareStart(right, left)).slice(0, most);
}
