import { describe, expect, test } from 'vitest';
import { compareChannels } from '../../functions/capture/compare-channels.ts';
import { type ChannelCompleteness, NOTHING_READ } from '../../functions/capture/completeness.ts';
import { RowSketch } from '../../functions/capture/row-sketch.ts';
import { CHANNELS, type Channel } from '../../functions/chat/channel.ts';
import { manifests } from '../../functions/storage/manifest.ts';
import { handMade } from '../curate/hand-made-capture.ts';
import { memoryLake } from '../on-demand/pages/memory-lake.ts';

const DAY = '2026-11-20';
const proven: ChannelCompleteness = { ...NOTHING_READ, verdict: 'proven', captureId: 'by-hand' };

/** A lake with a capture of each of these channels, by the numbers of its rows; null: of an earlier version. */
async function lakeOf(rows: Partial<Record<Channel, readonly number[] | null>>) {
  const lake = memoryLake();
  for (const channel of CHANNELS) {
    const numbers = rows[channel];
    if (numbers === undefined) continue;
    const sketch = new RowSketch();
    for (const number of numbers ?? []) sketch.add(`c${number} 1764800000 ${number}`);
    const version = numbers === null ? 'chat-report/capture/1' : 'chat-report/capture/2';
    const { manifest } = handMade([[]], {
      channel,
      schema: version,
      ...(numbers && { sketch: sketch.toHashes() }),
    });
    await manifests.write(lake, manifest, manifest);
  }
  return lake;
}

const from = (first: number, count: number) => Array.from({ length: count }, (_, at) => first + at);
const reasonsOf = (channels: Partial<Record<Channel, ChannelCompleteness>>) =>
  Object.fromEntries(Object.entries(channels).map(([name, { reason = 'proven' }]) => [name, reason]));

describe('channels', () => {
  test.each([
    ['with rows of their own', { livechat: from(0, 50), messenger: from(100, 50), zalo: from(200, 50) }, []],
    ['some of whose rows are alike by chance', { livechat: from(0, 50), messenger: from(30, 50) }, []],
    ['without any row', { livechat: [], messenger: [] }, []],
    ['of earlier versions, which do not tell', { livechat: null, messenger: null }, []],
    ['that are all the same', { livechat: from(0, 50), messenger: from(0, 50), zalo: from(0, 50) }, CHANNELS],
    ['one of which holds another', { livechat: from(0, 300), zalo: from(0, 40) }, ['livechat', 'zalo']],
  ] as const)('%s', async (_title, rows, alike) => {
    const channels = Object.fromEntries(Object.keys(rows).map((name) => [name, proven]));
    const { channels: found, verdict } = await compareChannels(await lakeOf(rows), DAY, channels);
    expect(verdict).toBe(alike.length === 0 ? 'proven' : 'unproven');
    const expected = Object.keys(rows).map((name) => [
      name,
      alike.some((one) => one === name) ? 'channel-not-kept' : 'proven',
    ]);
    expect(reasonsOf(found)).toEqual(Object.fromEntries(expected));
    for (const name of alike) expect(found[name]?.detail).toContain(alike.join(' and '));
  });

  test('are compared with those that lie in the lake and were not asked for', async () => {
    const lake = await lakeOf({ livechat: from(0, 50), zalo: from(0, 50) });
    const { channels } = await compareChannels(lake, DAY, { zalo: proven });
    expect(reasonsOf(channels)).toEqual({ zalo: 'channel-not-kept' });
  });

  test('that are unproven already keep their reason', async () => {
    const lake = await lakeOf({ livechat: from(0, 50), zalo: from(0, 50) });
    const unproven = { ...proven, verdict: 'unproven', reason: 'rows-missing' } as const;
    const { channels } = await compareChannels(lake, DAY, { livechat: unproven, zalo: proven });
    expect(reasonsOf(channels)).toEqual({ livechat: 'rows-missing', zalo: 'proven' });
  });
});
