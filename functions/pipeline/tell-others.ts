import type { Completeness } from '../capture/completeness.ts';
import { type Announcer, announce } from '../deliver/announcement.ts';
import type { Log } from '../log/log.ts';
import { problemOf } from '../log/redact.ts';
import type { Lake } from '../storage/lake.ts';
import type { Day } from '../time/report-day.ts';
import type { Account } from './account.ts';
import { type Context, REPEATABLE } from './context.ts';
import { readOwnReport } from './own-report.ts';

export interface TellPorts {
  /** Who is told, besides the recipients, that a report is out. */
  readonly announcers: readonly Announcer[];
  readonly lake: Lake;
  readonly log: Log;
}

/** Each may take two minutes until it is given up. */
export const TOLD_AT_ONCE = 5;

/** Whoever cannot be told does not hold up the others, nor spoil the report. */
export async function tellOthers(
  day: Day,
  completeness: Completeness,
  context: Context,
  account: Account,
  { lake, log, announcers }: TellPorts,
): Promise<void> {
  for (const [place, announcer] of announcers.entries()) {
    // A function that is stopped for the many who do not answer would spoil a run whose report is out.
    if (place > 0 && place % TOLD_AT_ONCE === 0) await context.breathe(`before telling ${place + 1}`);
    const tell = async (): Promise<void> => {
      try {
        const basis = { day, completeness, counting: account };
        const { summary, silent } = await readOwnReport(basis, account.locale, lake);
        await announcer.announce(announce(summary, silent, { account: account.name, lake: account.lakeUri }));
      } catch (error) {
        log({ event: 'announcement-failed', to: announcer.name, problem: problemOf(error) });
      }
    };
    await context.step(`announce ${place + 1} to ${announcer.name}`, tell, REPEATABLE);
  }
}
