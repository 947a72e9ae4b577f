import { SECONDS_A_DAY } from '../time/report-day.ts';
import type { Zone } from '../time/zone.ts';
import type { Clue } from './clue.ts';
import { countOf } from './finding.ts';
import type { Probe, ProbedWindow } from './probe.ts';

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
