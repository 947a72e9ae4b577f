import { randomUUID } from 'node:crypto';
import project from '../../package.json' with { type: 'json' };
import { systemClock, systemRandom } from '../calendar/clock.system.ts';
import { readSettings, toAccount } from '../config/settings.ts';
import { WrongSettingsError } from '../config/variables.ts';
import { openLog } from '../observability/log.ts';
import { powertools } from '../observability/powertools.lambda.ts';
import type { Account } from '../pipeline/account.ts';
import type { DailyReportPorts } from '../pipeline/daily-run.ts';
import { SCHEDULED } from '../pipeline/durable.ts';
import { openCareSoft } from '../sources/caresoft/client.http.ts';
import { RateLimiter } from '../sources/caresoft/rate-limiter.ts';
import { RETRY_POLICY } from '../sources/caresoft/retry-policy.ts';
import type { LeaseOptions } from '../storage/lease.ts';
import { openLakeAt } from '../storage/object-store.s3.ts';
import { openSecret, openSending } from './compose.aws.ts';

/** The program in a function on AWS. @throws WrongSettingsError */
export function composeLambda(): { account: Account; ports: DailyReportPorts } {
  const read = readSettings(process.env, { judgesNames: false });
  if ('problems' in read) throw new WrongSettingsError(read.problems);
  const { settings } = read;
  const { baseUrl, token, requestsPerSecond } = settings.caresoft;
  const rateLimiter = new RateLimiter({ requestsPerSecond, clock: systemClock, retryPolicy: RETRY_POLICY });
  return {
    account: toAccount(settings),
    ports: {
      ...openSending(settings),
      chatSource: openCareSoft({ baseUrl, token: openSecret(token), rateLimiter, retryPolicy: RETRY_POLICY }),
      lake: openLakeAt(settings.lake),
      clock: systemClock,
      random: systemRandom,
      log: openLog(powertools()).about({ account: settings.account }),
      lease: lambdaLease(),
      executionProfile: SCHEDULED,
      versions: { 'chat-report': project.version, node: process.versions.node },
    },
  };
}

/** Nothing is waited for within a step, which is paid for, but between steps, which is not. */
function lambdaLease(): Omit<LeaseOptions, 'clock'> {
  return { owner: randomUUID(), ttlMs: 60_000, pollMs: 1_000, settleMs: 1_100, waitMs: 0 };
}
