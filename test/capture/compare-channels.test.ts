import { describe, expect, test } from 'vitest';
import { compareChannels } from '../../functions/capture/capture-channel.ts';
import { manifests } from '../../functions/capture/captures.ts';
import { type ChannelCoverage, NOTHING_READ } from '../../functions/capture/coverage.ts';
import { RowSketch } from '../../functions/capture/row-checks.ts';
import { CHANNELS, type Channel } from '../../functions/chats/channel.ts';
import { captureDay } from '../../functions/pipeline/capture-day.ts';
import { oneMachine } from '../pipeline/one-machine.ts';
import { handMade } from '../warehouse/hand-made-capture.ts';
import { memoryLake } from '../web/memory-lake.ts';

const DAY = '2026-11-20';
const proven: ChannelCoverage = { ...NOTHING_READ, verdict: 'proven', captureId: 'by-hand' };

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
const reasonsOf = (channels: Partial<Record<Channel, ChannelCoverage>>) =>
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
    const named = new RegExp(`^${alike.join('(, | and )')} came with the same conversations`);
    for (const name of alike) expect(found[name]?.detail).toMatch(named);
  });

  test('are compared with those that lie in the lake and were not asked for', async () => {
    const lake = await lakeOf({ livechat: from(0, 50), zalo: from(0, 50) });
    const { channels } = await compareChannels(lake, DAY, { zalo: proven });
    expect(reasonsOf(channels)).toEqual({ zalo: 'channel-not-kept' });
  });

  test.each([
    ['a few rows within thousands', true],
    ['a few rows beside thousands', false],
  ])('of which one has %s', async (_title, isWithin) => {
    const rowsOf = (channel: string, numbers: readonly number[]) =>
      numbers.map((number) => ({
        conversation_id: `${channel}-${number}`,
        ticket_no: number,
        start_time: `${DAY} ${new Date(number * 40_000).toISOString().slice(11, 19)}`,
        chat_status: number % 5 === 0 ? 'LBL_CHAT_STATUS_MISS' : 'LBL_CHAT_STATUS_MEET',
      }));
    const few = rowsOf('zalo', [400, 900, 1_500]);
    const many = rowsOf('livechat', from(0, 2_000));
    const rows = { livechat: isWithin ? [...many, ...few] : many, messenger: [], zalo: few };
    const machine = await oneMachine({ rows: (channel) => rows[channel] }, { CHANNELS: 'livechat,zalo' });
    const { account, context, ports } = machine.compose();
    const { channels } = await captureDay({ day: DAY, since: null }, context, account, ports);
    const reason = isWithin ? 'channel-not-kept' : 'proven';
    expect(reasonsOf(channels)).toEqual({ livechat: reason, zalo: reason });
  });

  test('that are unproven already keep their reason, and count against others', async () => {
    const lake = await lakeOf({ livechat: from(0, 50), zalo: from(0, 50) });
    const unproven = { ...proven, verdict: 'unproven', reason: 'rows-missing' } as const;
    const { channels } = await compareChannels(lake, DAY, { livechat: unproven, zalo: proven });
    expect(reasonsOf(channels)).toEqual({ livechat: 'rows-missing', zalo: 'channel-not-kept' });
  });
});
