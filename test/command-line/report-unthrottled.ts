import { join } from 'node:path';
import { type RangeOutcome, reportDays } from '../../bin/commands/run-days.ts';
import { composeLocal, openDelivery, openLake, openToken } from '../../functions/app/compose.local.ts';
import type { Day } from '../../functions/calendar/day.ts';
import { readSettings } from '../../functions/config/settings.ts';
import type { Log } from '../../functions/observability/log.ts';
import type { RetryPolicy } from '../../functions/sources/caresoft/retry-policy.ts';

/**
 * `chat-report run` in a folder, but at a rate that no user may set: what is asked there would else take most of a minute.
 *
 * @param patience as the program's, where it is not given
 */
export async function* reportUnthrottled(
  days: readonly Day[],
  { cwd, settings }: { readonly cwd: string; readonly settings: NodeJS.ProcessEnv },
  log: Log,
  retryPolicy?: RetryPolicy,
): AsyncGenerator<RangeOutcome> {
  const read = readSettings({ LAKE_URI: join(cwd, 'out/lake'), ...settings });
  if ('problems' in read) throw new Error(JSON.stringify(read.problems));
  const access = { ...read.settings.access, requestsPerSecond: 500 };
  const { account, context, ports } = composeLocal(
    { ...read.settings, access },
    {
      ...(await openDelivery(read.settings, { send: false, outbox: join(cwd, 'out/outbox') })),
      lake: await openLake(read.settings.lake),
      token: await openToken(access.token),
      log,
      ...(retryPolicy && { retryPolicy }),
    },
  );
  const lease = { ...ports.lease, settleMs: 0 };
  yield* reportDays({ days, refresh: false, resend: false }, context, account, { ...ports, lease });
}
