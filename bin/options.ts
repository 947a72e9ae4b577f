import {
  addDays,
  countDays,
  type Day,
  dayAt,
  daysFrom,
  FIRST_DAY,
  isDay,
} from '../functions/calendar/day.ts';
import type { SettingProblem } from '../functions/config/settings.ts';

export interface DayFlags {
  readonly day?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** Ten years: what is asked for beyond them is a slip in a year. */
const MOST_DAYS = 3_660;

/** The days that are asked for, oldest first: yesterday when none is. Only days that are over can be reported. */
export function readAskedDays(
  flags: DayFlags,
  now: number,
  zoneName: string | null,
): { days: Day[]; problems: SettingProblem[] } {
  // Without a zone nobody can say which days are over; that the zone is wrong is said elsewhere.
  const today = zoneName === null ? '9999-12-31' : dayAt(now, zoneName);
  const yesterday = addDays(today, -1);
  const { day, from = day ?? yesterday, to = day ?? yesterday } = flags;
  const problems = [
    ...Object.entries(flags).flatMap(([name, text]) => checkDay(`--${name}`, text, today, zoneName)),
    ...checkTogether(flags),
  ];
  return { days: problems.length > 0 ? [] : daysFrom(from, to), problems };
}

function checkDay(
  of: string,
  text: string | undefined,
  today: Day,
  zoneName: string | null,
): SettingProblem[] {
  if (text === undefined) return [];
  if (!isDay(text)) {
    return [{ of, says: `is "${text}"; it is a day of the calendar, such as 2026-11-21` }];
  }
  if (text < FIRST_DAY) return [{ of, says: `is ${text}, which is before ${FIRST_DAY}` }];
  return text < today ? [] : [{ of, says: `is ${text}, which is not yet over in ${zoneName}` }];
}

function checkTogether({ day, from, to }: DayFlags): SettingProblem[] {
  if (day !== undefined && (from ?? to) !== undefined) {
    return [{ of: '--day', says: 'cannot stand beside --from and --to' }];
  }
  if ((from === undefined) !== (to === undefined)) return [{ of: '--from, --to', says: 'go together' }];
  if (from === undefined || to === undefined || !isDay(from) || !isDay(to)) return [];
  if (from > to) return [{ of: '--from', says: `is ${from}, which is after --to ${to}` }];
  if (from < FIRST_DAY || countDays(from, to) <= MOST_DAYS) return [];
  const says = `is ${from}, more than ${MOST_DAYS} days before --to ${to}; ask for them in parts`;
  return [{ of: '--from', says }];
}
