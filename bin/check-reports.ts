import * as z from 'zod';
import type { Day } from '../functions/calendar/day.ts';
import type { Channel } from '../functions/chats/channel.ts';
import { apiVariables, type SettingProblem } from '../functions/config/settings.ts';
import { readVariables } from '../functions/config/variables.ts';
import type { Lake } from '../functions/storage/object-store.ts';

/** What is to be made: the days' own reports, or those of some channels. */
export interface Reports {
  readonly days: readonly Day[];
  /** All that the account has for null. */
  readonly channels: readonly Channel[] | null;
  /** With those that stand beside a day's own. */
  readonly withBeside?: boolean;
}

const own = z.object({ CHANNELS: apiVariables.shape.CHANNELS });

/**
 * Whether a newer version of the program has made any of the reports that are to be made. It is told before the first of
 * them; a file that cannot be had is left to the day itself to tell.
 */
export async function checkReports(
  lake: Pick<Lake, 'get' | 'list'>,
  { days, channels, withBeside = false }: Reports,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<SettingProblem[]> {
  const read = readVariables(own, environment);
  if ('problems' in read) return [];
  const { IS_NEWER, ReportReader } = await import('../functions/pipeline/report-reader.ts');
  const { partOf } = await import('../functions/pipeline/account.ts');
  try {
    const only = partOf(read.values.CHANNELS, channels);
    const places = days.map((day) => ({ day, only }));
    const keys = await new ReportReader(lake).newer(places, withBeside);
    return keys.map((of) => ({ of, says: IS_NEWER }));
  } catch {
    return [];
  }
}
