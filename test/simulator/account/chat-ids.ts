import { CHANNELS } from '../../../functions/chat/channel.ts';
import { stir } from '../draw.ts';
import type { Stream } from '../world.ts';

const MILLION = 1_000_000;
/** Shares no factor with a million, so that multiplying by it only shuffles the numbers below a million. */
const SHUFFLE = 387_421;
const LETTERS = 'AEGHIKLMNOPRSTUVXY';

/** `20230422094830-AIVGTIVI-503996`; unique within the channel because the last part is, within the day. */
export function conversationId(stream: Stream, index: number, startWall: number): string {
  const stamp = new Date(startWall * 1_000).toISOString().replace(/\D/g, '').slice(0, 14);
  const serial = ((index % MILLION) * SHUFFLE + (stream.state % MILLION)) % MILLION;
  const beyond = index < MILLION ? '' : String(Math.floor(index / MILLION));
  return `${stamp}-${lettersOf(stir(stream.state, index))}-${beyond}${String(serial).padStart(6, '0')}`;
}

export function ticketId(stream: Stream, index: number): number {
  return (stream.dayNumber * CHANNELS.length + CHANNELS.indexOf(stream.channel)) * 10 * MILLION + index;
}

/** Shorter than the ticket's id, and not unique from day to day. */
export function ticketNo(stream: Stream, index: number): number {
  return 1 + CHANNELS.indexOf(stream.channel) * MILLION + index;
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
