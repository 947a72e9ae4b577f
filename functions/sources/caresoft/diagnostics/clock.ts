import { type Day, dayOf, SECONDS_A_DAY, startOfDay } from '../../../calendar/day.ts';
import type { Zone } from '../../../calendar/time-zone.ts';
import type { RowReading } from '../../source.ts';
import { VENDOR_SETTINGS } from '../../vendor.ts';
import { readWallTime } from '../fields.ts';
import {
  type AccountUnderTest,
  type Finding,
  fail,
  formatCount,
  note,
  ok,
  type Probe,
  type ProbeRequest,
  type Sample,
  type SampledChat,
} from './probe.ts';

type ClockName = RowReading['clock'];

/** Evidence for the clock of the times that CareSoft writes. */
export interface ClockEvidence {
  readonly clock: ClockName;
  /**
   * A proof leaves no doubt. A strong hint is enough if no other evidence contradicts it.
   * Two faint hints that agree are enough too.
   */
  readonly weight: 'proof' | 'strong' | 'faint';
  /** What was seen: a sentence without capital letter and full stop. */
  readonly says: string;
}

export interface ClockVerdict {
  /** Null if unknown. */
  readonly clock: ClockName | null;
  readonly isSure: boolean;
}

const ID = 'clock';
const NAMES = { local: 'local', utc: 'UTC' } as const;

/**
 * Finds the clock of the times that CareSoft writes. A window cannot show it: its bounds use the same clock.
 * So the evidence comes from ids, from the present time and from the night.
 */
export async function checkClock(
  probe: Pick<Probe, 'count'>,
  { busiest, all }: { readonly busiest: Sample; readonly all: readonly Sample[] },
  { reading: { zone, clock } }: AccountUnderTest,
  epochMs: number,
): Promise<Finding> {
  const epochSeconds = Math.floor(epochMs / 1_000);
  if (zone.fromEpoch(epochSeconds).wallSeconds === epochSeconds) {
    return ok(ID, `${zone.name} has the same time as UTC: CARESOFT_CLOCK makes no difference.`);
  }
  const middle = busiest.chats[Math.floor(busiest.chats.length / 2)];
  const day = middle ? dayOf(middle.chat.startedAt) : busiest.day;
  const evidence = [
    evidenceFromIds(
      all.flatMap(({ chats }) => chats),
      zone,
    ),
    await evidenceFromPresent(probe, busiest.request, { zone, epochSeconds }),
    await evidenceFromNight(probe, busiest.request, { zone, day }),
  ];
  return judgeClock(
    evidence.filter((one) => one !== null),
    clock,
  );
}

export function judgeClock(evidence: readonly ClockEvidence[], setting: 'local' | 'utc'): Finding {
  const verdict = judgeEvidence(evidence);
  const seen = evidence.map(({ says }) => says).join('; ');
  if (verdict.clock === null) {
    return note(
      ID,
      `Whether times are local or UTC could not be found out${seen === '' ? '' : `: ${seen}`}.`,
      `compare the start of one chat in CareSoft with the clock on the wall; CARESOFT_CLOCK is now ${setting}`,
    );
  }
  const change = `set CARESOFT_CLOCK=${verdict.clock}`;
  const name = NAMES[verdict.clock];
  if (verdict.clock === setting) {
    return ok(ID, `Times are ${verdict.isSure ? '' : 'probably '}${name}, as CARESOFT_CLOCK says: ${seen}.`);
  }
  const finding = verdict.isSure
    ? fail(ID, `Times are ${name}, but CARESOFT_CLOCK is ${setting}: ${seen}.`, change)
    : note(
        ID,
        `Times may be ${name}, and CARESOFT_CLOCK is ${setting}: ${seen}.`,
        `compare the start of one chat in CareSoft with the clock on the wall; if it is ${name}, ${change}`,
      );
  return { ...finding, proposes: { setting: VENDOR_SETTINGS.clock, value: verdict.clock } };
}

export function judgeEvidence(evidence: readonly ClockEvidence[]): ClockVerdict {
  const proofs = evidence.filter(({ weight }) => weight === 'proof');
  const counted = proofs.length > 0 ? proofs : evidence;
  const [first] = counted;
  if (first === undefined || counted.some(({ clock }) => clock !== first.clock)) {
    return { clock: null, isSure: false };
  }
  return { clock: first.clock, isSure: counted.length > 1 || first.weight !== 'faint' };
}

/** An id like `20230422094830-AIVGTIVI-503996`. In the vendor's sample this chat starts at 09:48:30. */
const ID_STAMP = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)\D/;
/** A conversation may begin shortly before its chat. */
const STAMP_TOLERANCE_SECONDS = 120;
const MIN_IDS = 3;
const MIN_SHARE = 0.8;

/**
 * Compares the time in an id with the start in the row.
 * If the id is ahead by the offset of the zone, the id is local and the row is UTC. No other clocks differ so.
 * If both are equal, it is no proof: both may be UTC. But then a report would not be proven either.
 */
export function evidenceFromIds(chats: readonly SampledChat[], zone: Zone): ClockEvidence | null {
  const kinds = chats.flatMap((chat) => stampKindOf(chat, zone));
  const share = (kind: string): number => kinds.filter((other) => other === kind).length;
  const tells = (kind: string): boolean => share(kind) >= MIN_IDS && share(kind) >= MIN_SHARE * kinds.length;
  const of = (kind: string): string => `${share(kind)} of ${kinds.length} chats have their start in their id`;
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
      says: `${of('id ahead')}, there by the clock of ${zone.name}, and in the row by UTC`,
    };
  }
  if (tells('id behind')) {
    return {
      clock: 'local',
      weight: 'proof',
      says: `${of('id behind')}, there by UTC, and in the row by the clock of ${zone.name}`,
    };
  }
  return null;
}

type StampKind = 'equal' | 'id ahead' | 'id behind' | 'other';

/** No kind for an id that does not begin with a time. */
function stampKindOf({ chat, wireSeconds }: SampledChat, zone: Zone): StampKind[] {
  const parts = ID_STAMP.exec(chat.conversationId);
  if (parts === null) return [];
  const [, year, month, day, hour, minute, second] = parts;
  const stamp = readWallTime(`${year}-${month}-${day} ${hour}:${minute}:${second}`);
  if (stamp === null) return [];
  const offset = zone.fromEpoch(wireSeconds).wallSeconds - wireSeconds;
  const isAbout = (seconds: number): boolean =>
    Math.abs(stamp - wireSeconds - seconds) <= STAMP_TOLERANCE_SECONDS;
  if (isAbout(0)) return ['equal'];
  if (isAbout(offset)) return ['id ahead'];
  return isAbout(-offset) ? ['id behind'] : ['other'];
}

const HOUR_SECONDS = 3_600;
/** The time of sleep, by the local clock: 01:00 to 06:00. */
const NIGHT = { from: 1 * HOUR_SECONDS, to: 6 * HOUR_SECONDS };
const MIN_RATIO = 3;
const MIN_CHATS_AT_NIGHT = 12;

/** Few people write at night. So the quieter of two possible nights is probably the real one. It is a faint hint. */
export async function evidenceFromNight(
  probe: Pick<Probe, 'count'>,
  request: ProbeRequest,
  { zone, day }: { readonly zone: Zone; readonly day: Day },
): Promise<ClockEvidence | null> {
  const from = startOfDay(day) + NIGHT.from;
  const to = startOfDay(day) + NIGHT.to;
  const ifLocal = await probe.count({ ...request, window: { since: from, to } });
  const ifUtc = await probe.count({
    ...request,
    window: { since: zone.fromWall(from).epochSeconds, to: zone.fromWall(to).epochSeconds },
  });
  const says = `at night there were ${ifLocal} chats if times are local, ${ifUtc} if they are UTC`;
  if (ifUtc >= MIN_CHATS_AT_NIGHT && ifUtc >= MIN_RATIO * ifLocal)
    return { clock: 'local', weight: 'faint', says };
  if (ifLocal >= MIN_CHATS_AT_NIGHT && ifLocal >= MIN_RATIO * ifUtc)
    return { clock: 'utc', weight: 'faint', says };
  return null;
}

/** The clocks of two machines differ a little. */
const CLOCK_TOLERANCE_SECONDS = 300;
/** If the same hours of the day before had fewer chats, no chats today mean nothing. */
const MIN_CHATS_DAY_BEFORE = 12;

/**
 * A chat cannot start later than now. So a row that is later than now by one clock proves the other clock.
 * If no row is later in hours that are usually busy, it is a faint hint for the first clock.
 * A row that is later by both clocks only shows that a clock is wrong.
 *
 * @param epochSeconds now
 */
export async function evidenceFromPresent(
  probe: Pick<Probe, 'count'>,
  request: ProbeRequest,
  { zone, epochSeconds }: { readonly zone: Zone; readonly epochSeconds: number },
): Promise<ClockEvidence | null> {
  const { wallSeconds } = zone.fromEpoch(epochSeconds);
  const [behind, ahead] =
    wallSeconds < epochSeconds ? (['local', 'utc'] as const) : (['utc', 'local'] as const);
  const earlier = Math.min(wallSeconds, epochSeconds) + CLOCK_TOLERANCE_SECONDS;
  const later = Math.max(wallSeconds, epochSeconds) + CLOCK_TOLERANCE_SECONDS;
  const count = (since: number, to: number): Promise<number> =>
    probe.count({ ...request, window: { since, to } });

  if ((await count(later, later + SECONDS_A_DAY)) > 0) return null;
  const between = await count(earlier + 1, later);
  const named = { local: `the time in ${zone.name}`, utc: 'UTC' };
  if (between > 0) {
    return {
      clock: ahead,
      weight: 'proof',
      says: `${formatCount(between, 'chat')} began later than now by ${named[behind]}, and none later than now by ${named[ahead]}`,
    };
  }
  const dayBefore = await count(earlier + 1 - SECONDS_A_DAY, later - SECONDS_A_DAY);
  if (dayBefore < MIN_CHATS_DAY_BEFORE) return null;
  return {
    clock: behind,
    weight: 'faint',
    says: `no chat began later than now by ${named[behind]}, but ${dayBefore} began in the same hours of the day before`,
  };
}
