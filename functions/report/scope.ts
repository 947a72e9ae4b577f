import type { AddedFigures } from '../measure/measures.ts';
import type { Summary } from '../measure/summary.ts';
import { openHoursOf, readBusinessHours } from '../time/business-hours.ts';
import type { Day } from '../time/report-day.ts';
import { type Baselines, baselinesOf, type EarlierDay } from './baselines.ts';
import type { Voice } from './voice.ts';

/** What a day is judged by: its hours of business where the account has some, else the whole day. */
export interface Scope {
  readonly figures: AddedFigures;
  /** The setting; null where it is the whole day. */
  readonly hours: string | null;
  /** The day has no hour of business. */
  readonly isDayOff: boolean;
}

export function scopeOf({ day, totals, businessHours }: Summary): Scope {
  if (businessHours === null) return { figures: totals, hours: null, isDayOff: false };
  const { hours, inside } = businessHours;
  return { figures: inside, hours, isDayOff: isDayOff(day, hours) };
}

/** Whether a day has no hour of business. @param hours null where none are set */
export function isDayOff(day: Day, hours: string | null): boolean {
  const read = hours === null ? null : readBusinessHours(hours);
  return read !== null && openHoursOf(day, read).length === 0;
}

/** Earlier days, each by the figures of the same scope; those of which these are not known, and days off, are left out. */
export function historyIn({ hours }: Pick<Scope, 'hours'>, history: readonly EarlierDay[]): EarlierDay[] {
  if (hours === null) return [...history];
  return history.flatMap((one) => {
    const { inside } = one;
    return inside === null || isDayOff(one.day, hours) ? [] : [{ ...one, totals: inside }];
  });
}

/** The days that a day is compared with, by the figures of its scope. */
export function baselinesIn(
  { day }: Pick<Summary, 'day'>,
  scope: Scope,
  history: readonly EarlierDay[],
): Baselines {
  return baselinesOf(day, scope.figures.serviceLevel.thresholdSeconds, historyIn(scope, history));
}

/** The setting, its names of days in the reader's language. */
export function hoursAsRead(hours: string, { words }: Voice): string {
  return hours.replaceAll(/[A-Z][a-z]{2}/g, (day) => words.weekdays[day] ?? day).replaceAll('-', '–');
}
