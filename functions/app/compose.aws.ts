import { randomUUID } from 'node:crypto';
import project from '../../package.json' with { type: 'json' };
import { systemRandom } from '../calendar/clock.system.ts';
import { type Account, type Secret, type Settings, toAccount } from '../config/account.ts';
import type { Mailer } from '../delivery/mailer.ts';
import type { Notifier } from '../delivery/notification.ts';
import type { ShareLinks } from '../delivery/share-link.ts';
import type { DailyReportPorts } from '../pipeline/daily-run.ts';
import { SCHEDULED } from '../pipeline/durable.ts';
import { fixedToken, type TokenSource } from '../sources/caresoft/credentials.ts';
import { DIALECT } from '../sources/caresoft/dialect.ts';
import { RateLimiter } from '../sources/caresoft/rate-limiter.ts';
import { RETRY_POLICY } from '../sources/caresoft/retry-policy.ts';
import type { LeaseOptions } from '../storage/lease.ts';
import { type LambdaPorts, lazySecret } from './lambda-handler.lambda.ts';

const KEY_PREFIX = 'whsec_';

function openSecret(secret: Secret): TokenSource {
  return 'value' in secret ? fixedToken(secret.value) : lazySecret(secret.secretId);
}

/** The parts that send mail and announce reports. */
export async function openSending({
  mail,
  announce,
  view,
}: Pick<Settings, 'mail' | 'announce' | 'view'>): Promise<{
  readonly mailer: Mailer;
  readonly notifiers: readonly Notifier[];
  readonly views: ShareLinks | null;
}> {
  const { openSes } = await import('../delivery/mailer.ses.ts');
  return { mailer: openSes(mail), notifiers: await openNotifiers(announce), views: openViews(view) };
}

async function openNotifiers({ eventBus, webhooks }: Settings['announce']): Promise<Notifier[]> {
  const notifiers: Notifier[] = [];
  if (eventBus !== null) {
    const { openEventBus } = await import('../delivery/notifier.eventbridge.ts');
    notifiers.push(openEventBus({ bus: eventBus }));
  }
  if (webhooks !== null) {
    const { openWebhook } = await import('../delivery/notifier.http.ts');
    notifiers.push(...webhooks.urls.map((url) => openWebhook({ url, key: keyOf(webhooks.key) })));
  }
  return notifiers;
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

/** The program in a function on AWS. What reaches the network loads for the first event. */
export async function composeLambda({
  settings,
  clock,
  log,
}: LambdaPorts<'workflow'>): Promise<DailyReportPorts> {
  const { source: baseUrl, access, lake } = settings;
  const { token, requestsPerSecond } = access;
  const { openChatSource } = await import('../sources/caresoft/client.http.ts');
  const { openLakeAt } = await import('../storage/object-store.s3.ts');
  const rateLimiter = new RateLimiter({ requestsPerSecond, clock, retryPolicy: RETRY_POLICY });
  return {
    ...(await openSending(settings)),
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
