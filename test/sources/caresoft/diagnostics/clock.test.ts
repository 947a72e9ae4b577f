import { describe, expect, test } from 'vitest';
import { openZone } from '../../../../functions/calendar/time-zone.ts';
import {
  type ClockEvidence,
  evidenceFromIds,
  evidenceFromNight,
  evidenceFromPresent,
  judgeClock,
  judgeEvidence,
} from '../../../../functions/sources/caresoft/diagnostics/clock.ts';
import {
  type Probe,
  type ProbeRequest,
  sampleChats,
} from '../../../../functions/sources/caresoft/diagnostics/probe.ts';
import { DIALECT } from '../../../../functions/sources/caresoft/dialect.ts';

const zone = openZone('Asia/Ho_Chi_Minh');
const asked: ProbeRequest = { channel: 'zalo', window: { since: 0, to: 0 } };

/** CareSoft, counting chats that start at these times, as rows write them. */
function counting(...starts: readonly string[]): Pick<Probe, 'count'> {
  const seconds = starts.map((text) => Date.parse(`${text.replace(' ', 'T')}Z`) / 1_000);
  return {
    count: async ({ window: { since, to } }) => seconds.filter((at) => at >= since && at <= to).length,
  };
}

function chatsOf(...rows: readonly (readonly [string, string])[]) {
  const sourceRow = rows.map(([conversation_id, start_time]) => ({ conversation_id, start_time }));
  return sampleChats(sourceRow, 'zalo', { dialect: DIALECT, zone, clock: 'local' });
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
    expect(evidenceFromIds(chats, zone)).toMatchObject({ clock, weight });
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
    expect(evidenceFromIds(chatsOf(...rows), zone)).toBeNull();
  });
});

describe('the present', () => {
  const at = { zone, epochSeconds: Date.parse('2026-11-21T05:00:00Z') / 1_000 };
  const yesterday = Array.from(
    { length: 12 },
    (_, hour) => `2026-11-20 ${String((hour % 6) + 6).padStart(2, '0')}:30:00`,
  );

  test('proves local time where chats are later than it is by UTC', async () => {
    expect(await evidenceFromPresent(counting('2026-11-21 11:59:00'), asked, at)).toMatchObject({
      clock: 'local',
      weight: 'proof',
    });
  });

  test('hints at UTC where none is, in hours that were busy the day before', async () => {
    expect(await evidenceFromPresent(counting('2026-11-21 04:59:00', ...yesterday), asked, at)).toMatchObject(
      {
        clock: 'utc',
        weight: 'faint',
      },
    );
  });

  test('proves UTC where chats are later than it is in a zone behind UTC', async () => {
    const behind = { ...at, zone: openZone('America/New_York') };
    expect(await evidenceFromPresent(counting('2026-11-21 03:00:00'), asked, behind)).toMatchObject({
      clock: 'utc',
      weight: 'proof',
    });
  });

  test.each([
    ['in hours that are quiet anyway', ['2026-11-21 04:59:00']],
    ['where chats start later than now by either clock', ['2026-11-21 11:59:00', '2026-11-21 12:30:00']],
  ])('says nothing %s', async (_title, starts) => {
    expect(await evidenceFromPresent(counting(...starts), asked, at)).toBeNull();
  });
});

describe('the night', () => {
  const evening = Array.from({ length: 12 }, (_, index) => `2026-11-19 19:${10 + index}:00`);
  const morning = evening.map((text) => text.replace('19 19', '20 03'));

  test.each([
    ['local time where few write between 1 and 6', evening, 'local'],
    ['UTC where few write between 1 and 6 in the zone', morning, 'utc'],
  ])('hints at %s', async (_title, starts, clock) => {
    const evidence = await evidenceFromNight(counting(...starts), asked, { zone, day: '2026-11-20' });
    expect(evidence).toMatchObject({ clock, weight: 'faint' });
  });

  test('says nothing where both may be it', async () => {
    const evidence = await evidenceFromNight(counting(...evening, ...morning), asked, {
      zone,
      day: '2026-11-20',
    });
    expect(evidence).toBeNull();
  });
});

describe('evidence together', () => {
  const evidence = (clock: ClockEvidence['clock'], weight: ClockEvidence['weight']): ClockEvidence => ({
    clock,
    weight,
    says: 'seen',
  });

  test.each([
    ['one proof is enough', [evidence('utc', 'proof')], 'utc', true],
    [
      'a proof outweighs every hint',
      [evidence('local', 'faint'), evidence('utc', 'proof'), evidence('local', 'faint')],
      'utc',
      true,
    ],
    [
      'proofs that contradict each other are none',
      [evidence('local', 'proof'), evidence('utc', 'proof')],
      null,
      false,
    ],
    [
      'two faint hints that agree are as good as a proof',
      [evidence('local', 'faint'), evidence('local', 'faint')],
      'local',
      true,
    ],
    ['one faint hint alone is not sure', [evidence('utc', 'faint')], 'utc', false],
    [
      'hints that contradict each other tell nothing',
      [evidence('local', 'faint'), evidence('utc', 'faint')],
      null,
      false,
    ],
    ['nothing tells nothing', [], null, false],
  ] as [string, ClockEvidence[], string | null, boolean][])('%s', (_title, evidence, clock, isSure) => {
    expect(judgeEvidence(evidence)).toEqual({ clock, isSure });
  });

  test('fail a setting only where they are sure', () => {
    expect(judgeClock([evidence('utc', 'proof')], 'local')).toMatchObject({
      status: 'fail',
      do: 'set CARESOFT_CLOCK=utc',
      proposes: { setting: 'CARESOFT_CLOCK', value: 'utc' },
    });
    expect(judgeClock([evidence('utc', 'faint')], 'local')).toMatchObject({
      status: 'note',
      says: 'Times may be UTC, and CARESOFT_CLOCK is local: seen.',
    });
    expect(judgeClock([evidence('local', 'faint')], 'local')).toEqual({
      id: 'clock',
      status: 'ok',
      says: 'Times are probably local, as CARESOFT_CLOCK says: seen.',
    });
  });
});
