import { randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import project from '../package.json' with { type: 'json' };
import { openCareSoft } from './capture/caresoft.http.ts';
import { PATIENCE, type Patience } from './capture/patience.ts';
import { RequestBudget } from './capture/request-budget.ts';
import { openOutbox } from './deliver/outbox.fs.ts';
import { openFolder } from './lake/folder.fs.ts';
import type { LeaseOptions } from './lake/lease.ts';
import { errorCodeOf } from './log/error-code.ts';
import type { Log } from './log/log.ts';
import type { Settings } from './settings.ts';
import { systemClock } from './time/clock.system.ts';
import type { Account } from './workflow/account.ts';
import { AT_ONCE } from './workflow/capture-day.ts';
import { type Context, inProcess } from './workflow/context.ts';
import type { DailyReportPorts } from './workflow/daily-report.ts';

export interface LocalOptions {
  /** The folder that mail is written into. */
  readonly outbox: string;
  readonly log: Log;
  readonly patience?: Patience;
}

/** The program on one machine: a folder for the lake, files for mail, and the process itself for the workflow's ground. */
export function composeLocal(
  settings: Settings,
  { outbox, log, patience = PATIENCE }: LocalOptions,
): { account: Account; context: Context; ports: DailyReportPorts } {
  const { caresoft, zone, lakeUri, channels, filters, serviceLevelSeconds, contacts, locale, mail } =
    settings;
  const { baseUrl, token, requestsPerSecond, clock } = caresoft;
  const named = log.about({ account: baseUrl.slice(baseUrl.lastIndexOf('/') + 1) });
  const budget = new RequestBudget({ requestsPerSecond, clock: systemClock, patience });
  return {
    account: {
      source: baseUrl,
      reading: { zone, clock },
      channels,
      filters,
      serviceLevelSeconds,
      contacts,
      locale,
      mail,
    },
    context: inProcess(systemClock),
    ports: {
      caresoft: openCareSoft({ baseUrl, token, budget, patience }),
      lake: openFolder(lakeUri),
      mailer: openOutbox(outbox),
      clock: systemClock,
      log: named,
      lease: localLease(),
      endurance: AT_ONCE,
      versions: { 'chat-report': project.version, node: process.versions.node },
    },
  };
}

/** A person at a terminal waits for another run for as long as that is at work, and no longer. */
export function localLease(): Omit<LeaseOptions, 'clock'> {
  const host = machineName();
  return {
    owner: `${host}/${process.pid}/${randomUUID()}`,
    ttlMs: 30_000,
    pollMs: 250,
    // Requests are at most a second and its slack apart.
    settleMs: 1_100,
    patienceMs: Number.POSITIVE_INFINITY,
    isGone(owner) {
      const [ownerHost, pid] = owner.split('/');
      return ownerHost === host && !isRunning(Number(pid));
    },
  };
}

/** Where a process id means the same process: two containers may share a host's name, and a folder. */
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
