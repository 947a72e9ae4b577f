import { randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import pLimit from 'p-limit';
import project from '../../package.json' with { type: 'json' };
import type { ApiPorts } from '../api/ports.ts';
import { systemClock, systemRandom } from '../calendar/clock.system.ts';
import { type Account, type Secret, type Settings, toAccount } from '../config/account.ts';
import type { Mailer } from '../delivery/mailer.ts';
import type { Notifier } from '../delivery/notification.ts';
import { openOutbox } from '../delivery/outbox.fs.ts';
import type { ShareLinks } from '../delivery/share-link.ts';
import type { Log } from '../observability/log.ts';
import { errorCodeOf, problemOf } from '../observability/redact.ts';
import { type DailyReportPorts, performRun } from '../pipeline/daily-run.ts';
import { type DurableContext, INTERACTIVE, inProcessContext } from '../pipeline/durable.ts';
import type { Launcher } from '../pipeline/run-log.ts';
import { openChatSource } from '../sources/caresoft/client.http.ts';
import { fixedToken, type TokenSource } from '../sources/caresoft/credentials.ts';
import { DIALECT } from '../sources/caresoft/dialect.ts';
import { RateLimiter } from '../sources/caresoft/rate-limiter.ts';
import { RETRY_POLICY, type RetryPolicy } from '../sources/caresoft/retry-policy.ts';
import type { LeaseOptions } from '../storage/lease.ts';
import { openFolder } from '../storage/object-store.fs.ts';
import type { Lake, LakePlace } from '../storage/object-store.ts';
import { toJsonText } from '../text/write-json.ts';

/** A launcher that can wait for the end of its runs. */
export interface LocalLauncher extends Launcher {
  idle(): Promise<void>;
}

/**
 * Starts runs in the background of this process, one after the other, because they share the source's rate
 * limit.
 *
 * A run that is cut off by the end of the process starts again with the next request for it, and continues with
 * what is in the lake.
 */
function openLocalLauncher(
  account: Account,
  durable: DurableContext,
  ports: DailyReportPorts,
): LocalLauncher {
  const oneAtATime = pLimit(1);
  const runs = new Map<string, { readonly asked: string; readonly ended: Promise<void> }>();
  return {
    start(request) {
      const asked = toJsonText(request);
      const known = runs.get(request.run);
      if (known) return Promise.resolve(known.asked === asked ? 'started' : 'taken');
      const perform = async (): Promise<void> => {
        try {
          await performRun(request, durable, account, ports);
        } catch (error) {
          // The run's record holds the failure too. A waiting client reads it there.
          ports.log.about({ run: request.run, day: request.day })({
            event: 'run-broke',
            problem: problemOf(error),
          });
        }
      };
      runs.set(request.run, { asked, ended: oneAtATime(perform) });
      return Promise.resolve('started');
    },
    async idle() {
      await Promise.all([...runs.values()].map(({ ended }) => ended));
    },
  };
}

/** The rate of requests to the source. */
export interface Pace {
  readonly requestsPerSecond: number;
  /** The pause between the requests of one process and those of the next. */
  readonly settleMs: number;
}

export interface LocalOptions {
  readonly lake: Lake;
  readonly mailer: Mailer;
  /** They announce a report to others than its recipients. */
  readonly notifiers: readonly Notifier[];
  /** The links of mails. Without it mails have none. */
  readonly views?: ShareLinks | null;
  readonly token: TokenSource;
  readonly log: Log;
  readonly retryPolicy?: RetryPolicy;
  /** The settings' rate by default. */
  readonly pace?: Pace | undefined;
}

/** The program on one machine. The process itself is the durable context. */
export function composeLocal(
  settings: Settings,
  { token, log, retryPolicy = RETRY_POLICY, pace, views = null, ...ports }: LocalOptions,
): { account: Account; context: DurableContext; ports: DailyReportPorts } {
  const { requestsPerSecond } = { ...settings.access, ...pace };
  const rateLimiter = new RateLimiter({ requestsPerSecond, clock: systemClock, retryPolicy });
  return {
    account: toAccount(settings, DIALECT),
    context: inProcessContext(systemClock),
    ports: {
      ...ports,
      views,
      chatSource: openChatSource({ baseUrl: settings.source, token, rateLimiter, retryPolicy }),
      clock: systemClock,
      random: systemRandom,
      log: log.about({ account: settings.name }),
      lease: localLease(settings.lake, pace),
      executionProfile: INTERACTIVE,
      versions: { 'chat-report': project.version, node: process.versions.node },
    },
  };
}

/** A report into a folder does not wait for AWS: its modules are loaded only for a bucket. */
export async function openLake(place: LakePlace): Promise<Lake> {
  if ('folder' in place) return openFolder(place.folder);
  const { openBucket } = await import('../storage/object-store.s3.ts');
  return openBucket(place);
}

export async function openToken(token: Secret): Promise<TokenSource> {
  if ('value' in token) return fixedToken(token.value);
  const { openTokenSecret } = await import('../sources/caresoft/credentials.secrets.ts');
  return openTokenSecret(token);
}

/** Mail goes into files and no other notifications go out, unless `send` is set. */
export async function openDelivery(
  settings: Settings,
  { send, outbox }: { readonly send: boolean; readonly outbox: string },
): Promise<Pick<LocalOptions, 'mailer' | 'notifiers' | 'views'>> {
  if (!send) return { mailer: openOutbox(outbox), notifiers: [], views: await openLocalViews(settings) };
  const { openSending } = await import('./compose.aws.ts');
  return openSending(settings);
}

/** AWS's modules are loaded only for a key that is kept there. */
async function openLocalViews({ view }: Settings): Promise<ShareLinks | null> {
  if (view === null) return null;
  const key = await openToken(view.key);
  return { url: view.url, key: () => key.read(false) };
}

/** The API on one machine. Runs start in this process. Every answer holds its whole content, however large. */
export function composeLocalApi({ account, context, ports }: ReturnType<typeof composeLocal>): {
  ports: ApiPorts;
  launcher: LocalLauncher;
} {
  const { lake, clock, log, views } = ports;
  const launcher = openLocalLauncher(account, context, ports);
  return {
    launcher,
    ports: {
      account,
      lake,
      clock,
      log,
      launcher,
      presigner: null,
      share:
        views === null ? null : { key: views.key, recipients: account.mail.to.map(({ address }) => address) },
    },
  };
}

/** A person at a terminal waits as long as another run is at work. */
export function localLease(place: LakePlace, pace?: Pace): Omit<LeaseOptions, 'clock'> {
  const host = machineName();
  return {
    owner: `${host}/${process.pid}/${randomUUID()}`,
    ttlMs: 30_000,
    pollMs: 250,
    // Requests are at most a second apart, with some slack.
    settleMs: pace?.settleMs ?? 1_100,
    waitMs: Number.POSITIVE_INFINITY,
    isUnreadableFree: 'folder' in place,
    isGone(owner) {
      const [ownerHost, pid] = owner.split('/');
      return ownerHost === host && !isRunning(Number(pid));
    },
  };
}

/** The name of the place where process ids are unique: two containers may share a host's name and a folder. */
function machineName(): string {
  const read = (get: () => string): string => {
    try {
      return get().trim();
    } catch {
      return '';
    }
  };
  const boot = read(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8'));
  const processes = read(() => readlinkSync('/proc/self/ns/pid'));
  return [hostname(), boot, processes].join('+');
}

function isRunning(pid: number): boolean {
  try {
    // Signal 0 asks whether the process is there, and sends nothing.
    return process.kill(pid, 0);
  } catch (error) {
    return errorCodeOf(error) !== 'ESRCH';
  }
}
