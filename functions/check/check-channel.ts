import type { Channel } from '../chat/channel.ts';
import { addDays, type Day } from '../time/report-day.ts';
import { judgeCounts } from './channel-counts.ts';
import type { Finding } from './finding.ts';
import type { Probe } from './probe.ts';
import { type Sample, takeSample } from './sample.ts';
import type { CheckSubject } from './subject.ts';
import { windowOfDays } from './wire-window.ts';

/** How far is looked back from a day without chats. */
const DAYS_BACK = 7;

/** The first look at a channel. */
export function sampleDay(
  probe: Probe,
  channel: Channel,
  day: Day,
  { reading }: CheckSubject,
): Promise<Sample> {
  return takeSample(probe, { channel, window: windowOfDays(day, 1, reading) }, day, reading);
}

/** The days before the one that was sampled. */
export function sampleWeekBefore(
  probe: Probe,
  { asked: { channel }, day }: Sample,
  { reading }: CheckSubject,
): Promise<Sample> {
  const window = windowOfDays(addDays(day, -DAYS_BACK), DAYS_BACK, reading);
  return takeSample(probe, { channel, window }, day, reading);
}

/** Counts a channel's chats by their kind; of one that had none the week before is told. */
export async function checkChannel(
  probe: Probe,
  { asked, day, numFound }: Sample,
  weekBefore: Sample | null,
  { filters }: CheckSubject,
): Promise<Finding> {
  const byType = async () => ({
    inbound: await probe.count({ ...asked, chatType: 'inbound' }),
    outbound: await probe.count({ ...asked, chatType: 'outbound' }),
  });
  const counts = {
    channel: asked.channel,
    all: numFound,
    byType: numFound > 0 ? await byType() : null,
    weekBefore: weekBefore?.numFound ?? null,
  };
  return judgeCounts(counts, day, filters.chatType);
}
