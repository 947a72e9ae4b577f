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

/** Of those who were answered since, so many are named. */
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

/** What became of the others who were missed. */
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

/** Who was missed and answered later on the day is no loss. */
function missedCustomers(
  { day, recovered, callbacks }: Summary,
  { messages, format }: LocaleFormatter,
): string | null {
  // Where no one is left the verdict says it.
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

/** Who of the day's own list was answered since, and where that is not known. */
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
    // The list says of which moment it is: of the same day the clock alone is enough.
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

/** What became of the list of the day before. */
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

/** Why nothing is known of the list of the day before, where one of the two reports lacks a channel. */
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
