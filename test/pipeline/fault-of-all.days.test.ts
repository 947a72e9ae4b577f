import { describe, expect, test } from 'vitest';
import { type RangeOutcome, reportDays } from '../../bin/commands/run-days.ts';
import type { Message } from '../../functions/report/mail-message.ts';
import { TokenRefusedError } from '../../functions/sources/source.ts';
import { dayOfSlice, watchedSource } from '../watched-source.ts';
import { IMPATIENT, oneMachine } from './one-machine.ts';

const DAYS = ['2026-11-17', '2026-11-18', '2026-11-19', '2026-11-20'];
const REQUEST = { days: DAYS, refresh: false, resend: false };

describe('a fault that holds for every day', () => {
  test('ends a range where it shows, and leaves what was reported before', async () => {
    const machine = await oneMachine({ chats: 12 });
    const { account, context, ports } = machine.compose();
    const chatSource = watchedSource(ports.chatSource, (slice) => {
      if (dayOfSlice(slice) === '2026-11-19') throw new TokenRefusedError('the token was refused');
    });
    const changed = { ...ports, chatSource };
    const outcomes = await Array.fromAsync(reportDays(REQUEST, context, account, changed));
    expect(outcomes.map(({ day, state }) => [day, state])).toEqual([
      ['2026-11-17', 'reported'],
      ['2026-11-18', 'reported'],
      ['2026-11-19', 'unproven'],
      ['2026-11-20', 'unasked'],
    ]);
    expect(await machine.filesOf('outbox')).toEqual([
      '2026-11-17-report-manager@example.com.eml',
      '2026-11-18-report-manager@example.com.eml',
      '2026-11-19-notice-manager@example.com.eml',
    ]);
  });

  test.each([
    ['where nothing listens', {}],
    ['at a port that is for something else', { CARESOFT_BASE_URL: 'http://127.0.0.1:9/demo' }],
  ])(
    'such as a host %s is tried with one channel of one day, and told in one notice',
    async (_, settings) => {
      const machine = await oneMachine({ chats: 12 }, {}, IMPATIENT);
      await machine.simulator.close();
      const { account, context, ports } = machine.compose(settings);
      const sent: Message[] = [];
      const send = async (message: Message) => {
        sent.push(message);
        return 'sent';
      };
      const asked: string[] = [];
      const chatSource = watchedSource(ports.chatSource, (slice) => {
        asked.push(`${slice.channel} ${dayOfSlice(slice)}`);
      });
      const changed = { ...ports, chatSource, mailer: { ...ports.mailer, send } };
      const outcomes = await Array.fromAsync(reportDays(REQUEST, context, account, changed));
      expect(outcomes.map(({ state }) => state)).toEqual(['unproven', 'unasked', 'unasked', 'unasked']);
      expect(outcomes[3]).toMatchObject({ fault: { reason: 'unavailable', setting: 'CARESOFT_BASE_URL' } });
      expect(asked).toHaveLength(1);
      expect(sent.map(({ subject }) => subject)).toEqual([
        expect.stringMatching(/^Chat T3 17\/11.* – T6 20\/11.*: chưa có báo cáo, /),
      ]);
    },
  );

  test('such as a host that dies on the way is no fault of a setting', async () => {
    const machine = await oneMachine({ chats: 12 }, {}, IMPATIENT);
    const { account, context, ports } = machine.compose();
    const outcomes: RangeOutcome[] = [];
    for await (const outcome of reportDays(REQUEST, context, account, ports)) {
      outcomes.push(outcome);
      if (outcomes.length === 1) await machine.simulator.close();
    }
    expect(outcomes.map(({ state }) => state)).toEqual(['reported', 'unproven', 'unasked', 'unasked']);
    expect(outcomes[3]).toMatchObject({ fault: { reason: 'unavailable', holdsForAll: true } });
    expect(outcomes[3]).not.toHaveProperty('fault.setting');
  });

  test('asks no other channel of the day, but takes what is proven already', async () => {
    const machine = await oneMachine({ chats: 12 });
    const { account, context, ports } = machine.compose();
    const chatSource = watchedSource(ports.chatSource, () => {
      throw new TokenRefusedError('the token was refused');
    });
    const some = { ...account, channels: ['zalo'] as const, only: ['zalo'] as const };
    const one = { ...REQUEST, days: ['2026-11-20'] };
    await Array.fromAsync(reportDays(one, context, some, ports));
    const changed = { ...ports, chatSource };
    const [outcome] = await Array.fromAsync(reportDays(one, context, account, changed));
    expect(outcome).toMatchObject({
      completeness: {
        channels: {
          livechat: { reason: 'token-refused' },
          messenger: { reason: 'token-refused', setting: 'CARESOFT_TOKEN' },
          zalo: { verdict: 'proven' },
        },
      },
    });
  });
});
