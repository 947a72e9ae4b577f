import type { Summary } from '../../functions/metrics/summary.ts';
import type { Waiting, WaitingCustomer } from '../../functions/metrics/waiting.ts';
import type { WorkOptions } from '../../functions/report/sections/work-list.ts';
import { callback } from './fixture.ts';

/** The morning after the fixture's day, a Sunday. */
export const MORNING = Date.parse('2026-11-21T23:00:12.000Z');

/** In CareSoft and on the pages. */
export const LINKS: WorkOptions['links'] = {
  ticket: 'https://web.caresoft.vn/shop#/index?type=ticket&id={ticket_no}',
  pages: 'https://reports.example.com',
};

/** One who waits, missed on the fixture's day. */
export function waits(
  name: string | null,
  lastMissed = '14:00',
  { attempts = 1, ...more }: Partial<WaitingCustomer> = {},
): WaitingCustomer {
  return { ...callback(name, attempts, lastMissed), callbacks: [], ...more };
}

/** The list of those, as it was made before the day's mail. */
export function listOf(
  of: Summary,
  waiting: readonly WaitingCustomer[],
  more: Partial<Waiting> = {},
): Waiting {
  return {
    schema: 'chat-report/waiting/1',
    ...{ day: of.day, timeZone: of.timeZone, contacts: of.contacts, replyHours: of.replyHours },
    businessHours: of.businessHours?.hours ?? null,
    ...{ asOf: '2026-11-22T05:58:40+07:00', followUpDays: 3 },
    ...{ captures: [], open: { captures: [], failed: [] }, answered: [] },
    waiting: [...waiting],
    ...more,
  };
}
