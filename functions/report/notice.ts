import type { ChannelCompleteness } from '../capture/completeness.ts';
import type { Unproven } from '../measure/summary.ts';
import { type Day, dayAt } from '../time/report-day.ts';
import { toWholeMinute, toZonedIso } from '../time/zone.ts';
import { dayName } from './day-name.ts';
import type { OpenDay } from './days-made-up.ts';
import { whenOf } from './deadline.ts';
import { commandFor, type OperatorChannel, operatorChannels } from './for-operators.ts';
import { wallClock } from './format.ts';
import { type NamedAccount, subjectOf } from './named-account.ts';
import { type NextTry, waitsForPerson } from './next-try.ts';
import { oneLine, withinSentence } from './plain-text.ts';
import { NO_LINKS, type ReaderLinks } from './reader-links.ts';
import { reasonFor } from './reasons.ts';
import { sayOpen } from './say-made-up.ts';
import { type StillOpen, type StillOpenSection, stillOpenSection } from './still-open.ts';
import { needPerson, sayTroubles, unprovenIn } from './troubles.ts';
import { namesOf, onlyMark, type Voice, voiceOf } from './voice.ts';
import type { Locale } from './words.ts';

export interface NoticeInput {
  readonly unproven: Unproven;
  readonly locale: Locale;
  /** Where its reader may have several. */
  readonly account: NamedAccount | null;
  /** Whose wall clock instants are told in. */
  readonly timeZone: string;
  /** Of what does not wait for a person. */
  readonly next: NextTry;
  /** When it is read, in milliseconds since 1970; left out where that is not known. */
  readonly seenAt?: number;
  /** Other days of the last week that have no whole report, oldest first; left out where that is not told. */
  readonly open?: readonly OpenDay[];
  /** The newest list of who waits of the days before, as its reader may see it; null where there is none. */
  readonly stillOpen?: StillOpen | null;
  /** Where tickets open; left out where nowhere. */
  readonly links?: ReaderLinks;
}

/** What a notice says, whatever form it takes: to a manager first, and to those who run the system at the end. */
export interface NoticeView {
  readonly lang: string;
  readonly title: string;
  /** Whose day it is; null where that is known. */
  readonly account: string | null;
  readonly subject: string;
  readonly preheader: string;
  readonly day: string;
  readonly verdict: {
    /** That there is no report. */
    readonly missing: string;
    /** When it is tried again, or who has to act. */
    readonly next: string;
  };
  /** Why, a sentence a trouble, and the days that were not asked for it. */
  readonly why: string;
  /** That it has no figures, what comes of the next try, and the other days that are open. */
  readonly noFigures: string;
  /** What the manager does about the system. */
  readonly duty: string;
  /** Whether it does not pass before a person has mended it. */
  readonly needsPerson: boolean;
  /** What can be worked on without a report. */
  readonly now: {
    readonly title: string;
    readonly inCareSoft: string;
    readonly stillOpen: StillOpenSection | null;
  };
  readonly operators: {
    readonly title: string;
    readonly channels: readonly OperatorChannel[];
    readonly runAgain: string;
    readonly command: string;
  };
}

/** That a day could not be proven: why, what comes next, and what can be done meanwhile. No figure. */
export function noticeView(input: NoticeInput): NoticeView {
  const { unproven, locale, account, seenAt, links = NO_LINKS } = input;
  const voice = voiceOf(locale);
  const { words, format } = voice;
  const { day, only, completeness, unasked = [] } = unproven;
  const today = todayOf(input);
  const days = [day, ...unasked.slice(-1)];
  const named = days.map((one) => dayName(one, today, voice)).join(' – ');
  const mark = onlyMark(unproven, voice);
  const missing = words.noticeTitle(named);
  const coming = comingOf(input, voice);
  const needsPerson = needPerson(completeness);
  const stillOpen =
    input.stillOpen && seenAt !== undefined
      ? stillOpenSection(input.stillOpen, day, seenAt, links, voice)
      : null;
  const troubles = sayTroubles(completeness, voice);
  return {
    lang: words.lang,
    title: [missing, ...mark].join(' · '),
    account: account?.name ?? null,
    subject: oneLine(subjectOf(named, [...mark, coming.news].join(', '), account, voice)),
    preheader: [troubles, ...(stillOpen === null ? [] : [stillOpen.preheader])].join(' '),
    day: days.map(format.weekdayAndDay).join(' – '),
    verdict: { missing: [...mark, `${missing}.`].join(': '), next: coming.headline },
    why: [
      troubles,
      ...(unasked.length === 0 ? [] : [words.notAsked(unasked.map(format.day).join(', '), unasked.length)]),
    ].join(' '),
    noFigures: [words.noFigures, ...coming.outcome, ...sayOpen(input.open ?? [], voice)].join(' '),
    duty: needsPerson ? `${words.tellOperators(words.forOperators)} ${words.asUsual}` : words.nothingToDo,
    needsPerson,
    now: { title: words.doNow, inCareSoft: words.missedInCareSoft(named, 1 + unasked.length), stillOpen },
    operators: {
      title: words.forOperators,
      channels: operatorChannels(completeness, voice, (found) => whenAgain(found, voice, input)),
      runAgain: words.runAgain,
      command: commandFor(days, only, completeness),
    },
  };
}

function todayOf({ seenAt, timeZone }: NoticeInput): Day | null {
  return seenAt === undefined ? null : dayAt(seenAt, timeZone);
}

/** What comes next, for a manager. */
interface Coming {
  readonly headline: string;
  /** Of the subject. */
  readonly news: string;
  /** What comes of it, and of which channels it does not come. */
  readonly outcome: readonly string[];
}

function comingOf(input: NoticeInput, voice: Voice): Coming {
  const { words } = voice;
  const { next, unproven, timeZone } = input;
  const say = words.noticeNews;
  const missing = unprovenIn(unproven.completeness.channels);
  const waiting = missing.filter(({ found }) => waitsForPerson(found));
  if (waiting.length === missing.length)
    return { headline: words.dayForPerson, news: say.person, outcome: [words.sentOnceMended] };
  const left = waiting.map(({ channel }) => channel);
  const not = left.length === 0 ? [] : [words.notReadAgain(namesOf(left, voice))];
  if (next === null) {
    return { headline: words.dayRunAgain, news: say.byHand, outcome: [words.thenSentByHand, ...not] };
  }
  if (next === 'next-run') {
    return { headline: words.dayReadAgainNextRun, news: say.nextRun, outcome: [words.thenTold, ...not] };
  }
  const today = todayOf(input);
  const at = toZonedIso(Date.parse(toWholeMinuteIso(next.at)) / 1_000, timeZone);
  const when = whenOf(at, { at: input.seenAt ?? 0, today }, unproven, voice).replaceAll('\u00a0', ' ');
  // Beside the subject a list of mails shows when it came: of the same day the clock alone will do.
  const short = at.slice(0, 10) === today ? wallClock(at) : when;
  return {
    headline: words.dayReadAgainAt(when),
    news: say.at(short),
    outcome: [words.thenSent, ...not],
  };
}

/** By the program itself, where it reads the channel again; and by the command, which is sooner. */
function whenAgain(found: ChannelCompleteness, voice: Voice, input: NoticeInput): string | null {
  if (found.verdict === 'proven') return null;
  const { words, format } = voice;
  const { notBefore, isWaitCut = false } = found;
  const at = notBefore && format.instant(toWholeMinuteIso(notBefore), input.timeZone);
  const asks = at && (isWaitCut ? words.waitCut(at) : words.notBefore(at));
  const again = againOf(found, voice, input);
  const { next } = reasonFor(found, words, input.unproven.completeness.channels);
  const byCommand = again.length === 0 ? next : words.byHand(withinSentence(next));
  return [...again, ...(isWaitCut ? [] : [byCommand]), ...(asks ? [asks] : [])].join(' ');
}

/** When the program reads it again by itself; nothing where that is not known, or where it waits for a person. */
function againOf(
  found: ChannelCompleteness,
  { words, format }: Voice,
  { next, timeZone }: NoticeInput,
): string[] {
  if (next === null || waitsForPerson(found)) return [];
  if (next === 'next-run') return [words.dayReadAgainNextRun];
  return [words.dayReadAgainAt(format.instant(toWholeMinuteIso(next.at), timeZone))];
}

/** Rounded up: at the minute that is named, the bar has ended. */
function toWholeMinuteIso(iso: string): string {
  return new Date(toWholeMinute(Date.parse(iso))).toISOString();
}
