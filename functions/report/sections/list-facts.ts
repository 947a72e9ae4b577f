import { addDays } from '../../calendar/day.ts';
import { isStatusUnknown } from '../../metrics/rates.ts';
import type { Summary } from '../../metrics/summary.ts';
import type { Waiting } from '../../metrics/waiting.ts';
import { everyoneIn, type WorkList } from '../../metrics/work-list.ts';
import type { EarlierDay, LackingDay } from '../baselines.ts';
import { type LocaleFormatter, namesOf, wallClock } from '../locale-formatter.ts';
import { visible } from '../plain-text.ts';
import { type Reading, whenOf } from '../reply-deadline.ts';
import { isPartial, missingNames } from './missing.ts';

/** Sentences below the list of waiting customers: what became of the others who were missed. */

/** At most so many customers are named as answered since. */
const NAMED = 5;

interface FactOptions {
  readonly summary: Summary;
  readonly list: WorkList;
  readonly waiting: Waiting | null;
  readonly history: readonly EarlierDay[];
  readonly lacking: readonly LackingDay[];
  readonly reading: Reading;
  readonly formatter: LocaleFormatter;
}

/** What became of the other missed customers. Empty where there is nothing to add. */
export function listFacts(options: FactOptions): string[] {
  const { summary, list, waiting, reading, formatter } = options;
  const isUnknown = isStatusUnknown(summary.totals) && everyoneIn(list).length > 0;
  return [
    isUnknown ? formatter.messages.list.moreMayWait : null,
    missedCustomers(summary, formatter),
    ...answeredFacts(summary, waiting, reading, formatter),
    followUpFact(summary, formatter),
    ...notFollowedUp(options),
  ].filter((fact) => fact !== null);
}

/** How many customers were missed, and how many of them were answered later on the day. Those are not lost. */
function missedCustomers(
  { day, recovered, callbacks }: Summary,
  { messages, format }: LocaleFormatter,
): string | null {
  // Where no customer is left to call back, the lead says it.
  if (recovered === null || recovered === 0 || callbacks.length === 0) return null;
  const all = recovered + callbacks.length;
  return messages.list.missedCustomers(
    ...([
      format.dayName(day),
      format.count(all),
      format.count(recovered),
      format.count(callbacks.length),
    ] as const),
    all,
  );
}

/**
 * The customers of the day who were answered since, and the channels that could not be read today. Empty where
 * there is no list.
 */
function answeredFacts(
  summary: Summary,
  waiting: Waiting | null,
  reading: Reading,
  formatter: LocaleFormatter,
): string[] {
  if (waiting === null) return [];
  const { messages, format } = formatter;
  const when = (at: string) => whenOf(at, reading, summary, formatter);
  const names = new Map(summary.callbacks.map(({ customer }) => [customer.key, customer.name]));
  const answered = waiting.answered.filter(({ key }) => names.has(key));
  const shown = answered
    .slice(0, NAMED)
    // The list shows its own time. An answer on the same day needs no date.
    .map(({ key, at }) => {
      const isOfDay = at.slice(0, 10) === waiting.asOf.slice(0, 10);
      return `${visible(names.get(key) ?? null, 80) ?? messages.noName} (${isOfDay ? wallClock(at) : when(at)})`;
    });
  const rest = answered.length - shown.length;
  const failed = waiting.open.failed.map(({ channel }) => channel);
  const all = [...shown, ...(rest > 0 ? [`+${format.count(rest)}`] : [])].join(', ');
  return [
    ...(answered.length === 0 ? [] : [messages.list.answeredSince(all)]),
    ...(failed.length === 0
      ? []
      : [messages.list.todayUnread(namesOf(failed, formatter), when(waiting.asOf))]),
  ];
}

/**
 * What became of the customers to call back of the day before. Null where there were none, or where it is not
 * known.
 */
function followUpFact({ followUp }: Summary, { messages, format }: LocaleFormatter): string | null {
  if (followUp === null || followUp.customers === 0) return null;
  const { day, customers, answered, missedAgain, silent, unrecognizable } = followUp;
  const listMessages = messages.list;
  const became = [
    { count: answered, message: listMessages.followedAnswered },
    { count: missedAgain, message: listMessages.followedMissedAgain },
    { count: silent, message: listMessages.followedNotInContact },
    { count: unrecognizable, message: listMessages.followedUnidentifiable },
  ]
    .filter(({ count }) => count > 0)
    .map((one) => one.message(format.count(one.count), one.count));
  return listMessages.followUp(format.dayName(day), format.count(customers), became.join(', '), customers);
}

/** Why it is not known what became of the customers of the day before: one of the two reports lacks a channel. */
function notFollowedUp({ summary, history, lacking, formatter }: FactOptions): string[] {
  if (summary.followUp !== null) return [];
  const { messages, format } = formatter;
  const before = addDays(summary.day, -1);
  const [name, lack] = [format.dayName(before), lacking.find(({ day }) => day === before)];
  const hasReport = history.some(({ day }) => day === before);
  return [
    ...(lack === undefined ? [] : [messages.notFollowedUpBefore(name, namesOf(lack.channels, formatter))]),
    ...(hasReport && isPartial(summary)
      ? [messages.notFollowedUp(name, missingNames(summary, formatter))]
      : []),
  ];
}
