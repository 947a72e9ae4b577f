import { CHANNELS, type Channel } from '../chat/channel.ts';
import { findCaptures } from '../storage/captures.ts';
import type { Lake } from '../storage/lake.ts';
import { type Manifest, manifests } from '../storage/manifest.ts';
import type { Day } from '../time/report-day.ts';
import { type ChannelCompleteness, type Completeness, toCompleteness } from './completeness.ts';
import { shareInCommon } from './row-sketch.ts';

/** Ids may be numbered per channel, so that some rows are alike by chance; not this share of them. */
const MOST_ALIKE = 1 / 2;

type Read = Pick<Lake, 'get' | 'list'>;

/**
 * Whether CareSoft told the channels apart: a server that does not know `conversation_type` gives the same rows for each.
 * They are compared with each other, and with what lies in the lake of the channels that are not among them. Captures of
 * earlier versions do not tell.
 *
 * @returns the same channels; those whose rows are another's are unproven
 */
export async function compareChannels(
  lake: Read,
  day: Day,
  channels: Completeness['channels'],
): Promise<Completeness> {
  const sketches = new Map<Channel, readonly number[]>();
  for (const channel of CHANNELS)
    sketches.set(channel, await sketchOf(lake, day, channel, channels[channel]));
  const alike = findAlike(sketches);
  if (alike === null) return toCompleteness(channels);
  const { detail } = alike;
  const told = alike.channels.flatMap((channel) => {
    const found = channels[channel];
    const contradicted = { verdict: 'unproven', reason: 'channel-not-kept', detail } as const;
    return found?.verdict === 'proven' ? [[channel, { ...found, ...contradicted }] as const] : [];
  });
  return toCompleteness({ ...channels, ...Object.fromEntries(told) });
}

async function sketchOf(
  lake: Read,
  day: Day,
  channel: Channel,
  found: ChannelCompleteness | undefined,
): Promise<readonly number[]> {
  if (found === undefined) {
    const captures = await Array.fromAsync(findCaptures(lake, day, channel));
    return captures.findLast(({ verdict }) => verdict === 'proven')?.sketch ?? [];
  }
  const { verdict, captureId } = found;
  if (verdict !== 'proven' || captureId === null) return [];
  return (await manifests.read(lake, { day, channel, captureId }))?.sketch ?? [];
}

/**
 * Of each channel the newest capture whose rows are not another channel's. Where one that came later is like another's,
 * the one before it counts; where there is none before, neither of the two does.
 *
 * @param captures of each channel, the earliest first
 */
export function newestApart(
  captures: ReadonlyMap<Channel, readonly Manifest[]>,
): ReadonlyMap<Channel, Manifest> {
  const left = new Map([...captures].map(([channel, all]) => [channel, [...all]]));
  for (;;) {
    const newest = new Map<Channel, Manifest>();
    for (const [channel, all] of left) {
      const last = all.at(-1);
      if (last) newest.set(channel, last);
    }
    const alike = findAlike(new Map([...newest].map(([channel, { sketch = [] }]) => [channel, sketch])));
    if (alike === null) return newest;
    const replaceable = alike.channels.filter((channel) => (left.get(channel)?.length ?? 0) > 1);
    const [latest] = replaceable.toSorted((one, other) =>
      (newest.get(one)?.captureId ?? '') < (newest.get(other)?.captureId ?? '') ? 1 : -1,
    );
    for (const channel of latest === undefined ? alike.channels : [latest]) left.get(channel)?.pop();
  }
}

/** The channels that came with the rows of another, and what that means in words; null where there are none. */
export function findAlike(
  sketches: ReadonlyMap<Channel, readonly number[]>,
): { readonly channels: readonly Channel[]; readonly detail: string } | null {
  const isAlike = (one: Channel, other: Channel): boolean =>
    other !== one && shareInCommon(sketches.get(one) ?? [], sketches.get(other) ?? []) > MOST_ALIKE;
  const channels = CHANNELS.filter((one) => CHANNELS.some((other) => isAlike(one, other)));
  if (channels.length === 0) return null;
  const detail = `${channels.join(' and ')} came with the same conversations: CareSoft did not tell the channels apart`;
  return { channels, detail };
}
