import * as z from 'zod';
import { localLease, openLake } from '../functions/compose.local.ts';
import { type ErasePorts, type ErasureReport, erasePerson } from '../functions/erase/erase-person.ts';
import { readGiven, WHO } from '../functions/erase/given.ts';
import { heldLake } from '../functions/erase/held-lake.ts';
import { clearUnfinished, openFolder } from '../functions/lake/folder.fs.ts';
import type { LakePlace } from '../functions/lake/lake.ts';
import { withLease } from '../functions/lake/lease.ts';
import type { PastVersions } from '../functions/lake/past-versions.ts';
import { apiVariables, type Problem, readVariables } from '../functions/settings.ts';
import { systemClock } from '../functions/time/clock.system.ts';
import { checkFolder, checkLakePlace } from './check-place.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { openTerminalLog, refuse, type Terminal } from './terminal.ts';

export interface EraseFlags {
  readonly customer?: string | undefined;
  readonly phone?: string | undefined;
  readonly email?: string | undefined;
  readonly dryRun?: boolean | undefined;
  readonly lake?: string | undefined;
  readonly outbox?: string | undefined;
  readonly json?: boolean | undefined;
}

const OUTBOX = 'out/outbox';

/** All that this needs to know: CareSoft is not asked, and nobody is mailed. */
const { LAKE_URI, LOCALE } = apiVariables.shape;
const variables = z.object({ LAKE_URI, LOCALE });

/** `chat-report erase`: removes a person from every layer of the lake, and keeps them out from then on. */
export async function erase(
  flags: EraseFlags,
  terminal: Terminal,
  leftOver: readonly Problem[],
): Promise<ExitCode> {
  const read = await readTask(flags, terminal, leftOver);
  if ('problems' in read) return refuse(terminal, read.problems);
  const { given, place, locale } = read;
  const outbox = flags.outbox ?? OUTBOX;
  const dryRun = flags.dryRun ?? false;
  const ports: ErasePorts = {
    lake: await openLake(place),
    outbox: openFolder(outbox),
    pastVersions: await openPastVersions(place),
    locale,
  };
  const request = { given, dryRun, now: terminal.now };
  const report = dryRun ? await erasePerson(request, ports) : await eraseAlone(request, ports, terminal);
  if (!dryRun) {
    // Nothing that began after this did can be what somebody left behind.
    const folders = [...('folder' in place ? [place.folder] : []), outbox];
    for (const folder of folders) await clearUnfinished(folder, terminal.now);
  }
  terminal.out(flags.json ? `${JSON.stringify(report, null, 2)}\n` : describe(report));
  return report.unreadable.length + report.unsearched.length > 0 ? EXIT.unproven : EXIT.done;
}

/** Under the account's lease: no run may put into the lake meanwhile what was not yet looked at. */
async function eraseAlone(
  request: Parameters<typeof erasePerson>[0],
  ports: ErasePorts,
  terminal: Terminal,
): Promise<ErasureReport> {
  const { log, clear } = openTerminalLog(terminal);
  const options = { ...localLease(), clock: systemClock, onWait: () => log({ event: 'lease-awaited' }) };
  const report = await withLease(ports.lake, options, async (signal, barredUntil) => {
    const lake = heldLake(ports.lake, signal);
    return { result: await erasePerson(request, { ...ports, lake }), barredUntil };
  });
  clear();
  if (report === null) throw new Error('another run was at work on this lake all the while');
  return report;
}

/** What speaks to AWS is loaded where it is used. */
async function openPastVersions(place: LakePlace): Promise<PastVersions | null> {
  if ('folder' in place) return null;
  const { openBucketVersions } = await import('../functions/lake/bucket-versions.s3.ts');
  return openBucketVersions(place);
}

async function readTask(flags: EraseFlags, { environment }: Terminal, leftOver: readonly Problem[]) {
  const lakeName = flags.lake === undefined ? 'LAKE_URI' : '--lake';
  const set = { ...environment, ...(flags.lake !== undefined && { LAKE_URI: flags.lake }) };
  const read = readVariables(variables, set);
  const wrong = 'problems' in read ? read.problems : await checkLakePlace(lakeName, read.values.LAKE_URI);
  const who = readWho(flags);
  const problems = [
    ...leftOver,
    ...('problems' in who ? who.problems : []),
    ...wrong.map(({ of, says }) => ({ of: of === 'LAKE_URI' ? lakeName : of, says })),
    ...(await checkFolder('--outbox', flags.outbox ?? OUTBOX)),
  ];
  if (problems.length > 0 || 'problems' in read || 'problems' in who) return { problems };
  return { given: who.given, place: read.values.LAKE_URI, locale: read.values.LOCALE };
}

function readWho(flags: EraseFlags): { given: string } | { problems: Problem[] } {
  const told = WHO.flatMap((kind) => {
    const text = flags[kind];
    return text === undefined ? [] : [{ kind, text }];
  });
  const [one] = told;
  if (one === undefined || told.length > 1) {
    const of = WHO.map((kind) => `--${kind}`).join(', ');
    return { problems: [{ of, says: 'say who is meant: give exactly one of them' }] };
  }
  const given = readGiven(one.kind, one.text);
  // The value itself is not repeated: what is written here ends up in other people's logs.
  return given === null ? { problems: [{ of: `--${one.kind}`, says: NONE_OF[one.kind] }] } : { given };
}

const NONE_OF = {
  customer: 'is no id of a customer',
  phone: 'is no telephone number; it is written as +84901234567 or 0901234567',
  email: 'is no e-mail address',
} as const;

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
  // A row or a report of others may name them, or somebody who was erased before.
  return found === 0
    ? [none]
    : [
        none,
        `${erased}: what names somebody who is kept out, in ${rows} rows and in reports, on ${found} days.`,
      ];
}
