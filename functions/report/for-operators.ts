import type { ChannelCompleteness, Completeness } from '../capture/completeness.ts';
import { type Channel, inChannelOrder } from '../chat/channel.ts';
import { toJsonText } from '../chat/write-json.ts';
import type { Summary } from '../measure/summary.ts';
import type { Day } from '../time/report-day.ts';
import { isRefusal } from './next-try.ts';
import { clipped, oneLine } from './plain-text.ts';
import { reasonFor, whatWasRead } from './reasons.ts';
import type { Voice } from './voice.ts';

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
export function operatorNotes({ day, only, completeness }: Summary, voice: Voice): string[] {
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
