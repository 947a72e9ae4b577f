import { describe, expect, test } from 'vitest';
import { openZone } from '../../../../functions/calendar/time-zone.ts';
import {
  type Clue,
  clueOfIds,
  clueOfNight,
  clueOfPresent,
  judgeClock,
  weigh,
} from '../../../../functions/sources/caresoft/diagnostics/clock.ts';
import {
  type Probe,
  type ProbedWindow,
  seeChats,
} from '../../../../functions/sources/caresoft/diagnostics/probe.ts';

const zone = openZone('Asia/Ho_Chi_Minh');
const asked: ProbedWindow = { channel: 'zalo', window: { since: 0, to: 0 } };

/** CareSoft, counting chats that start at these times, as rows write them. */
function counting(...starts: readonly string[]): Pick<Probe, 'count'> {
  const seconds = starts.map((text) => Date.parse(`${text.replace(' ', 'T')}Z`) / 1_000);
  return {
    count: async ({ window: { since, to } }) => seconds.filter((at) => at >= since && at <= to).length,
  };
}

function chatsOf(...rows: readonly (readonly [string, string])[]) {
  const sourceRow = rows.map(([conversation_id, start_time]) => ({ conversation_id, start_time }));
  return seeChats(sourceRow, 'zalo', { zone, clock: 'local' });
}

describe('the times in ids', () => {
  const ids = ['20230422094830-AIVGTIVI-503996', '20230422101500-AB-1', '20230422235959-AB-2'] as const;

  test.each([
    [
      'hint at local time where they equal the rows',
      ['2023-04-22 09:48:30', '2023-04-22 10:15:02', '2023-04-22 23:59:59'],
      'local',
      'strong',
    ],
    [
      'prove UTC where rows are behind by what the zone is ahead',
      ['2023-04-22 02:48:30', '2023-04-22 03:15:00', '2023-04-22 17:00:01'],
      'utc',
      'proof',
    ],
    [
      'prove local time where rows are ahead by that',
      ['2023-04-22 16:48:30', '2023-04-22 17:15:00', '2023-04-23 06:59:59'],
      'local',
      'proof',
    ],
  ])('%s', (_title, starts, clock, weight) => {
    const chats = chatsOf(...ids.map((id, index) => [id, starts[index] ?? ''] as const));
    expect(clueOfIds(chats, zone)).toMatchObject({ clock, weight });
  });

  test.each([
    [
      'they are no times',
      [
        ['c-1', '2023-04-22 09:48:30'],
        ['99999999999999-X', '2023-04-22 09:48:30'],
        ['7', '2023-04-22 09:48:30'],
      ],
    ],
    [
      'they are two only',
      [
        [ids[0], '2023-04-22 09:48:30'],
        [ids[1], '2023-04-22 10:15:00'],
      ],
    ],
    ['they differ by anything else', ids.map((id) => [id, '2023-04-22 12:00:00'])],
  ] as [string, [string, string][]][])('say nothing where %s', (_title, rows) => {
    expect(clueOfIds(chatsOf(...rows), zone)).toBeNull();
  });
});

describe('the present', () => {
  const at = { zone, epochSeconds: Date.parse('2026-11-21T05:00:00Z') / 1_000 };
  const yesterday = Array.from(
    { length: 12 },
    (_, hour) => `2026-11-20 ${String((hour % 6) + 6).padStart(2, '0')}:30:00`,
  );

  test('proves local time where chats are later than it is by UTC', async () => {
    expect(await clueOfPresent(counting('2026-11-21 11:59:00'), asked, at)).toMatchObject({
      clock: 'local',
      weight: 'proof',
    });
  });

  test('hints at UTC where none is, in hours that were busy the day before', async () => {
    expect(await clueOfPresent(counting('2026-11-21 04:59:00', ...yesterday), asked, at)).toMatchObject({
      clock: 'utc',
      weight: 'faint',
    });
  });

  test('proves UTC where chats are later than it is in a zone behind UTC', async () => {
    const behind = { ...at, zone: openZone('America/New_York') };
    expect(await clueOfPresent(counting('2026-11-21 03:00:00'), asked, behind)).toMatchObject({
      clock: 'utc',
      weight: 'proof',
    });
  });

  test.each([
    ['in hours that are quiet anyway', ['2026-11-21 04:59:00']],
    ['where chats start later than now by either clock', ['2026-11-21 11:59:00', '2026-11-21 12:30:00']],
  ])('says nothing %s', async (_title, starts) => {
    expect(await clueOfPresent(counting(...starts), asked, at)).toBeNull();
  });
});

describe('the night', () => {
  const evening = Array.from({ length: 12 }, (_, index) => `2026-11-19 19:${10 + index}:00`);
  const morning = evening.map((text) => text.replace('19 19', '20 03'));

  test.each([
    ['local time where few write between 1 and 6', evening, 'local'],
    ['UTC where few write between 1 and 6 in the zone', morning, 'utc'],
  ])('hints at %s', async (_title, starts, clock) => {
    const clue = await clueOfNight(counting(...starts), asked, { zone, day: '2026-11-20' });
    expect(clue).toMatchObject({ clock, weight: 'faint' });
  });

  test('says nothing where both may be it', async () => {
    const clue = await clueOfNight(counting(...evening, ...morning), asked, { zone, day: '2026-11-20' });
    expect(clue).toBeNull();
  });
});

describe('clues together', () => {
  const clue = (clock: Clue['clock'], weight: Clue['weight']): Clue => ({ clock, weight, says: 'seen' });

  test.each([
    ['one proof is enough', [clue('utc', 'proof')], 'utc', true],
    [
      'a proof outweighs every hint',
      [clue('local', 'faint'), clue('utc', 'proof'), clue('local', 'faint')],
      'utc',
      true,
    ],
    [
      'proofs that contradict each other are none',
      [clue('local', 'proof'), clue('utc', 'proof')],
      null,
      false,
    ],
    [
      'two faint hints that agree are as good as a proof',
      [clue('local', 'faint'), clue('local', 'faint')],
      'local',
      true,
    ],
    ['one faint hint alone is not sure', [clue('utc', 'faint')], 'utc', false],
    [
      'hints that contradict each other tell nothing',
      [clue('local', 'faint'), clue('utc', 'faint')],
      null,
      false,
    ],
    ['nothing tells nothing', [], null, false],
  ] as [string, Clue[], string | null, boolean][])('%s', (_title, clues, clock, isSure) => {
    expect(weigh(clues)).toEqual({ clock, isSure });
  });

  test('fail a setting only where they are sure', () => {
    expect(judgeClock([clue('utc', 'proof')], 'local')).toMatchObject({
      status: 'fail',
      do: 'set CARESOFT_CLOCK=utc',
    });
    expect(judgeClock([clue('utc', 'faint')], 'local')).toMatchObject({
      status: 'note',
      says: 'Times may be UTC, and CARESOFT_CLOCK is local: seen.',
    });
    expect(judgeClock([clue('local', 'faint')], 'local')).toMatchObject({ status: 'ok' });
  });
});
