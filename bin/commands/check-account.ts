import { randomUUID } from 'node:crypto';
import pLimit from 'p-limit';
import { localLease, openLake, openToken, type Pace } from '../../functions/app/compose.local.ts';
import { systemClock } from '../../functions/calendar/clock.system.ts';
import type { Clock } from '../../functions/calendar/clock.ts';
import { addDays, dayAt } from '../../functions/calendar/day.ts';
import { openZone } from '../../functions/calendar/time-zone.ts';
import type { Settings } from '../../functions/config/account.ts';
import type { SettingProblem } from '../../functions/config/settings.ts';
import type { Log } from '../../functions/observability/log.ts';
import { leaseOf } from '../../functions/pipeline/capture-piece.ts';
import { ReportReader, type Unreadable } from '../../functions/pipeline/report-reader.ts';
import { readSuppressionList } from '../../functions/privacy/suppression-list.ts';
import { openChatSource } from '../../functions/sources/caresoft/client.http.ts';
import type { TokenSource } from '../../functions/sources/caresoft/credentials.ts';
import { checkAccount } from '../../functions/sources/caresoft/diagnostics/account.ts';
import { checkMail } from '../../functions/sources/caresoft/diagnostics/delivery.ses.ts';
import {
  CHECK_RETRY_POLICY,
  type Finding,
  fail,
  hasNoFailure,
  note,
} from '../../functions/sources/caresoft/diagnostics/probe.ts';
import { checkBucket, checkLakeFolder } from '../../functions/sources/caresoft/diagnostics/storage.fs.ts';
import { DIALECT } from '../../functions/sources/caresoft/dialect.ts';
import { RateLimiter } from '../../functions/sources/caresoft/rate-limiter.ts';
import type { Retry } from '../../functions/sources/source.ts';
import { findUnreadableIdentity } from '../../functions/storage/lake-identity.ts';
import { findUnreadableLeases, withLease } from '../../functions/storage/lease.ts';
import type { Lake } from '../../functions/storage/object-store.ts';
import { toJsonText } from '../../functions/text/json.ts';
import { findOpenFolders } from '../preflight.ts';
import { EXIT, type ExitCode, type Terminal } from '../terminal.ts';
import { openTerminalLog } from '../terminal-log.ts';

interface ExamineOptions {
  readonly json?: boolean | undefined;
  readonly send?: boolean | undefined;
  /** The name by which the user gave the lake: `LAKE_URI` or `--lake`. */
  readonly lakeName: string;
  /** Warnings about the names of settings. */
  readonly warnings: readonly SettingProblem[];
}

/** Examines the account, the lake and, where mail is to be sent, SES. Prints each finding at once. */
export async function examine(
  settings: Settings,
  { lakeName, warnings, ...flags }: ExamineOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const { log, clear } = openTerminalLog(terminal);
  const findings: Finding[] = [];
  const add = (finding: Finding): void => {
    clear();
    findings.push(finding);
    if (!flags.json) terminal.out(describeFinding(finding));
  };
  for (const { of, says } of warnings) add(note(`setting-${of}`, `${of} ${says}.`));
  const lake = await openLake(settings.lake);
  const ofLake =
    'folder' in settings.lake
      ? await checkLakeFolder(settings.lake.folder, lakeName)
      : await checkBucket(lake, settings.lake.uri, lakeName, randomUUID());
  // Taking the lease replaces a damaged one. So the files are examined before.
  const ofFiles = ofLake.status === 'fail' ? [] : await checkFiles(lake, settings.timeZone, systemClock);
  const token = await openToken(settings.access.token);
  const lease = localLease(settings.lake, terminal.pace);
  const ask = async (): Promise<void> => {
    for await (const finding of askAccount(settings, token, log, terminal.pace)) add(finding);
  };
  // A run at the same moment would double the rate of requests. Without a lake there is no run.
  if (ofLake.status === 'fail') await ask();
  else await askUnderLease(lake, lease, log, ask, () => findings.some(isTokenAccepted));
  add(ofLake);
  for (const { path, to, mend } of await findOpenFolders(settings.lake, null)) {
    add(note('lake-privacy', `The lake ${path} is open to ${to}.`, mend));
  }
  for (const finding of ofFiles) add(finding);
  const isSet = (name: string): boolean => (terminal.environment[name] ?? '').trim() !== '';
  const { from, to } = settings.mail;
  const recipients = to.length;
  add(checkMail({ recipients, isToSet: isSet('MAIL_TO'), isFromSet: isSet('MAIL_FROM') }));
  if (flags.send) for (const finding of await askSes({ from: from.address, recipients })) add(finding);

  const isFine = hasNoFailure(findings);
  if (flags.json) terminal.out(`${toJsonText({ findings, ok: isFine }, 2)}\n`);
  else terminal.out(describeResult(findings));
  return isFine ? EXIT.done : EXIT.unproven;
}

/** What speaks to AWS loads where it is used. */
async function askSes(mail: { from: string; recipients: number }): Promise<Finding[]> {
  const { checkSes } = await import('../../functions/sources/caresoft/diagnostics/delivery.ses.ts');
  return await checkSes(mail);
}

/** @param isWelcome whether the source answered. Then a lockout that an earlier run met is over. */
async function askUnderLease(
  lake: Lake,
  lease: ReturnType<typeof localLease>,
  log: Log,
  ask: () => Promise<void>,
  isWelcome: () => boolean,
): Promise<void> {
  const options = leaseOf({ lease, clock: systemClock, log });
  await withLease(lake, options, async (_signal, lockout) => {
    await ask();
    return { result: true, lockout: isWelcome() ? null : lockout };
  });
}

function isTokenAccepted({ id, status }: Finding): boolean {
  return id === 'token' && status === 'ok';
}

function askAccount(
  { access, source: baseUrl, clock, channels, filters, timeZone }: Settings,
  token: TokenSource,
  log: Log,
  pace: Pace | undefined,
): AsyncGenerator<Finding> {
  const { requestsPerSecond } = { ...access, ...pace };
  const retryPolicy = CHECK_RETRY_POLICY;
  const rateLimiter = new RateLimiter({ requestsPerSecond, clock: systemClock, retryPolicy });
  const onRetry = (retry: Retry): void => log({ event: 'request-repeated', ...retry });
  return checkAccount(
    { baseUrl, channels, filters, reading: { dialect: DIALECT, zone: openZone(timeZone), clock } },
    { chatSource: openChatSource({ baseUrl, token, rateLimiter, retryPolicy, onRetry }), clock: systemClock },
  );
}

function describeFinding({ status, says, do: todo }: Finding): string {
  return `${status.padEnd(4)}  ${says}\n${todo === undefined ? '' : `      → ${todo}\n`}`;
}

function describeResult(findings: readonly Finding[]): string {
  const count = (status: Finding['status']): number => findings.filter((one) => one.status === status).length;
  const failed = count('fail');
  return failed === 0
    ? `\nNothing stands in the way of a report (${count('ok')} ok, ${count('note')} to note).\n`
    : `\n${failed} of ${findings.length} would spoil a report: see what is said after “→”.\n`;
}

/** As many days as a list shows by default. */
const DAYS_EXAMINED = 30;
const AT_ONCE = 8;

/** The damaged files of the lake. Only a damaged suppression list stops a report. */
async function checkFiles(
  lake: Pick<Lake, 'get' | 'list'>,
  timeZone: string,
  clock: Pick<Clock, 'now'>,
): Promise<Finding[]> {
  const today = dayAt(clock.now(), timeZone);
  const days = Array.from({ length: DAYS_EXAMINED }, (_, place) => addDays(today, place - DAYS_EXAMINED));
  const reports = new ReportReader(lake);
  const unreadable = await pLimit(AT_ONCE).map(days, async (day) => {
    const stored = await reports.find({ day });
    // A whole summary is large: memory must not hold thirty of them.
    return stored.state === 'unreadable' ? [noteReport(stored)] : [];
  });
  return [
    ...(await checkIdentity(lake)),
    ...(await findUnreadableLeases(lake, clock)).map(noteLease),
    ...unreadable.flat(),
    ...(await checkSuppressionList(lake)),
  ];
}

async function checkIdentity(lake: Pick<Lake, 'get'>): Promise<Finding[]> {
  const key = await findUnreadableIdentity(lake);
  if (key === null) return [];
  const says = `${key} is damaged: only what was captured tells whose lake it is.`;
  return [note('lake-identity', says, 'nothing; the next run writes it again')];
}

function noteLease(key: string): Finding {
  return note(
    'lake-lease',
    `The lease ${key} cannot be read; a crash may have left it so. Runs outlive it.`,
    'nothing; it may be deleted while no run is at work',
  );
}

function noteReport({ day, key, why }: Unreadable): Finding {
  if (why === 'newer') {
    const says = `${key} was written by a newer version of chat-report: ${day} is left out of lists and comparisons.`;
    return note('lake-report', says, 'update chat-report');
  }
  const says = `${key} is damaged: ${day} is left out of lists and comparisons.`;
  return note('lake-report', says, `make it again with chat-report rebuild --day ${day}`);
}

async function checkSuppressionList(lake: Pick<Lake, 'get' | 'list'>): Promise<Finding[]> {
  try {
    await readSuppressionList(lake);
    return [];
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return [fail('lake-erased', `No chat can be captured: ${why}.`, 'put the file back (docs/erase.md)')];
  }
}
