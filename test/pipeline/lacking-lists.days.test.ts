import { expect, test } from 'vitest';
import { addDays } from '../../functions/calendar/day.ts';
import { DAY, IMPATIENT, oneMachine } from './one-machine.ts';

test('no list to call back is followed up by a day that lacks a channel', async () => {
  const options = { chats: 40, faults: [{ name: 'dead', channel: 'zalo' }] } as const;
  const machine = await oneMachine(options, { LOOK_BACK: 'none' }, IMPATIENT);
  const before = await machine.report(addDays(DAY, -1));
  const { state, summary } = await machine.report();
  expect([before.state, state]).toEqual(['partial', 'partial']);
  expect(before.summary?.callbacks.length).toBeGreaterThan(0);
  expect(summary?.followUp).toBeNull();
});
