import { CHANNELS, type Channel, inChannelOrder } from '../chat/channel.ts';
import { decided } from '../measure/add-up.ts';
import type { AddedFigures } from '../measure/measures.ts';
import type { Summary } from '../measure/summary.ts';
import { type BusinessHours, readBusinessHours } from '../time/business-hours.ts';
import { startOfDay } from '../time/report-day.ts';
import type { Scope } from './scope.ts';
import type { Voice } from './voice.ts';

/** Below this many missed chats, a high rate is as likely chance, and nothing is named as worse than the rest. */
export const PLAINLY_MISSED = 5;
/** And only a rate of so many times the day's is named. */
const PLAINLY_ABOVE = 2;
/** A bad hour is of one channel where that has so much of what was missed beyond the day's rate. */
const OF_ONE_CHANNEL = 0.6;

/** An hour, a channel, or an hour of a channel. */
export interface WorstPart {
  readonly hour: number | null;
  readonly channel: Channel | null;
  readonly figures: AddedFigures;
}

/**
 * Where it was plainly worse than on the whole: an hour, with the channel that made it so; an hour of one channel; a channel.
 * With hours of business these are hours that lie wholly within them. Null where nothing was.
 */
export function worstOf(summary: Summary, { figures: all, hours }: Scope): WorstPart | null {
  const isOpen = isWhollyOpen(summary, hours);
  const cells = summary.byChannelHour
    .filter(({ hour }) => isOpen(hour))
    .map((figures) => ({ hour: figures.hour, channel: figures.channel, figures }));
  const hourly = summary.byHour
    .filter(({ hour }) => isOpen(hour))
    .map((figures) => ({ hour: figures.hour, channel: null, figures }));
  const hour = worstAgainst(all, hourly);
  if (hour === null) return worstAgainst(all, cells) ?? worstChannel(summary, all, hours);
  const channel = worstAgainst(
    all,
    cells.filter((cell) => cell.hour === hour.hour),
  );
  const isOfChannel = channel !== null && excess(all, channel) >= OF_ONE_CHANNEL * excess(all, hour);
  const isOnly = inChannelOrder(summary.byChannel).filter(([, { chats }]) => chats > 0).length === 1;
  return isOfChannel && !isOnly ? channel : hour;
}

/** Of channels it is not known what came within the hours of business. */
function worstChannel({ byChannel }: Summary, all: AddedFigures, hours: string | null): WorstPart | null {
  if (hours !== null) return null;
  const channels = inChannelOrder(byChannel).map(([channel, figures]) => ({ hour: null, channel, figures }));
  return worstAgainst(all, channels);
}

function isWhollyOpen({ day }: Summary, text: string | null): (hour: number) => boolean {
  const hours: BusinessHours | null = text === null ? null : readBusinessHours(text);
  if (hours === null) return () => true;
  const start = startOfDay(day);
  return (hour) => {
    for (let minute = 0; minute < 60; minute += 1) {
      if (!hours.isOpen(start + hour * 3_600 + minute * 60)) return false;
    }
    return true;
  };
}

/** What was missed beyond the rate of all. */
function excess(all: AddedFigures, { figures }: WorstPart): number {
  return figures.missed - (all.missedRate ?? 0) * decided(figures);
}

function worstAgainst(all: AddedFigures, parts: readonly WorstPart[]): WorstPart | null {
  const rate = all.missedRate ?? 0;
  const plainly = parts.filter(
    ({ figures }) =>
      figures.missed >= PLAINLY_MISSED &&
      figures.missed / decided(figures) >= PLAINLY_ABOVE * rate &&
      rate > 0,
  );
  const [worst = null] = plainly.toSorted(
    (one, other) =>
      excess(all, other) - excess(all, one) ||
      (one.hour ?? 0) - (other.hour ?? 0) ||
      placeOf(one.channel) - placeOf(other.channel),
  );
  return worst;
}

function placeOf(channel: Channel | null): number {
  return channel === null ? -1 : CHANNELS.indexOf(channel);
}

export function nameOf({ hour, channel }: Pick<WorstPart, 'hour' | 'channel'>, { words }: Voice): string {
  const parts = [channel === null ? null : words.channels[channel], hour === null ? null : words.hour(hour)];
  return parts.filter((part) => part !== null).join(' ');
}
