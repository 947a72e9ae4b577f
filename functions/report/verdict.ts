import { type Channel, inChannelOrder } from '../chat/channel.ts';
import { decided } from '../measure/add-up.ts';
import type { Figures } from '../measure/measures.ts';
import type { Summary } from '../measure/summary.ts';
import { isStatusUnknown } from '../measure/unknown-status.ts';
import { isPartial } from './missing.ts';
import { emptyOf, isQuiet, type Quiet } from './silence.ts';
import { unknownHeadline, unknownVerdict } from './unknown-status.ts';
import type { Verdict } from './view.ts';
import { isFew, missedRatio, shortRatio, type Voice } from './voice.ts';

/** Below this many missed chats, a high rate is as likely chance, and no day is named as worse than another. */
export const PLAINLY_MISSED = 5;
/** And only a rate of so many times the day's is named. */
const PLAINLY_ABOVE = 2;
/** A bad hour is of one channel where that has so much of what was missed beyond the day's rate. */
const OF_ONE_CHANNEL = 0.6;

/**
 * How the day was, in one sentence; of a partial day, how its proven channels were.
 *
 * @param quiet where a channel is, nothing is said that calms
 * @param earlier how many who were missed on earlier days still wait
 */
export function verdictOf(
  summary: Summary,
  quiet: Quiet,
  voice: Voice,
  earlier: number,
): Omit<Verdict, 'warning'> {
  const { words, format } = voice;
  const { totals } = summary;
  const of = decided(totals);
  if (totals.chats === 0) return { lead: withoutChats(summary, emptyOf(quiet), voice), figure: '', tail: '' };
  const { unusuallyEmpty: empty } = quiet;
  const but = empty.length === 0 ? '' : `, ${words.butNone(listOf(empty, voice), empty.length)}`;
  const unknown = unknownVerdict(summary, but, voice);
  if (unknown !== null) return unknown;
  if (totals.missed === 0) {
    const say = quiet.silent.length === 0 ? words.noneMissed : words.noneMissedOfThese;
    return { lead: `${say(format.count(of), of)}${but}.`, figure: '', tail: '' };
  }
  const worst = worstOf(summary);
  const most =
    worst === null ? '' : `, ${words.mostAt(nameOf(worst, voice), shortRatio(voice, worst.figures))}`;
  // Of a channel that fell silent, or is missing, it is not known whom it left without an answer.
  const isSilent = (isQuiet(quiet) || isPartial(summary)) && summary.callbacks.length === 0;
  const call = isSilent ? '' : `; ${toCallBack(summary, earlier, voice)}`;
  const tail = `${words.missedTail(format.percent(totals.missedRate), of)}${most}${call}.`;
  const missed = missedRatio(voice, totals);
  return isFew(totals)
    ? { lead: `${words.missedLead}${missed}${tail}`, figure: '', tail: '' }
    : { lead: words.missedLead, figure: missed, tail };
}

function withoutChats(summary: Summary, empty: readonly Channel[], voice: Voice): string {
  const { words } = voice;
  const rejected = Object.values(summary.completeness.channels).some((channel) => channel.rejected > 0);
  if (rejected) return words.noneReadable;
  if (empty.length > 0) return words.noChatsThough(listOf(empty, voice), empty.length);
  return words.noChatsProven;
}

function listOf(channels: readonly Channel[], { words }: Voice): string {
  return channels.map((channel) => words.channels[channel]).join(', ');
}

/** The verdict as a headline after the date: no two days' mails have the same. */
export function headlineOf(summary: Summary, voice: Voice): string {
  const { words, format } = voice;
  const { totals, callbacks } = summary;
  if (totals.chats === 0) return words.noChats;
  const unknown = unknownHeadline(summary, voice);
  if (unknown !== null) return unknown;
  const missed = words.subjectMissed(missedRatio(voice, totals), format.percent(totals.missedRate));
  if (callbacks.length === 0) return missed;
  return `${missed}, ${words.subjectToCallBack(format.count(callbacks.length))}`;
}

/** The channel that was plainly worse than the day, where the verdict does not name it already. */
export function worstChannelOf(summary: Summary, voice: Voice): string | null {
  if (isStatusUnknown(summary.totals)) return null;
  const worst = worstAgainst(summary.totals, channelsOf(summary));
  if (worst === null || worstOf(summary)?.channel === worst.channel) return null;
  const { words, format } = voice;
  const ratio = missedRatio(voice, worst.figures);
  return words.worst(nameOf(worst, voice), ratio, format.percent(worst.figures.missedRate));
}

/** An hour, a channel, or an hour of a channel. */
interface Part {
  readonly hour: number | null;
  readonly channel: Channel | null;
  readonly figures: Figures;
}

/** Where it was plainly worse than on the day: an hour, with the channel that made it so; else an hour of one channel. */
function worstOf({ totals, byHour, byChannelHour }: Summary): Part | null {
  const cells = byChannelHour.map((figures) => ({ hour: figures.hour, channel: figures.channel, figures }));
  const hours = byHour.map((figures) => ({ hour: figures.hour, channel: null, figures }));
  const hour = worstAgainst(totals, hours);
  if (hour === null) return worstAgainst(totals, cells);
  const inHour = cells.filter((cell) => cell.hour === hour.hour);
  const channel = worstAgainst(totals, inHour);
  const isOfChannel = channel !== null && excess(totals, channel) >= OF_ONE_CHANNEL * excess(totals, hour);
  return isOfChannel ? channel : hour;
}

function channelsOf({ byChannel }: Summary): Part[] {
  return inChannelOrder(byChannel).map(([channel, figures]) => ({ hour: null, channel, figures }));
}

/** Of those that stand out, the one with the most missed chats beyond what the day's rate would have given it. */
function worstAgainst(day: Figures, all: readonly Part[]): Part | null {
  return all
    .filter(({ figures }) => figures.missed >= PLAINLY_MISSED)
    .filter(({ figures }) => (figures.missedRate ?? 0) >= PLAINLY_ABOVE * (day.missedRate ?? 0))
    .reduce<Part | null>(
      (worst, one) => (worst === null || excess(day, one) > excess(day, worst) ? one : worst),
      null,
    );
}

function excess({ missedRate }: Figures, { figures }: Part): number {
  return figures.missed - (missedRate ?? 0) * decided(figures);
}

function nameOf({ hour, channel }: Part, { words }: Voice): string {
  const names = [hour === null ? null : words.hour(hour), channel === null ? null : words.channels[channel]];
  return names.filter((name) => name !== null).join(' ');
}

function toCallBack({ callbacks }: Summary, earlier: number, { words, format }: Voice): string {
  const count = callbacks.length;
  if (count === 0 && earlier > 0) return words.onlyEarlierWait(format.count(earlier), earlier);
  return count === 0 ? words.nobodyToCallBack : words.toCallBack(format.count(count), count);
}
