import { domainOf } from '../lake/domain.ts';
import type { Lake } from '../lake/lake.ts';
import { identifyLake, refusalOf } from '../lake/lake-identity.ts';
import type { Log } from '../log/log.ts';
import type { Day } from '../time/report-day.ts';
import type { Account } from './account.ts';
import { readStored, refuseNewer } from './stored-summary.ts';

/**
 * Why nothing is to be done of a day in this lake, which is told to the log too: it is another account's, or it is, or
 * holds the day's report, of a newer program. Null where nothing speaks against it.
 */
export async function findRefusal(
  day: Day,
  account: Account,
  { lake, log }: { readonly lake: Pick<Lake, 'get' | 'list'>; readonly log: Log },
): Promise<string | null> {
  const problem = (await refusalOfLake(account, lake)) ?? (await refusalOfReport(day, account, lake));
  if (problem !== null) log({ event: 'lake-refused', problem });
  return problem;
}

async function refusalOfLake({ source }: Account, lake: Pick<Lake, 'get' | 'list'>): Promise<string | null> {
  const says = refusalOf(await identifyLake(lake), domainOf(source));
  return says === null ? null : `the lake ${says}`;
}

async function refusalOfReport(day: Day, { only }: Account, lake: Pick<Lake, 'get'>): Promise<string | null> {
  const stored = await readStored(lake, day, only);
  return stored.state === 'unreadable' && stored.why === 'newer' ? refuseNewer(stored).message : null;
}
