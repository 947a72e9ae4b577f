import type { WaitingCustomer } from '../../functions/metrics/waiting.ts';
import type { StillOpen } from '../../functions/report/notice.ts';
import { callback } from './fixture.ts';

/** One who waits since the evening of 20 November; times are as they stand in the lake. */
export function stillWaits(name: string | null, more: Partial<WaitingCustomer> = {}): WaitingCustomer {
  return {
    ...callback(name, 1, '19:26'),
    firstMissedAt: '2026-11-20T14:10:10+07:00',
    lastMissedAt: '2026-11-20T19:26:10+07:00',
    channels: ['zalo'],
    lastChannel: 'zalo',
    replyBy: '2026-11-22T19:26:10+07:00',
    callbacks: [],
    ...more,
  };
}

/** As the mail of 20 November had it. */
export function stillOpen(waiting: readonly WaitingCustomer[]): StillOpen {
  return {
    day: '2026-11-20',
    timeZone: 'Asia/Ho_Chi_Minh',
    asOf: '2026-11-21T06:05:00+07:00',
    contacts: 'masked',
    replyHours: { messenger: 24, zalo: 48 },
    waiting,
  };
}

const NO_CONTACT = { key: 'id:2', name: 'Tạ Thị T', phone: null, email: null };

/** Two who can still be answered, one of them by nothing but the channel, and one whose time is over. */
export const TWO_STILL_OPEN = stillOpen([
  stillWaits('Lê Thị Quá Hạn', { replyBy: '2026-11-21T19:26:10+07:00' }),
  stillWaits(null, {
    ...{ customer: NO_CONTACT, ticketNo: '1000162', replyBy: '2026-11-22T20:15:40+07:00' },
    ...{ firstMissedAt: '2026-11-20T20:15:40+07:00', lastMissedAt: '2026-11-20T20:15:40+07:00' },
  }),
  stillWaits('Dương Văn O', { attempts: 3, ticketNo: '1000153' }),
]);
