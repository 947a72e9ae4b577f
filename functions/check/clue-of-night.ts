import { type Day, startOfDay } from '../time/report-day.ts';
import type { Zone } from '../time/zone.ts';
import type { Clue } from './clue.ts';
import type { Probe, ProbedWindow } from './probe.ts';

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
  if (ifUtc >= FEWEST_AT_NIGHT && ifUtc >= TIMES_AS_MANY * ifLocal) return { clock: 'local', weight: 'faint', says };
  if (ifLocal >= FEWEST_AT_NIGHT && ifLocal >= TIMES_AS_MANY * ifUtc) return { clock: 'utc', weight: 'faint', says };
  return null;
}
