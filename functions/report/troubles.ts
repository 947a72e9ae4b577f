import { type ChannelCompleteness, type Completeness, missingChannels } from '../capture/completeness.ts';
import type { Channel } from '../chat/channel.ts';
import { isPassing, reasonFor } from './reasons.ts';
import { namesOf, type Voice } from './voice.ts';

/**
 * Why channels could not be read, for a manager: a sentence a trouble, whichever channels it is of, in the order of the
 * channels.
 */
export function sayTroubles({ channels: all }: Completeness, voice: Voice): string {
  const { words } = voice;
  const alike = Map.groupBy(unprovenIn(all), ({ found }) => reasonFor(found, words, all).plain);
  return [...alike]
    .map(([why, of]) => {
      const isOfAll = of.length > 1 && of.length === Object.keys(all).length;
      const names = namesOf(
        of.map(({ channel }) => channel),
        voice,
      );
      return isOfAll ? words.noneReadBecause(why) : words.notReadBecause(why, names);
    })
    .join(' ');
}

/** Whether one of them does not pass before a person has mended it. */
export function needPerson({ channels: all }: Completeness): boolean {
  return unprovenIn(all).some(({ found }) => !isPassing(found));
}

export function unprovenIn(
  channels: Completeness['channels'],
): { readonly channel: Channel; readonly found: ChannelCompleteness }[] {
  return missingChannels({ verdict: 'unproven', channels }).flatMap((channel) => {
    const found = channels[channel];
    return found === undefined ? [] : [{ channel, found }];
  });
}
