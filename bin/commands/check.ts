import { readSettings, type SettingProblem } from '../../functions/config/settings.ts';
import { withOptions } from '../options.ts';
import { checkLake } from '../preflight.ts';
import { type ExitCode, refuse, type Terminal, unlessInterrupted } from '../terminal.ts';

export interface CheckFlags {
  readonly json?: boolean | undefined;
  readonly lake?: string | undefined;
  readonly send?: boolean | undefined;
}

/** `chat-report check`: tries the settings on the account, the lake and the mail, and prints the findings. */
export async function check(
  flags: CheckFlags,
  terminal: Terminal,
  misuse: readonly SettingProblem[],
): Promise<ExitCode> {
  const given = withOptions(terminal.environment, flags);
  const { lakeName } = given;
  const read = readSettings(given.environment);
  const { warnings } = read;
  const problems = [
    ...misuse,
    ...given.rename('problems' in read ? read.problems : []),
    ...(await checkLake(given, { isTriedLater: true })),
  ];
  if ('problems' in read || problems.length > 0) return refuse(terminal, problems, warnings);

  const { examine } = await import('./check-account.ts');
  return await unlessInterrupted(
    () => examine(read.settings, { ...flags, lakeName, warnings }, terminal),
    () => terminal.err('\nchat-report: interrupted. No report was changed.\n'),
  );
}
