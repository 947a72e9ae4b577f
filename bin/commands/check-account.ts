import { randomUUID } from 'node:crypto';
import { localLease, openLake } from '../../functions/app/compose.local.ts';
import { systemClock } from '../../functions/calendar/clock.system.ts';
import type { Settings } from '../../functions/config/account.ts';
import type { SettingProblem } from '../../functions/config/settings.ts';
import type { Log } from '../../functions/observability/log.ts';
import { leaseOf } from '../../functions/pipeline/capture-piece.ts';
import { checkAccount } from '../../functions/sources/caresoft/diagnostics/account.ts';
import { checkMail } from '../../functions/sources/caresoft/diagnostics/delivery.ses.ts';
import { type Finding, hasNoFailure, note } from '../../functions/sources/caresoft/diagnostics/probe.ts';
import { checkBucket, checkLakeFolder } from '../../functions/sources/caresoft/diagnostics/storage.fs.ts';
import { withLease } from '../../functions/storage/lease.ts';
import type { Lake } from '../../functions/storage/object-store.ts';
import { toJsonText } from '../../functions/text/write-json.ts';
import { describeFinding, describeFindings } from '../findings.ts';
import { findOpenFolders } from '../preflight.ts';
import { EXIT, type ExitCode, type Terminal } from '../terminal.ts';
import { openTerminalLog } from '../terminal-log.ts';
import { openDiagnostics, toAccountUnderTest } from '../tried-account.ts';
import { commandsFor } from '../typed-commands.ts';
import { checkFiles } from './check-lake.ts';
import type { SettingInForce } from './check-settings.ts';

interface ExamineOptions {
  readonly json?: boolean | undefined;
  readonly send?: boolean | undefined;
  /** The name by which the user gave the lake: `LAKE_URI` or `--lake`. */
  readonly lakeName: string;
  /** Warnings about the names of settings. */
  readonly warnings: readonly SettingProblem[];
  /** For the document of `--json`. */
  readonly inForce: readonly SettingInForce[];
}

/** Examines the account, the lake and, where mail is to be sent, SES. Prints each finding at once. */
export async function examine(
  settings: Settings,
  { lakeName, warnings, inForce, ...flags }: ExamineOptions,
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
  const ports = await openDiagnostics(settings, terminal.pace, (retry) =>
    log({ event: 'request-repeated', ...retry }),
  );
  const ask = async (): Promise<void> => {
    for await (const finding of checkAccount(toAccountUnderTest(settings), ports)) add(finding);
  };
  await examineLake(settings, lakeName, terminal, { add, ask, log, findings });
  const isSet = (name: string): boolean => (terminal.environment[name] ?? '').trim() !== '';
  const { from, to } = settings.mail;
  const recipients = to.length;
  add(checkMail({ recipients, isToSet: isSet('MAIL_TO'), isFromSet: isSet('MAIL_FROM') }));
  if (flags.send) for (const finding of await askSes({ from: from.address, recipients })) add(finding);

  const isFine = hasNoFailure(findings);
  if (flags.json) terminal.out(`${toJsonText({ settings: inForce, findings, ok: isFine }, 2)}\n`);
  else terminal.out(describeFindings(findings));
  return isFine ? EXIT.done : EXIT.unproven;
}

interface Examination {
  readonly add: (finding: Finding) => void;
  /** Asks the account. */
  readonly ask: () => Promise<void>;
  readonly log: Log;
  /** Those so far. */
  readonly findings: readonly Finding[];
}

/** Asks the account while no run is at work on the lake, and then tells of the lake. */
async function examineLake(
  { lake: place, lakeUri, timeZone }: Settings,
  lakeName: string,
  terminal: Terminal,
  { add, ask, log, findings }: Examination,
): Promise<void> {
  const lake = await openLake(place);
  const toCommand = commandsFor(terminal, lakeName === '--lake' ? lakeUri : undefined);
  const ofLake =
    'folder' in place
      ? await checkLakeFolder(place.folder, lakeName)
      : await checkBucket(lake, place.uri, lakeName, randomUUID());
  // Taking the lease replaces a damaged one. So the files are examined before.
  const ofFiles = ofLake.status === 'fail' ? [] : await checkFiles(lake, timeZone, systemClock, toCommand);
  // A run at the same moment would double the rate of requests. Without a lake there is no run.
  if (ofLake.status === 'fail') await ask();
  else
    await askUnderLease(lake, localLease(place, terminal.pace), log, ask, () =>
      findings.some(isTokenAccepted),
    );
  add(ofLake);
  for (const { path, to, mend } of await findOpenFolders(place, null)) {
    add(note('lake-privacy', `The lake ${path} is open to ${to}.`, mend));
  }
  for (const finding of ofFiles) add(finding);
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
