import { CHANNELS } from '../../../../chats/channel.ts';
import { stir } from '../draw.ts';
import type { Stream } from '../world.ts';

const MILLION = 1_000_000;
/** It shares no factor with a million. So multiplying by it only shuffles the numbers below a million. */
const SHUFFLE = 387_421;
const LETTERS = 'AEGHIKLMNOPRSTUVXY';

/** An id like `20230422094830-AIVGTIVI-503996`. It is unique, because its last part is unique within channel and day. */
export function conversationId(stream: Stream, index: number, startWall: number): string {
  if (stream.ownNumbers !== null) return String(ticketId(stream, index));
  const stamp = new Date(startWall * 1_000).toISOString().replace(/\D/g, '').slice(0, 14);
  const serial = ((index % MILLION) * SHUFFLE + (stream.state % MILLION)) % MILLION;
  const beyond = index < MILLION ? '' : String(Math.floor(index / MILLION));
  return `${stamp}-${lettersOf(stir(stream.state, index))}-${beyond}${String(serial).padStart(6, '0')}`;
}

export function ticketId(stream: Stream, index: number): number {
  if (stream.ownNumbers !== null) return stream.dayNumber * 10 * MILLION + ownNumber(stream, index);
  return (stream.dayNumber * CHANNELS.length + CHANNELS.indexOf(stream.channel)) * 10 * MILLION + index;
}

/** It is shorter than the id of the ticket, and not unique from day to day. */
export function ticketNo(stream: Stream, index: number): number {
  if (stream.ownNumbers !== null) return 1 + ownNumber(stream, index);
  return 1 + CHANNELS.indexOf(stream.channel) * MILLION + index;
}

/**
 * Each channel counts from one, but not in the order of the starts.
 * So chats with the same number begin at different times, as in channels from different years.
 */
function ownNumber({ channel, ownNumbers }: Stream, index: number): number {
  const chats = ownNumbers ?? 0;
  if (index >= chats) return index;
  switch (channel) {
    case 'livechat':
      return index;
    case 'messenger':
      return chats - 1 - index;
    case 'zalo':
      return (index + Math.floor(chats / 2)) % chats;
  }
}

function lettersOf(state: number): string {
  let left = state;
  let letters = '';
  while (letters.length < 8) {
    letters += LETTERS[left % LETTERS.length] ?? '';
    left = Math.floor(left / 12) + 7;
  }
  return letters;
}
