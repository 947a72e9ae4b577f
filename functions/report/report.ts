import type { Channel } from '../chat/channel.ts';
import type { Summary } from '../measure/summary.ts';
import { summaryWithKnownRates } from '../measure/unknown-status.ts';
import type { Waiting } from '../measure/waiting.ts';
import { addDays, type Day } from '../time/report-day.ts';
import { type Baselines, baselinesOf, type EarlierDay, type LackingDay } from './baselines.ts';
import { callbackSection } from './callbacks.ts';
import { channelSection, hourSection } from './channels-and-hours.ts';
import type { MadeUpDay, OpenDay } from './days-made-up.ts';
import { daysSection } from './fourteen-days.ts';
import { keyFigures, keyFiguresNote } from './key-figures.ts';
import { listSections } from './lists.ts';
import { isPartial, missingOf, missingSection, provenOf } from './missing.ts';
import { type NamedAccount, subjectOf } from './named-account.ts';
import type { NextTry } from './next-try.ts';
import { notesOf } from './notes.ts';
import { withinSentence } from './plain-text.ts';
import type { ReaderLinks } from './reader-links.ts';
import { type RevisedDay, sayRevised } from './revised-days.ts';
import { sayMadeUp, sayOpen } from './say-made-up.ts';
import { silenceAlerts, silenceHeadlines, silenceWarning } from './say-silence.ts';
import { emptyOf, isQuiet, type Quiet } from './silence.ts';
import { waitingOfEarlier, withoutAnswered } from './still-waiting.ts';
import { unknownAlert } from './unknown-status.ts';
import { headlineOf, verdictOf, worstChannelOf } from './verdict.ts';
import type { CallbackSection, ReportView, Verdict } from './view.ts';
import { namesOf, onlyMark, serviceLevelOf, type Voice, voiceOf } from './voice.ts';
import { changeSection, rateAgainstWeek } from './what-changed.ts';
import type { Locale } from './words.ts';

/** The latest of them. */
const REVISED_SHOWN = 10;
/** Of these, again the latest, the customers are named. */
const REVISED_NAMED = 3;

export interface ReportInput extends Quiet {
  readonly summary: Summary;
  readonly locale: Locale;
  /** Where its reader may have several; a report in the lake is where its account's are. */
  readonly account: NamedAccount | null;
  /** Earlier days that it can be compared with, in any order: of the same chats of the same channels. */
  readonly history: readonly EarlierDay[];
  /** Earlier days that it cannot be compared with, since their reports lack a channel of this one. */
  readonly lacking: readonly LackingDay[];
  /** Days of the last week that have no whole report, oldest first. */
  readonly open: readonly OpenDay[];
  /** Earlier days that have one since the report before this one, and had no mail. */
  readonly madeUp: readonly MadeUpDay[];
  /** Earlier days that turned out otherwise since the report before this one. */
  readonly revised: readonly RevisedDay[];
  /** Earlier days whose report is there and cannot be read, oldest first: it is not compared with them. */
  readonly unreadable: readonly Day[];
  /** When it is read, in milliseconds since 1970; null for a form that lies in the lake, since that is not known of it. */
  readonly seenAt: number | null;
  /** Of the channels that it lacks; it says nothing of a report of all. */
  readonly next: NextTry;
  /** Who waits by the morning after; null for a form that lies in the lake, and where it was not found out. */
  readonly waiting: Waiting | null;
  /** None of a form that lies in the lake. */
  readonly links: ReaderLinks;
}

/**
 * What the report of a proven or partial day says, in each of its forms. One of some channels says so before all else, and
 * before that which of them it lacks.
 */
export function reportView(input: ReportInput): ReportView {
  const { locale, account, history, lacking, revised, unreadable, seenAt, next } = input;
  const { open, madeUp, waiting } = input;
  const summary = withoutAnswered(summaryWithKnownRates(input.summary), waiting);
  const earlier = waitingOfEarlier(summary, waiting).length;
  const voice = voiceOf(locale);
  const { words, format } = voice;
  const day = format.day(summary.day);
  const baselines = baselinesOf(summary, history);
  const { alerts, praise } = remarks(summary, input, baselines, voice);
  const missing = missingSection(summary, next, seenAt, voice);
  return {
    lang: words.lang,
    title: [
      words.title(day),
      ...(missing === null ? [] : [words.missing(missingOf(summary, voice))]),
      ...onlyMark(summary, voice),
    ].join(' · '),
    account: account?.name ?? null,
    subject: subjectOf(day, newsOf(summary, input, voice), account, voice),
    preheader: preheaderOf(summary, missing === null ? [...alerts, ...praise] : [missing.next], voice),
    day: format.weekdayAndDay(summary.day),
    verdict: framed(verdictOf(summary, input, voice, earlier), summary, input, voice),
    missing,
    alerts: [...alerts, ...sayOpen(open, voice)],
    praise,
    keyFigures: {
      title: words.keyFigures,
      body: keyFigures(summary, baselines, voice),
      note: keyFiguresNote(summary, baselines, voice),
    },
    callbacks: callbacksOf(input, voice),
    changes: changeSection(summary, baselines, voice),
    hours: hourSection(summary, voice),
    channels: channelSection(summary, input, voice),
    days: daysSection(summary, history, lacking, voice),
    lists: listSections(summary, voice),
    revised: {
      title: words.revisedDays,
      body: [...madeUp.map((one) => sayMadeUp(one, voice)), ...revisedLines(revised, voice)],
    },
    notes: { title: words.aboutData, body: notesOf(summary, unreadable, voice) },
  };
}

/** What stands out, in sentences: for the worse, and for the better. */
function remarks(
  summary: Summary,
  quiet: Quiet,
  baselines: Baselines,
  voice: Voice,
): { alerts: string[]; praise: string[] } {
  const { words } = voice;
  const rate = rateAgainstWeek(summary, baselines, voice);
  const worst = worstChannelOf(summary, voice);
  return {
    alerts: [
      ...silenceAlerts(quiet, voice),
      ...unknownAlert(summary, voice),
      ...quiet.unusuallyEmpty.map((channel) => `${words.unusuallyEmpty(words.channels[channel])}.`),
      ...(rate?.isBad ? [rate.text] : []),
      ...(worst === null ? [] : [`${worst}.`]),
    ],
    // A rate may be low only because the channel that is missed most fell silent, or is missing.
    praise: rate && !rate.isBad && !isQuiet(quiet) && !isPartial(summary) ? [rate.text] : [],
  };
}

function revisedLines(revised: readonly RevisedDay[], voice: Voice): string[] {
  const { words, format } = voice;
  const [shown, rest] = [revised.slice(-REVISED_SHOWN), revised.length - REVISED_SHOWN];
  const lines = shown.map((one, place) =>
    place < shown.length - REVISED_NAMED ? sayRevised(one, voice, 0) : sayRevised(one, voice),
  );
  return rest > 0 ? [...lines, words.more(format.count(rest))] : lines;
}

/** After which channels it is of, where they are not all; and that after those that are missing or fell silent. */
function framed(
  { lead, ...rest }: Omit<Verdict, 'warning'>,
  summary: Summary,
  quiet: Quiet,
  voice: Voice,
): Verdict {
  const mark = onlyMark(summary, voice);
  const silence = silenceWarning(summary, quiet, voice);
  if (!isPartial(summary)) return { warning: silence, lead: [...mark, lead].join(': '), ...rest };
  const { words } = voice;
  return {
    warning: `${words.missingLead(missingOf(summary, voice))}${silence}`,
    lead: `${[...mark, provenOf(summary, voice)].join(' · ')}: ${withinSentence(lead)}`,
    ...rest,
  };
}

/** The same for a subject. */
function newsOf(summary: Summary, quiet: Quiet, voice: Voice): string {
  const [mark, headlines] = [onlyMark(summary, voice), headlinesOf(summary, quiet, voice)];
  if (!isPartial(summary)) return [...mark, ...headlines].join(', ');
  const { words } = voice;
  const of = [...mark, provenOf(summary, voice)].join(' · ');
  return `${words.missing(missingOf(summary, voice))}; ${of}: ${headlines.join(', ')}`;
}

/** Whom to call, and why nothing is known of those of the day before where one of the two reports lacks a channel. */
export function callbacksOf(report: ReportInput, voice: Voice, most?: number): CallbackSection {
  const { history, lacking } = report;
  const summary = summaryWithKnownRates(report.summary);
  const section = callbackSection(summary, report, voice, report, most);
  if (summary.followUp !== null) return section;
  const { words, format } = voice;
  const before = addDays(summary.day, -1);
  const [name, lack] = [format.shortDay(before), lacking.find(({ day }) => day === before)];
  const hasReport = history.some(({ day }) => day === before);
  const why = [
    ...(lack === undefined ? [] : [words.notFollowedUpBefore(name, namesOf(lack.channels, voice))]),
    ...(hasReport && isPartial(summary) ? [words.notFollowedUp(name, missingOf(summary, voice))] : []),
  ];
  return { ...section, facts: [...section.facts, ...why] };
}

/** A day without a chat is no news where a channel should have some: that it has none is. */
function headlinesOf(summary: Summary, quiet: Quiet, voice: Voice): string[] {
  const headline = headlineOf(summary, voice);
  if (summary.totals.chats === 0) return [...emptyMark(emptyOf(quiet), voice), headline];
  return [...silenceHeadlines(quiet, voice), headline, ...emptyMark(quiet.unusuallyEmpty, voice)];
}

function emptyMark(empty: readonly Channel[], { words }: Voice): string[] {
  if (empty.length === 0) return [];
  return [`${empty.map((channel) => words.channels[channel]).join(', ')} ${words.unusuallyEmptyMark}`];
}

function preheaderOf({ totals }: Summary, first: readonly string[], voice: Voice): string {
  const { words, format } = voice;
  const figures = [
    `${words.measures.medianWait} ${format.duration(totals.waitSeconds.p50)}`,
    `${words.measures.serviceLevel} ${serviceLevelOf(voice, totals)}`,
  ];
  return [...first.slice(0, 1), figures.join(' · ')].join(' ');
}
