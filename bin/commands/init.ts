import type { SettingProblem } from '../../functions/config/settings.ts';
import { type ExitCode, refuse, type Terminal } from '../terminal.ts';

/** `chat-report init`. */
export function init(
  _flags: unknown,
  terminal: Terminal,
  misuse: readonly SettingProblem[],
): Promise<ExitCode> {
  return Promise.resolve(refuse(terminal, misuse));
}
