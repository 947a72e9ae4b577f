import type { Log } from '../log/log.ts';
import { domainOf } from '../storage/domain.ts';
import type { Lake } from '../storage/lake.ts';
import { identifyLake, refusalOf } from '../storage/lake-identity.ts';
import type { Day } from '../time/report-day.ts';
import type { Account } from './account.ts';
import { IS_NEWER, ReportReader, refuseNewer } from './report-reader.ts';

/** Why nothing is to be done of a day in a lake. */
export interface Refusal {
  /** `lake`: it is another account's, or a newer program's. `report`: the lake is our own, and holds one of a newer program. */
  readonly of: 'lake' | 'report';
  readonly says: string;
}

/** Looks at the lake, and at the day's report in it; what speaks against them is told to the log too. */
export async function findRefusal(
  day: Day,
  account: Account,
  { lake, log }: { readonly lake: Pick<Lake, 'get' | 'list'>; readonly log: Log },
): Promise<Refusal | null> {
  const ofLake = refusalOf(await identifyLake(lake), domainOf(account.source));
  if (ofLake !== null) {
    const says = `the lake ${ofLake}`;
    log({ event: 'lake-refused', problem: says });
    return { of: 'lake', says };
  }
  const stored = await new ReportReader(lake).find({ day, only: account.only });
  if (stored.state !== 'unreadable' || stored.why !== 'newer') return null;
  log({ event: 'file-unreadable', key: stored.key, problem: `it ${IS_NEWER}` });
  return { of: 'report', says: refuseNewer(stored).message };
}
