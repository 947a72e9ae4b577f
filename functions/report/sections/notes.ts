import type { Day } from '../../calendar/day.ts';
import { type ChannelCoverage, type Coverage, missingChannels } from '../../capture/coverage.ts';
import { type Channel, inChannelOrder } from '../../chats/channel.ts';
import type { Summary } from '../../metrics/summary.ts';
import type { Filters } from '../../storage/json-record.ts';
import { toJsonText } from '../../text/write-json.ts';
import { type LocaleFormatter, namesOf } from '../locale-formatter.ts';
import { clipped, oneLine, withinSentence } from '../plain-text.ts';
import { statusNotes } from './lead.ts';
import {
  explainCount,
  isPartial,
  isRefusal,
  progressOf,
  provenIn,
  provenNames,
  reasonFor,
} from './missing.ts';
import { changeMessage } from './restated-days.ts';

/** What the figures are based on, and what those who run the system have to know. */

/** One channel, or several with the same problem. */
export interface OperatorChannel {
  readonly name: string;
  /** The reason, spelled as in the lake and on the terminal. Null where there is none. */
  readonly code: string | null;
  readonly proven: boolean;
  readonly lines: readonly { readonly label: string | null; readonly text: string }[];
}

/**
 * What was found of each channel, for those who run the system. Problems come first. Channels with the same problem
 * share one entry.
 *
 * @param again when a channel is read again, or null
 */
export function operatorChannels(
  { channels: all }: Coverage,
  formatter: LocaleFormatter,
  again: (found: ChannelCoverage) => string | null,
): OperatorChannel[] {
  const channels = inChannelOrder(all).map(([channel, found]) =>
    channelOf(channel, found, all, again(found), formatter),
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
  found: ChannelCoverage,
  all: Coverage['channels'],
  again: string | null,
  formatter: LocaleFormatter,
): OperatorChannel {
  const { messages } = formatter;
  const name = messages.channels[channel];
  if (found.verdict === 'proven') {
    return { name, code: null, proven: true, lines: [{ label: null, text: messages.provenChannel }] };
  }
  const { what, todo } = reasonFor(found, messages, all);
  const detail = detailOf(found, formatter);
  const lines = [
    { label: messages.why, text: what },
    // A refusal comes first: nothing was read, so how far the read came says little.
    ...(isRefusal(found) ? detail : []),
    { label: messages.wasRead, text: progressOf(found, formatter) },
    ...(isRefusal(found) ? [] : detail),
    { label: messages.whatToDo, text: todo },
    ...(again === null ? [] : [{ label: messages.nextAttempt, text: again }]),
  ];
  return { name, code: found.reason ? clipped(found.reason, 40) : null, proven: false, lines };
}

/** What was seen, or the source's answer to a request that it refused. */
function detailOf(
  { reason, detail }: ChannelCoverage,
  { messages }: LocaleFormatter,
): { readonly label: string; readonly text: string }[] {
  const label = reason === 'refused' ? messages.sourceMessage : messages.detail;
  return detail === undefined ? [] : [{ label, text: clipped(detail, 300) }];
}

/** A line for each problem of a report that lacks channels, and the command to run. Empty where none is missing. */
function operatorNotes({ day, only, completeness }: Summary, formatter: LocaleFormatter): string[] {
  const { messages } = formatter;
  const missing = operatorChannels(completeness, formatter, () => null).filter(({ proven }) => !proven);
  if (missing.length === 0) return [];
  return [
    ...missing.map(({ name, code, lines }) => {
      const sentences = lines.map(({ label, text }) => ended(label === null ? text : `${label}: ${text}`));
      return [`${messages.forOperators}: ${withCode(name, code)}.`, ...sentences].join(' ');
    }),
    `${messages.runAgain} ${commandFor([day], only, completeness)}`,
  ];
}

/** The name with the reason of the problem. Without a reason it is the name alone. */
export function withCode(name: string, code: string | null): string {
  return code === null ? name : `${name} (${code})`;
}

function ended(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}

/**
 * The command that runs the days again. Damaged raw data has to be read from the source again.
 *
 * @param days the only day, or the first and the last
 * @param only the channels of a partial report. Left out for all
 */
export function commandFor(
  days: readonly Day[],
  only: readonly Channel[] | undefined,
  { channels }: Coverage,
): string {
  const refresh = Object.values(channels).some(({ reason }) => reason === 'raw-damaged');
  return [
    `chat-report run ${oneLine(days.length === 1 ? `--day ${days[0]}` : `--from ${days[0]} --to ${days[1]}`)}`,
    ...(only === undefined ? [] : [`--channels ${only.join()}`]),
    ...(refresh ? ['--refresh'] : []),
  ].join(' ');
}

const IDS_SHOWN = 5;
/** The most days without comparison that are named. */
const DAYS_SHOWN = 7;
/** The most restatements that are shown: the latest. */
const RESTATEMENTS_SHOWN = 6;

/** What else the report shows. Only what it shows needs a definition. */
interface ReportContents {
  /** The days that the report is not compared with. */
  readonly unreadable: readonly Day[];
  readonly hasRates: boolean;
  /** Whether a customer is in its list. */
  readonly isWaiting: boolean;
}

/** What the figures are based on and what they mean: the proof, what is left out, the definitions, the clock. */
export function notesOf(
  summary: Summary,
  { unreadable, hasRates, isWaiting }: ReportContents,
  formatter: LocaleFormatter,
): string[] {
  const { messages, format } = formatter;
  const { serviceLevel } = summary.totals;
  return [
    onlyNote(summary, formatter),
    provenNote(summary, formatter),
    ...unprovenNote(summary, formatter),
    explainCount(summary.completeness, formatter),
    recheckNote(summary, formatter),
    ...restatementNotes(summary, formatter),
    unreadableNote(unreadable, formatter),
    leftOutNote(summary, formatter),
    ...statusNotes(summary, formatter),
    filterNote(summary.filters, formatter),
    ...(hasRates ? [messages.definitions(format.threshold(serviceLevel.thresholdSeconds))] : []),
    ...(isWaiting ? [messages.waitingDefinition(replyHours(summary, formatter))] : []),
    messages.dataReadAt(format.instant(summary.generatedAt, summary.timeZone)),
    ...operatorNotes(summary, formatter),
  ].filter((note) => note !== null);
}

/** How long customers can be answered, by channel. Empty where no channel has a deadline. */
function replyHours(
  { replyHours: hours, byChannel }: Summary,
  { messages, format }: LocaleFormatter,
): string {
  return inChannelOrder(byChannel)
    .flatMap(([channel]) => {
      const count = hours[channel];
      return count === undefined
        ? []
        : [messages.replyHours(messages.channels[channel], format.count(count), count)];
    })
    .join(', ');
}

function provenNote(summary: Summary, formatter: LocaleFormatter): string {
  const { messages, format } = formatter;
  const { chats } = summary.totals;
  const proven = messages.proven(format.count(chats), chats);
  return isPartial(summary) ? `${provenNames(summary, formatter)}: ${withinSentence(proven)}` : proven;
}

function unprovenNote({ completeness }: Summary, formatter: LocaleFormatter): string[] {
  const missing = missingChannels(completeness);
  return missing.length === 0 ? [] : [formatter.messages.notProven(namesOf(missing, formatter))];
}

function onlyNote({ only }: Summary, { messages }: LocaleFormatter): string | null {
  if (only === undefined) return null;
  return messages.onlyNote(only.map((channel) => messages.channels[channel]).join(', '));
}

/** Names the latest of the days, the oldest first. Null where there are none. */
function unreadableNote(days: readonly Day[], { messages, format }: LocaleFormatter): string | null {
  if (days.length === 0) return null;
  const shown = days.slice(-DAYS_SHOWN).map((day) => format.day(day));
  const rest = days.length - shown.length;
  return messages.notCompared(shown.join(', ') + (rest > 0 ? ` +${rest}` : ''), days.length);
}

/** Whether the day is rechecked again, and until when. Null for reports without rechecks. */
function recheckNote({ looks }: Summary, { messages, format }: LocaleFormatter): string | null {
  if (looks === undefined) return null;
  return looks.state === 'final' ? messages.isFinal : messages.isProvisional(format.day(looks.last));
}

function restatementNotes({ revisions = [], timeZone }: Summary, formatter: LocaleFormatter): string[] {
  const { messages, format } = formatter;
  return revisions
    .slice(-RESTATEMENTS_SHOWN)
    .map((revision) =>
      messages.restatement(
        format.instant(revision.at, timeZone),
        messages.channels[revision.channel],
        changeMessage(revision, formatter),
      ),
    );
}

function leftOutNote(summary: Summary, { messages, format }: LocaleFormatter): string | null {
  const items = [
    {
      message: messages.duplicates,
      count: sumOf(summary, (channel) => channel.duplicates - channel.conflicts),
    },
    { message: messages.conflicts, count: sumOf(summary, (channel) => channel.conflicts) },
    { message: messages.rejected, count: sumOf(summary, (channel) => channel.rejected) },
    { message: messages.outsideDay, count: sumOf(summary, (channel) => channel.outsideDay) },
  ]
    .filter(({ count }) => count > 0)
    .map(({ message, count }) => message(format.count(count), count));
  return items.length === 0 ? null : messages.leftOut(items.join(', '));
}

function filterNote(filters: Filters, formatter: LocaleFormatter): string | null {
  const { messages } = formatter;
  const items = [
    filters.chatType === 'all' ? null : messages.chatTypes[filters.chatType],
    filters.groups.length === 0 ? null : messages.groupIds(idList(filters.groups)),
    filters.services.length === 0 ? null : messages.serviceIds(idList(filters.services)),
    filters.assignees.length === 0 ? null : messages.assigneeIds(idList(filters.assignees)),
  ].filter((item) => item !== null);
  return items.length === 0 ? null : messages.filters(items.join('; '));
}

function idList(ids: readonly string[]): string {
  const shown = ids.slice(0, IDS_SHOWN).map((id) => clipped(id, 24));
  const rest = ids.length - shown.length;
  return shown.join(', ') + (rest > 0 ? ` +${rest}` : '');
}

function sumOf(summary: Summary, count: (channel: ChannelCoverage) => number): number {
  return provenIn(summary.completeness).reduce((sum, channel) => sum + count(channel), 0);
}
