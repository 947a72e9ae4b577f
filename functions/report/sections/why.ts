import { type BusinessHours, readBusinessHours } from '../../calendar/business-hours.ts';
import { startOfDay } from '../../calendar/day.ts';
import { CHANNELS, type Channel, inChannelOrder } from '../../chats/channel.ts';
import type { AddedFigures } from '../../metrics/measures.ts';
import { decided, isStatusUnknown } from '../../metrics/rates.ts';
import { MISS_REASONS, type Summary } from '../../metrics/summary.ts';
import { type Baselines, type EarlierDay, splitChange, usualWorkload } from '../baselines.ts';
import type { Scope } from '../judge.ts';
import { isFew, type LocaleFormatter } from '../locale-formatter.ts';
import type { ReasonRow, ReportView, Section } from '../view.ts';
import { isPartial } from './missing.ts';

/** Where, when and why chats were missed, as far as the data show it. */

/** Below this many missed chats, a high rate may be chance. Then nothing is named as worse than the rest. */
export const PLAINLY_MISSED = 5;
/** A part is named only where its rate is at least this many times the rate of the day. */
const PLAINLY_ABOVE = 2;
/** A bad hour is put down to one channel where this share of its excess came from that channel. */
const OF_ONE_CHANNEL = 0.6;

/**
 * A part of the day: an hour from 0 to 23, a channel, or an hour of a channel. Null stands for all hours or all
 * channels.
 */
export interface WorstPart {
  readonly hour: number | null;
  readonly channel: Channel | null;
  readonly figures: AddedFigures;
}

/**
 * The part of the day that was plainly worse than the whole. An hour comes first, with its channel where that
 * channel caused most of it. Without such an hour, an hour of one channel is taken, then a channel. Where
 * business hours are set, only hours wholly within them count. Null where no part stands out.
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

/** Null where business hours are set, because the figures of channels are of the whole day. */
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

/** The excess: how many more chats were missed than the rate of the whole would give. */
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

function nameOf(
  { hour, channel }: Pick<WorstPart, 'hour' | 'channel'>,
  { messages }: LocaleFormatter,
): string {
  const parts = [
    channel === null ? null : messages.channels[channel],
    hour === null ? null : messages.hour(hour),
  ];
  return parts.filter((part) => part !== null).join(' ');
}

/** A part with a smaller share of all missed chats explains little. */
const TELLING = 0.15;

/**
 * Where and when chats were missed, how many agents worked then, and how many chats no agent was given. Null
 * where nothing stands out.
 */
export function whyOf(
  summary: Summary,
  scope: Scope,
  history: readonly EarlierDay[],
  formatter: LocaleFormatter,
): ReportView['why'] {
  const { figures } = scope;
  if (scope.isDayOff || figures.missed < PLAINLY_MISSED || isStatusUnknown(summary.totals)) return null;
  const { messages } = formatter;
  const found = worstOf(summary, scope);
  const worst = found !== null && found.figures.missed >= TELLING * figures.missed ? found : null;
  const unassigned = unassignedOf(summary, scope, formatter);
  const whole = scope.hours === null ? messages.explanation.allDay : messages.explanation.allHours;
  const parts = [
    ...(worst === null ? [] : [worstMessage(worst, summary, scope, history, formatter)]),
    ...(unassigned === null ? [] : [worst === null ? unassigned : whole(unassigned)]),
  ];
  return parts.length === 0 ? null : { label: messages.explanation.label, text: `${parts.join('; ')}.` };
}

function worstMessage(
  worst: WorstPart,
  summary: Summary,
  { figures }: Scope,
  history: readonly EarlierDay[],
  formatter: LocaleFormatter,
): string {
  const { messages, format } = formatter;
  const ratio = messages.missedOf(format.count(worst.figures.missed), format.count(figures.missed));
  const fell = messages.explanation.concentrated(ratio, nameOf(worst, formatter));
  return [fell, ...staffOf(worst.hour, summary, history, formatter)].join(', ');
}

/** Empty for a partial day. It is not known how many agents were busy on the missing channels. */
function staffOf(
  hour: number | null,
  summary: Summary,
  history: readonly EarlierDay[],
  { messages, format }: LocaleFormatter,
): string[] {
  const now = hour === null || isPartial(summary) ? undefined : summary.workload?.byHour[hour];
  if (now === undefined || hour === null) return [];
  const usual = usualWorkload(history, hour);
  const reasonMessages = messages.explanation;
  const usually = (count: number): string => reasonMessages.usually(format.decimal(count));
  const isFewer = usual !== null && now.agents < usual.agents;
  const agents =
    now.agents === 0
      ? reasonMessages.noAgents
      : (isFewer ? reasonMessages.agents : reasonMessages.agentsAsUsual)(
          format.count(now.agents),
          now.agents,
        );
  const { chatsAtOnce } = now;
  return [
    `${agents}${usual === null ? '' : usually(usual.agents)}`,
    ...(chatsAtOnce === null
      ? []
      : [
          `${reasonMessages.atOnce(format.decimal(chatsAtOnce))}${usual?.chatsAtOnce == null ? '' : usually(usual.chatsAtOnce)}`,
        ]),
  ];
}

/** How many of the missed chats no agent was given. Null where there was none, or where it is not known. */
function unassignedOf(
  summary: Summary,
  { figures, hours }: Scope,
  { messages, format }: LocaleFormatter,
): string | null {
  const unassigned = summary.workload?.unassigned ?? null;
  const count = unassigned === null ? null : hours === null ? unassigned.missed : unassigned.missedInside;
  if (count === null || count === 0 || decided(figures) === 0) return null;
  return messages.explanation.unassigned(
    messages.missedOf(format.count(count), format.count(figures.missed)),
  );
}

/** Why chats were probably missed, as far as the data show it. Empty where none was missed. */
export function reasonSection(
  { missCauses, totals }: Summary,
  { messages, format }: LocaleFormatter,
): Section<ReasonRow[]> {
  const body = MISS_REASONS.filter((cause) => missCauses[cause] > 0).map((cause) => ({
    name: messages.missReasons[cause],
    count: format.count(missCauses[cause]),
    share: isShareTold(totals.missed) ? format.percent(missCauses[cause] / totals.missed) : null,
  }));
  return { title: messages.whyMissed, body: totals.missed === 0 ? [] : body };
}

/** Whether missed chats are shown as shares too. For few of them the count is enough. */
export function isShareTold(missed: number): boolean {
  return !isFew({ answered: 0, missed });
}

/**
 * What moved the missed rate from that of the last seven days: other channels, or other work within them. Null
 * where the two cannot be compared.
 */
export function movedLine(
  { byChannel, totals }: Summary,
  { lastSevenDays }: Baselines,
  formatter: LocaleFormatter,
): string | null {
  if (isStatusUnknown(totals)) return null;
  const moved = lastSevenDays && splitChange(byChannel, lastSevenDays);
  if (lastSevenDays === null || moved === null) return null;
  const { messages, format } = formatter;
  const points = (by: number): string => messages.pointsInFull(format.signedPoints(by));
  const { ratedDays: days } = lastSevenDays;
  const { change, mix, performance } = moved;
  return messages.rateChange(format.count(days), points(change), points(mix), points(performance), days);
}
