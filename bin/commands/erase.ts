import { type SettingProblem, settingsSchema } from '../../functions/config/settings.ts';
import { judgeNames, readVariables } from '../../functions/config/variables.ts';
import { DEFAULT_OUTBOX, withOptions } from '../options.ts';
import { announce, type ExitCode, refuse, type Terminal, warn } from '../terminal.ts';

export interface EraseFlags {
  readonly customer?: string | undefined;
  readonly phone?: string | undefined;
  readonly email?: string | undefined;
  readonly dryRun?: boolean | undefined;
  readonly lake?: string | undefined;
  readonly outbox?: string | undefined;
  readonly json?: boolean | undefined;
}

/** The settings that erasing needs. It sends no request to the source, and no mail. */
const variables = settingsSchema.pick({ LAKE_URI: true, LOCALE: true });

/** `chat-report erase`: removes a person from every layer of the lake, and keeps them out from then on. */
export async function erase(
  flags: EraseFlags,
  terminal: Terminal,
  misuse: readonly SettingProblem[],
): Promise<ExitCode> {
  const read = await readTask(flags, terminal, misuse);
  if ('problems' in read) return refuse(terminal, read.problems, read.warnings);
  const { outbox = DEFAULT_OUTBOX, dryRun = false, json } = flags;
  const { warnOfOpenFolders } = await import('../preflight.ts');
  warn(terminal, [...read.warnings, ...(await warnOfOpenFolders(read.place, outbox))]);
  announce(terminal, 'looking for the person');
  const { eraseEverywhere } = await import('./erase-everywhere.ts');
  return await eraseEverywhere({ ...read, outbox, dryRun, json }, terminal);
}

async function readTask(flags: EraseFlags, { environment }: Terminal, misuse: readonly SettingProblem[]) {
  const given = withOptions(environment, { lake: flags.lake });
  const read = readVariables(variables, given.environment);
  // With a mistake in the name of the lake's setting, the search would be in another lake.
  const named = judgeNames(environment, variables.keyof().options);
  const { checkFolder, checkLake, checkLakePlace } = await import('../preflight.ts');
  const wrong =
    'problems' in read
      ? read.problems
      : await checkLakePlace(given.lakeName, read.values.LAKE_URI, flags.dryRun);
  const subject = await readSubject(flags);
  const problems = [
    ...misuse,
    ...named.problems,
    ...('problems' in subject ? subject.problems : []),
    ...given.rename(wrong),
    // In an empty lake no one is found: that is true, and means nothing.
    ...(wrong.length === 0 ? await checkLake(given, { unlike: ['absent', 'vacant'] }) : []),
    ...(await checkFolder('--outbox', flags.outbox ?? DEFAULT_OUTBOX, flags.dryRun)),
  ];
  const { warnings } = named;
  if (problems.length > 0 || 'problems' in read || 'problems' in subject) return { problems, warnings };
  const { LAKE_URI: place, LOCALE: locale } = read.values;
  return { identifier: subject.identifier, place, locale, warnings };
}

/** The person to erase: exactly one of the options must name them. */
async function readSubject(
  flags: EraseFlags,
): Promise<{ identifier: string } | { problems: SettingProblem[] }> {
  const { readIdentifier, WHO } = await import('../../functions/erasure/find-subject.ts');
  const { DIALECT } = await import('../../functions/sources/caresoft/dialect.ts');
  const given = WHO.flatMap((kind) => {
    const text = flags[kind];
    return text === undefined ? [] : [{ kind, text }];
  });
  const [one] = given;
  if (one === undefined || given.length > 1) {
    const of = WHO.map((kind) => `--${kind}`).join(', ');
    return { problems: [{ of, says: 'say who is meant: give exactly one of them' }] };
  }
  const identifier = readIdentifier(one.kind, one.text, DIALECT);
  // The message does not repeat the value: it may end up in a log that others read.
  return identifier === null
    ? { problems: [{ of: `--${one.kind}`, says: NO_IDENTIFIER[one.kind] }] }
    : { identifier };
}

const NO_IDENTIFIER = {
  customer: 'is no id of a customer; it is written as 165644057',
  phone: 'is no telephone number; it is written as +84901234567 or 0901234567',
  email: 'is no e-mail address; it is written as an@example.com',
} as const;
