import type { ChannelCoverage, UnprovenReason } from '../../functions/capture/coverage.ts';
import type { Summary } from '../../functions/metrics/summary.ts';
import { BUSY_DAY, BUSY_HISTORY } from './busy-day.ts';
import { byChannelHour, byHour, callback, figures, keyed, proven, summary } from './fixture.ts';

/** As what was found of a channel of which nothing could be had. */
export function missing(reason: UnprovenReason, more: Partial<ChannelCoverage> = {}): ChannelCoverage {
  const nothing = {
    rows: 0,
    unique: 0,
    pages: 0,
    numFoundBefore: null,
    numFoundAfter: null,
    captureId: null,
  };
  return { ...proven(0), ...nothing, verdict: 'unproven', reason, ...more };
}

const HOURS = byHour({ 8: [41, 2], 9: [96, 5], 10: [83, 6], 14: [118, 22], 15: [77, 6], 20: [65, 6] });
const BY_CHANNEL = { livechat: figures(150, 12), messenger: figures(330, 35) };

/** Of the busy day's account: Zalo could not be read, 480 chats of the others, 47 missed, 3 customers to call. */
export const PARTIAL_DAY: Summary = summary({
  byHour: HOURS,
  byChannelHour: byChannelHour(HOURS, BY_CHANNEL),
  totals: figures(480, 47),
  byChannel: BY_CHANNEL,
  completeness: {
    verdict: 'partial',
    channels: {
      livechat: proven(150),
      messenger: proven(330),
      zalo: missing('unavailable', {
        detail: 'HTTP 502 after 9 tries',
        pages: 1,
        rows: 120,
        unique: 120,
        numFoundBefore: 217,
      }),
    },
  },
  byAgent: [
    keyed('anh@shop.vn', 'Nguyễn Thị Ánh', 240, 8),
    keyed('viet@shop.vn', 'Đoàn Quốc Việt', 205, 4),
    keyed(null, undefined, 35, 35),
  ],
  businessHours: BUSY_DAY.businessHours && {
    ...BUSY_DAY.businessHours,
    inside: figures(470, 45),
    outside: figures(10, 2),
  },
  missCauses: { outOfHours: 2, agentsBusy: 30, leftEarly: 5, unknown: 10 },
  recovered: 9,
  callbacks: [
    callback('Ngô Thị N', 2, '14:40'),
    callback('Lý Thị P', 1, '15:31'),
    callback('Mai Thị R', 1, '20:05', { channels: ['livechat'], lastChannel: 'livechat', replyBy: null }),
  ],
});

/** The days before it, of the two channels alone; on one of them Messenger is missing. */
export const PARTIAL_HISTORY = {
  history: BUSY_HISTORY.filter(({ day }) => day !== '2026-11-19').map(
    ({ day, byChannel: { zalo: _, ...byChannel } }) => {
      const { livechat, messenger } = byChannel;
      const chats = (livechat?.chats ?? 0) + (messenger?.chats ?? 0);
      const missed = (livechat?.missed ?? 0) + (messenger?.missed ?? 0);
      const waitSeconds = { ...figures(chats, missed).waitSeconds, p50: null };
      return {
        ...{ day, byChannel, inside: null, workload: null },
        totals: { ...figures(chats, missed), waitSeconds },
      };
    },
  ),
  lacking: [{ day: '2026-11-19', channels: ['messenger'] }],
} as const;
