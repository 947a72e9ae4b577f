import type { ChannelCompleteness } from '../capture/coverage.ts';
import { type Channel, inChannelOrder } from '../chats/channel.ts';
import { maskName } from '../metrics/masking.ts';
import type { AddedFigures } from '../metrics/measures.ts';
import { decided, isStatusUnknown } from '../metrics/rates.ts';
import type { Summary } from '../metrics/summary.ts';
import { everyoneIn, type WorkList } from '../metrics/work-list.ts';
import { compareText } from '../text/bounds.ts';
import type { Share } from './baselines.ts';
import { isBad, type Judgement, type Scope, type TargetResult } from './judge.ts';
import { missedOfAll, missedRatio, namesOf, shortRatio, type Voice } from './locale-formatter.ts';
import { provenIn } from './missing.ts';
import { visible, withinSentence } from './plain-text.ts';
import { isSoonToCome, type Reading, sayWaiting, untilOf } from './reply-deadline.ts';
import { emptyOf, isQuiet, type Quiet } from './silence.ts';
import type { Verdict } from './view.ts';
import { isNoneKnown } from './work-section.ts';

/** Of a word that CareSoft writes. */
const LONGEST_WORD = 40;
const IN_SUBJECT = 2;
const IN_NOTES = 5;

/** CareSoft's words of status that are not known, the most frequent first; those that can be seen. */
function unknownWords({ completeness }: Summary, most: number): string {
  const times = new Map<string, number>();
  for (const { unknownStatuses = {} } of provenIn(completeness)) {
    for (const [word, count] of Object.entries(unknownStatuses)) {
      const shown = visible(maskName(word), LONGEST_WORD);
      if (shown !== null) times.set(shown, (times.get(shown) ?? 0) + count);
    }
  }
  const words = [...times].toSorted(
    ([one, times], [other, otherTimes]) => otherTimes - times || compareText(one, other),
  );
  const shown = words.slice(0, most).map(([word]) => word);
  return [...shown, ...(words.length > most ? ['…'] : [])].join(', ');
}

/** What is said first of a day on which the status of too many chats is not known; null on others. */
export function unknownVerdict(summary: Summary, but: string, voice: Voice): string | null {
  const { totals } = summary;
  if (!isStatusUnknown(totals)) return null;
  const { words, format } = voice;
  const said = words.statusUnknown(unknownWords(summary, IN_NOTES), totals.other);
  const least = words.missedAtLeast(format.count(totals.missed), totals.missed);
  const rest = totals.missed === 0 ? words.unknownWhetherMissed : `${words.unknownHowManyMissed}: ${least}`;
  return `${missedOfAll(voice, totals)}${said}, ${rest}${but}.`;
}

/** The same as a headline. */
function unknownHeadline(summary: Summary, voice: Voice): string | null {
  const { totals } = summary;
  if (!isStatusUnknown(totals)) return null;
  const { words, format } = voice;
  return [
    `${missedOfAll(voice, totals)}${words.statusUnknown(unknownWords(summary, IN_SUBJECT), totals.other)}`,
    ...(totals.missed === 0 ? [] : [words.missedAtLeast(format.count(totals.missed), totals.missed)]),
  ].join(', ');
}

/** Who finds out what the words mean. */
export function unknownAlert(summary: Summary, { words }: Voice): string[] {
  if (!isStatusUnknown(summary.totals)) return [];
  const names = unknownWords(summary, IN_NOTES);
  return names === '' ? [] : [words.statusUnknownAlert(names)];
}

/** How statuses were understood, where CareSoft's words do not tell. */
export function statusNotes(summary: Summary, { words, format }: Voice): string[] {
  const names = unknownWords(summary, IN_NOTES);
  const { other } = summary.totals;
  const channels = provenIn(summary.completeness);
  const byFilter = channels.reduce((sum, { statusByFilter = 0 }) => sum + statusByFilter, 0);
  const say = names === '' ? words.otherNote : words.unknownNote(names);
  return [
    ...(other === 0 ? [] : [say(format.count(other), other)]),
    ...(byFilter === 0 ? [] : [words.statusByFilter(format.count(byFilter), names, byFilter)]),
    ...notHeededNotes(summary, words),
  ];
}

/** Once for all channels of which it is the same. */
function notHeededNotes({ completeness }: Summary, words: Voice['words']): string[] {
  const namesOf = ({ notHeeded = [] }: ChannelCompleteness): string =>
    notHeeded.map((status) => words.statusNames[status]).join(', ');
  const all = inChannelOrder(completeness.channels).flatMap(([channel, found]) => {
    const names = found.verdict === 'proven' ? namesOf(found) : '';
    return names === '' ? [] : [{ channel, names }];
  });
  return [...Map.groupBy(all, ({ names }) => names)].map(([names, of]) =>
    words.notHeeded(names, of.map(({ channel }) => words.channels[channel]).join(', ')),
  );
}

/** What a verdict is made of. */
export interface Judged {
  readonly summary: Summary;
  readonly scope: Scope;
  readonly judgement: Judgement;
  readonly list: WorkList;
  readonly quiet: Quiet;
  readonly reading: Reading;
}

/** How the day was, in one sentence; of a partial day, how its proven channels were. */
export function verdictOf(judged: Judged, voice: Voice): Omit<Verdict, 'warning'> {
  const unknown = unknownVerdict(judged.summary, butNone(judged.quiet, voice), voice);
  return {
    lead: unknown ?? leadOf(judged, voice),
    isBad: isBad(judged.judgement),
    rest: whoWaits(judged, voice),
  };
}

function leadOf({ summary, scope, judgement, quiet }: Judged, voice: Voice): string {
  const { words } = voice;
  const say = words.verdict;
  const { figures } = scope;
  if (scope.isDayOff) return say.closed;
  if (summary.totals.chats === 0) return withoutChats(summary, emptyOf(quiet), voice);
  if (figures.chats === 0) return say.noneInHours;
  return `${sayMissed(scope, judgement, quiet, voice)}${butNone(quiet, voice)}.`;
}

function sayMissed(scope: Scope, judgement: Judgement, quiet: Quiet, voice: Voice): string {
  const { words, format } = voice;
  const say = words.verdict;
  const { figures } = scope;
  const whole = decided(figures);
  if (figures.missed === 0) {
    const none = quiet.silent.length === 0 ? say.noneMissed : say.noneMissedOfThese;
    return [none(format.count(whole), whole), ...judgedBy(judgement, figures, voice)].join(', ');
  }
  return [howMany(scope, judgement, voice), ...judgedBy(judgement, figures, voice)].join(', ');
}

/** The rate where the day is judged by it; else its two numbers too, and of few chats these alone. More than half is said first. */
function howMany({ figures, hours }: Scope, judgement: Judgement, voice: Voice): string {
  const { words, format } = voice;
  const say = words.verdict;
  const whole = decided(figures);
  const [ratio, rate] = [missedRatio(voice, figures), format.percent(figures.missedRate)];
  const isFew = judgement.kind === 'plain' && judgement.isFew;
  if (figures.missed === whole) return say.allMissed(format.count(whole), whole);
  if (figures.missed * 2 > whole) return say.moreThanHalf(isFew ? ratio : rate);
  if (isFew) return say.missedRatio(ratio);
  if (judgement.kind !== 'plain') return say.missedRate(rate);
  return `${say.missedBoth(ratio, rate)}${hours === null ? '' : words.facts.inHours}`;
}

/** Against the targets, or the usual days. */
function judgedBy(judgement: Judgement, figures: AddedFigures, voice: Voice): string[] {
  const { words, format } = voice;
  const say = words.verdict;
  switch (judgement.kind) {
    case 'plain':
      return [];
    case 'change': {
      const was = format.percent(rateOf(judgement.was));
      const far = judgement.isWorse ? say.farAbove : say.farBelow;
      return [far(format.count(judgement.days), was, judgement.days)];
    }
    case 'targets':
      return targetsSaid(judgement.results, figures, voice);
  }
}

/** What was missed; where nothing was, that all were met. */
function targetsSaid(results: readonly TargetResult[], figures: AddedFigures, voice: Voice): string[] {
  const { words } = voice;
  const missed = results.filter(({ isMet }) => !isMet);
  if (missed.length === 0 && results.length > 1) return [words.verdict.allMet];
  return (missed.length === 0 ? results : missed).map((result) => sayTarget(result, figures, voice));
}

function sayTarget(
  { name, target, isMet, actual }: TargetResult,
  { serviceLevel }: AddedFigures,
  voice: Voice,
): string {
  const { words, format } = voice;
  const say = words.verdict;
  const met = (isMet ? say.isMet : say.isMissed)(format.percent(target));
  if (name === 'missedRate') return met;
  const inTime = say.inTime(format.threshold(serviceLevel.thresholdSeconds), format.percent(rateOf(actual)));
  return `${withinSentence(inTime)}, ${met}`;
}

function rateOf({ part, whole }: Share): number | null {
  return whole === 0 ? null : part / whole;
}

function whoWaits(judged: Judged, voice: Voice): string {
  const { summary, list, reading } = judged;
  const { words, format } = voice;
  const say = words.verdict;
  const everyone = everyoneIn(list).length;
  if (everyone === 0) return noneWaits(judged, voice);
  const soon = isSoonToCome(list, reading) ? list.soon.length : 0;
  const until = untilOf(list.soonUntil, summary.timeZone, reading, voice).text;
  const parts = [
    sayWaiting(everyone, judged, voice),
    ...(soon === 0
      ? []
      : [
          soon === everyone
            ? say.answerAllBefore(until, soon)
            : say.answerBefore(format.count(soon), until, soon),
        ]),
  ];
  return `${parts.join(', ')}.`;
}

/** Nothing where it is not known; where nothing after the day was looked at, that no one was left on it. */
function noneWaits({ summary, list, quiet }: Judged, { words }: Voice): string {
  // Where a channel that usually has chats had none, the list says of which channels it is.
  if (!isNoneKnown(summary, quiet) || isQuiet(quiet) || summary.totals.chats === 0) return '';
  if (list.isFollowed) return words.verdict.noneWaits;
  return summary.totals.missed === 0 ? '' : words.verdict.noneUnanswered;
}

function butNone({ unusuallyEmpty }: Quiet, voice: Voice): string {
  const { words } = voice;
  if (unusuallyEmpty.length === 0) return '';
  return `, ${words.butNone(namesOf(unusuallyEmpty, voice), unusuallyEmpty.length)}`;
}

function withoutChats(summary: Summary, empty: readonly Channel[], voice: Voice): string {
  const { words } = voice;
  const rejected = Object.values(summary.completeness.channels).some((channel) => channel.rejected > 0);
  if (rejected) return words.noneReadable;
  if (empty.length > 0) return words.noChatsThough(namesOf(empty, voice), empty.length);
  return words.noChatsProven;
}

/** The verdict as a headline after the date. */
export function headlineOf(judged: Judged, voice: Voice): string {
  const { summary, scope, judgement, list, reading } = judged;
  const { words, format } = voice;
  const say = words.verdict;
  const unknown = unknownHeadline(summary, voice);
  const everyone = everyoneIn(list).length;
  const soon = isSoonToCome(list, reading) ? list.soon.length : 0;
  const until = untilOf(list.soonUntil, summary.timeZone, reading, voice).time;
  const sayMany = list.isFollowed ? say.subjectWaiting : say.subjectUnanswered;
  const waits =
    soon > 0
      ? [say.subjectAnswer(format.count(soon), until, soon)]
      : everyone > 0
        ? [sayMany(format.count(everyone), everyone)]
        : [];
  if (unknown !== null) return [unknown, ...waits].join('; ');
  return [missedHeadline(summary, scope, judgement, voice), ...waits].join('; ');
}

function missedHeadline(
  { totals }: Summary,
  { figures, isDayOff }: Scope,
  judgement: Judgement,
  voice: Voice,
): string {
  const { words, format } = voice;
  const say = words.verdict;
  if (isDayOff) return say.subjectClosed;
  if (totals.chats === 0) return words.noChats;
  if (figures.chats === 0) return withinSentence(say.noneInHours).replace(/\.$/, '');
  const isFew = judgement.kind === 'plain' && judgement.isFew;
  const missed = isFew ? shortRatio(voice, figures) : format.percent(figures.missedRate);
  return [words.subjectMissed(missed), ...shortlyJudged(judgement, voice)].join(', ');
}

function shortlyJudged(judgement: Judgement, { words }: Voice): string[] {
  const say = words.verdict;
  if (judgement.kind === 'targets') return [isBad(judgement) ? say.subjectMissed : say.subjectMet];
  return judgement.kind === 'change' ? [judgement.isWorse ? say.subjectWorse : say.subjectBetter] : [];
}
