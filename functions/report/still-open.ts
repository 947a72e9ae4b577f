import type { Waiting, WaitingCustomer } from '../measure/waiting.ts';
import { type Day, dayAt } from '../time/report-day.ts';
import { dayName } from './day-name.ts';
import { isOpen, whenOf } from './deadline.ts';
import type { ReaderLinks } from './reader-links.ts';
import type { WorkSection } from './view.ts';
import type { Voice } from './voice.ts';
import { workRow } from './work-row.ts';

/** More are not read in a mail that is about something else. */
const SHOWN = 10;

/** Who waited when the last list was made, of a day before the one that has no report. */
export type StillOpen = Pick<Waiting, 'day' | 'timeZone' | 'asOf' | 'contacts' | 'replyHours' | 'waiting'>;

export interface StillOpenSection extends Pick<WorkSection, 'head' | 'groups'> {
  /** How many there are, of which list, and that they may have been answered since. */
  readonly says: string;
  readonly preheader: string;
  readonly more: string | null;
}

/**
 * Those of the list whose deadline is still open, the soonest first; null where there is none.
 *
 * @param of the day that has no report
 * @param seenAt when that is read, in milliseconds since 1970
 */
export function stillOpenSection(
  list: StillOpen,
  of: Day,
  seenAt: number,
  links: ReaderLinks,
  voice: Voice,
): StillOpenSection | null {
  const { words, format } = voice;
  const say = words.stillOpen;
  const reading = { at: seenAt, today: dayAt(seenAt, list.timeZone) };
  const open = list.waiting
    .filter((one) => isOpen(one, reading))
    .toSorted((one, other) => endOf(one) - endOf(other));
  if (open.length === 0) return null;
  const [count, rest] = [open.length, open.length - SHOWN];
  const day = dayName(list.day, reading.today, voice);
  const rows = open
    .slice(0, SHOWN)
    .map((one, place) => workRow(one, place + 1, false, { of: { ...list, day: of }, reading, links, voice }));
  return {
    says: [
      say.lead(format.count(count), day, count),
      say.asOf(whenOf(list.asOf, reading, { day: of }, voice)),
    ].join(' '),
    preheader: say.preheader(format.count(count), count),
    head: [words.list.deadlineColumn, words.list.customerColumn],
    groups: [{ title: null, note: null, isUrgent: false, rows }],
    more: rest > 0 ? say.more(format.count(rest), day, rest) : null,
  };
}

function endOf({ replyBy }: WaitingCustomer): number {
  return Date.parse(replyBy ?? '');
}
