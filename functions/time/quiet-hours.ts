import { addDays, dayOf, hourOf, startOfDay } from './report-day.ts';
import type { Zone } from './zone.ts';

/** From this hour on a mail waits for the morning. */
const [QUIET_FROM, QUIET_UNTIL] = [22, 6];

/**
 * When a mail may go out that no one waits for at this hour: not between 22:00 and 06:00 of the zone.
 *
 * @param now in milliseconds since 1970
 * @returns the same, or 06:00
 */
export function afterQuietHours(now: number, zone: Zone): number {
  const moment = zone.fromEpoch(Math.floor(now / 1_000));
  const day = dayOf(moment);
  const hour = hourOf(moment);
  if (hour >= QUIET_UNTIL && hour < QUIET_FROM) return now;
  const morning = startOfDay(hour < QUIET_UNTIL ? day : addDays(day, 1)) + QUIET_UNTIL * 3_600;
  return Math.max(now, zone.fromWall(morning).epochSeconds * 1_000);
}
