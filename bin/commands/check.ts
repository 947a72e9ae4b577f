import { readSettings, type SettingProblem } from '../../functions/config/settings.ts';
import { checkLake } from '../preflight.ts';
import { type ExitCode, refuse, type Terminal, unlessInterrupted } from '../terminal.ts';

export interface CheckFlags {
  readonly json?: boolean | undefined;
  readonly lake?: string | undefined;
  readonly send?: boolean | undefined;
}

/** `chat-report check`: tries out the settings on the account itself, and tells what was found. */
export async function check(
  flags: CheckFlags,
  terminal: Terminal,
  problems: readonly SettingProblem[],
): Promise<ExitCode> {
  const environment = {
    ...terminal.environment,
    ...(flags.lake !== undefined && { LAKE_URI: flags.lake }),
  };
  const read = readSettings(environment);
  const lakeName = flags.lake === undefined ? 'LAKE_URI' : '--lake';
  const wrong = 'problems' in read ? read.problems : [];
  const named = wrong.map(({ of, says }) => ({ of: of === 'LAKE_URI' ? lakeName : of, says }));
  const { warnings } = read;
  const all = [...problems, ...named, ...(await checkLake(lakeName, environment, { isTriedLater: true }))];
  if ('problems' in read || all.length > 0) return refuse(terminal, all, warnings);

  const { examine } = await import('./check-account.ts');
  return await unlessInterrupted(
    () => examine(read.settings, { ...flags, lakeName, warnings }, terminal),
    () => terminal.err('\nchat-report: interrupted. No report was changed.\n'),
  );
}
