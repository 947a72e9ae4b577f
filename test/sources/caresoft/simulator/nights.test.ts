import { describe, expect, it } from 'vitest';
import { CHANNELS } from '../../../../functions/chats/channel.ts';
import type {
  Simulator,
  SimulatorOptions,
} from '../../../../functions/sources/caresoft/simulator/simulator.ts';
import { dayNumberOf, dayOf } from '../../../../functions/sources/caresoft/simulator/wire-time.ts';
import { ask, askChats, chatsPath, columnsOf } from './ask.ts';
import { startOne } from './start-one.ts';

const DAY = '2026-11-10';
const HOUR = 3_600_000;
const LIVE = { deaths: [], lockouts: [] };

/** Midnight after the day, in Vietnam, and so many hours more. */
const hoursAfter = (day: string, hours: number): number => Date.parse(`${day}T17:00:00Z`) + hours * HOUR;
const iso = (instant: number): string => new Date(instant).toISOString();

async function openNight(options: SimulatorOptions, from = hoursAfter(DAY, 0)) {
  const time = { now: from };
  const simulator = await startOne([], {
    chats: 0,
    chatsByChannel: { messenger: 40, zalo: 12, livechat: 4 },
    now: () => time.now,
    ...options,
  });
  return { simulator, time };
}

const kindsOf = (simulator: Simulator, days: readonly string[]): string[] =>
  days.flatMap((day) =>
    CHANNELS.flatMap((channel) => simulator.changes(channel, day).map(({ what }) => what)),
  );

describe('a night', () => {
  const days = Array.from({ length: 12 }, (_, at) => dayOf(dayNumberOf(DAY) - at));

  it('changes days that are over, at midnight and at no other time, the same ones for the same seed', async () => {
    const one = await openNight({ nights: LIVE });
    const other = await openNight({ nights: LIVE }, hoursAfter(DAY, 30 * 24));
    const seen = new Set<string>();
    for (let hours = 0; hours <= 12 * 24; hours += 6) {
      one.time.now = hoursAfter(DAY, hours);
      const rows = CHANNELS.map((channel) => one.simulator.rows(channel, DAY));
      if (hours % 24 === 0) seen.add(JSON.stringify(rows));
      expect(seen).toContain(JSON.stringify(rows));
      expect(CHANNELS.map((channel) => other.simulator.heldBy(channel, DAY, one.time.now))).toEqual(rows);
    }
    expect(seen.size).toBeGreaterThan(3);
    expect(seen.size).toBeLessThanOrEqual(8);
    const differently = await openNight({ nights: LIVE, seed: 2 }, hoursAfter(DAY, 30 * 24));
    expect(kindsOf(differently.simulator, days)).not.toEqual(kindsOf(other.simulator, days));
  });

  it('has chats arrive, become answered and missed, end, and vanish; some of it leaves the counts', async () => {
    const { simulator } = await openNight({ nights: LIVE }, hoursAfter(DAY, 30 * 24));
    expect(new Set(kindsOf(simulator, days))).toEqual(
      new Set(['came', 'went', 'answered', 'missed', 'opened', 'ended']),
    );
    const isCounted = (rows: readonly unknown[], status: string): number =>
      rows.filter((row) => JSON.stringify(row).includes(`LBL_CHAT_STATUS_${status}"`)).length;
    const counts = (day: string, night: number): number[] => {
      const rows = simulator.heldBy('messenger', day, hoursAfter(day, 24 * night));
      return [rows.length, isCounted(rows, 'MISS'), isCounted(rows, 'MEET')];
    };
    const still = days.flatMap((day) =>
      [1, 2, 3, 4, 5, 6, 7].filter(
        (night) =>
          String(counts(day, night)) === String(counts(day, night - 1)) &&
          JSON.stringify(simulator.heldBy('messenger', day, hoursAfter(day, 24 * night))) !==
            JSON.stringify(simulator.heldBy('messenger', day, hoursAfter(day, 24 * (night - 1)))),
      ),
    );
    expect(still.length).toBeGreaterThan(0);
  });

  it('is what the next request meets, and no earlier one', async () => {
    const { simulator, time } = await openNight({ nights: LIVE });
    const held: unknown[][] = [];
    for (let night = 0; night < 8; night += 1) {
      time.now = hoursAfter(DAY, 24 * night + 6);
      const { chats } = await askChats(simulator, 'messenger', DAY, { count: 500 });
      expect(chats.toReversed()).toEqual(simulator.heldBy('messenger', DAY, time.now));
      held.push(chats.toReversed());
    }
    for (const [at, rows] of held.entries()) {
      expect(simulator.heldAt('messenger', DAY, at + 1)).toEqual(rows);
    }
    for (const seen of simulator.seen.entries)
      expect(seen.said?.numFound).toBe(simulator.heldFor(seen).length);
  });

  it('ends what was open, and says when it was', async () => {
    const { simulator } = await openNight({ nights: LIVE }, hoursAfter(DAY, 30 * 24));
    const openOn = (day: string, night: number): unknown[] =>
      simulator
        .heldBy('messenger', day, hoursAfter(day, 24 * night))
        .filter((row) => JSON.stringify(row).includes('"end_time":null,'))
        .map((row) => Object(row).conversation_id);
    const closed = days.flatMap((day) => openOn(day, 0).filter((id) => !openOn(day, 8).includes(id)));
    expect(closed.length).toBeGreaterThan(0);
  });

  it('changes nothing from a morning on', async () => {
    const { simulator, time } = await openNight({ nights: { ...LIVE, quietFrom: '2026-11-13' } });
    const [second, later] = [25, 30 * 24].map((hours) => {
      time.now = hoursAfter(DAY, hours);
      return CHANNELS.map((channel) => simulator.rows(channel, DAY));
    });
    expect(later).toEqual(second);
    expect(kindsOf(simulator, ['2026-11-12', '2026-11-13'])).toEqual([]);
  });
});

describe('a dead channel', () => {
  const from = iso(hoursAfter(DAY, 0));
  const to = iso(hoursAfter(DAY, 9));
  const dead = { channel: 'zalo', from, to } as const;
  const path = chatsPath('zalo', DAY, { count: 1 });

  it('refuses in words, answers HTTP 500, counts one more than there is, or breaks off; and is well again', async () => {
    const said = async (by: 'refused' | 'busy' | 'counts' | 'cut'): Promise<unknown> => {
      const { simulator, time } = await openNight({
        nights: { changes: false, deaths: [{ ...dead, by }], lockouts: [] },
      });
      const { status, text } = await ask(simulator, path).catch(() => ({ status: 0, text: 'cut' }));
      expect((await askChats(simulator, 'messenger', DAY)).numFound).toBe(40);
      time.now = Date.parse(to);
      expect((await askChats(simulator, 'zalo', DAY)).numFound).toBe(12);
      return [status, /"message":"[^"]*"|"numFound":\d+|cut/.exec(text)?.[0]];
    };
    expect(await said('refused')).toEqual([200, '"message":"Kênh Zalo chưa được đăng ký"']);
    expect(await said('busy')).toEqual([500, undefined]);
    expect(await said('counts')).toEqual([200, '"numFound":13']);
    expect(await said('cut')).toEqual([0, 'cut']);
  });

  it('may be so for one day alone', async () => {
    const { simulator } = await openNight({
      nights: { changes: false, deaths: [{ ...dead, by: 'busy', day: DAY }], lockouts: [] },
    });
    expect((await ask(simulator, path)).status).toBe(500);
    expect((await askChats(simulator, 'zalo', '2026-11-09')).numFound).toBe(12);
  });

  it('is drawn now and then, as is a lockout, and tells so', async () => {
    const { simulator, time } = await openNight({ nights: { quietFrom: '2027-01-01' } });
    const mornings = Array.from({ length: 40 }, (_, day) => hoursAfter(DAY, 24 * day + 6));
    const all = mornings.flatMap((morning) => simulator.deadAt(morning).map((one) => ({ ...one, morning })));
    const kinds = all.map((one) => ('channel' in one ? one.by : 'lockout'));
    expect(new Set(kinds)).toEqual(new Set(['refused', 'busy', 'counts', 'cut', 'lockout']));
    for (const { morning, ...one } of all.filter((other) => !('channel' in other))) {
      time.now = morning;
      const { status, text } = await ask(simulator, chatsPath('zalo', DAY));
      expect([status, text]).toEqual([404, expect.stringMatching(/retry after \d+ minutes/)]);
      time.now = Date.parse(one.to);
      expect(simulator.deadAt(time.now)).not.toContainEqual(one);
    }
    time.now = Date.parse('2027-01-10T00:00:00Z');
    expect(simulator.deadAt(time.now)).toEqual([]);
  });
});

it('is asked for', async () => {
  const { simulator, time } = await openNight({});
  const before = columnsOf(simulator, 'messenger', DAY);
  time.now = hoursAfter(DAY, 30 * 24);
  expect(columnsOf(simulator, 'messenger', DAY)).toEqual(before);
  expect(simulator.changes('messenger', DAY)).toEqual([]);
  expect(simulator.deadAt(time.now)).toEqual([]);
});
