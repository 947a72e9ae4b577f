import type { ChannelCoverage } from '../../capture/coverage.ts';
import { type Channel, inChannelOrder } from '../../chats/channel.ts';
import { maskName } from '../../metrics/masking.ts';
import type { AddedFigures } from '../../metrics/measures.ts';
import { decided, isStatusUnknown } from '../../metrics/rates.ts';
import type { Summary } from '../../metrics/summary.ts';
import { everyoneIn, type WorkList } from '../../metrics/work-list.ts';
import { compareText } from '../../text/bounds.ts';
import type { Share } from '../baselines.ts';
import { isBad, type Judgement, type Scope, type TargetResult } from '../judge.ts';
import { type LocaleFormatter, missedOfAll, missedRatio, namesOf, shortRatio } from '../locale-formatter.ts';
import { visible, withinSentence } from '../plain-text.ts';
import { isSoonToCome, type Reading, untilOf, waitingMessage } from '../reply-deadline.ts';
import { emptyOf, hasQuietChannels, type QuietChannels } from '../silence.ts';
import type { Lead } from '../view.ts';
import { provenIn } from './missing.ts';
import { isNoneKnown } from './work-list.ts';

/** The lead of a report: how the day was, and who waits. Also how its statuses were read. */

/** In characters. The source may write any status. */
const LONGEST_STATUS = 40;
/** The most statuses that a subject names. */
const IN_SUBJECT = 2;
/** The most statuses that any other text names. */
const IN_NOTES = 5;

/** The source's names of unknown statuses, the most frequent first. Invisible names are left out. */
function statusNames({ completeness }: Summary, most: number): string {
  const times = new Map<string, number>();
  for (const { unknownStatuses = {} } of provenIn(completeness)) {
    for (const [name, count] of Object.entries(unknownStatuses)) {
      const shown = visible(maskName(name), LONGEST_STATUS);
      if (shown !== null) times.set(shown, (times.get(shown) ?? 0) + count);
    }
  }
  const names = [...times].toSorted(
    ([one, times], [other, otherTimes]) => otherTimes - times || compareText(one, other),
  );
  const shown = names.slice(0, most).map(([name]) => name);
  return [...shown, ...(names.length > most ? ['…'] : [])].join(', ');
}

/**
 * The lead of a day with too many chats of unknown status. Null on other days.
 *
 * @param but what to add at the end, such as the channels without chats. May be empty
 */
export function unknownLead(summary: Summary, but: string, formatter: LocaleFormatter): string | null {
  const { totals } = summary;
  if (!isStatusUnknown(totals)) return null;
  const { messages, format } = formatter;
  const unknown = messages.statusUnknown(statusNames(summary, IN_NOTES), totals.other);
  const least = messages.missedAtLeast(format.count(totals.missed), totals.missed);
  const rest =
    totals.missed === 0 ? messages.missedAndWaitingUnknown : `${messages.missedCountUnknown}: ${least}`;
  return `${missedOfAll(formatter, totals)}${unknown}, ${rest}${but}.`;
}

/** The same as a headline. */
function unknownHeadline(summary: Summary, formatter: LocaleFormatter): string | null {
  const { totals } = summary;
  if (!isStatusUnknown(totals)) return null;
  const { messages, format } = formatter;
  return [
    `${missedOfAll(formatter, totals)}${messages.statusUnknown(statusNames(summary, IN_SUBJECT), totals.other)}`,
    ...(totals.missed === 0 ? [] : [messages.missedAtLeast(format.count(totals.missed), totals.missed)]),
  ].join(', ');
}

/** Asks the engineer to find out what unknown statuses mean. */
export function unknownAlert(summary: Summary, { messages }: LocaleFormatter): string[] {
  if (!isStatusUnknown(summary.totals)) return [];
  const names = statusNames(summary, IN_NOTES);
  return names === '' ? [] : [messages.statusUnknownAlert(names)];
}

/** How statuses were read, where the source's names do not say. */
export function statusNotes(summary: Summary, { messages, format }: LocaleFormatter): string[] {
  const names = statusNames(summary, IN_NOTES);
  const { other } = summary.totals;
  const channels = provenIn(summary.completeness);
  const byFilter = channels.reduce((sum, { statusByFilter = 0 }) => sum + statusByFilter, 0);
  const message = names === '' ? messages.otherNote : messages.unknownNote(names);
  return [
    ...(other === 0 ? [] : [message(format.count(other), other)]),
    ...(byFilter === 0 ? [] : [messages.statusByFilter(format.count(byFilter), names, byFilter)]),
    ...statusFilterNotes(summary, messages),
  ];
}

/** Channels with the same statuses share one note. */
function statusFilterNotes({ completeness }: Summary, messages: LocaleFormatter['messages']): string[] {
  const namesOf = ({ notHeeded = [] }: ChannelCoverage): string =>
    notHeeded.map((status) => messages.statusNames[status]).join(', ');
  const all = inChannelOrder(completeness.channels).flatMap(([channel, found]) => {
    const names = found.verdict === 'proven' ? namesOf(found) : '';
    return names === '' ? [] : [{ channel, names }];
  });
  return [...Map.groupBy(all, ({ names }) => names)].map(([names, of]) =>
    messages.statusFilterIgnored(names, of.map(({ channel }) => messages.channels[channel]).join(', ')),
  );
}

/** A day with its judgement: what the lead is made from. */
export interface Judged {
  readonly summary: Summary;
  readonly scope: Scope;
  readonly judgement: Judgement;
  readonly list: WorkList;
  readonly quiet: QuietChannels;
  readonly reading: Reading;
}

/** How the day was, in one sentence. For a partial day it is about the proven channels. */
export function leadOf(judged: Judged, formatter: LocaleFormatter): Omit<Lead, 'warning'> {
  const unknown = unknownLead(judged.summary, exceptNoChats(judged.quiet, formatter), formatter);
  return {
    sentence: unknown ?? leadSentence(judged, formatter),
    isBad: isBad(judged.judgement),
    rest: whoWaits(judged, formatter),
  };
}

function leadSentence({ summary, scope, judgement, quiet }: Judged, formatter: LocaleFormatter): string {
  const { messages } = formatter;
  const leadMessages = messages.lead;
  const { figures } = scope;
  if (scope.isDayOff) return leadMessages.closed;
  if (summary.totals.chats === 0) return withoutChats(summary, emptyOf(quiet), formatter);
  if (figures.chats === 0) return leadMessages.noneInHours;
  return `${missedMessage(scope, judgement, quiet, formatter)}${exceptNoChats(quiet, formatter)}.`;
}

function missedMessage(
  scope: Scope,
  judgement: Judgement,
  quiet: QuietChannels,
  formatter: LocaleFormatter,
): string {
  const { messages, format } = formatter;
  const leadMessages = messages.lead;
  const { figures } = scope;
  const whole = decided(figures);
  if (figures.missed === 0) {
    const none = quiet.silent.length === 0 ? leadMessages.noneMissed : leadMessages.noneMissedOfThese;
    return [none(format.count(whole), whole), ...judgementMessages(judgement, figures, formatter)].join(', ');
  }
  return [
    missedAmount(scope, judgement, formatter),
    ...judgementMessages(judgement, figures, formatter),
  ].join(', ');
}

/**
 * How many chats were missed. It is the rate alone where the day is judged. Otherwise the two numbers stand beside the
 * rate. For few chats the two numbers stand alone.
 */
function missedAmount({ figures, hours }: Scope, judgement: Judgement, formatter: LocaleFormatter): string {
  const { messages, format } = formatter;
  const leadMessages = messages.lead;
  const whole = decided(figures);
  const [ratio, rate] = [missedRatio(formatter, figures), format.percent(figures.missedRate)];
  const isFew = judgement.kind === 'plain' && judgement.isFew;
  if (figures.missed === whole) return leadMessages.allMissed(format.count(whole), whole);
  if (figures.missed * 2 > whole) return leadMessages.moreThanHalf(isFew ? ratio : rate);
  if (isFew) return leadMessages.missedRatio(ratio);
  if (judgement.kind !== 'plain') return leadMessages.missedRate(rate);
  return `${leadMessages.missedBoth(ratio, rate)}${hours === null ? '' : messages.facts.inHours}`;
}

/** How the day compares with its targets, or with usual days. */
function judgementMessages(
  judgement: Judgement,
  figures: AddedFigures,
  formatter: LocaleFormatter,
): string[] {
  const { messages, format } = formatter;
  const leadMessages = messages.lead;
  switch (judgement.kind) {
    case 'plain':
      return [];
    case 'change': {
      const was = format.percent(rateOf(judgement.was));
      const far = judgement.isWorse ? leadMessages.farAbove : leadMessages.farBelow;
      return [far(format.count(judgement.days), was, judgement.days)];
    }
    case 'targets':
      return targetMessages(judgement.results, figures, formatter);
  }
}

/** The missed targets. Where none was missed, it says that all were met. */
function targetMessages(
  results: readonly TargetResult[],
  figures: AddedFigures,
  formatter: LocaleFormatter,
): string[] {
  const { messages } = formatter;
  const missed = results.filter(({ isMet }) => !isMet);
  if (missed.length === 0 && results.length > 1) return [messages.lead.allTargetsMet];
  return (missed.length === 0 ? results : missed).map((result) => targetMessage(result, figures, formatter));
}

function targetMessage(
  { name, target, isMet, actual }: TargetResult,
  { serviceLevel }: AddedFigures,
  formatter: LocaleFormatter,
): string {
  const { messages, format } = formatter;
  const leadMessages = messages.lead;
  const met = (isMet ? leadMessages.targetMet : leadMessages.targetMissed)(format.percent(target));
  if (name === 'missedRate') return met;
  const inTime = leadMessages.inTime(
    format.threshold(serviceLevel.thresholdSeconds),
    format.percent(rateOf(actual)),
  );
  return `${withinSentence(inTime)}, ${met}`;
}

function rateOf({ part, whole }: Share): number | null {
  return whole === 0 ? null : part / whole;
}

function whoWaits(judged: Judged, formatter: LocaleFormatter): string {
  const { summary, list, reading } = judged;
  const { messages, format } = formatter;
  const leadMessages = messages.lead;
  const everyone = everyoneIn(list).length;
  if (everyone === 0) return noneWaits(judged, formatter);
  const soon = isSoonToCome(list, reading) ? list.soon.length : 0;
  const until = untilOf(list.soonUntil, summary.timeZone, reading, formatter).text;
  const parts = [
    waitingMessage(everyone, judged, formatter),
    ...(soon === 0
      ? []
      : [
          soon === everyone
            ? leadMessages.answerAllBefore(until, soon)
            : leadMessages.answerBefore(format.count(soon), until, soon),
        ]),
  ];
  return `${parts.join(', ')}.`;
}

/** Says that no customer waits. Empty where it is not known. */
function noneWaits({ summary, list, quiet }: Judged, { messages }: LocaleFormatter): string {
  // Where a usual channel had no chats, the list names the channels that it covers.
  if (!isNoneKnown(summary, quiet) || hasQuietChannels(quiet) || summary.totals.chats === 0) return '';
  if (list.isFollowed) return messages.lead.noneWaits;
  return summary.totals.missed === 0 ? '' : messages.lead.noneUnanswered;
}

function exceptNoChats({ unusuallyEmpty }: QuietChannels, formatter: LocaleFormatter): string {
  const { messages } = formatter;
  if (unusuallyEmpty.length === 0) return '';
  return `, ${messages.exceptNoChats(namesOf(unusuallyEmpty, formatter), unusuallyEmpty.length)}`;
}

function withoutChats(summary: Summary, empty: readonly Channel[], formatter: LocaleFormatter): string {
  const { messages } = formatter;
  const rejected = Object.values(summary.completeness.channels).some((channel) => channel.rejected > 0);
  if (rejected) return messages.noneReadable;
  if (empty.length > 0) return messages.noChatsUnusual(namesOf(empty, formatter), empty.length);
  return messages.noChatsProven;
}

/** The lead as a headline, which follows the date in a subject. */
export function headlineOf(judged: Judged, formatter: LocaleFormatter): string {
  const { summary, scope, judgement, list, reading } = judged;
  const { messages, format } = formatter;
  const leadMessages = messages.lead;
  const unknown = unknownHeadline(summary, formatter);
  const everyone = everyoneIn(list).length;
  const soon = isSoonToCome(list, reading) ? list.soon.length : 0;
  const until = untilOf(list.soonUntil, summary.timeZone, reading, formatter).time;
  const sayMany = list.isFollowed ? leadMessages.subjectWaiting : leadMessages.subjectUnanswered;
  const waits =
    soon > 0
      ? [leadMessages.subjectAnswer(format.count(soon), until, soon)]
      : everyone > 0
        ? [sayMany(format.count(everyone), everyone)]
        : [];
  if (unknown !== null) return [unknown, ...waits].join('; ');
  return [missedHeadline(summary, scope, judgement, formatter), ...waits].join('; ');
}

function missedHeadline(
  { totals }: Summary,
  { figures, isDayOff }: Scope,
  judgement: Judgement,
  formatter: LocaleFormatter,
): string {
  const { messages, format } = formatter;
  const leadMessages = messages.lead;
  if (isDayOff) return leadMessages.subjectClosed;
  if (totals.chats === 0) return messages.noChats;
  if (figures.chats === 0) return withinSentence(leadMessages.noneInHours).replace(/\.$/, '');
  const isFew = judgement.kind === 'plain' && judgement.isFew;
  const missed = isFew ? shortRatio(formatter, figures) : format.percent(figures.missedRate);
  return [messages.subjectMissed(missed), ...shortJudgement(judgement, formatter)].join(', ');
}

function shortJudgement(judgement: Judgement, { messages }: LocaleFormatter): string[] {
  const leadMessages = messages.lead;
  if (judgement.kind === 'targets')
    return [isBad(judgement) ? leadMessages.subjectMissed : leadMessages.subjectMet];
  return judgement.kind === 'change'
    ? [judgement.isWorse ? leadMessages.subjectWorse : leadMessages.subjectBetter]
    : [];
}
