import { type Day, dayOf, SECONDS_A_DAY, startOfDay } from '../../../calendar/day.ts';
import type { Zone } from '../../../calendar/time-zone.ts';
import type { RowReading } from '../../source.ts';
import { readWallTime } from '../fields.ts';
import {
  type CheckSubject,
  countOf,
  type Finding,
  fail,
  note,
  ok,
  type Probe,
  type ProbedWindow,
  type Sample,
  type SeenChat,
} from './probe.ts';

type ClockName = RowReading['clock'];

/** Something that tells which clock CareSoft writes times by. */
export interface Clue {
  readonly clock: ClockName;
  /**
   * A proof leaves no other reading. Where nothing speaks against it, a strong hint is as good, and so are two faint
   * ones that agree.
   */
  readonly weight: 'proof' | 'strong' | 'faint';
  /** What was seen, as half a sentence. */
  readonly says: string;
}

export interface ClockVerdict {
  /** Null: could not be told. */
  readonly clock: ClockName | null;
  readonly isSure: boolean;
}

export function weigh(clues: readonly Clue[]): ClockVerdict {
  const proofs = clues.filter(({ weight }) => weight === 'proof');
  const counted = proofs.length > 0 ? proofs : clues;
  const [first] = counted;
  if (first === undefined || counted.some(({ clock }) => clock !== first.clock)) {
    return { clock: null, isSure: false };
  }
  return { clock: first.clock, isSure: counted.length > 1 || first.weight !== 'faint' };
}

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

const HOUR = 3_600;
/** When people sleep, by their own clock: 01:00 to 06:00. */
const NIGHT = { from: 1 * HOUR, to: 6 * HOUR };
const TIMES_AS_MANY = 3;
const FEWEST_AT_NIGHT = 12;

/** Few write at night: of the two stretches that may be the night, the quieter one is. A hint, and no more. */
export async function clueOfNight(
  probe: Pick<Probe, 'count'>,
  asked: ProbedWindow,
  { zone, day }: { readonly zone: Zone; readonly day: Day },
): Promise<Clue | null> {
  const from = startOfDay(day) + NIGHT.from;
  const to = startOfDay(day) + NIGHT.to;
  const ifLocal = await probe.count({ ...asked, window: { since: from, to } });
  const ifUtc = await probe.count({
    ...asked,
    window: { since: zone.fromWall(from).epochSeconds, to: zone.fromWall(to).epochSeconds },
  });
  const says = `at night there were ${ifLocal} chats if times are local, ${ifUtc} if they are UTC`;
  if (ifUtc >= FEWEST_AT_NIGHT && ifUtc >= TIMES_AS_MANY * ifLocal)
    return { clock: 'local', weight: 'faint', says };
  if (ifLocal >= FEWEST_AT_NIGHT && ifLocal >= TIMES_AS_MANY * ifUtc)
    return { clock: 'utc', weight: 'faint', says };
  return null;
}

/** Clocks of two machines are never quite the same. */
const LEEWAY = 300;
/** Chats in the same hours of the day before, from which on their absence today means something. */
const USUALLY_BUSY = 12;

/**
 * A chat cannot start later than now. So rows that are later than now by one of the two clocks prove the other one;
 * that there are none, in hours that are usually busy, is a hint at the first. Rows that are later by both clocks say
 * nothing but that somebody's clock is wrong.
 *
 * @param epochSeconds the present
 */
export async function clueOfPresent(
  probe: Pick<Probe, 'count'>,
  asked: ProbedWindow,
  { zone, epochSeconds }: { readonly zone: Zone; readonly epochSeconds: number },
): Promise<Clue | null> {
  const { wallSeconds } = zone.fromEpoch(epochSeconds);
  const [behind, ahead] =
    wallSeconds < epochSeconds ? (['local', 'utc'] as const) : (['utc', 'local'] as const);
  const earlier = Math.min(wallSeconds, epochSeconds) + LEEWAY;
  const later = Math.max(wallSeconds, epochSeconds) + LEEWAY;
  const count = (since: number, to: number): Promise<number> =>
    probe.count({ ...asked, window: { since, to } });

  if ((await count(later, later + SECONDS_A_DAY)) > 0) return null;
  const between = await count(earlier + 1, later);
  const named = { local: `the time in ${zone.name}`, utc: 'UTC' };
  if (between > 0) {
    return {
      clock: ahead,
      weight: 'proof',
      says: `${countOf(between, 'chat')} began later than it is now by ${named[behind]}, none later than by ${named[ahead]}`,
    };
  }
  const dayBefore = await count(earlier + 1 - SECONDS_A_DAY, later - SECONDS_A_DAY);
  if (dayBefore < USUALLY_BUSY) return null;
  return {
    clock: behind,
    weight: 'faint',
    says: `none began later than it is now by ${named[behind]}, though ${dayBefore} did in the same hours the day before`,
  };
}

const ID = 'clock';
const NAMES = { local: 'local', utc: 'UTC' } as const;

/**
 * Which clock CareSoft writes times by. What a window gives back cannot tell, for its bounds are read by the same
 * clock; so ids, the present and the night are asked.
 */
export async function checkClock(
  probe: Pick<Probe, 'count'>,
  { busiest, all }: { readonly busiest: Sample; readonly all: readonly Sample[] },
  { reading: { zone, clock } }: CheckSubject,
  epochMs: number,
): Promise<Finding> {
  const epochSeconds = Math.floor(epochMs / 1_000);
  if (zone.fromEpoch(epochSeconds).wallSeconds === epochSeconds) {
    return ok(ID, `In ${zone.name} it is as late as by UTC: CARESOFT_CLOCK makes no difference.`);
  }
  const middle = busiest.chats[Math.floor(busiest.chats.length / 2)];
  const day = middle ? dayOf(middle.chat.startedAt) : busiest.day;
  const clues = [
    clueOfIds(
      all.flatMap(({ chats }) => chats),
      zone,
    ),
    await clueOfPresent(probe, busiest.asked, { zone, epochSeconds }),
    await clueOfNight(probe, busiest.asked, { zone, day }),
  ];
  return judgeClock(
    clues.filter((clue) => clue !== null),
    clock,
  );
}

export function judgeClock(clues: readonly Clue[], setting: 'local' | 'utc'): Finding {
  const verdict = weigh(clues);
  const seen = clues.map(({ says }) => says).join('; ');
  if (verdict.clock === null) {
    return note(
      ID,
      `Whether times are local or UTC could not be told${seen === '' ? '' : `: ${seen}`}.`,
      `compare one chat's start in CareSoft with the clock on the wall; CARESOFT_CLOCK is ${setting} now`,
    );
  }
  const change = `set CARESOFT_CLOCK=${verdict.clock}`;
  const name = NAMES[verdict.clock];
  if (verdict.clock === setting) {
    return ok(ID, `Times are ${verdict.isSure ? '' : 'probably '}${name}, as CARESOFT_CLOCK says: ${seen}.`);
  }
  return verdict.isSure
    ? fail(ID, `Times are ${name}, but CARESOFT_CLOCK is ${setting}: ${seen}.`, change)
    : note(
        ID,
        `Times may be ${name}, and CARESOFT_CLOCK is ${setting}: ${seen}.`,
        `compare one chat's start in CareSoft with the clock on the wall; if it is ${name}, ${change}`,
      );
}
