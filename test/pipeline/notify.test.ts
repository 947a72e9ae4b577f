import { expect, test } from 'vitest';
import type { Account } from '../../functions/config/account.ts';
import type { Notification, Notifier } from '../../functions/delivery/notification.ts';
import { type LogEvent, openLog } from '../../functions/observability/log.ts';
import type { DurableContext } from '../../functions/pipeline/durable.ts';
import { notifyChanges } from '../../functions/pipeline/notify.ts';
import { createChange, toSequence } from '../../functions/storage/changes.ts';
import { memoryLake } from '../web/memory-lake.ts';

const once: DurableContext = { step: (_name, run) => run(), wait: async () => {}, yieldNow: async () => {} };
const account = { name: 'demo', lakeUri: 'out/lake' } as Account;
const NOW = Date.parse('2026-11-21T00:00:00Z');
const DAY_MS = 86_400_000;

/** A lake that had so many changes, one a day until now. */
async function lakeOf(days: number) {
  const lake = memoryLake();
  const keep = (ago: number) =>
    createChange(lake, {
      schema: 'chat-report/change/1',
      sequence: toSequence(100 - ago, 1),
      at: new Date(NOW - ago * DAY_MS).toISOString(),
      day: '2026-11-20',
      kind: 'revised',
      verdict: 'proven',
      definitions: 3,
      channels: {},
    });
  for (let ago = days - 1; ago >= 0; ago -= 1) await keep(ago);
  return lake;
}

/** Who listens; from the given change on they cannot be told. @param ms how long each takes */
function listener(name: string, clock: { now: number }, ms = 0) {
  const heard: string[] = [];
  const state = { fails: false };
  const notifier: Notifier = {
    name,
    async notify(told: Notification) {
      if (state.fails) throw new Error('it is down');
      clock.now += ms;
      heard.push(told.schema === 'chat-report/changed/1' ? told.sequence : told.day);
    },
  };
  return { notifier, heard, state };
}

async function setUp(days: number, ms = 0) {
  const lake = await lakeOf(days);
  const clock = { now: NOW };
  const [bus, hook] = [listener('bus', clock, ms), listener('hook', clock)];
  const logged: LogEvent[] = [];
  const tell = (notifiers = [bus.notifier, hook.notifier]) =>
    notifyChanges(
      once,
      account,
      {
        lake,
        notifiers,
        log: openLog((_level, entry) => logged.push(entry)),
        clock: { now: () => clock.now },
      },
      '',
    );
  return { lake, clock, bus, hook, logged, tell };
}

const sequences = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, place) => toSequence(from + place, 1));

test('each change is told once to each listener, in order, and none that is long past', async () => {
  const { bus, hook, tell } = await setUp(30);
  await tell();
  // Seven days back, and now.
  expect(bus.heard).toEqual(sequences(93, 100));
  expect(hook.heard).toEqual(bus.heard);
  await tell();
  expect(hook.heard).toHaveLength(8);
});

test('one who cannot be told is told by the next run, and holds up no other', async () => {
  const { bus, hook, logged, tell } = await setUp(3);
  bus.state.fails = true;
  await tell();
  expect([bus.heard, hook.heard]).toEqual([[], sequences(98, 100)]);
  expect(logged).toEqual([{ event: 'announcement-failed', to: 'bus', problem: 'Error: it is down' }]);
  bus.state.fails = false;
  await tell();
  expect([bus.heard, hook.heard]).toEqual([sequences(98, 100), sequences(98, 100)]);
});

test('a run without a listener leaves it to the next, and a slow listener is told in several steps', async () => {
  const { lake, bus, tell } = await setUp(5, 40_000);
  await tell([]);
  expect(await Array.fromAsync(lake.list('changes/told'))).toEqual([]);
  await tell();
  expect(bus.heard).toEqual(sequences(96, 100));
});
