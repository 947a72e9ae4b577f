import type { Lake } from '../lake/lake.ts';
import { domainOf, identifyLake, refusalOf } from '../lake/lake-identity.ts';
import type { Log } from '../log/log.ts';
import type { Account } from './account.ts';

/** Why nothing is to be done in this lake, which is told to the log too; null where it is the account's, or nobody's. */
export async function findRefusal(
  { source }: Account,
  { lake, log }: { readonly lake: Pick<Lake, 'get' | 'list'>; readonly log: Log },
): Promise<string | null> {
  const says = refusalOf(await identifyLake(lake), domainOf(source));
  if (says === null) return null;
  const problem = `the lake ${says}`;
  log({ event: 'lake-refused', problem });
  return problem;
}
