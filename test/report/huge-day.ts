import { addDays } from '../../functions/calendar/day.ts';
import type { KeyedFigures, Summary } from '../../functions/metrics/summary.ts';
import type { EarlierDay } from '../../functions/report/baselines.ts';
import type { RestatedDay } from '../../functions/report/earlier-days.ts';
import {
  byChannelHour,
  byHour,
  callback,
  figures,
  keyed,
  proven,
  summary,
  usual,
  workload,
} from './fixture.ts';

const HOURS = byHour(Object.fromEntries(Array.from({ length: 24 }, (_, hour) => [hour, [400_000, 90_000]])));
const BY_CHANNEL = {
  livechat: figures(3_200_000, 720_000),
  messenger: figures(3_200_000, 720_000),
  zalo: figures(3_200_000, 720_000),
};
const EVEN = { livechat: [133_333, 30_000], messenger: [133_333, 30_000], zalo: [133_334, 30_000] } as const;

/** More of everything than any account has, each text of strangers being the given one. */
export function hugeDay(text: string): Summary {
  const many = (count: number): KeyedFigures[] =>
    Array.from({ length: count }, (_, index) => keyed(`${text}${index}`, text, 1_250_000, 250_000));
  return summary({
    contacts: 'full',
    byHour: HOURS,
    byChannel: BY_CHANNEL,
    byChannelHour: byChannelHour(HOURS, BY_CHANNEL, Object.fromEntries(HOURS.keys().map((of) => [of, EVEN]))),
    totals: figures(9_600_000, 2_160_000, 123_456),
    completeness: {
      verdict: 'proven',
      channels: {
        livechat: proven(3_200_000, { duplicates: 12_345, conflicts: 2_345, rejected: 345, outsideDay: 45 }),
        messenger: proven(3_200_000),
        zalo: proven(3_200_000),
      },
    },
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
    looks: { state: 'provisional', last: '2026-11-28' },
    revisions: Array.from({ length: 20 }, () => ({
      at: '2026-11-22T23:00:00.000Z',
      channel: 'zalo',
      ...OTHERWISE,
    })),
    businessHours: {
      hours: 'Mon-Thu 08:00-12:00 13:00-21:00, Fri 08:00-11:30 13:30-21:00, Sat-Sun 09:00-18:00',
      ...{ inside: figures(9_000_000, 2_000_000), outside: figures(600_000, 160_000) },
    },
    targets: { missedRate: 0.08, serviceLevel: 0.8 },
    workload: workload(Object.fromEntries(HOURS.keys().map((of) => [of, [1_234, 123.4]])), {
      ...{ missed: 123_456, missedInside: 123_456 },
    }),
    recovered: 123_456,
    followUp: {
      ...{ day: '2026-11-20', generatedAt: '2026-11-20T23:00:12.000Z', customers: 123_456 },
      ...{ answered: 100_000, missedAgain: 20_000, silent: 3_000, unrecognizable: 456 },
    },
    // Every other of them can be dialled, which takes a link.
    callbacks: Array.from({ length: 300 }, (_, index) =>
      callback(text, 12, '14:00', {
        customer: {
          key: `${text}${index}`,
          name: text,
          phone: index % 2 === 0 ? '+84 (901) 234-567' : text,
          email: text,
        },
        channels: ['livechat', 'messenger', 'zalo'],
        replyBy: '2026-11-23T14:00:10+07:00',
        waitedSeconds: 86_399,
        ticketNo: text,
      }),
    ),
  });
}

const OTHERWISE = {
  was: { chats: 9_600_000, answered: 7_000_000, missed: 2_400_000, other: 200_000 },
  is: { chats: 9_700_000, answered: 7_200_000, missed: 2_360_000, other: 140_000 },
};

/** Worse than which it is in every way. */
export const HUGE_HISTORY: readonly EarlierDay[] = Array.from({ length: 13 }, (_, place) => ({
  day: addDays('2026-11-21', place - 13),
  totals: figures(7_600_000, 1_160_000),
  byChannel: BY_CHANNEL,
  inside: figures(7_600_000, 1_160_000),
  workload: usual(Object.fromEntries(HOURS.keys().map((of) => [of, [2_345, 23.4]]))),
}));

/** @param text the name of each customer */
export function hugeRevised(text: string): readonly RestatedDay[] {
  const customers = Array.from({ length: 300 }, (_, place) => ({
    ...{ key: `id:${place}`, name: text, phone: text, email: text },
  }));
  return Array.from({ length: 20 }, (_, place) => ({
    day: addDays('2026-11-21', place - 20),
    ...OTHERWISE,
    ...{ added: customers, gone: customers },
  }));
}
