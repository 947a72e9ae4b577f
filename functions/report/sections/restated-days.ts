import { CHANNELS } from '../../chats/channel.ts';
import { decided, withKnownRates } from '../../metrics/rates.ts';
import type { Customer } from '../../metrics/summary.ts';
import type { EarlierDays, MadeUpDay, OpenDay, RestatedDay } from '../earlier-days.ts';
import { type LocaleFormatter, missedRatio, namesOf } from '../locale-formatter.ts';
import { visible } from '../plain-text.ts';
import type { Section } from '../view.ts';

/** Earlier days that a report mentions: late, restated or open ones. */

/** The most customers of a day that are named. A mail has to stay small. */
const NAMED = 5;

/** In characters. */
const NAME_LENGTH = 30;

/** The change of counts, such as `3 fewer missed, 4 more answered, 1 more chat; now 57 of 701 chats missed`. */
export function changeMessage(
  { was, is }: Pick<RestatedDay, 'was' | 'is'>,
  { messages, format }: LocaleFormatter,
): string {
  const kinds = [
    { by: is.missed - was.missed, more: messages.moreMissed, fewer: messages.fewerMissed },
    { by: is.answered - was.answered, more: messages.moreAnswered, fewer: messages.fewerAnswered },
    { by: is.other - was.other, more: messages.moreOther, fewer: messages.fewerOther },
    { by: is.chats - was.chats, more: messages.chatsAdded, fewer: messages.chatsRemoved },
  ];
  const changes = kinds
    .filter(({ by }) => by !== 0)
    .map(({ by, more, fewer }) => (by > 0 ? more : fewer)(format.count(Math.abs(by)), Math.abs(by)));
  const of = decided(is);
  const now = messages.nowMissed(messages.missedOf(format.count(is.missed), format.count(of)), of);
  return [changes.join(', ') || messages.sameCounts, ...(of > 0 ? [now] : [])].join('; ');
}

/**
 * The line of a day: how its counts changed, which customers have to be called now, and which no longer.
 *
 * @param most how many of each are named at most
 */
export function restatedDayLine(restated: RestatedDay, formatter: LocaleFormatter, most = NAMED): string {
  const { messages, format } = formatter;
  const { day, added, gone } = restated;
  return [
    `${format.day(day)}: ${changeMessage(restated, formatter)}.`,
    ...(added.length > 0 ? [messages.nowToCall(customerNames(added, formatter, most))] : []),
    ...(gone.length > 0 ? [messages.noLongerToCall(customerNames(gone, formatter, most))] : []),
  ].join(' ');
}

/** Known customers come first. The others are counted. */
function customerNames(
  customers: readonly Customer[],
  { messages, format }: LocaleFormatter,
  most: number,
): string {
  if (most === 0) return messages.customers(format.count(customers.length), customers.length);
  const known = customers
    .map(
      ({ name, phone, email }) =>
        visible(name, NAME_LENGTH) ?? visible(phone, 20) ?? visible(email, NAME_LENGTH),
    )
    .filter((name) => name !== null);
  const nameless = customers.length - known.length;
  const rest = known.length > most ? customers.length - most : 0;
  return [
    ...known.slice(0, most),
    ...(rest === 0 && nameless > 0 ? [messages.nameless(format.count(nameless), nameless)] : []),
    ...(rest > 0 ? [`+${format.count(rest)}`] : []),
  ].join(', ');
}

/** A line for the days without a report, and one for days whose reports lack the same channels. */
export function openDayLines(open: readonly OpenDay[], formatter: LocaleFormatter): string[] {
  const { messages, format } = formatter;
  const alike = Map.groupBy(open, ({ missing }) => missing?.join() ?? '');
  return [...alike.values()].map((days) => {
    const named = days.map(({ day }) => format.shortDay(day)).join(', ');
    const missing = CHANNELS.filter((channel) => days[0]?.missing?.includes(channel));
    return missing.length === 0
      ? messages.openDays(named, days.length)
      : messages.lackingDays(named, namesOf(missing, formatter), days.length);
  });
}

/** The line of a day whose report came late: how many chats were missed, and how many customers have to be called. */
function madeUpDayLine(day: MadeUpDay, formatter: LocaleFormatter): string {
  const { messages, format } = formatter;
  const { totals } = withKnownRates(day);
  const { callbacks } = day;
  const figures =
    totals.chats === 0
      ? [messages.noChats]
      : [
          ...(decided(totals) > 0
            ? [messages.nowMissed(missedRatio(formatter, totals), decided(totals))]
            : []),
          ...(callbacks > 0 ? [messages.toCallBack(format.count(callbacks), callbacks)] : []),
        ];
  return `${format.day(day.day)}: ${messages.madeUp}; ${figures.join(', ')}.`;
}

/** The most restated days that are shown: the latest. */
const RESTATED_SHOWN = 7;

/** Customers are named for so many of the latest days. They are only counted for the others. */
const RESTATED_NAMED = 3;

/** Earlier days: first those whose report came late, then those whose figures changed. */
export function restatedSection(
  { madeUp, restated }: Pick<EarlierDays, 'madeUp' | 'restated'>,
  formatter: LocaleFormatter,
): Section<readonly string[]> {
  return {
    title: formatter.messages.restatedDays,
    body: [...madeUp.map((one) => madeUpDayLine(one, formatter)), ...restatedDayLines(restated, formatter)],
  };
}

function restatedDayLines(restated: readonly RestatedDay[], formatter: LocaleFormatter): string[] {
  const { messages, format } = formatter;
  const [shown, rest] = [restated.slice(-RESTATED_SHOWN), restated.length - RESTATED_SHOWN];
  const lines = shown.map((one, place) =>
    place < shown.length - RESTATED_NAMED
      ? restatedDayLine(one, formatter, 0)
      : restatedDayLine(one, formatter),
  );
  return rest > 0 ? [...lines, messages.moreDays(format.count(rest), rest)] : lines;
}
