import { localLease, openLake } from '../../functions/app/compose.local.ts';
import { systemClock, systemRandom } from '../../functions/calendar/clock.system.ts';
import {
  type ErasePorts,
  type EraseRequest,
  type ErasureReport,
  erasePerson,
} from '../../functions/erasure/erase-person.ts';
import { leaseOf } from '../../functions/pipeline/capture-piece.ts';
import { indexChanges } from '../../functions/pipeline/index-changes.ts';
import { type HeldLake, underLease } from '../../functions/storage/changes.ts';
import { withLease } from '../../functions/storage/lease.ts';
import { clearUnfinished, openFolder } from '../../functions/storage/object-store.fs.ts';
import type { Lake, LakePlace, ObjectVersions } from '../../functions/storage/object-store.ts';
import { toJsonText } from '../../functions/text/write-json.ts';
import { EXIT, type ExitCode, type Terminal, unlessInterrupted } from '../terminal.ts';
import { openTerminalLog } from '../terminal-log.ts';

export interface EraseTask {
  /** The person, as `readIdentifier` writes it. */
  readonly identifier: string;
  readonly place: LakePlace;
  readonly outbox: string;
  readonly locale: ErasePorts['locale'];
  readonly dryRun: boolean;
  readonly json: boolean | undefined;
}

/** Erases the person from lake and outbox, and prints what was removed. */
export async function eraseEverywhere(task: EraseTask, terminal: Terminal): Promise<ExitCode> {
  return await unlessInterrupted(
    () => eraseAndPrint(task, terminal),
    () => {
      const kept = task.dryRun
        ? 'Nothing was changed.'
        : 'What was removed stays removed. The same command removes the rest.';
      terminal.err(`chat-report: interrupted. ${kept}\n`);
    },
  );
}

async function eraseAndPrint(
  { identifier, place, outbox, locale, dryRun, json }: EraseTask,
  terminal: Terminal,
): Promise<ExitCode> {
  const lake = await openLake(place);
  const ports = {
    outbox: openFolder(outbox),
    objectVersions: await openObjectVersions(place),
    locale,
    random: systemRandom,
  };
  const request = { given: identifier, dryRun, now: terminal.now };
  const report = dryRun
    ? await erasePerson(request, { ...ports, lake: readOnly(lake) })
    : await eraseUnderLease(request, lake, ports, place, terminal);
  if (!dryRun) {
    // Unfinished files older than this command belong to processes that have ended.
    const folders = [...('folder' in place ? [place.folder] : []), outbox];
    for (const folder of folders) await clearUnfinished(folder, terminal.now);
  }
  terminal.out(json ? `${toJsonText(report, 2)}\n` : describeErasure(report));
  return report.unreadable.length + report.unsearched.length > 0 ? EXIT.unproven : EXIT.done;
}

/** The account's lease keeps runs away: they could write files that the search has passed already. */
async function eraseUnderLease(
  request: EraseRequest,
  lake: Lake,
  ports: Omit<ErasePorts, 'lake'>,
  place: LakePlace,
  terminal: Terminal,
): Promise<ErasureReport> {
  const { log, clear } = openTerminalLog(terminal);
  const options = leaseOf({ lease: localLease(place, terminal.pace), clock: systemClock, log });
  const report = await withLease(lake, options, async (signal, lockout, number) => {
    const held = underLease(lake, signal, number, systemClock);
    const erased = await erasePerson(request, { ...ports, lake: held });
    await indexChanges(held, null);
    return { result: erased, lockout };
  });
  clear();
  if (report === null) throw new Error('another run was at work on this lake all the while');
  return report;
}

/** A lake that refuses changes, as it does for a run that lost its lease. */
function readOnly(lake: Lake): HeldLake {
  const refused = AbortSignal.abort(new Error('a dry run changes nothing'));
  return underLease(lake, refused, 0, systemClock);
}

/** What speaks to AWS loads where it is used. */
async function openObjectVersions(place: LakePlace): Promise<ObjectVersions | null> {
  if ('folder' in place) return null;
  const { openBucketVersions } = await import('../../functions/storage/object-store.s3.ts');
  return openBucketVersions(place);
}

function describeErasure(report: ErasureReport): string {
  const { dryRun, sharing, days, renewed, raw, tables, reports, mails, versions } = report;
  const lines = [...describeFound(report)];
  if (renewed.length > 0) {
    const head = dryRun ? 'Would be renewed' : 'Renewed';
    lines.push(
      `${head}, because earlier work there was not finished (the person was not found): ${renewed.join(', ')}`,
    );
  }
  if (days.length > 0) {
    lines.push(
      `  raw      ${raw.captures} captures, ${raw.pages} pages, ${raw.rows} rows`,
      `  tables   ${tables} files written again`,
      `  reports  ${reports} files written again`,
      `  outbox   ${mails} mails removed`,
      ...(versions === null ? [] : [`  bucket   ${versions} older versions purged`]),
      `  days     ${days.join(', ')}`,
    );
  }
  if (sharing > 0) {
    lines.push(
      `${sharing} other customers have a phone or an e-mail of theirs. It is removed from their rows; the rows stay.`,
    );
  }
  lines.push(
    ...report.unreadable.map((key) => `NOT searched, because it cannot be read: ${key}`),
    ...report.unsearched.map(
      (day) => `NOT searched, because its raw pages are gone: the tables and the workbook of ${day}`,
    ),
    dryRun ? 'Nothing was changed.' : 'Later captures are kept without them.',
  );
  return `${lines.join('\n')}\n`;
}

function describeFound({ dryRun, customers, days, renewed, raw: { rows } }: ErasureReport): string[] {
  const erased = dryRun ? 'Would be erased' : 'Erased';
  const found = days.length - renewed.length;
  if (customers > 0) return [`${erased}: ${rows} rows of ${customers} customers on ${found} days.`];
  const none = 'No row of this person was found.';
  // Rows or reports of others may name the person, or a person who was erased before.
  return found === 0
    ? [none]
    : [none, `${erased}: names of erased persons, in ${rows} rows and in reports, on ${found} days.`];
}
