import { describe, expect, test } from 'vitest';
import { openZone } from '../../functions/calendar/time-zone.ts';
import type { Chat } from '../../functions/chats/chat.ts';
import { AgentsAtWork } from '../../functions/metrics/miss-causes.ts';
import { fc } from '../property.ts';
import { countUnassigned, workByHour } from '../recompute-workload.ts';
import { anyChats, at, chat, measure } from './chats.ts';

const DAY = '2026-11-21';
const ZONE = 'Asia/Ho_Chi_Minh';

/** A chat that an agent was in from one time to another. */
const served = (agent: string | null, from: string, to: string, changes: Partial<Chat> = {}) =>
  chat({
    ...{ agentEmail: agent && `${agent}@x.vn`, startedAt: at(from), metAt: at(from), endedAt: at(to) },
    ...changes,
  });

/** The hours in which an agent was active: how many, and how many chats each held. */
async function workOf(chats: readonly Chat[]) {
  const { workload } = await measure(chats);
  return (workload?.byHour ?? expect.unreachable())
    .filter(({ agents }) => agents > 0)
    .map(({ hour, agents, chatsAtOnce }) => [hour, agents, chatsAtOnce]);
}

describe('the agents at work in an hour', () => {
  test('are those with an answered chat that touches it, both its ends included', async () => {
    const chats = [
      served('a', '08:59:59', '09:00:30'),
      served('b', '09:30:00', '10:00:00'),
      served('b', '09:40:00', '09:41:00'),
    ];
    expect(await workOf(chats)).toEqual([
      [8, 1, null],
      [9, 2, 32 / 31],
      [10, 1, null],
    ]);
  });

  test('hold as many chats as they are in on the full minutes on which they are in one', async () => {
    const [one, other] = [served('a', '09:00:00', '09:10:00'), served('a', '09:05:00', '09:10:00')];
    expect(await workOf([one])).toEqual([[9, 1, 1]]);
    expect(await workOf([one, other])).toEqual([[9, 1, 15 / 10]]);
    expect(await workOf([one, other, served('b', '09:05:00', '09:10:00')])).toEqual([[9, 2, 20 / 15]]);
  });

  test('hold one at once where one chat comes after another', async () => {
    const chats = Array.from({ length: 20 }, (_, place) => {
      const clock = (second: number) =>
        `09:${String(Math.floor(second / 60)).padStart(2, '0')}:${String(second % 60).padStart(2, '0')}`;
      return served('a', clock(place * 90), clock((place + 1) * 90));
    });
    expect(await workOf(chats)).toEqual([[9, 1, 1]]);
  });

  test('hold hundreds too, as an account of a program does', async () => {
    const chats = Array.from({ length: 700 }, () => served('bot', '09:00:00', '09:30:00'));
    expect(await workOf(chats)).toEqual([[9, 1, 700]]);
  });

  test('are active, in no chat that is known, in the hour of a chat whose times are not known', async () => {
    for (const times of [{ metAt: null }, { endedAt: null }, { endedAt: at('08:00:00') }]) {
      expect(await workOf([served('a', '09:59:59', '10:30:00', times)])).toEqual([[9, 1, null]]);
    }
  });

  test('are told apart by how their e-mail reads, and none is where it reads as nothing', async () => {
    const spelled = served('a', '09:00:00', '09:10:00', { agentEmail: 'a\u00ad@x.vn' });
    expect(await workOf([served('a', '09:00:00', '09:10:00'), spelled])).toEqual([[9, 1, 2]]);
    expect(await workOf([served(null, '09:00:00', '09:10:00')])).toEqual([]);
    expect(await workOf([{ ...spelled, agentEmail: '\u200b' }])).toEqual([]);
    expect(await workOf([{ ...spelled, status: 'missed' }])).toEqual([]);
  });

  test('are not told of the next day', async () => {
    const overMidnight = served('a', '23:30:00', '23:30:00', { endedAt: at('03:00:00', '2026-11-22') });
    expect(await workOf([overMidnight])).toEqual([[23, 1, 1]]);
    const tomorrow = { metAt: at('00:05:00', '2026-11-22'), endedAt: at('01:00:00', '2026-11-22') };
    expect(await workOf([served('a', '23:58:00', '23:58:00', tomorrow)])).toEqual([]);
  });

  test.each([
    ['2026-11-01', [1, 1, 2], [2, 0, null]],
    ['2026-03-08', [2, 0, null], [3, 1, 1]],
  ] as const)('are of the hour that the clock says, on %s too, when it is put', (day, first, second) => {
    const zone = openZone('America/New_York');
    const moment = (clock: string) => zone.fromWall(at(clock, day).wallSeconds);
    const agents = new AgentsAtWork(moment('00:00:00').epochSeconds);
    const add = (startedAt: { epochSeconds: number }, minutes: number) => {
      const from = zone.fromEpoch(startedAt.epochSeconds);
      const to = zone.fromEpoch(startedAt.epochSeconds + minutes * 60);
      agents.add(chat({ agentEmail: 'a@x.vn', startedAt: from, metAt: from, endedAt: to }));
    };
    const changes = moment('01:59:59').epochSeconds + 1;
    // The hour before the clock is put, and the one that comes then.
    add({ epochSeconds: day === '2026-11-01' ? changes - 1_800 : changes }, 20);
    add({ epochSeconds: day === '2026-11-01' ? changes - 1_800 : changes + 1_800 }, 20);
    const byHour = agents.toByHour(zone);
    const told = (hour: number) => [hour, byHour[hour]?.agents, byHour[hour]?.chatsAtOnce];
    expect([told(first[0]), told(second[0])]).toEqual([first, second]);
  });

  test('are counted in one pass as by looking at every chat on every minute, in whatever order', async () => {
    const business = 'Mon-Fri 08:00-18:00, Sat 09:00-15:30';
    const orders = anyChats.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
    );
    await fc.assert(
      fc.asyncProperty(orders, fc.constantFrom(null, business), async ([all, shuffled], businessHours) => {
        const { workload, byAgent } = await measure(all, { businessHours });
        expect((await measure(shuffled, { businessHours })).workload).toEqual(workload);
        expect(workload).toEqual({
          byHour: workByHour(all.map(plain), DAY, ZONE),
          unassigned: countUnassigned(all.map(plain), businessHours ?? undefined),
        });
        const distinct = new Set(all.flatMap(({ agentEmail }) => agentEmail ?? [])).size;
        for (const { agents, chatsAtOnce } of workload?.byHour ?? []) {
          expect(agents).toBeLessThanOrEqual(distinct);
          expect(chatsAtOnce ?? 1).toBeGreaterThanOrEqual(1);
          expect(chatsAtOnce !== null && agents === 0).toBe(false);
        }
        const unnamed = byAgent.find(({ key }) => key === null);
        expect(workload?.unassigned.missed).toBe(unnamed?.missed ?? 0);
      }),
      { numRuns: 40 },
    );
  });
});

/** As the recomputation has a chat. */
function plain({ startedAt, metAt, endedAt, status, agentEmail }: Chat) {
  return {
    ...{
      start: startedAt.epochSeconds,
      meet: metAt?.epochSeconds ?? null,
      end: endedAt?.epochSeconds ?? null,
    },
    wall: new Date(startedAt.wallSeconds * 1_000).toISOString().slice(0, 19).replace('T', ' '),
    ...{ status, agent: agentEmail },
  };
}

describe('the missed chats that no agent was given', () => {
  test('are those without an e-mail, inside the hours of business too', async () => {
    const missed = (clock: string, agentEmail: string | null) =>
      chat({ status: 'missed', startedAt: at(clock), agentEmail });
    const chats = [
      ...[missed('07:59:59', null), missed('08:00:00', null), missed('09:00:00', '\u200b')],
      ...[missed('09:00:00', 'a@x.vn'), chat({ status: 'other' }), chat()],
    ];
    expect((await measure(chats)).workload?.unassigned).toEqual({ missed: 3, missedInside: null });
    const { workload } = await measure(chats, { businessHours: 'Sat 08:00-12:00' });
    expect(workload?.unassigned).toEqual({ missed: 3, missedInside: 2 });
  });
});
