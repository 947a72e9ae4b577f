import type { Channel } from '../chats/channel.ts';
import { summaryWithKnownRates } from '../metrics/rates.ts';
import type { Summary } from '../metrics/summary.ts';
import { toWorkList } from '../metrics/work-list.ts';
import { baselinesIn, isBad, judge, scopeOf } from './judge.ts';
import { type LocaleFormatter, localeFormatterFor, onlyMark, subjectOf } from './locale-formatter.ts';
import { withinSentence } from './plain-text.ts';
import { readingOf } from './reply-deadline.ts';
import type { ReportInput } from './report-input.ts';
import { agentSection, channelBars, daysSection } from './sections/bars.ts';
import { comparison, keyFigures } from './sections/comparison.ts';
import { briefOf, factsOf, waitFacts } from './sections/facts.ts';
import { hourStrip } from './sections/hours.ts';
import { headlineOf, type Judged, leadOf, unknownAlert } from './sections/lead.ts';
import { isPartial, missingNames, missingSection, provenNames } from './sections/missing.ts';
import { notesOf } from './sections/notes.ts';
import { openDayLines, restatedSection } from './sections/restated-days.ts';
import { PLAINLY_MISSED, whyOf } from './sections/why.ts';
import { workSection } from './sections/work-list.ts';
import { emptyOf, type QuietChannels, silenceAlerts, silenceHeadlines, silenceWarning } from './silence.ts';
import type { Lead, ReportView, WorkSection } from './view.ts';

/**
 * What the report of a proven or partial day says, in each of its forms. One of some channels says so before all else, and
 * before that which of them it lacks.
 *
 * @param most how many customers are shown; left out for as many as a mail has room for
 */
export function reportView(input: ReportInput, most?: number): ReportView {
  const { locale, account, history, lacking, unreadable, seenAt, next, open, waiting } = input;
  const summary = summaryWithKnownRates(input.summary);
  const formatter = localeFormatterFor(locale);
  const { messages, format } = formatter;
  const scope = scopeOf(summary);
  const judgement = judge(summary, scope, input, history);
  const reading = readingOf(summary, seenAt);
  const list = toWorkList(summary, waiting);
  const judged: Judged = { summary, scope, judgement, list, quiet: input, reading };
  const missing = missingSection(summary, next, seenAt, formatter);
  const alerts = [...alertsOf(summary, input, formatter), ...openDayLines(open, formatter)];
  const work = workSection({
    ...{ summary, list, waiting, quiet: input, reading, history, lacking, links: input.links, formatter },
    ...(most !== undefined && { most }),
  });
  const why = whyOf(summary, scope, history, formatter);
  // Of a few missed chats a chart tells less than their list, unless a channel fell silent.
  const isToldByHours = scope.figures.missed >= PLAINLY_MISSED || input.silent.length > 0;
  const contents = { unreadable, hasRates: scope.figures.chats > 0, isWaiting: !work.isEmpty };
  const isShort = !isBad(judgement) && alerts.length === 0 && missing === null && why === null;
  return {
    lang: messages.lang,
    title: [
      messages.title(format.day(summary.day)),
      ...(missing === null ? [] : [messages.missing(missingNames(summary, formatter))]),
      ...onlyMark(summary, formatter),
    ].join(' · '),
    account: account?.name ?? null,
    subject: subjectOf(
      format.dayName(summary.day),
      subjectNews(judged, input, formatter),
      account,
      formatter,
    ),
    preheader: preheaderOf(
      missing?.next ?? alerts[0] ?? null,
      work,
      waitFacts(judged, history, formatter),
      formatter,
    ),
    day: format.weekdayAndDay(summary.day),
    lead: leadWithWarnings(leadOf(judged, formatter), summary, input, formatter),
    missing,
    facts: factsOf(judged, history, formatter),
    why,
    alerts,
    work,
    brief: isShort ? briefOf(judged, input, formatter) : null,
    keyFigures: { title: messages.keyFigures, body: keyFigures(summary, judgement, formatter) },
    hours: isToldByHours ? hourStrip(summary, scope, isBad(judgement), formatter) : null,
    channels: channelBars(summary, scope, input, formatter),
    days: daysSection(summary, scope, history, lacking, formatter),
    changes: comparison(summary, scope, baselinesIn(summary, scope, history), formatter),
    agents: agentSection(summary, scope, formatter),
    restated: restatedSection(input, formatter),
    notes: { title: messages.aboutData, body: notesOf(summary, contents, formatter) },
  };
}

/** What stands out, in sentences. */
function alertsOf(summary: Summary, quiet: QuietChannels, formatter: LocaleFormatter): string[] {
  const { messages } = formatter;
  return [
    ...silenceAlerts(quiet, formatter),
    ...unknownAlert(summary, formatter),
    ...quiet.unusuallyEmpty.map((channel) => `${messages.unusuallyEmpty(messages.channels[channel])}.`),
  ];
}

/** After which channels it is of, where they are not all; and that after those that are missing or fell silent. */
function leadWithWarnings(
  { sentence, ...rest }: Omit<Lead, 'warning'>,
  summary: Summary,
  quiet: QuietChannels,
  formatter: LocaleFormatter,
): Lead {
  const mark = onlyMark(summary, formatter);
  const silence = silenceWarning(summary, quiet, formatter);
  if (!isPartial(summary)) return { warning: silence, sentence: [...mark, sentence].join(': '), ...rest };
  const { messages } = formatter;
  return {
    warning: `${messages.missingLead(missingNames(summary, formatter))}${silence}`,
    sentence: `${[...mark, provenNames(summary, formatter)].join(' · ')}: ${withinSentence(sentence)}`,
    ...rest,
  };
}

/** The same for a subject. */
function subjectNews(judged: Judged, quiet: QuietChannels, formatter: LocaleFormatter): string {
  const { summary } = judged;
  const [mark, headlines] = [onlyMark(summary, formatter), headlinesOf(judged, quiet, formatter)];
  if (!isPartial(summary)) return [...mark, ...headlines].join(', ');
  const { messages } = formatter;
  const of = [...mark, provenNames(summary, formatter)].join(' · ');
  return `${messages.missing(missingNames(summary, formatter))}; ${of}: ${headlines.join(', ')}`;
}

/** A day without a chat is no news where a channel should have some: that it has none is. */
function headlinesOf(judged: Judged, quiet: QuietChannels, formatter: LocaleFormatter): string[] {
  const headline = headlineOf(judged, formatter);
  if (judged.summary.totals.chats === 0) return [...emptyMark(emptyOf(quiet), formatter), headline];
  return [...silenceHeadlines(quiet, formatter), headline, ...emptyMark(quiet.unusuallyEmpty, formatter)];
}

function emptyMark(empty: readonly Channel[], { messages }: LocaleFormatter): string[] {
  if (empty.length === 0) return [];
  return [`${empty.map((channel) => messages.channels[channel]).join(', ')} ${messages.unusuallyEmptyMark}`];
}

/** What a list of mails shows after the subject: what stands out, who waits, and whom to answer first; where no one does, how the day was. */
function preheaderOf(
  first: string | null,
  work: WorkSection,
  day: string | null,
  { messages }: LocaleFormatter,
): string {
  const [row] = work.groups.flatMap(({ rows }) => rows);
  const parts = [
    first,
    work.isEmpty
      ? (work.none ?? day)
      : work.counts?.lead
        ? `${work.title}: ${work.counts.lead}`
        : `${work.title}.`,
    row === undefined ? null : messages.firstOfAll(row.name, row.deadline ? `, ${row.deadline.text}` : ''),
  ];
  return parts.filter((part) => part !== null && part !== '').join(' ');
}
