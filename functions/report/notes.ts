import type { Day } from '../calendar/day.ts';
import { type ChannelCompleteness, type Completeness, missingChannels } from '../capture/coverage.ts';
import { type Channel, inChannelOrder } from '../chats/channel.ts';
import type { Summary } from '../metrics/summary.ts';
import type { Filters } from '../storage/json-record.ts';
import { toJsonText } from '../text/json.ts';
import { sayChange } from './earlier-days.ts';
import { statusNotes } from './lead.ts';
import { namesOf, type Voice } from './locale-formatter.ts';
import { explainCount, isPartial, isRefusal, provenIn, provenOf, reasonFor, whatWasRead } from './missing.ts';
import { clipped, oneLine, withinSentence } from './plain-text.ts';

/** One channel, or several of which the same is to be said. */
export interface OperatorChannel {
  readonly name: string;
  /** The reason as the lake and the terminal have it; null where there is none. */
  readonly code: string | null;
  readonly proven: boolean;
  readonly lines: readonly { readonly label: string | null; readonly text: string }[];
}

/**
 * What was found of each channel, for those who run the system: what stands in the way comes first, and one trouble is told
 * once, whichever channels it is of.
 *
 * @param again when it is read again, where that is told of a channel
 */
export function operatorChannels(
  { channels: all }: Completeness,
  voice: Voice,
  again: (found: ChannelCompleteness) => string | null,
): OperatorChannel[] {
  const channels = inChannelOrder(all).map(([channel, found]) =>
    channelOf(channel, found, all, again(found), voice),
  );
  const alike = Map.groupBy(channels, ({ code, lines }) => toJsonText([code, lines]));
  return [...alike.values()]
    .flatMap(([first, ...others]) => {
      const name = [first, ...others].map((channel) => channel?.name).join(', ');
      return first === undefined ? [] : [{ ...first, name }];
    })
    .toSorted((a, b) => Number(a.proven) - Number(b.proven));
}

function channelOf(
  channel: Channel,
  found: ChannelCompleteness,
  all: Completeness['channels'],
  again: string | null,
  voice: Voice,
): OperatorChannel {
  const { words } = voice;
  const name = words.channels[channel];
  if (found.verdict === 'proven') {
    return { name, code: null, proven: true, lines: [{ label: null, text: words.provenChannel }] };
  }
  const { what, todo } = reasonFor(found, words, all);
  const detail = detailOf(found, voice);
  const lines = [
    { label: words.why, text: what },
    // What CareSoft answers says more than how far it came, which is nowhere.
    ...(isRefusal(found) ? detail : []),
    { label: words.wasRead, text: whatWasRead(found, voice) },
    ...(isRefusal(found) ? [] : detail),
    { label: words.whatToDo, text: todo },
    ...(again === null ? [] : [{ label: words.nextTry, text: again }]),
  ];
  return { name, code: found.reason ? clipped(found.reason, 40) : null, proven: false, lines };
}

/** What was seen, or what CareSoft answered to a request that it refused. */
function detailOf(
  { reason, detail }: ChannelCompleteness,
  { words }: Voice,
): { readonly label: string; readonly text: string }[] {
  const label = reason === 'refused' ? words.careSoftSays : words.detail;
  return detail === undefined ? [] : [{ label, text: clipped(detail, 300) }];
}

/** The same of a report that lacks channels, a line for each trouble, and the command; nothing where it lacks none. */
function operatorNotes({ day, only, completeness }: Summary, voice: Voice): string[] {
  const { words } = voice;
  const missing = operatorChannels(completeness, voice, () => null).filter(({ proven }) => !proven);
  if (missing.length === 0) return [];
  return [
    ...missing.map(({ name, code, lines }) => {
      const said = lines.map(({ label, text }) => ended(label === null ? text : `${label}: ${text}`));
      return [`${words.forOperators}: ${withCode(name, code)}.`, ...said].join(' ');
    }),
    `${words.runAgain} ${commandFor([day], only, completeness)}`,
  ];
}

export function withCode(name: string, code: string | null): string {
  return code === null ? name : `${name} (${code})`;
}

function ended(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}

/** @param days the only day, or the first and the last */
export function commandFor(
  days: readonly Day[],
  only: readonly Channel[] | undefined,
  { channels }: Completeness,
): string {
  const refresh = Object.values(channels).some(({ reason }) => reason === 'raw-damaged');
  return [
    `chat-report run ${oneLine(days.length === 1 ? `--day ${days[0]}` : `--from ${days[0]} --to ${days[1]}`)}`,
    ...(only === undefined ? [] : [`--channels ${only.join()}`]),
    ...(refresh ? ['--refresh'] : []),
  ].join(' ');
}

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
