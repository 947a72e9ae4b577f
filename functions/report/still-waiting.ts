import type { Summary } from '../measure/summary.ts';
import type { Waiting, WaitingCustomer } from '../measure/waiting.ts';
import { deadlineOf, isOpen, type Reading, whenOf } from './deadline.ts';
import { visible } from './plain-text.ts';
import { namesOf, type Voice } from './voice.ts';

/** Of those who were answered since, and of those of earlier days, so many are named. */
const NAMED = 5;

/** A report without those of its callbacks who were answered since. No figure of the day is another for it. */
export function withoutAnswered(summary: Summary, waiting: Waiting | null): Summary {
  if (waiting === null || waiting.answered.length === 0) return summary;
  const answered = new Set(waiting.answered.map(({ key }) => key));
  return { ...summary, callbacks: summary.callbacks.filter(({ customer }) => !answered.has(customer.key)) };
}

/** Who still waits and was missed before the day, and not on it. */
export function waitingOfEarlier({ callbacks }: Summary, waiting: Waiting | null): WaitingCustomer[] {
  const own = new Set(callbacks.map(({ customer }) => customer.key));
  return (waiting?.waiting ?? []).filter((one) => one.callbacks.length === 0 && !own.has(one.customer.key));
}

/** Who of the day's own list was answered since, and where that is not known. */
export function answeredFacts(
  summary: Summary,
  waiting: Waiting | null,
  reading: Reading,
  voice: Voice,
): string[] {
  if (waiting === null) return [];
  const { words } = voice;
  const when = (at: string) => whenOf(at, reading, summary, voice);
  const names = new Map(summary.callbacks.map(({ customer }) => [customer.key, customer.name]));
  const answered = waiting.answered.filter(({ key }) => names.has(key));
  const shown = answered
    .slice(0, NAMED)
    .map(({ key, at }) => `${visible(names.get(key) ?? null, 80) ?? words.noName} (${when(at)})`);
  const failed = waiting.open.failed.map(({ channel }) => channel);
  const known = failed.length === 0 ? when(waiting.asOf) : '';
  return [
    ...(answered.length === 0 ? [] : [words.answeredSince(withRest(shown, answered.length, voice), known)]),
    ...(failed.length === 0 ? [] : [words.todayUnread(namesOf(failed, voice), when(waiting.asOf))]),
  ];
}

/** How many of earlier days still wait, and those of them who can be answered for the shortest time. */
export function earlierFacts(
  summary: Summary,
  earlier: readonly WaitingCustomer[],
  reading: Reading,
  voice: Voice,
): string[] {
  if (earlier.length === 0) return [];
  const { words, format } = voice;
  const endOf = (one: WaitingCustomer): number =>
    isOpen(one, reading) ? Date.parse(one.replyBy ?? '') : Number.MAX_SAFE_INTEGER;
  const inOrder = earlier.toSorted((one, other) => endOf(one) - endOf(other));
  const soonest = inOrder.find((one) => isOpen(one, reading));
  const said = soonest === undefined ? '' : (deadlineOf(soonest, reading, summary, voice)?.text ?? '');
  const rest = earlier.length - NAMED;
  return [
    words.earlierWaiting(format.count(earlier.length), said, earlier.length),
    ...inOrder.slice(0, NAMED).map((one) => sayWaiting(one, summary, reading, voice)),
    ...(rest > 0 ? [words.more(format.count(rest))] : []),
  ];
}

function sayWaiting(one: WaitingCustomer, summary: Summary, reading: Reading, voice: Voice): string {
  const { words, format } = voice;
  const { customer, attempts, channels, lastMissedAt } = one;
  const parts = [
    visible(customer.name, 80) ?? words.noName,
    visible(customer.phone, 20),
    visible(customer.email, 40),
    namesOf(channels, voice),
    attempts > 1 ? words.missedTimes(format.count(attempts)) : null,
    words.missedLast(whenOf(lastMissedAt, reading, summary, voice)),
    deadlineOf(one, reading, summary, voice)?.text ?? null,
  ];
  return parts.filter((part) => part !== null).join(' · ');
}

function withRest(shown: readonly string[], all: number, { words, format }: Voice): string {
  const rest = all - shown.length;
  return [...shown, ...(rest > 0 ? [words.more(format.count(rest))] : [])].join(', ');
}
