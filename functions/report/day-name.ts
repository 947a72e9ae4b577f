import type { Day } from '../time/report-day.ts';
import type { Voice } from './voice.ts';

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** `T5 26/11`, with its year where it is not that of today. @param today null where it is not known */
export function dayName(day: Day, today: Day | null, { words, format }: Voice): string {
  const weekday = words.weekdays[WEEKDAYS[new Date(day).getUTCDay()] ?? ''] ?? '';
  const isThisYear = today !== null && today.slice(0, 4) === day.slice(0, 4);
  return `${weekday} ${isThisYear ? format.shortDay(day) : format.day(day)}`;
}
