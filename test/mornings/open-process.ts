import { systemRandom } from '../../functions/calendar/clock.system.ts';
import type { Account } from '../../functions/config/account.ts';
import { toAccount } from '../../functions/config/account.ts';
import { readSettings } from '../../functions/config/settings.ts';
import type { Mailer } from '../../functions/delivery/mailer.ts';
import { type Log, openLog } from '../../functions/observability/log.ts';
import type { DailyReportPorts } from '../../functions/pipeline/daily-run.ts';
import { INTERACTIVE, SCHEDULED } from '../../functions/pipeline/durable.ts';
import type { Message } from '../../functions/report/mail-message.ts';
import { openChatSource } from '../../functions/sources/caresoft/client.http.ts';
import { fixedToken } from '../../functions/sources/caresoft/credentials.ts';
import { DIALECT } from '../../functions/sources/caresoft/dialect.ts';
import { RateLimiter } from '../../functions/sources/caresoft/rate-limiter.ts';
import type { RetryPolicy } from '../../functions/sources/caresoft/retry-policy.ts';
import type { Simulator } from '../../functions/sources/caresoft/simulator/simulator.ts';
import type { Lake } from '../../functions/storage/object-store.ts';
import type { Month, Trouble } from './draw-month.ts';
import { type MonthClock, REAL_CLOCK } from './month-clock.ts';

/** A mail as it went out. */
export interface Mail {
  readonly kind: Message['kind'];
  readonly day: string;
  readonly to: string;
  readonly at: number;
  readonly text: string;
  /** Its process died before the receipt was kept: it may come once more. */
  isUnreceipted: boolean;
}

/** What lasts from one process to the next. */
export interface World {
  readonly month: Month;
  readonly clock: MonthClock;
  readonly lake: Lake;
  readonly simulator: Simulator;
  readonly mails: Mail[];
  /** Of each process that died: its owner's name. */
  readonly deaths: string[];
  /** Owners of leases whose processes are gone. */
  readonly gone: Set<string>;
}

/** A process of the program, which may end at any write. */
export interface Process {
  readonly account: Account;
  readonly ports: DailyReportPorts;
  /** Resolves where it dies. */
  readonly died: Promise<void>;
  /** How often it has written so far. */
  readonly writes: () => number;
  /** Nothing that it does comes to anything any more. */
  end(): void;
}

export const RECIPIENTS = ['manager@example.com', 'director@example.com'];

/** What is given up is given up soon: within a run no time passes, and a dead channel stays dead. */
const RETRY_POLICY: RetryPolicy = {
  attemptMs: 20_000,
  giveUpAfterMs: 40,
  firstDelayMs: 10,
  pauseMs: 5,
  longestWaitMs: 5_000,
};

const never = new Promise<never>(() => {});
let processes = 0;

export function openProcess(world: World, trouble: Trouble, death: number | null): Process {
  const { clock, simulator, gone } = world;
  const { ground, lookBack } = world.month;
  processes += 1;
  const owner = `process-${processes}`;
  const { promise: died, resolve: die } = Promise.withResolvers<void>();
  const life = { isOver: false };
  const end = (): void => {
    life.isOver = true;
    gone.add(owner);
  };
  const { mailer, lake, writes } = openOutside(world, {
    trouble,
    death,
    life,
    die: () => [end(), world.deaths.push(owner), die()],
  });
  const read = readSettings({
    CARESOFT_BASE_URL: simulator.baseUrl,
    CARESOFT_TOKEN: simulator.token,
    LAKE_URI: 'lake',
    MAIL_FROM: 'chat-report@example.com',
    MAIL_TO: RECIPIENTS.join(),
    LOOK_BACK: lookBack.join(),
    CONTACTS: 'full',
    LOCALE: 'en',
  });
  if ('problems' in read) throw new Error(JSON.stringify(read.problems));
  const rateLimiter = new RateLimiter({
    requestsPerSecond: 100_000,
    clock: REAL_CLOCK,
    retryPolicy: RETRY_POLICY,
  });
  const token = fixedToken(simulator.token);
  const log: Log = openLog(() => {});
  return {
    account: toAccount(read.settings, DIALECT),
    died,
    writes,
    end,
    ports: {
      lake,
      random: systemRandom,
      mailer,
      notifiers: [],
      views: null,
      chatSource: openChatSource({
        baseUrl: simulator.baseUrl,
        token,
        rateLimiter,
        retryPolicy: RETRY_POLICY,
      }),
      clock,
      log,
      lease:
        ground === 'aws'
          ? { owner, ttlMs: 60_000, pollMs: 1_000, settleMs: 1_100, waitMs: 0 }
          : {
              ...{ owner, ttlMs: 30_000, pollMs: 250, settleMs: 1_100 },
              waitMs: Number.POSITIVE_INFINITY,
              isGone: (one) => gone.has(one),
            },
      executionProfile: ground === 'aws' ? SCHEDULED : INTERACTIVE,
      versions: { 'chat-report': '0.1.0', node: process.versions.node },
    },
  };
}

interface Ending {
  readonly trouble: Trouble;
  readonly death: number | null;
  readonly life: { readonly isOver: boolean };
  readonly die: () => void;
}

/** What a process reaches: after its end each call hangs, as that of a dead one is never answered. */
function openOutside({ lake, mails, clock }: World, { trouble, death, life, die }: Ending) {
  let writes = 0;
  /** Sent, and not receipted yet. */
  let underWay: Mail | null = null;
  const live = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (life.isOver) return await never;
    const result = await work();
    return life.isOver ? await never : result;
  };
  /** What a write comes to, by how many there were before. */
  const fateOf = (): 'lasts' | 'fails' | 'dies before' | 'dies after' => {
    writes += 1;
    if (trouble.kind === 'fails' && writes > trouble.fromWrite) return 'fails';
    if (death === null || writes <= death) return 'lasts';
    return trouble.kind === 'killed' && trouble.isWritten ? 'dies after' : 'dies before';
  };
  const write = <Result>(key: string, work: () => Promise<Result>): Promise<Result> =>
    live(async () => {
      const fate = key.startsWith('lease/') ? 'lasts' : fateOf();
      if (fate === 'fails') throw new Error('ENOSPC: no space left');
      if (fate === 'dies before') return await dieOver();
      const result = await work();
      if (key.includes('/sent/')) underWay = null;
      return fate === 'dies after' ? await dieOver() : result;
    });
  const dieOver = (): Promise<never> => {
    if (underWay) underWay.isUnreceipted = true;
    die();
    return never;
  };
  const kept: Lake = {
    put: (key, body) => write(key, () => lake.put(key, body)),
    putIfAbsent: (key, body) => write(key, () => lake.putIfAbsent(key, body)),
    delete: (key) => write(key, () => lake.delete(key)),
    get: (key) => live(() => lake.get(key)),
    async *list(prefix) {
      for await (const key of lake.list(prefix)) yield await live(() => Promise.resolve(key));
    },
  };
  const mailer: Mailer = {
    name: 'recorded',
    isRepeatable: false,
    send: ({ kind, day, to, text }) =>
      live(async () => {
        underWay = { kind, day, to: to.address, at: clock.now(), text, isUnreceipted: false };
        mails.push(underWay);
        return String(mails.length);
      }),
  };
  return { lake: kept, mailer, writes: () => writes };
}
