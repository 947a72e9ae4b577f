import { addDays } from '../../functions/calendar/day.ts';
import { type Callback, MISS_REASONS, type Summary } from '../../functions/metrics/summary.ts';
import type { Waiting } from '../../functions/metrics/waiting.ts';
import type { EarlierDay } from '../../functions/report/baselines.ts';
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
import { listOf, waits } from './waiting-list.ts';

const NAMES = [
  'Ngô Bảo Châu',
  '<script>alert(1)</script>Trần Đình Trọng',
  'Huỳnh Phương Vỹ',
  'Công ty TNHH Thương mại & Dịch vụ "Ẩm Thực Việt" – chi nhánh Thủ Đức',
  'Lý Quỳnh Như',
  'Đặng Thị Hường',
  null,
  'Nguyễn Hoàng Bảo Trâm Anh Thư 🌸🌸🌸',
  '=HYPERLINK("http://example.com")',
  'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
];

const HOURS = byHour({
  1: [2, 0],
  6: [4, 0],
  7: [12, 1],
  8: [31, 2],
  9: [58, 3],
  10: [66, 4],
  11: [60, 4],
  12: [38, 3],
  13: [41, 3],
  14: [52, 19],
  15: [49, 5],
  16: [45, 3],
  17: [36, 3],
  18: [33, 3],
  19: [52, 4],
  20: [48, 6],
  21: [34, 6],
  22: [16, 1],
  23: [4, 0],
});
/** Few agents had the many chats of the afternoon. */
const STAFF = Object.fromEntries(
  HOURS.map(({ hour, chats }) => [
    hour,
    hour === 14 ? ([3, 6.4] as const) : ([Math.ceil(chats / 9), 2.5] as const),
  ]),
);
const BY_CHANNEL = { livechat: figures(147, 16), messenger: figures(317, 36), zalo: figures(217, 18) };

/** 681 chats of a retailer's Saturday, 70 of them missed, 28 customers to call; the names as strangers write them. */
export const BUSY_DAY: Summary = summary({
  byHour: HOURS,
  byChannelHour: byChannelHour(HOURS, BY_CHANNEL, {
    14: { livechat: [10, 2], messenger: [24, 14], zalo: [18, 3] },
  }),
  totals: { ...figures(681, 70), abandonWaitSeconds: { ...figures(681, 70).abandonWaitSeconds, p50: 95 } },
  byChannel: BY_CHANNEL,
  completeness: {
    verdict: 'proven',
    channels: {
      livechat: proven(147),
      messenger: proven(317, { duplicates: 3, rows: 320 }),
      zalo: proven(217),
    },
  },
  byAgent: [
    keyed('anh@shop.vn', 'Nguyễn Thị Ánh', 120, 4),
    keyed('viet@shop.vn', 'Đoàn Quốc Việt', 103, 9),
    keyed('duyen@shop.vn', 'Lê Mỹ Duyên', 86, 2),
    keyed('nghia@shop.vn', 'Phạm Hữu Nghĩa', 69, 13),
    keyed('an@shop.vn', 'Vũ Ngọc Ẩn', 52, 5),
    keyed('an2@shop.vn', 'Vũ Ngọc Ẩn', 41, 2),
    keyed(null, undefined, 30, 30),
    ...Array.from({ length: 7 }, (_, index) => keyed(`agent${index}@shop.vn`, undefined, 25 - index, 0)),
  ],
  byGroup: [
    keyed('Bán hàng online', undefined, 410, 44),
    keyed('Chăm sóc sau bán', undefined, 241, 20),
    keyed(null, undefined, 30, 6),
  ],
  byService: [keyed('10042', 'Fanpage Điện máy', 317, 36), keyed('10043', undefined, 364, 34)],
  byLandingPage: [
    keyed(null, undefined, 534, 54),
    keyed(
      'shop.vn/khuyen-mai/thang-11/may-giat-cua-truoc-inverter-9kg-gia-soc-cuoi-tuan-giam-den-50-phan-tram',
      undefined,
      61,
      9,
    ),
    keyed('shop.vn/', undefined, 50, 4),
    keyed('shop.vn/lien-he', undefined, 36, 3),
  ],
  businessHours: {
    hours: 'Mon-Sun 08:00-22:00',
    inside: figures(643, 68),
    outside: figures(38, 2),
  },
  targets: { missedRate: 0.08, serviceLevel: null },
  workload: workload(STAFF, { missed: 30, missedInside: 29 }),
  missCauses: { outOfHours: 2, agentsBusy: 31, leftEarly: 9, unknown: 28 },
  recovered: 30,
  followUp: {
    day: '2026-11-20',
    generatedAt: '2026-11-20T23:00:12.000Z',
    ...{ customers: 9, answered: 6, missedAgain: 1, silent: 2, unrecognizable: 0 },
  },
  callbacks: Array.from({ length: 28 }, (_, index) => busyCallback(index)),
});

function busyCallback(index: number): Callback {
  const name = NAMES[index % NAMES.length] ?? null;
  const time = `${String(21 - Math.floor(index / 2)).padStart(2, '0')}:${String((index * 17) % 60).padStart(2, '0')}`;
  return callback(name, index < 2 ? 3 : index < 6 ? 2 : 1, time, {
    customer: {
      key: `id:${index}`,
      name,
      phone: index % 3 === 2 ? null : `09${index % 10}****${100 + index}`,
      email: index % 4 === 1 ? 'k***h@gmail.com' : null,
    },
    channels: index % 5 === 0 ? ['messenger', 'zalo'] : index % 2 === 0 ? ['zalo'] : ['messenger'],
    lastChannel: index % 2 === 0 ? 'zalo' : 'messenger',
    replyBy: `2026-11-${index % 2 === 0 ? 23 : 22}T${time}:10+07:00`,
    waitedSeconds: index % 7 === 6 ? null : 40 + index * 23,
    cause: MISS_REASONS[index % MISS_REASONS.length] ?? 'unknown',
    agent: index % 5 === 3 ? { email: 'nghia@shop.vn', name: 'Phạm Hữu Nghĩa' } : null,
    ticketNo: index % 6 === 5 ? null : String(204_800 + index),
  });
}

/** Thirteen days before it, one of them without a report. */
export const BUSY_HISTORY: readonly EarlierDay[] = [
  ...[612, 598, 640, 0, 702, 688, 671, 631, 617, 633, 649, 710, 653].entries(),
].flatMap(([place, chats]) =>
  chats === 0
    ? []
    : [
        {
          day: addDays('2026-11-21', place - 13),
          totals: figures(chats, Math.round(chats * (0.055 + (place % 4) * 0.008))),
          byChannel: {
            livechat: figures(Math.round(chats * 0.2), Math.round(chats * 0.012)),
            messenger: figures(Math.round(chats * 0.45), Math.round(chats * 0.03)),
            zalo: figures(Math.round(chats * 0.35), Math.round(chats * 0.022)),
          },
          inside: figures(chats - 36, Math.round(chats * (0.055 + (place % 4) * 0.008)) - 2),
          workload: usual({ ...STAFF, 14: [7, 2.6] }),
        },
      ],
);

const NO_CONTACT = { name: 'Khách LiveChat', phone: null, email: null };

/** By the morning after: one of the list was answered, and others wait since the days before. */
export const BUSY_LIST: Waiting = listOf(
  BUSY_DAY,
  [
    ...BUSY_DAY.callbacks.slice(0, 1),
    ...BUSY_DAY.callbacks.slice(2),
    waits('Bùi Thị Cẩm Tú', '07:10', {
      channels: ['zalo'],
      lastChannel: 'zalo',
      customer: { ...NO_CONTACT, key: 'id:zalo', name: 'Bùi Thị Cẩm Tú' },
      ...{ firstMissedAt: '2026-11-20T07:10:10+07:00', lastMissedAt: '2026-11-20T07:10:10+07:00' },
      ...{ replyBy: '2026-11-22T07:10:10+07:00', ticketNo: '204700' },
    }),
    waits('Hồ Văn Lâu', '09:00', {
      customer: { ...NO_CONTACT, key: 'id:late', name: 'Hồ Văn Lâu' },
      ...{ firstMissedAt: '2026-11-19T09:00:10+07:00', lastMissedAt: '2026-11-19T09:00:10+07:00' },
      ...{ replyBy: '2026-11-20T09:00:10+07:00', ticketNo: '204600' },
    }),
    ...Array.from({ length: 5 }, (_, place) =>
      waits('Khách LiveChat', `1${place}:20`, {
        ...{ channels: ['livechat'], lastChannel: 'livechat', replyBy: null, agent: null },
        customer: { ...NO_CONTACT, key: `chat:${place}` },
        ...{ cause: 'agentsBusy', ticketNo: String(204_500 + place) },
      }),
    ),
  ].map((one) => ({ ...one, callbacks: [one.customer.key] })),
  { answered: [{ key: 'id:1', at: '2026-11-22T05:31:00+07:00', channel: 'messenger' }] },
);

/** The same for a reader who may see contacts: numbers that can be dialled, and addresses. */
export const BUSY_WITH_CONTACTS: Summary = {
  ...BUSY_DAY,
  contacts: 'full',
  callbacks: BUSY_DAY.callbacks.map((one, place) => ({
    ...one,
    customer: {
      ...one.customer,
      phone: one.customer.phone === null ? null : `09${place % 10} 123 4${100 + place}`.slice(0, 12),
      email: one.customer.email === null ? null : `khach${place}@example.com`,
    },
  })),
};
