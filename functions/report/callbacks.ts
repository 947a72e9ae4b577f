import { provenChannels } from '../capture/completeness.ts';
import type { Callback, Summary } from '../measure/summary.ts';
import { isStatusUnknown } from '../measure/unknown-status.ts';
import { deadlineOf, isOpen, type Reading, readingOf } from './deadline.ts';
import { wallClock } from './format.ts';
import { isPartial, missingOf } from './missing.ts';
import { visible } from './plain-text.ts';
import type { ReportInput } from './report.ts';
import { emptyOf, isQuiet, type Quiet } from './silence.ts';
import { answeredFacts, earlierFacts, waitingOfEarlier, withoutAnswered } from './still-waiting.ts';
import type { CallbackRow, CallbackSection, Contact } from './view.ts';
import { namesOf, type Voice } from './voice.ts';

/** What comes after them has to be seen too; all of them are in the workbook and on the page. */
const SHOWN = 15;

/**
 * Whom to call: first those who can be answered where they wrote only until some hour, the earliest first; then the others
 * in the order of the summary, who tried most often first.
 *
 * @param ofDay with all whom it names, whoever was answered since
 * @param most how many are shown
 */
export function callbackSection(
  ofDay: Summary,
  quiet: Quiet,
  voice: Voice,
  { seenAt, waiting }: Pick<ReportInput, 'seenAt' | 'waiting'>,
  most = SHOWN,
): CallbackSection {
  const { words, format } = voice;
  const summary = withoutAnswered(ofDay, waiting);
  const { callbacks } = summary;
  const earlier = waitingOfEarlier(summary, waiting);
  const reading = readingOf(summary, seenAt);
  const rest = callbacks.length - most;
  const isOpenStatus = isStatusUnknown(summary.totals);
  const isUnknown = callbacks.length === 0 && !isNoneKnown(summary, quiet);
  const count = format.count(isUnknown ? null : callbacks.length);
  const title =
    earlier.length === 0 ? words.callbacks(count) : words.callbacksAnd(count, format.count(earlier.length));
  const notes = [
    callbacks.some((callback) => isOpen(callback, reading)) ? words.soonestFirst : null,
    callbacks.length === 0 && earlier.length === 0 ? noCallbacks(summary, quiet, voice) : null,
    callbacks.length > 0 && isOpenStatus ? words.moreMayWait : null,
    rest > 0 ? words.moreCustomers(format.count(rest), rest) : null,
  ];
  return {
    title: isPartial(summary)
      ? words.callbacksWithout(title, missingOf(summary, voice), format.shortDay(summary.day))
      : title,
    facts: [
      recoveredFact(ofDay, voice),
      ...answeredFacts(ofDay, waiting, reading, voice),
      followUpFact(summary, voice),
      ...earlierFacts(summary, earlier, reading, voice),
    ].filter((fact) => fact !== null),
    head: [words.customer, words.lastMissed, words.waited],
    body: inOrderOfCalling(callbacks, reading)
      .slice(0, most)
      .map((callback) => callbackRow(callback, reading, summary, voice)),
    note: notes.filter((note) => note !== null).join(' ') || null,
  };
}

/** Whether none to call back is a zero: on a day on which what should speak is silent it is not. */
export function isNoneKnown(summary: Summary, quiet: Quiet): boolean {
  const { totals } = summary;
  if (isStatusUnknown(totals) || isPartial(summary) || quiet.silent.length > 0) return false;
  return totals.chats > 0 || !isQuiet(quiet);
}

function noCallbacks(summary: Summary, quiet: Quiet, voice: Voice): string {
  const empty = emptyOf(quiet);
  const { totals } = summary;
  const { words } = voice;
  if (isStatusUnknown(totals)) return words.noCallbacksUnknown;
  if (isPartial(summary)) {
    const busy = provenChannels(summary.completeness).filter((channel) => !empty.includes(channel));
    return words.noCallbacksOf(namesOf(busy, voice), missingOf(summary, voice));
  }
  if (!isQuiet(quiet)) return words.noCallbacks;
  if (quiet.silent.some(({ since }) => since !== null)) return words.noCallbacksOfThese;
  return totals.chats === 0 ? words.noCallbacksKnown : words.noCallbacksElsewhere;
}

function inOrderOfCalling(callbacks: readonly Callback[], reading: Reading): Callback[] {
  const endOf = (callback: Callback): number =>
    isOpen(callback, reading) ? Date.parse(callback.replyBy ?? '') : Number.MAX_SAFE_INTEGER;
  return callbacks.toSorted((one, other) => endOf(one) - endOf(other));
}

/** Who was missed and answered later on the day is no loss. */
function recoveredFact({ recovered, callbacks }: Summary, { words, format }: Voice): string | null {
  if (recovered === null || recovered === 0) return null;
  const all = recovered + callbacks.length;
  return words.recovered(format.count(all), format.count(recovered), format.count(callbacks.length), all);
}

/** What became of the list of the day before. */
function followUpFact({ followUp }: Summary, { words, format }: Voice): string | null {
  if (followUp === null || followUp.customers === 0) return null;
  const { day, customers, answered, missedAgain, silent, unrecognizable } = followUp;
  const parts = [
    { count: answered, say: words.followedAnswered },
    { count: missedAgain, say: words.followedMissedAgain },
    { count: silent, say: words.followedSilent },
    { count: unrecognizable, say: words.followedUnknown },
  ].filter(({ count }) => count > 0);
  const became = parts.map(({ count, say }) => say(format.count(count), count)).join(', ');
  return words.followUp(format.shortDay(day), format.count(customers), became, customers);
}

function callbackRow(callback: Callback, reading: Reading, summary: Summary, voice: Voice): CallbackRow {
  const { words, format } = voice;
  const { customer, attempts, channels, firstMissedAt, lastMissedAt, waitedSeconds, cause } = callback;
  const ticket = visible(callback.ticketNo, 20);
  const [first, last] = [wallClock(firstMissedAt), wallClock(lastMissedAt)];
  return {
    name: visible(customer.name, 80) ?? words.noName,
    contacts: [
      contactOf(visible(customer.phone, 20), summary.contacts === 'full'),
      contactOf(visible(customer.email, 40), false),
    ].filter((contact) => contact !== null),
    attempts: attempts > 1 ? words.missedTimes(format.count(attempts)) : null,
    details: [
      channels.map((channel) => words.channels[channel]).join(', '),
      first === last ? null : words.since(first),
      ticket === null ? null : words.ticket(ticket),
    ].filter((detail) => detail !== null),
    replyBy: deadlineOf(callback, reading, summary, voice),
    cause: words.causes[cause],
    lastMissed: last,
    waited: format.duration(waitedSeconds),
  };
}

/** What is masked cannot be dialled; neither can what a stranger wrote that is no number. */
function contactOf(text: string | null, isDialled: boolean): Contact | null {
  if (text === null) return null;
  const number = text.replaceAll(/[\s().-]/g, '');
  return { text, tel: isDialled && /^\+?\d{7,15}$/.test(number) ? number : null };
}
