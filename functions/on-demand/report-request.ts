import * as z from 'zod';
import { CHANNELS, type Channel } from '../chat/channel.ts';
import { channel } from '../storage/fields.ts';
import { countDays, type Day, dayAt, daysFrom, isDay } from '../time/report-day.ts';
import type { OnDemandPorts } from './ports.ts';
import { askedDay } from './schemas.ts';

/** A quarter of a year. */
const MOST_DAYS_ASKED = 92;

/** What is asked for, said in one way alone: two who ask for the same have the same. */
export interface ReportRequest {
  /** Oldest first, without a gap. */
  readonly days: readonly Day[];
  /** Null for all that the account has; else in their order. */
  readonly channels: readonly Channel[] | null;
  readonly refresh: boolean;
  readonly deliver: boolean;
}

/** The body that asks for reports: of days that are over, and of channels that the account has. */
export function openReportRequest({ account, clock }: Pick<OnDemandPorts, 'account' | 'clock'>) {
  const overDay = askedDay.refine((text) => !isDay(text) || text < dayAt(clock.now(), account.timeZone), {
    error: `is not over yet in ${account.timeZone}`,
  });
  const itsChannel = channel.refine((name) => account.channels.includes(name), {
    error: `is none of the account's; it has ${account.channels.join(', ')}`,
  });
  const always = { when: () => true };
  const leavesOut = (names: readonly unknown[]): boolean =>
    account.channels.some((name) => !names.includes(name));
  return z
    .strictObject({
      day: overDay.optional().meta({ description: 'The day; or from and to' }),
      from: overDay.optional().meta({ description: 'The first of several days' }),
      to: overDay.optional().meta({ description: `The last of several days, at most ${MOST_DAYS_ASKED}` }),
      channels: z.array(itsChannel).min(1, { error: 'names none' }).max(CHANNELS.length).optional().meta({
        description:
          "All of the account's by default. A report of some is made beside the day's own, and says what it is of",
      }),
      refresh: z
        .boolean()
        .default(false)
        .meta({ description: 'Ask CareSoft for everything anew, also for what is proven' }),
      deliver: z
        .boolean()
        .default(false)
        .meta({ description: 'Mail it to the configured recipients, who get no report twice' }),
    })
    .meta({ examples: [{ day: '2026-11-21' }, { from: '2026-11-01', to: '2026-11-21', channels: ['zalo'] }] })
    .refine((body) => namesDays(readFields(body)), {
      error: 'must have either day, or from and to',
      ...always,
    })
    .refine((body) => !isTurned(readFields(body)), { error: 'is after to', path: ['from'], ...always })
    .refine((body) => !isTooLong(readFields(body)), {
      error: `makes more than ${MOST_DAYS_ASKED} days; ask for them in parts`,
      path: ['to'],
      ...always,
    })
    .transform(({ day, from = day, to = day, channels, refresh, deliver }): ReportRequest => {
      const named = CHANNELS.filter((name) => channels?.includes(name));
      const isAll = named.length === 0 || !leavesOut(named);
      const days = from === undefined || to === undefined ? [] : daysFrom(from, to);
      return { days, channels: isAll ? null : named, refresh, deliver };
    });
}

/** Of a body that may be wrong in any other way. Of what is no object at all, that is said and nothing else. */
interface Fields {
  readonly day?: unknown;
  readonly from?: unknown;
  readonly to?: unknown;
}

function readFields(body: unknown): Fields {
  const isObject = typeof body === 'object' && body !== null && !Array.isArray(body);
  return isObject ? body : { day: null };
}

function namesDays({ day, from, to }: Fields): boolean {
  return day === undefined ? from !== undefined && to !== undefined : from === undefined && to === undefined;
}

/** Said of days alone: what is none is told of by itself. */
function isTurned({ from, to }: Fields): boolean {
  return isDayText(from) && isDayText(to) && from > to;
}

function isTooLong({ from, to }: Fields): boolean {
  return isDayText(from) && isDayText(to) && countDays(from, to) > MOST_DAYS_ASKED;
}

function isDayText(value: unknown): value is Day {
  return typeof value === 'string' && isDay(value);
}
