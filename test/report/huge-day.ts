import type { KeyedFigures, Summary } from '../../functions/measure/summary.ts';
import { byHour, callback, keyed, summary } from './fixture.ts';

/** More of everything than any account has, each text of strangers being the given one. */
export function hugeDay(text: string): Summary {
  const many = (count: number): KeyedFigures[] =>
    Array.from({ length: count }, (_, index) => keyed(`${text}${index}`, text, 1_250_000, 250_000));
  return summary({
    byHour: byHour(Object.fromEntries(Array.from({ length: 24 }, (_, hour) => [hour, [400_000, 90_000]]))),
    byAgent: many(500),
    byGroup: many(500),
    byService: many(500),
    byLandingPage: many(1_000),
    filters: {
      chatType: 'inbound',
      groups: Array(500).fill(text),
      services: Array(500).fill(text),
      assignees: [text],
    },
    callbacks: Array.from({ length: 300 }, () =>
      callback(text, 12, '14:00', {
        customer: { key: text, name: text, phone: text, email: text },
        channels: ['livechat', 'messenger', 'zalo'],
        ticketNo: text,
      }),
    ),
  });
}
