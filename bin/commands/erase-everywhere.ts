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
import { toJsonText } from '../../functions/text/json.ts';
import { EXIT, type ExitCode, type Terminal, unlessInterrupted } from '../terminal.ts';
import { openTerminalLog } from '../terminal-log.ts';

interface Erasure {
  /** Who is meant, as `readIdentifier` writes it. */
  readonly given: string;
  readonly place: LakePlace;
  readonly outbox: string;
  readonly locale: ErasePorts['locale'];
  readonly dryRun: boolean;
  readonly json: boolean | undefined;
}

/** Erases the person from lake and outbox, and tells what was removed. */
export async function eraseEverywhere(erasure: Erasure, terminal: Terminal): Promise<ExitCode> {
  return await unlessInterrupted(
    () => erase(erasure, terminal),
    () => {
      const kept = erasure.dryRun
        ? 'Nothing was changed.'
        : 'What was removed stays removed. The same command removes the rest.';
      terminal.err(`chat-report: interrupted. ${kept}\n`);
    },
  );
}

async function erase(
  { given, place, outbox, locale, dryRun, json }: Erasure,
  terminal: Terminal,
): Promise<ExitCode> {
  const lake = await openLake(place);
  const ports = {
    outbox: openFolder(outbox),
    objectVersions: await openObjectVersions(place),
    locale,
    random: systemRandom,
  };
  const request = { given, dryRun, now: terminal.now };
  const report = dryRun
    ? await erasePerson(request, { ...ports, lake: unchangeable(lake) })
    : await eraseAlone(request, lake, ports, place, terminal);
  if (!dryRun) {
    // What is older than this command was left behind by a process that is gone.
    const folders = [...('folder' in place ? [place.folder] : []), outbox];
    for (const folder of folders) await clearUnfinished(folder, terminal.now);
  }
  terminal.out(json ? `${toJsonText(report, 2)}\n` : describe(report));
  return report.unreadable.length + report.unsearched.length > 0 ? EXIT.unproven : EXIT.done;
}

/** Under the account's lease: no run may put into the lake meanwhile what was not yet looked at. */
async function eraseAlone(
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

/** As a run that lost its lease has it. */
function unchangeable(lake: Lake): HeldLake {
  const refused = AbortSignal.abort(new Error('a dry run changes nothing'));
  return underLease(lake, refused, 0, systemClock);
}

/** What speaks to AWS is loaded where it is used. */
async function openObjectVersions(place: LakePlace): Promise<ObjectVersions | null> {
  if ('folder' in place) return null;
  const { openBucketVersions } = await import('../../functions/storage/object-store.s3.ts');
  return openBucketVersions(place);
}

function describe(report: ErasureReport): string {
  const { dryRun, sharing, days, renewed, raw, tables, reports, mails, versions } = report;
  const lines = [
    ...describeFound(report),
    ...(renewed.length > 0
      ? [
          `${dryRun ? 'Would be renewed' : 'Renewed'}, since nobody was found there but work had not come to its end: ${renewed.join(', ')}`,
        ]
      : []),
    ...(days.length > 0
      ? [
          `  raw      ${raw.captures} captures, ${raw.pages} pages, ${raw.rows} rows`,
          `  tables   ${tables} files made anew`,
          `  reports  ${reports} files made anew`,
          `  outbox   ${mails} mails removed`,
          ...(versions === null ? [] : [`  bucket   ${versions} older versions forgotten`]),
          `  days     ${days.join(', ')}`,
        ]
      : []),
    ...(sharing > 0
      ? [
          `${sharing} other customers have a phone or an e-mail of theirs: it goes from their rows, and they stay.`,
        ]
      : []),
    ...report.unreadable.map((key) => `NOT searched, because it cannot be read: ${key}`),
    ...report.unsearched.map(
      (day) => `NOT searched, because its raw pages are gone: the tables and the workbook of ${day}`,
    ),
    dryRun ? 'Nothing was changed.' : 'Later captures are kept without them.',
  ];
  return `${lines.join('\n')}\n`;
}

function describeFound({ dryRun, customers, days, renewed, raw: { rows } }: ErasureReport): string[] {
  const erased = dryRun ? 'Would be erased' : 'Erased';
  const found = days.length - renewed.length;
  if (customers > 0) return [`${erased}: ${rows} rows of ${customers} customers on ${found} days.`];
  const none = 'No row of this person was found.';
  // A row or a report of others may name them, or a person who was erased before.
  return found === 0
    ? [none]
    : [
        none,
        `${erased}: what names somebody who is kept out, in ${rows} rows and in reports, on ${found} days.`,
      ];
}
