import { type ChannelCompleteness, missingChannels } from '../capture/completeness.ts';
import { inChannelOrder } from '../chat/channel.ts';
import type { Summary } from '../measure/summary.ts';
import type { Filters } from '../storage/fields.ts';
import type { Day } from '../time/report-day.ts';
import { operatorNotes } from './for-operators.ts';
import { isPartial, provenIn, provenOf } from './missing.ts';
import { clipped, withinSentence } from './plain-text.ts';
import { explainCount } from './proof.ts';
import { sayChange } from './revised-days.ts';
import { statusNotes } from './unknown-status.ts';
import { namesOf, type Voice } from './voice.ts';

const IDS_SHOWN = 5;
/** Of the days that it is not compared with. */
const DAYS_SHOWN = 7;
/** The latest of them. */
const REVISIONS_SHOWN = 6;

/** What else the report tells: what it does not tell needs no definition. */
interface Told {
  /** The days that it is not compared with. */
  readonly unreadable: readonly Day[];
  readonly hasRates: boolean;
  /** Someone is in its list. */
  readonly isWaiting: boolean;
}

/** What the figures rest on and what they mean: the proof, what is not in them, the definitions, the clock. */
export function notesOf(summary: Summary, { unreadable, hasRates, isWaiting }: Told, voice: Voice): string[] {
  const { words, format } = voice;
  const { serviceLevel } = summary.totals;
  return [
    onlyNote(summary, voice),
    provenNote(summary, voice),
    ...unprovenNote(summary, voice),
    explainCount(summary.completeness, voice),
    looksNote(summary, voice),
    ...revisionNotes(summary, voice),
    unreadableNote(unreadable, voice),
    leftOutNote(summary, voice),
    ...statusNotes(summary, voice),
    filterNote(summary.filters, voice),
    ...(hasRates ? [words.definitions(format.threshold(serviceLevel.thresholdSeconds))] : []),
    ...(isWaiting ? [words.waitingMeans(replyHours(summary, voice))] : []),
    words.dataRead(format.instant(summary.generatedAt, summary.timeZone)),
    ...operatorNotes(summary, voice),
  ].filter((note) => note !== null);
}

/** How long customers can be answered, channel by channel; empty where there is no end. */
function replyHours({ replyHours: hours, byChannel }: Summary, { words, format }: Voice): string {
  return inChannelOrder(byChannel)
    .flatMap(([channel]) => {
      const count = hours[channel];
      return count === undefined
        ? []
        : [words.replyHours(words.channels[channel], format.count(count), count)];
    })
    .join(', ');
}

function provenNote(summary: Summary, voice: Voice): string {
  const { words, format } = voice;
  const { chats } = summary.totals;
  const proven = words.proven(format.count(chats), chats);
  return isPartial(summary) ? `${provenOf(summary, voice)}: ${withinSentence(proven)}` : proven;
}

function unprovenNote({ completeness }: Summary, voice: Voice): string[] {
  const missing = missingChannels(completeness);
  return missing.length === 0 ? [] : [voice.words.notProven(namesOf(missing, voice))];
}

function onlyNote({ only }: Summary, { words }: Voice): string | null {
  if (only === undefined) return null;
  return words.onlyNote(only.map((channel) => words.channels[channel]).join(', '));
}

/** The latest of them, oldest first. */
function unreadableNote(days: readonly Day[], { words, format }: Voice): string | null {
  if (days.length === 0) return null;
  const shown = days.slice(-DAYS_SHOWN).map((day) => format.day(day));
  const rest = days.length - shown.length;
  return words.notCompared(shown.join(', ') + (rest > 0 ? ` +${rest}` : ''), days.length);
}

function looksNote({ looks }: Summary, { words, format }: Voice): string | null {
  if (looks === undefined) return null;
  return looks.state === 'final' ? words.isFinal : words.isProvisional(format.day(looks.last));
}

function revisionNotes({ revisions = [], timeZone }: Summary, voice: Voice): string[] {
  const { words, format } = voice;
  return revisions
    .slice(-REVISIONS_SHOWN)
    .map((revision) =>
      words.revision(
        format.instant(revision.at, timeZone),
        words.channels[revision.channel],
        sayChange(revision, voice),
      ),
    );
}

function leftOutNote(summary: Summary, { words, format }: Voice): string | null {
  const items = [
    { say: words.duplicates, count: sumOf(summary, (channel) => channel.duplicates - channel.conflicts) },
    { say: words.conflicts, count: sumOf(summary, (channel) => channel.conflicts) },
    { say: words.rejected, count: sumOf(summary, (channel) => channel.rejected) },
    { say: words.outsideDay, count: sumOf(summary, (channel) => channel.outsideDay) },
  ]
    .filter(({ count }) => count > 0)
    .map(({ say, count }) => say(format.count(count), count));
  return items.length === 0 ? null : words.leftOut(items.join(', '));
}

function filterNote(filters: Filters, voice: Voice): string | null {
  const { words } = voice;
  const items = [
    filters.chatType === 'all' ? null : words.chatTypes[filters.chatType],
    filters.groups.length === 0 ? null : words.groupIds(idList(filters.groups)),
    filters.services.length === 0 ? null : words.serviceIds(idList(filters.services)),
    filters.assignees.length === 0 ? null : words.assigneeIds(idList(filters.assignees)),
  ].filter((item) => item !== null);
  return items.length === 0 ? null : words.filters(items.join('; '));
}

function idList(ids: readonly string[]): string {
  const shown = ids.slice(0, IDS_SHOWN).map((id) => clipped(id, 24));
  const rest = ids.length - shown.length;
  return shown.join(', ') + (rest > 0 ? ` +${rest}` : '');
}

function sumOf(summary: Summary, count: (channel: ChannelCompleteness) => number): number {
  return provenIn(summary.completeness).reduce((sum, channel) => sum + count(channel), 0);
}
