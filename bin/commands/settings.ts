import type { SettingProblem } from '../../functions/config/settings.ts';
import { listSettings } from '../settings/setting-table.ts';
import { EXIT, type ExitCode, refuse, type Terminal } from '../terminal.ts';

/** `chat-report settings`: prints every setting with its default and what it is. It reads none. */
export function settings(
  _flags: unknown,
  terminal: Terminal,
  misuse: readonly SettingProblem[],
): Promise<ExitCode> {
  if (misuse.length > 0) return Promise.resolve(refuse(terminal, misuse));
  terminal.out(
    `Settings are variables of the environment, or lines of the file chat-report.env.\n\n${listSettings()}\n`,
  );
  return Promise.resolve(EXIT.done);
}
