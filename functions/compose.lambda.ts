import { randomUUID } from 'node:crypto';
import project from '../package.json' with { type: 'json' };
import { openCareSoft } from './capture/caresoft.http.ts';
import { PATIENCE } from './capture/patience.ts';
import { RequestBudget } from './capture/request-budget.ts';
import { openSecret, openSending } from './compose.aws.ts';
import { openLog } from './log/log.ts';
import { powertools } from './log/powertools.lambda.ts';
import type { Account } from './pipeline/account.ts';
import type { DailyReportPorts } from './pipeline/daily-report.ts';
import { PATIENTLY } from './pipeline/endurance.ts';
import { readSettings } from './settings.ts';
import type { LeaseOptions } from './storage/lease.ts';
import { openLakeAt } from './storage/open-lake.s3.ts';
import { systemClock } from './time/clock.system.ts';
import { toAccount } from './to-account.ts';
import { WrongSettingsError } from './wrong-settings-error.ts';

/** The program in a function on AWS. @throws WrongSettingsError */
export function composeLambda(): { account: Account; ports: DailyReportPorts } {
  const read = readSettings(process.env, { judgesNames: false });
  if ('problems' in read) throw new WrongSettingsError(read.problems);
  const { settings } = read;
  const { baseUrl, token, requestsPerSecond } = settings.caresoft;
  const budget = new RequestBudget({ requestsPerSecond, clock: systemClock, patience: PATIENCE });
  return {
    account: toAccount(settings),
    ports: {
      ...openSending(settings),
      caresoft: openCareSoft({ baseUrl, token: openSecret(token), budget, patience: PATIENCE }),
      lake: openLakeAt(settings.lake),
      clock: systemClock,
      log: openLog(powertools()).about({ account: settings.account }),
      lease: lambdaLease(),
      endurance: PATIENTLY,
      versions: { 'chat-report': project.version, node: process.versions.node },
    },
  };
}

/** Nothing is waited for within a step, which is paid for, but between steps, which is not. */
function lambdaLease(): Omit<LeaseOptions, 'clock'> {
  return { owner: randomUUID(), ttlMs: 60_000, pollMs: 1_000, settleMs: 1_100, patienceMs: 0 };
}
