import { describe, expect, test } from 'vitest';
import { openZone } from '../../functions/calendar/time-zone.ts';
import { type Copy, compareCopies } from '../../functions/capture/read-chats.ts';
import { DIALECT } from '../../functions/sources/caresoft/dialect.ts';
import { parseChat } from '../../functions/sources/caresoft/parse-row.ts';
import { toComparableText } from '../../functions/text/json.ts';
import { fc } from '../property.ts';

const reading = { dialect: DIALECT, zone: openZone('Asia/Ho_Chi_Minh'), clock: 'local' } as const;

function copyOf(changes: object): Copy {
  const row = { conversation_id: 'c', start_time: '2026-11-20 09:00:00', ...changes };
  const chat = parseChat(row, 'zalo', reading);
  if (typeof chat === 'string') throw new Error(chat);
  return { chat, text: toComparableText(row) };
}

const best = (copies: readonly Copy[]): Copy =>
  copies.reduce((winner, copy) => (compareCopies(copy, winner) > 0 ? copy : winner));

const met = (time: string) => ({ chat_status: 'LBL_CHAT_STATUS_MEET', meet_time: `2026-11-20 ${time}` });
const missed = { chat_status: 'LBL_CHAT_STATUS_MISS' };
const late = { end_time: '2026-11-20 23:00:00' };

describe('of two rows of one chat', () => {
  test.each([
    ['an answered one counts before a missed one', met('09:00:10'), { ...missed, ...late }],
    ['a missed one before one of another status', missed, { chat_status: 'LBL_LOST', ...late }],
    ['the one that was met later', met('09:00:20'), { ...met('09:00:10'), ...late }],
    ['the one that ended later', { ...missed, ...late }, { ...missed, end_time: '2026-11-20 22:59:59' }],
    ['the one that ended before one that did not', { ...missed, ...late }, missed],
    ['the one with the greater text', { ...missed, cus_name: 'B' }, { ...missed, cus_name: 'A' }],
  ])('%s', (_title, one, other) => {
    expect(compareCopies(copyOf(one), copyOf(other))).toBeGreaterThan(0);
    expect(compareCopies(copyOf(other), copyOf(one))).toBeLessThan(0);
  });

  test('what counts hangs on no order in which they came', () => {
    const time = fc.constantFrom(null, '2026-11-20 09:00:10', '2026-11-20 09:00:20');
    const status = fc.constantFrom('LBL_CHAT_STATUS_MEET', 'LBL_CHAT_STATUS_MISS', 'LBL_LOST', null);
    const copies = fc.uniqueArray(
      fc
        .record({ chat_status: status, meet_time: time, end_time: time, cus_name: fc.constantFrom('A', 'B') })
        .map(copyOf),
      { minLength: 2, maxLength: 6, selector: ({ text }) => text },
    );
    const shuffled = copies.chain((all) =>
      fc.record({
        all: fc.constant(all),
        again: fc.shuffledSubarray(all, { minLength: all.length }),
      }),
    );
    fc.assert(
      fc.property(shuffled, ({ all, again }) => {
        expect(best(again).text).toBe(best(all).text);
      }),
    );
  });
});
