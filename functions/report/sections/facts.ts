import { addDays } from '../../calendar/day.ts';
import { decided, isRateUnknown, isStatusUnknown } from '../../metrics/rates.ts';
import type { Summary } from '../../metrics/summary.ts';
import type { EarlierDay } from '../baselines.ts';
import { baselinesIn, historyIn, hoursAsRead, type Scope, type TargetResult, targetsOf } from '../judge.ts';
import {
  isFew,
  type LocaleFormatter,
  missedRatio,
  PERCENTILE_FROM,
  shareOf,
  shortRatio,
} from '../locale-formatter.ts';
import type { ReportView } from '../view.ts';
import type { Judged } from './lead.ts';
import { isPartial, missingNames } from './missing.ts';

/**
 * Sentences with figures: how a day compares with its targets, how long customers waited, and what came outside
 * business hours.
 */

/** In days. Shorter streaks are not mentioned. */
const LEAST_STREAK = 2;

/**
 * By how much a day is better or worse than it should be, and since when. Empty on an open day without chats, and
 * where too many statuses are unknown.
 */
export function factsOf(
  judged: Judged,
  history: readonly EarlierDay[],
  formatter: LocaleFormatter,
): string[] {
  const { summary, scope, judgement } = judged;
  const { totals } = summary;
  if (scope.isDayOff) return dayOffFacts(summary, scope, formatter);
  if (totals.chats === 0 || isStatusUnknown(totals)) return [];
  switch (judgement.kind) {
    case 'targets':
      return [judgement.results.map((result) => resultMessage(result, scope, formatter)).join(' ')];
    case 'change':
      return [`${missedIn(scope, formatter)}.`];
    case 'plain':
      return plainFacts(judged, history, formatter);
  }
}

/**
 * The facts of a day that is not judged. A sentence says that the day is not compared with its targets, where
 * some are set. A day of few chats gets the numbers of the day before too, in the same words.
 */
function plainFacts(
  { summary, scope }: Judged,
  history: readonly EarlierDay[],
  { messages, format }: LocaleFormatter,
): string[] {
  const { figures } = scope;
  if (isPartial(summary)) {
    const missing = missingNames(summary, { messages, format });
    return targetsOf(summary).length === 0 ? [] : [messages.facts.notJudged(missing)];
  }
  if (!isFew(figures) || figures.chats === 0) return [];
  const before = historyIn(scope, history).find(({ day }) => day === addDays(summary.day, -1));
  const facts = [
    ...(targetsOf(summary).length > 0 ? [messages.facts.tooFew] : []),
    ...(before === undefined || decided(before.totals) === 0
      ? []
      : [messages.facts.was(format.dayName(before.day), missedRatio({ messages, format }, before.totals))]),
  ];
  return facts.length === 0 ? [] : [facts.join(' ')];
}

function missedIn({ figures, hours }: Scope, formatter: LocaleFormatter): string {
  const { facts } = formatter.messages;
  return `${facts.missed(missedRatio(formatter, figures))}${hours === null ? '' : facts.inHours}`;
}

function resultMessage(result: TargetResult, scope: Scope, formatter: LocaleFormatter): string {
  const { messages, format } = formatter;
  const factMessages = messages.facts;
  const { name, target, isMet, by, actual } = result;
  const count = format.count(by);
  const rate = format.percent(target);
  const than =
    name === 'missedRate'
      ? by === 0
        ? factMessages.asAllowed
        : (isMet ? factMessages.fewerThanAllowed : factMessages.moreThanAllowed)(count, by)
      : by === 0
        ? factMessages.atTarget(rate)
        : (isMet ? factMessages.aboveTarget : factMessages.lackingToTarget)(count, rate, by);
  const what =
    name === 'missedRate'
      ? missedIn(scope, formatter)
      : factMessages.answeredInTime(
          format.threshold(scope.figures.serviceLevel.thresholdSeconds),
          messages.missedOf(format.count(actual.part), format.count(actual.whole)),
        );
  return [`${what}, ${than}.`, ...streakMessages(result, formatter)].join(' ');
}

function streakMessages({ isMet, streak }: TargetResult, { messages, format }: LocaleFormatter): string[] {
  const factMessages = messages.facts;
  const { days, since, isAll, before } = streak;
  if (days >= LEAST_STREAK) {
    return [
      (isMet ? factMessages.metStreak : factMessages.missedStreak)(
        format.count(days),
        format.dayName(since),
        isAll,
        days,
      ),
    ];
  }
  if (before < LEAST_STREAK) return [];
  return [(isMet ? factMessages.firstMet : factMessages.firstMissed)(format.count(before), before)];
}

function dayOffFacts({ totals }: Summary, { hours }: Scope, formatter: LocaleFormatter): string[] {
  const { messages, format } = formatter;
  const factMessages = messages.facts;
  const read = hours === null ? '' : hoursAsRead(hours, formatter);
  if (totals.chats === 0) return [factMessages.closedWithoutChats(read)];
  return [
    [
      factMessages.closedDay(format.count(totals.chats), read, totals.chats),
      ...(totals.missed > 0 && !isStatusUnknown(totals)
        ? [factMessages.closedMissed(format.count(totals.missed), totals.missed)]
        : []),
    ].join(' '),
  ];
}

/**
 * What came outside business hours, in one line. Null where nothing came then. Null also where no hours are set,
 * or where the whole day is outside them.
 */
export function outsideLine(
  { businessHours }: Summary,
  { isDayOff }: Scope,
  formatter: LocaleFormatter,
): string | null {
  if (businessHours === null || isDayOff || businessHours.outside.chats === 0) return null;
  const { hours, outside } = businessHours;
  const { messages, format } = formatter;
  const missed = isRateUnknown(outside) ? shortRatio(formatter, outside) : format.count(outside.missed);
  return messages.facts.outside(
    hoursAsRead(hours, formatter),
    format.count(outside.chats),
    missed,
    outside.chats,
  );
}

/**
 * How long customers waited, how many were answered in time, and what the rate was before. It is for a day with
 * little to report. Null where nothing is known.
 */
export function waitFacts(
  { summary, scope }: Judged,
  history: readonly EarlierDay[],
  formatter: LocaleFormatter,
): string | null {
  const { messages, format } = formatter;
  const factMessages = messages.facts;
  const { figures } = scope;
  const { waitSeconds, serviceLevel } = figures;
  if (figures.chats === 0 || isStatusUnknown(summary.totals)) return null;
  const { count, p50, max } = waitSeconds;
  const half =
    p50 === null
      ? []
      : [
          count < PERCENTILE_FROM
            ? factMessages.longestWait(format.duration(max))
            : factMessages.halfWaited(format.duration(p50)),
        ];
  const inTime =
    decided(figures) === 0
      ? []
      : [
          factMessages.inTime(
            shareOf(formatter, { part: serviceLevel.within, whole: decided(figures) }),
            format.threshold(serviceLevel.thresholdSeconds),
          ),
        ];
  const { lastSevenDays } = baselinesIn(summary, scope, history);
  const was =
    lastSevenDays === null || isFew(figures) || decided(lastSevenDays) === 0
      ? []
      : [
          factMessages.wasRate(
            format.count(lastSevenDays.ratedDays),
            shareOf(formatter, { part: lastSevenDays.missed, whole: decided(lastSevenDays) }),
            lastSevenDays.ratedDays,
          ),
        ];
  const waits = [...half, ...inTime].join('; ');
  return [...(waits === '' ? [] : [`${waits}.`]), ...was].join(' ') || null;
}

/** The short text is only for days on which at most so many customers wait. */
const FEW_WAIT = 3;

/** A short text for a day with little to report. It stands in place of all figures. Null on other days. */
export function briefOf(
  judged: Judged,
  { history }: { readonly history: readonly EarlierDay[] },
  formatter: LocaleFormatter,
): ReportView['brief'] {
  const { list, summary, scope } = judged;
  if (list.soon.length + list.next.length + list.unreachable.length > FEW_WAIT) return null;
  const { messages } = formatter;
  const body = [waitFacts(judged, history, formatter), outsideLine(summary, scope, formatter)];
  return { title: messages.inTheDay, body: body.filter((line) => line !== null) };
}
