import type { Day } from '../calendar/day.ts';
import type { Channel } from '../chats/channel.ts';
import { summaryWithKnownRates } from '../metrics/rates.ts';
import type { Summary } from '../metrics/summary.ts';
import type { Waiting } from '../metrics/waiting.ts';
import { toWorkList } from '../metrics/work-list.ts';
import { agentSection, channelBars, daysSection } from './bars.ts';
import type { EarlierDay, LackingDay } from './baselines.ts';
import { comparison, keyFigures } from './comparison.ts';
import {
  type MadeUpDay,
  type OpenDay,
  type RevisedDay,
  sayMadeUp,
  sayOpen,
  sayRevised,
} from './earlier-days.ts';
import { briefOf, factsOf, inTheDay } from './facts.ts';
import { hourStrip } from './hours.ts';
import type { Locale } from './i18n/messages.ts';
import { baselinesIn, isBad, judge, scopeOf } from './judge.ts';
import { headlineOf, type Judged, unknownAlert, verdictOf } from './lead.ts';
import { onlyMark, type Voice, voiceOf } from './locale-formatter.ts';
import { type NamedAccount, type ReaderLinks, subjectOf } from './mail-footer.ts';
import { isPartial, missingOf, missingSection, type NextTry, provenOf } from './missing.ts';
import { notesOf } from './notes.ts';
import { withinSentence } from './plain-text.ts';
import { readingOf } from './reply-deadline.ts';
import { emptyOf, type Quiet, silenceAlerts, silenceHeadlines, silenceWarning } from './silence.ts';
import type { ReportView, Verdict, WorkSection } from './view.ts';
import { PLAINLY_MISSED, whyOf } from './why.ts';
import { workSection } from './work-section.ts';

/** The latest of them. */
const REVISED_SHOWN = 7;
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
  /** Where its tickets and its page open. */
  readonly links: ReaderLinks;
}

/**
 * What the report of a proven or partial day says, in each of its forms. One of some channels says so before all else, and
 * before that which of them it lacks.
 *
 * @param most how many customers are shown; left out for as many as a mail has room for
 */
export function reportView(input: ReportInput, most?: number): ReportView {
  const { locale, account, history, lacking, revised, unreadable, seenAt, next, open, madeUp, waiting } =
    input;
  const summary = summaryWithKnownRates(input.summary);
  const voice = voiceOf(locale);
  const { words, format } = voice;
  const scope = scopeOf(summary);
  const judgement = judge(summary, scope, input, history);
  const reading = readingOf(summary, seenAt);
  const list = toWorkList(summary, waiting);
  const judged: Judged = { summary, scope, judgement, list, quiet: input, reading };
  const missing = missingSection(summary, next, seenAt, voice);
  const alerts = [...alertsOf(summary, input, voice), ...sayOpen(open, voice)];
  const work = workSection({
    ...{ summary, list, waiting, quiet: input, reading, history, lacking, links: input.links, voice },
    ...(most !== undefined && { most }),
  });
  const why = whyOf(summary, scope, history, voice);
  // Of a few missed chats a chart tells less than their list, unless a channel fell silent.
  const isToldByHours = scope.figures.missed >= PLAINLY_MISSED || input.silent.length > 0;
  const told = { unreadable, hasRates: scope.figures.chats > 0, isWaiting: !work.isEmpty };
  const isShort = !isBad(judgement) && alerts.length === 0 && missing === null && why === null;
  return {
    lang: words.lang,
    title: [
      words.title(format.day(summary.day)),
      ...(missing === null ? [] : [words.missing(missingOf(summary, voice))]),
      ...onlyMark(summary, voice),
    ].join(' · '),
    account: account?.name ?? null,
    subject: subjectOf(format.dayName(summary.day), newsOf(judged, input, voice), account, voice),
    preheader: preheaderOf(missing?.next ?? alerts[0] ?? null, work, inTheDay(judged, history, voice), voice),
    day: format.weekdayAndDay(summary.day),
    verdict: framed(verdictOf(judged, voice), summary, input, voice),
    missing,
    facts: factsOf(judged, history, voice),
    why,
    alerts,
    work,
    brief: isShort ? briefOf(judged, input, voice) : null,
    keyFigures: { title: words.keyFigures, body: keyFigures(summary, judgement, voice) },
    hours: isToldByHours ? hourStrip(summary, scope, isBad(judgement), voice) : null,
    channels: channelBars(summary, scope, input, voice),
    days: daysSection(summary, scope, history, lacking, voice),
    changes: comparison(summary, scope, baselinesIn(summary, scope, history), voice),
    agents: agentSection(summary, scope, voice),
    revised: {
      title: words.revisedDays,
      body: [...madeUp.map((one) => sayMadeUp(one, voice)), ...revisedLines(revised, voice)],
    },
    notes: { title: words.aboutData, body: notesOf(summary, told, voice) },
  };
}

/** What stands out, in sentences. */
function alertsOf(summary: Summary, quiet: Quiet, voice: Voice): string[] {
  const { words } = voice;
  return [
    ...silenceAlerts(quiet, voice),
    ...unknownAlert(summary, voice),
    ...quiet.unusuallyEmpty.map((channel) => `${words.unusuallyEmpty(words.channels[channel])}.`),
  ];
}

function revisedLines(revised: readonly RevisedDay[], voice: Voice): string[] {
  const { words, format } = voice;
  const [shown, rest] = [revised.slice(-REVISED_SHOWN), revised.length - REVISED_SHOWN];
  const lines = shown.map((one, place) =>
    place < shown.length - REVISED_NAMED ? sayRevised(one, voice, 0) : sayRevised(one, voice),
  );
  return rest > 0 ? [...lines, words.moreDays(format.count(rest), rest)] : lines;
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
function newsOf(judged: Judged, quiet: Quiet, voice: Voice): string {
  const { summary } = judged;
  const [mark, headlines] = [onlyMark(summary, voice), headlinesOf(judged, quiet, voice)];
  if (!isPartial(summary)) return [...mark, ...headlines].join(', ');
  const { words } = voice;
  const of = [...mark, provenOf(summary, voice)].join(' · ');
  return `${words.missing(missingOf(summary, voice))}; ${of}: ${headlines.join(', ')}`;
}

/** A day without a chat is no news where a channel should have some: that it has none is. */
function headlinesOf(judged: Judged, quiet: Quiet, voice: Voice): string[] {
  const headline = headlineOf(judged, voice);
  if (judged.summary.totals.chats === 0) return [...emptyMark(emptyOf(quiet), voice), headline];
  return [...silenceHeadlines(quiet, voice), headline, ...emptyMark(quiet.unusuallyEmpty, voice)];
}

function emptyMark(empty: readonly Channel[], { words }: Voice): string[] {
  if (empty.length === 0) return [];
  return [`${empty.map((channel) => words.channels[channel]).join(', ')} ${words.unusuallyEmptyMark}`];
}

/** What a list of mails shows after the subject: what stands out, who waits, and whom to answer first; where no one does, how the day was. */
function preheaderOf(first: string | null, work: WorkSection, day: string | null, { words }: Voice): string {
  const [row] = work.groups.flatMap(({ rows }) => rows);
  const parts = [
    first,
    work.isEmpty
      ? (work.none ?? day)
      : work.counts?.lead
        ? `${work.title}: ${work.counts.lead}`
        : `${work.title}.`,
    row === undefined ? null : words.firstOfAll(row.name, row.deadline ? `, ${row.deadline.text}` : ''),
  ];
  return parts.filter((part) => part !== null && part !== '').join(' ');
}
