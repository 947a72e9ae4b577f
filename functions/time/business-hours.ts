/** When somebody is there to answer, week by week, on the account's wall clock. */
export interface BusinessHours {
  /** As the setting has it. */
  readonly text: string;
  /** @param wallSeconds as of a `Moment` */
  isOpen(wallSeconds: number): boolean;
}

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const MINUTES_A_DAY = 1_440;
const MINUTES_A_WEEK = 7 * MINUTES_A_DAY;
/** 1970-01-01 was a Thursday. */
const FIRST_WEEKDAY = 3;

const PART = /^(?<from>[A-Z][a-z]{2})(?:-(?<to>[A-Z][a-z]{2}))?(?<times>(?: +\d\d:\d\d-\d\d:\d\d)+)$/;

/**
 * Reads `Mon-Sat 08:00-21:00`, or several such with commas between; a part may name several times of its days, and a time
 * may end on the next day (`20:00-02:00`) or at `24:00`.
 *
 * @returns null for what cannot be read
 */
export function readBusinessHours(text: string): BusinessHours | null {
  const open = new Uint8Array(MINUTES_A_WEEK);
  for (const part of text.split(',')) if (!markOpen(open, part.trim())) return null;
  return {
    text,
    isOpen: (wallSeconds) => {
      const minute = Math.floor(wallSeconds / 60) + FIRST_WEEKDAY * MINUTES_A_DAY;
      return open[minute % MINUTES_A_WEEK] === 1;
    },
  };
}

function markOpen(open: Uint8Array, part: string): boolean {
  const { from = '', to = from, times = '' } = PART.exec(part)?.groups ?? {};
  const [first, last] = [DAYS.indexOf(from), DAYS.indexOf(to)];
  const ranges = times.trim().split(/ +/).map(readRange);
  if (first < 0 || last < 0 || ranges.includes(null)) return false;
  for (let back = 0; back <= (last - first + 7) % 7; back += 1) {
    const midnight = ((first + back) % 7) * MINUTES_A_DAY;
    for (const range of ranges) {
      for (let minute = range?.start ?? 0; minute < (range?.end ?? 0); minute += 1) {
        open[(midnight + minute) % MINUTES_A_WEEK] = 1;
      }
    }
  }
  return true;
}

/** In minutes from midnight; one that does not end after it starts ends on the next day. */
function readRange(text: string): { start: number; end: number } | null {
  const [start = Number.NaN, end = Number.NaN] = text.split('-').map(readMinute);
  if (Number.isNaN(start + end) || start === MINUTES_A_DAY || start === end) return null;
  return { start, end: end > start ? end : end + MINUTES_A_DAY };
}

function readMinute(text: string): number {
  const [hour = 0, minute = 0] = text.split(':').map(Number);
  const isTime = minute < 60 && (hour < 24 || (hour === 24 && minute === 0));
  return isTime ? hour * 60 + minute : Number.NaN;
}
