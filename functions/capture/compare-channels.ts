import { CHANNELS, type Channel } from '../chat/channel.ts';
import type { Lake } from '../storage/lake.ts';
import { manifests } from '../storage/manifest.ts';
import type { Day } from '../time/report-day.ts';
import { type Completeness, toCompleteness } from './completeness.ts';
import { shareInCommon } from './row-sketch.ts';

/** Ids may be numbered per channel, so that some rows are alike by chance; not this share of them. */
const MOST_ALIKE = 1 / 2;

/**
 * Whether CareSoft told the channels apart: a server that does not know `conversation_type` gives the same rows for each.
 * Captures of earlier versions do not tell.
 *
 * @returns the same channels; those whose rows are another's are unproven
 */
export async function compareChannels(
  lake: Pick<Lake, 'get'>,
  day: Day,
  channels: Completeness['channels'],
): Promise<Completeness> {
  const sketches = new Map<Channel, readonly number[]>();
  for (const channel of CHANNELS) {
    const { verdict, captureId = null } = channels[channel] ?? {};
    if (verdict !== 'proven' || captureId === null) continue;
    const { sketch = [] } = (await manifests.read(lake, { day, channel, captureId })) ?? {};
    sketches.set(channel, sketch);
  }
  const alike = CHANNELS.filter((one) =>
    CHANNELS.some(
      (other) =>
        other !== one && shareInCommon(sketches.get(one) ?? [], sketches.get(other) ?? []) > MOST_ALIKE,
    ),
  );
  if (alike.length === 0) return toCompleteness(channels);
  const detail = `${alike.join(' and ')} came with the same conversations: CareSoft did not tell the channels apart`;
  const told = alike.map((channel) => {
    const contradicted = { verdict: 'unproven', reason: 'channel-not-kept', detail } as const;
    return [channel, { ...channels[channel], ...contradicted }];
  });
  return toCompleteness({ ...channels, ...Object.fromEntries(told) });
}
