import type { Waiting, WaitingCustomer } from '../measure/waiting.ts';
import { type Day, dayAt } from '../time/report-day.ts';
import { dayName } from './day-name.ts';
import { isOpen, leftOf, type Reading, whenOf } from './deadline.ts';
import { wallClock } from './format.ts';
import { visible } from './plain-text.ts';
import type { Contact } from './view.ts';
import { namesOf, type Voice } from './voice.ts';

/** More are not read in a mail that is about something else. */
const SHOWN = 10;

/** Who waited when the last list was made, of a day before the one that has no report. */
export type StillOpen = Pick<Waiting, 'day' | 'timeZone' | 'asOf' | 'contacts' | 'waiting'>;

export interface StillOpenSection {
  /** How many there are, of which list, and that they may have been answered since. */
  readonly says: string;
  readonly preheader: string;
  readonly head: { readonly deadline: string; readonly customer: string };
  readonly rows: readonly StillOpenRow[];
  readonly more: string | null;
}

export interface StillOpenRow {
  /** Until when they can be answered, the clock apart from its day; what is left is null where that is far off. */
  readonly deadline: { readonly time: string; readonly day: string; readonly left: string | null };
  readonly name: string;
  readonly contacts: readonly Contact[];
  /** How often they were missed, and when. */
  readonly missed: string;
  /** Where they wrote, and the ticket. */
  readonly details: readonly string[];
  /** That there is no way to them but the channel; null where there is one. */
  readonly note: string | null;
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
  return {
    says: [
      say.lead(format.count(count), day, count),
      say.asOf(whenOf(list.asOf, reading, { day: of }, voice)),
    ].join(' '),
    preheader: say.preheader(format.count(count), count),
    head: say.head,
    rows: open.slice(0, SHOWN).map((one) => rowOf(one, list, of, reading, voice)),
    more: rest > 0 ? say.more(format.count(rest), day, rest) : null,
  };
}

function endOf({ replyBy }: WaitingCustomer): number {
  return Date.parse(replyBy ?? '');
}

function rowOf(
  one: WaitingCustomer,
  { contacts }: StillOpen,
  of: Day,
  reading: Reading,
  voice: Voice,
): StillOpenRow {
  const { words, format } = voice;
  const say = words.stillOpen;
  const { customer, channels, attempts, firstMissedAt, lastMissedAt } = one;
  const when = (at: string): string => whenOf(at, reading, { day: of }, voice);
  const replyBy = one.replyBy ?? '';
  const time = wallClock(replyBy);
  const left = leftOf(replyBy, reading, voice);
  const reach = [
    contactOf(visible(customer.phone, 20), contacts === 'full'),
    contactOf(visible(customer.email, 40), false),
  ].filter((contact) => contact !== null);
  const ticket = visible(one.ticketNo, 20);
  return {
    deadline: {
      time,
      day: breakable(when(replyBy).slice(time.length)).trim(),
      left: left === null ? null : breakable(left),
    },
    name: visible(customer.name, 80) ?? words.noName,
    contacts: reach,
    missed:
      attempts > 1
        ? say.missedMore(format.count(attempts), when(firstMissedAt), when(lastMissedAt))
        : say.missedOnce(when(lastMissedAt)),
    details: [namesOf(channels, voice), ...(ticket === null ? [] : [say.ticket(ticket)])],
    note: reach.length > 0 ? null : say.noContact(namesOf(channels, voice)),
  };
}

/** For a column that is narrower than what is said in it. */
function breakable(text: string): string {
  return text.replaceAll('\u00a0', ' ');
}

/** What is masked cannot be dialled; neither can what a stranger wrote that is no number. */
function contactOf(text: string | null, isDialled: boolean): Contact | null {
  if (text === null) return null;
  const number = text.replaceAll(/[\s().-]/g, '');
  return { text, tel: isDialled && /^\+?\d{7,15}$/.test(number) ? number : null };
}
