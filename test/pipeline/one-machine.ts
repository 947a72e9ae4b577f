import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { composeLocal } from '../../functions/app/compose.local.ts';
import { readSettings } from '../../functions/config/settings.ts';
import { openOutbox } from '../../functions/delivery/outbox.fs.ts';
import type { Summary } from '../../functions/metrics/summary.ts';
import { openLog } from '../../functions/observability/log.ts';
import { type DayOutcome, dailyReport } from '../../functions/pipeline/daily-run.ts';
import { ReportReader } from '../../functions/pipeline/report-reader.ts';
import { fixedToken } from '../../functions/sources/caresoft/credentials.ts';
import type { RetryPolicy } from '../../functions/sources/caresoft/retry-policy.ts';
import {
  type Simulator,
  type SimulatorOptions,
  startSimulator,
} from '../../functions/sources/caresoft/simulator/simulator.ts';
import { openFolder } from '../../functions/storage/object-store.fs.ts';
import type { Lake } from '../../functions/storage/object-store.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { beMorningAfter } from './mornings.ts';

/** As patient as the program, but for what costs a test its time. */
const PATIENT: RetryPolicy = {
  attemptMs: 20_000,
  giveUpAfterMs: 30_000,
  firstDelayMs: 5,
  pauseMs: 5,
  longestWaitMs: 5_000,
};

/** For what never passes: it is given up at once, after a few tries. An answer that comes at all is waited for, however loaded the machine. */
export const IMPATIENT: RetryPolicy = { ...PATIENT, giveUpAfterMs: 400, firstDelayMs: 50 };

/** For some answers that never come: one that is slow is asked for once more. */
export const BRISK: RetryPolicy = { ...PATIENT, attemptMs: 1_500 };

/** For answers of which none ever comes. */
export const HURRIED: RetryPolicy = { ...IMPATIENT, attemptMs: 200 };

export const DAY = '2026-11-20';

export interface OneMachine {
  readonly simulator: Simulator;
  readonly lake: string;
  readonly outbox: string;
  /** The parts, put together anew, as another process would. */
  compose(settings?: Readonly<Record<string, string>>): ReturnType<typeof composeLocal>;
  /** The files in the lake or the outbox, by their keys, in order. */
  filesOf(where: 'lake' | 'outbox'): Promise<string[]>;
  /** Null where there is no report. */
  summaryOf(day: string): Promise<Summary | null>;
  /** On the morning after the day. */
  report(
    day?: string,
    changes?: {
      refresh?: boolean;
      /** As one of several days, which makes up no other. */
      isOfRange?: boolean;
      settings?: Readonly<Record<string, string>>;
    },
  ): Promise<DayOutcome & { summary: Summary | null }>;
}

/**
 * The program on one machine, as the command line puts it together, beside a simulated CareSoft that is never the bound.
 *
 * @param memory holds the lake in place of a folder, where what a folder does is not what is looked at
 */
export async function oneMachine(
  simulated: SimulatorOptions = {},
  settings: Readonly<Record<string, string>> = {},
  retryPolicy = PATIENT,
  memory: Lake | null = null,
): Promise<OneMachine> {
  const simulator = await startSimulator({ requestsPerSecond: 10_000, ...simulated });
  onTestFinished(() => simulator.close());
  let runs = 0;
  const folder = await temporaryFolder();
  const lake = join(folder, 'lake');
  const outbox = join(folder, 'outbox');
  const opened = memory ?? openFolder(lake);
  return {
    simulator,
    lake,
    outbox,
    filesOf: (where) => Array.fromAsync((where === 'lake' ? opened : openFolder(outbox)).list('')),
    compose,
    summaryOf: (day) => new ReportReader(opened).read({ day }),
    async report(day = DAY, { refresh = false, isOfRange = false, settings: changed = {} } = {}) {
      beMorningAfter(day);
      const { account, context, ports } = compose(changed);
      runs += 1;
      const since = refresh ? new Date().toISOString() : null;
      const range = { from: day, isLast: true };
      const input = {
        run: `run-${runs}`,
        day,
        since,
        resend: false,
        deliver: true,
        ...(isOfRange && { range }),
      };
      const outcome = await dailyReport(input, context, account, ports);
      return {
        ...outcome,
        summary: outcome.state === 'unproven' ? null : await new ReportReader(ports.lake).read({ day }),
      };
    },
  };

  function compose(changed: Readonly<Record<string, string>> = {}) {
    const read = readSettings({
      CARESOFT_BASE_URL: simulator.baseUrl,
      CARESOFT_TOKEN: simulator.token,
      LAKE_URI: lake,
      MAIL_TO: 'manager@example.com',
      ...settings,
      ...changed,
    });
    if ('problems' in read) throw new Error(JSON.stringify(read.problems));
    const { view } = read.settings;
    // Beyond what a user may set: what is tested here is not the rate.
    const access = { ...read.settings.access, requestsPerSecond: 2_000 };
    const { ports, ...rest } = composeLocal(
      { ...read.settings, access },
      {
        lake: opened,
        mailer: openOutbox(outbox),
        notifiers: [],
        views: view && { url: view.url, key: async () => ('value' in view.key ? view.key.value : '') },
        token: fixedToken('value' in access.token ? access.token.value : ''),
        retryPolicy,
        log: openLog(() => {}),
      },
    );
    // Nobody else is near, so nobody's last request has to be waited for.
    return { ...rest, ports: { ...ports, lease: { ...ports.lease, settleMs: 0 } } };
  }
}
