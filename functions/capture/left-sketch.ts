import { labelOf } from '../storage/answer-label.ts';
import { unpackPage } from '../storage/captures.ts';
import { MANIFEST_NAME, rawChannelPrefix } from '../storage/keys.ts';
import { type Lake, readObject } from '../storage/lake.ts';
import type { Manifest } from '../storage/manifest.ts';
import { openZone } from '../time/zone.ts';
import { readAnswerOrNull } from './kept-answers.ts';
import { RowCensus } from './row-census.ts';

/** Of the rows of the newest capture that was left: a channel that broke off is compared by what came of it. */
export async function sketchOfLeft(
  lake: Pick<Lake, 'get' | 'list'>,
  { day, channel, timeZone, clock }: Pick<Manifest, 'day' | 'channel' | 'timeZone' | 'clock'>,
): Promise<readonly number[]> {
  const keys = new Map<string, string[]>();
  for await (const key of lake.list(rawChannelPrefix(day, channel))) {
    const [place = ''] = /^.*\//.exec(key) ?? [];
    keys.set(place, [...(keys.get(place) ?? []), key]);
  }
  const isLeft = (all: readonly string[]): boolean => !all.some((key) => key.endsWith(`/${MANIFEST_NAME}`));
  const pages = [...keys.values()].findLast(isLeft) ?? [];
  const census = new RowCensus(day, channel, { zone: openZone(timeZone), clock });
  for (const [at, key] of pages.entries()) {
    const packed = await readObject(lake, key);
    const body = packed && (await unpackPage(packed));
    const charset = new URLSearchParams((packed && labelOf(packed)) ?? '').get('charset') ?? undefined;
    census.add(at + 1, (body && readAnswerOrNull(body, charset)?.chats) ?? []);
  }
  return census.sketch;
}
