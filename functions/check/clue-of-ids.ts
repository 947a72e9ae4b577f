import { readWallTime } from '../time/wall-time.ts';
import type { Zone } from '../time/zone.ts';
import type { Clue } from './clue.ts';
import type { SeenChat } from './sample.ts';

/** `20230422094830-AIVGTIVI-503996`, of a chat that started at 09:48:30, is how the vendor's own sample reads. */
const STAMP = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)\D/;
/** A conversation may begin a little before its chat does. */
const ABOUT_SECONDS = 120;
const FEWEST = 3;
const MOST_OF = 0.8;

/**
 * An id that begins with the time at which it was made, beside the start that the row gives. One that runs ahead of
 * the row by just what the zone is ahead of UTC is local, and its row UTC: no other pair of clocks differs so. One that
 * equals the row's is no proof, for both might be UTC; but then a report would not be proven either.
 */
export function clueOfIds(chats: readonly SeenChat[], zone: Zone): Clue | null {
  const kinds = chats.flatMap((chat) => kindOf(chat, zone));
  const share = (kind: string): number => kinds.filter((other) => other === kind).length;
  const tells = (kind: string): boolean => share(kind) >= FEWEST && share(kind) >= MOST_OF * kinds.length;
  const of = (kind: string): string =>
    `${share(kind)} of ${kinds.length} chats carry in their id the time at which they start`;
  if (tells('equal')) {
    return {
      clock: 'local',
      weight: 'strong',
      says: `${of('equal')}, as in CareSoft's own sample of local times`,
    };
  }
  if (tells('id ahead')) {
    return {
      clock: 'utc',
      weight: 'proof',
      says: `${of('id ahead')} by the clock of ${zone.name}, and in the row by UTC`,
    };
  }
  if (tells('id behind')) {
    return {
      clock: 'local',
      weight: 'proof',
      says: `${of('id behind')} by UTC, and in the row by the clock of ${zone.name}`,
    };
  }
  return null;
}

type Kind = 'equal' | 'id ahead' | 'id behind' | 'other';

/** None for an id that does not begin with a time. */
function kindOf({ chat, wireSeconds }: SeenChat, zone: Zone): Kind[] {
  const parts = STAMP.exec(chat.conversationId);
  if (parts === null) return [];
  const [, year, month, day, hour, minute, second] = parts;
  const stamp = readWallTime(`${year}-${month}-${day} ${hour}:${minute}:${second}`);
  if (stamp === null) return [];
  const offset = zone.fromEpoch(wireSeconds).wallSeconds - wireSeconds;
  const isAbout = (seconds: number): boolean => Math.abs(stamp - wireSeconds - seconds) <= ABOUT_SECONDS;
  if (isAbout(0)) return ['equal'];
  if (isAbout(offset)) return ['id ahead'];
  return isAbout(-offset) ? ['id behind'] : ['other'];
}
