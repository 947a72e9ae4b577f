import { randomUUID } from 'node:crypto';
import project from '../../package.json' with { type: 'json' };
import { systemRandom } from '../calendar/clock.system.ts';
import { type Account, toAccount } from '../config/account.ts';
import type { DailyReportPorts } from '../pipeline/daily-run.ts';
import { SCHEDULED } from '../pipeline/durable.ts';
import { openChatSource } from '../sources/caresoft/client.http.ts';
import { DIALECT } from '../sources/caresoft/dialect.ts';
import { RateLimiter } from '../sources/caresoft/rate-limiter.ts';
import { RETRY_POLICY } from '../sources/caresoft/retry-policy.ts';
import type { LeaseOptions } from '../storage/lease.ts';
import { openLakeAt } from '../storage/object-store.s3.ts';
import { openSecret, openSending } from './compose.aws.ts';
import type { LambdaPorts } from './lambda-handler.lambda.ts';

/** The program in a function on AWS. */
export function composeLambda({ settings, clock, log }: LambdaPorts<'workflow'>): DailyReportPorts {
  const { source: baseUrl, access, lake } = settings;
  const { token, requestsPerSecond } = access;
  const rateLimiter = new RateLimiter({ requestsPerSecond, clock, retryPolicy: RETRY_POLICY });
  return {
    ...openSending(settings),
    chatSource: openChatSource({ baseUrl, token: openSecret(token), rateLimiter, retryPolicy: RETRY_POLICY }),
    lake: openLakeAt(lake),
    clock,
    random: systemRandom,
    log,
    lease: lambdaLease(),
    executionProfile: SCHEDULED,
    versions: { 'chat-report': project.version, node: process.versions.node },
  };
}

/** What a run knows of the account. */
export function accountOf({ settings }: Pick<LambdaPorts<'workflow'>, 'settings'>): Account {
  return toAccount(settings, DIALECT);
}

/** A step never waits for the lease, because its time is paid for. The workflow waits between steps, which costs nothing. */
function lambdaLease(): Omit<LeaseOptions, 'clock'> {
  return { owner: randomUUID(), ttlMs: 60_000, pollMs: 1_000, settleMs: 1_100, waitMs: 0 };
}
