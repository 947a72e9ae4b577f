import * as z from 'zod';
import { apiVariables, type SettingProblem } from '../../functions/config/settings.ts';
import { judgeNames, readVariables } from '../../functions/config/variables.ts';
import { readIdentifier, WHO } from '../../functions/erasure/find-subject.ts';
import { checkFolder, checkLake, checkLakePlace, OUTBOX, warnOfOpenFolders } from '../preflight.ts';
import { type ExitCode, refuse, type Terminal, warn } from '../terminal.ts';

export interface EraseFlags {
  readonly customer?: string | undefined;
  readonly phone?: string | undefined;
  readonly email?: string | undefined;
  readonly dryRun?: boolean | undefined;
  readonly lake?: string | undefined;
  readonly outbox?: string | undefined;
  readonly json?: boolean | undefined;
}

/** All that this needs to know: CareSoft is not asked, and nobody is mailed. */
const { LAKE_URI, LOCALE } = apiVariables.shape;
const variables = z.object({ LAKE_URI, LOCALE });

/** `chat-report erase`: removes a person from every layer of the lake, and keeps them out from then on. */
export async function erase(
  flags: EraseFlags,
  terminal: Terminal,
  unknownArguments: readonly SettingProblem[],
): Promise<ExitCode> {
  const read = await readTask(flags, terminal, unknownArguments);
  if ('problems' in read) return refuse(terminal, read.problems, read.warnings);
  const { outbox = OUTBOX, dryRun = false, json } = flags;
  warn(terminal, [...read.warnings, ...(await warnOfOpenFolders(read.place, outbox))]);
  const { eraseEverywhere } = await import('./erase-everywhere.ts');
  return await eraseEverywhere({ ...read, outbox, dryRun, json }, terminal);
}

async function readTask(
  flags: EraseFlags,
  { environment }: Terminal,
  unknownArguments: readonly SettingProblem[],
) {
  const lakeName = flags.lake === undefined ? 'LAKE_URI' : '--lake';
  const set = { ...environment, ...(flags.lake !== undefined && { LAKE_URI: flags.lake }) };
  const read = readVariables(variables, set);
  // A slip in the name of the lake, and the person would be looked for in another one.
  const named = judgeNames(environment, variables.keyof().options);
  const wrong = 'problems' in read ? read.problems : await checkLakePlace(lakeName, read.values.LAKE_URI);
  const who = readWho(flags);
  const problems = [
    ...unknownArguments,
    ...named.problems,
    ...('problems' in who ? who.problems : []),
    ...wrong.map(({ of, says }) => ({ of: of === 'LAKE_URI' ? lakeName : of, says })),
    // That no one was found in it would be true, and mean nothing.
    ...(wrong.length === 0 ? await checkLake(lakeName, set, { unlike: ['absent', 'vacant'] }) : []),
    ...(await checkFolder('--outbox', flags.outbox ?? OUTBOX)),
  ];
  const { warnings } = named;
  if (problems.length > 0 || 'problems' in read || 'problems' in who) return { problems, warnings };
  return { given: who.given, place: read.values.LAKE_URI, locale: read.values.LOCALE, warnings };
}

function readWho(flags: EraseFlags): { given: string } | { problems: SettingProblem[] } {
  const told = WHO.flatMap((kind) => {
    const text = flags[kind];
    return text === undefined ? [] : [{ kind, text }];
  });
  const [one] = told;
  if (one === undefined || told.length > 1) {
    const of = WHO.map((kind) => `--${kind}`).join(', ');
    return { problems: [{ of, says: 'say who is meant: give exactly one of them' }] };
  }
  const given = readIdentifier(one.kind, one.text);
  // The value itself is not repeated: what is written here ends up in other people's logs.
  return given === null ? { problems: [{ of: `--${one.kind}`, says: NONE_OF[one.kind] }] } : { given };
}

const NONE_OF = {
  customer: 'is no id of a customer',
  phone: 'is no telephone number; it is written as +84901234567 or 0901234567',
  email: 'is no e-mail address',
} as const;
