import { CHANNELS, type Channel } from '../chat/channel.ts';
import type { Summary } from '../measure/summary.ts';
import { callbackSection } from './callbacks.ts';
import { channelSection, hourSection } from './channels-and-hours.ts';
import { keyFigures } from './key-figures.ts';
import { listSections } from './lists.ts';
import { notesOf } from './notes.ts';
import { type RevisedDay, sayChange } from './revised-days.ts';
import { headlineOf, verdictOf, worstOf } from './verdict.ts';
import type { ReportView } from './view.ts';
import { type Voice, voiceOf } from './voice.ts';
import type { Locale } from './words.ts';

/** The latest of them. */
const REVISED_SHOWN = 10;

export interface ReportInput {
  readonly summary: Summary;
  readonly locale: Locale;
  /** Channels without a chat that had some on most of the last seven days. */
  readonly unusuallyEmpty: readonly Channel[];
  /** Earlier days that turned out otherwise since the report before this one. */
  readonly revised?: readonly RevisedDay[];
}

/** What the report of a proven day says, whatever form it takes. */
export function reportView({ summary, locale, unusuallyEmpty, revised = [] }: ReportInput): ReportView {
  const voice = voiceOf(locale);
  const { words, format } = voice;
  const empty = CHANNELS.filter((channel) => unusuallyEmpty.includes(channel));
  const day = format.day(summary.day);
  const alerts = [
    ...empty.map((channel) => `${words.unusuallyEmpty(words.channels[channel])}.`),
    ...worstOf(summary, voice).map((worst) => `${worst}.`),
  ];
  return {
    lang: words.lang,
    title: words.title(day),
    subject: words.subject(day, [headlineOf(summary, voice), ...emptyMark(empty, voice)].join(', ')),
    preheader: preheaderOf(summary, alerts, voice),
    day: format.weekdayAndDay(summary.day),
    verdict: verdictOf(summary, voice),
    alerts,
    keyFigures: { title: words.keyFigures, body: keyFigures(summary.totals, voice) },
    callbacks: callbackSection(summary.callbacks, voice),
    channels: channelSection(summary, empty, voice),
    hours: hourSection(summary, voice),
    lists: listSections(summary, voice),
    revised: { title: words.revisedDays, body: revisedLines(revised, voice) },
    notes: { title: words.aboutData, body: notesOf(summary, voice) },
  };
}

function revisedLines(revised: readonly RevisedDay[], voice: Voice): string[] {
  const { words, format } = voice;
  const [shown, rest] = [revised.slice(-REVISED_SHOWN), revised.length - REVISED_SHOWN];
  const lines = shown.map((one) => `${format.day(one.day)}: ${sayChange(one, voice)}.`);
  return rest > 0 ? [...lines, words.more(format.count(rest))] : lines;
}

function emptyMark(empty: readonly Channel[], { words }: Voice): string[] {
  if (empty.length === 0) return [];
  return [`${empty.map((channel) => words.channels[channel]).join(', ')} ${words.unusuallyEmptyMark}`];
}

function preheaderOf({ totals }: Summary, alerts: readonly string[], { words, format }: Voice): string {
  const figures = [
    `${words.medianWait} ${format.duration(totals.waitSeconds.p50)}`,
    `${words.serviceLevel} ${format.percent(totals.serviceLevel.rate)}`,
  ];
  return [...alerts.slice(0, 1), figures.join(' · ')].join(' ');
}
