import { randomUUID } from 'node:crypto';
import project from '../../package.json' with { type: 'json' };
import { systemRandom } from '../calendar/clock.system.ts';
import { type Account, type Secret, type Settings, toAccount } from '../config/account.ts';
import { openSes } from '../delivery/mailer.ses.ts';
import type { Mailer } from '../delivery/mailer.ts';
import type { Notifier } from '../delivery/notification.ts';
import { openEventBus } from '../delivery/notifier.eventbridge.ts';
import { openWebhook } from '../delivery/notifier.http.ts';
import type { ShareLinks } from '../delivery/share-link.ts';
import type { DailyReportPorts } from '../pipeline/daily-run.ts';
import { SCHEDULED } from '../pipeline/durable.ts';
import { openChatSource } from '../sources/caresoft/client.http.ts';
import { openTokenSecret } from '../sources/caresoft/credentials.secrets.ts';
import { fixedToken, type TokenSource } from '../sources/caresoft/credentials.ts';
import { DIALECT } from '../sources/caresoft/dialect.ts';
import { RateLimiter } from '../sources/caresoft/rate-limiter.ts';
import { RETRY_POLICY } from '../sources/caresoft/retry-policy.ts';
import type { LeaseOptions } from '../storage/lease.ts';
import { openLakeAt } from '../storage/object-store.s3.ts';
import type { LambdaPorts } from './lambda-handler.lambda.ts';

const KEY_PREFIX = 'whsec_';

function openSecret(secret: Secret): TokenSource {
  return 'value' in secret ? fixedToken(secret.value) : openTokenSecret(secret);
}

/** The parts that send mail and announce reports. */
export function openSending({ mail, announce, view }: Pick<Settings, 'mail' | 'announce' | 'view'>): {
  readonly mailer: Mailer;
  readonly notifiers: readonly Notifier[];
  readonly views: ShareLinks | null;
} {
  const { eventBus, webhooks } = announce;
  const bus = eventBus === null ? [] : [openEventBus({ bus: eventBus })];
  const hooks = webhooks?.urls.map((url) => openWebhook({ url, key: keyOf(webhooks.key) })) ?? [];
  return { mailer: openSes(mail), notifiers: [...bus, ...hooks], views: openViews(view) };
}

/** A secret is cached for five minutes, so a replaced key works for five minutes longer. */
function openViews(view: Settings['view']): ShareLinks | null {
  if (view === null) return null;
  const key = openSecret(view.key);
  return { url: view.url, key: () => key.read(false) };
}

/** Secrets Manager can generate the key, but not the prefix that Standard Webhooks wants. */
function keyOf(key: Secret): () => Promise<string> {
  const source = openSecret(key);
  return async () => {
    const text = await source.read(false);
    return text.startsWith(KEY_PREFIX) ? text : `${KEY_PREFIX}${text}`;
  };
}

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
