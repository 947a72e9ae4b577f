import type { Callback } from '../measure/summary.ts';
import { wallClock } from './format.ts';
import { visible } from './plain-text.ts';
import type { CallbackRow, CallbackSection } from './view.ts';
import type { Voice } from './voice.ts';

/** Gmail cuts a mail at 102 KB, and nobody calls more than this from a phone. */
const SHOWN = 30;

/** Whom to call, in the order in which the summary has them: who tried most often first. */
export function callbackSection(callbacks: readonly Callback[], voice: Voice): CallbackSection {
  const { words, format } = voice;
  const rest = callbacks.length - SHOWN;
  const more = rest > 0 ? words.moreCustomers(format.count(rest), rest) : null;
  return {
    title: words.callbacks(format.count(callbacks.length)),
    head: [words.customer, words.attempts, words.lastMissed],
    body: callbacks.slice(0, SHOWN).map((callback) => callbackRow(callback, voice)),
    note: callbacks.length === 0 ? words.noCallbacks : more,
  };
}

function callbackRow(callback: Callback, { words, format }: Voice): CallbackRow {
  const { customer, attempts, channels, firstMissedAt, lastMissedAt } = callback;
  const ticket = visible(callback.ticketNo, 20);
  const [first, last] = [wallClock(firstMissedAt), wallClock(lastMissedAt)];
  return {
    name: visible(customer.name, 80) ?? words.noName,
    contacts: [visible(customer.phone, 20), visible(customer.email, 40)].filter(
      (contact) => contact !== null,
    ),
    details: [
      channels.map((channel) => words.channels[channel]).join(', '),
      ticket === null ? null : words.ticket(ticket),
      first === last ? null : words.since(first),
    ].filter((detail) => detail !== null),
    attempts: format.count(attempts),
    repeated: attempts > 1,
    lastMissed: last,
  };
}
