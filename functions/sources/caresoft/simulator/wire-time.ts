/** Times as CareSoft writes them. Seconds count as if the written clock were UTC. */

const SECONDS_A_DAY = 86_400;

/** `2026-11-21 09:48:30` */
export function writeMoment(seconds: number): string {
  return new Date(seconds * 1_000).toISOString().slice(0, 19).replace('T', ' ');
}

/** @returns null if the value is no moment of the calendar */
export function readMoment(value: unknown): number | null {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(value)
    ? readIso(`${value.replace(' ', 'T')}Z`)
    : null;
}

/** A bound of a request, `yyyy-MM-ddTHH:mm:ssZ`. The `Z` is only a letter, and means no zone. */
export function readBound(text: string): number | null {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text) ? readIso(text) : null;
}

/** `HH:mm:ss`. Hours may be more than 24. */
export function writeDuration(seconds: number): string {
  return [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
}

/** Days since 1970-01-01. */
export function dayNumberOf(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) / 1_000 / SECONDS_A_DAY;
}

export function dayOf(dayNumber: number): string {
  return new Date(dayNumber * SECONDS_A_DAY * 1_000).toISOString().slice(0, 10);
}

function readIso(text: string): number | null {
  const milliseconds = Date.parse(text);
  // Date.parse reads 30 February as 2 March. A date is valid only if it is written back as it was read.
  if (Number.isNaN(milliseconds)) return null;
  return new Date(milliseconds).toISOString().slice(0, 19) === text.slice(0, 19)
    ? milliseconds / 1_000
    : null;
}
