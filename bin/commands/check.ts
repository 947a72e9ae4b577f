import { readSettings, type SettingProblem } from '../../functions/config/settings.ts';
import { VENDOR_SETTINGS } from '../../functions/sources/vendor.ts';
import { toJsonText } from '../../functions/text/write-json.ts';
import { type GivenSettings, type SettingFlags, withOptions } from '../options.ts';
import { EXIT, type ExitCode, refuse, type Terminal, unlessInterrupted, warn } from '../terminal.ts';
import { describeSettingsInForce, settingsInForce } from './check-settings.ts';

export interface CheckFlags extends SettingFlags {
  readonly json?: boolean | undefined;
  readonly send?: boolean | undefined;
  readonly settingsOnly?: boolean | undefined;
  readonly account?: string | undefined;
}

/** `chat-report check`: lists the settings, tries them on the account, the lake and the mail, and prints the findings. */
export async function check(
  flags: CheckFlags,
  terminal: Terminal,
  misuse: readonly SettingProblem[],
): Promise<ExitCode> {
  const given = withOptions(terminal.environment, flags);
  const { lakeName } = given;
  const read = readSettings(given.environment);
  const { warnings } = read;
  const settings = settingsInForce(given, terminal);
  const source = 'settings' in read ? read.settings.access.token : null;
  const isSecret = source !== null && 'secretId' in source;
  const problems = [
    ...misuse,
    ...('problems' in read ? given.rename(read.problems) : []),
    ...(await checkSurroundings(flags, given, isSecret)),
  ];
  if ('problems' in read || problems.length > 0) return refuse(terminal, problems, warnings);
  if (!flags.json) terminal.out(describeSettingsInForce(settings));
  if (flags.settingsOnly) {
    warn(terminal, warnings);
    if (flags.json) terminal.out(`${toJsonText({ settings, ok: true }, 2)}\n`);
    return EXIT.done;
  }

  const { examine } = await import('./check-account.ts');
  return await unlessInterrupted(
    () => examine(read.settings, { ...flags, lakeName, warnings, inForce: settings }, terminal),
    () => terminal.err('\nchat-report: interrupted. No report was changed.\n'),
  );
}

/** @param isSecret whether the token lies on AWS. Without AWS there is none, and the source would seem to be the cause */
async function checkSurroundings(
  { settingsOnly, send }: CheckFlags,
  given: GivenSettings,
  isSecret: boolean,
): Promise<SettingProblem[]> {
  if (settingsOnly) {
    const says = 'asks SES, and --settings-only asks nothing; leave one out';
    return send ? [{ of: '--send', says }] : [];
  }
  const { checkAws, checkLake } = await import('../preflight.ts');
  return [
    ...(await checkLake(given, { isTriedLater: true })),
    ...(await checkAws(isSecret ? VENDOR_SETTINGS.tokenSecret : undefined)),
  ];
}
