import { redact } from './log/redact.ts';
import type { SettingProblem } from './settings.ts';

/** All that is wrong with a function's environment, in one message. */
export class WrongSettingsError extends Error {
  override readonly name = 'WrongSettingsError';

  constructor(problems: readonly SettingProblem[]) {
    // What stands in a setting may be an address.
    super(problems.map(({ of, says }) => `${of} ${redact(says)}`).join('; '));
    // Whoever reads it has nothing to look for in the code.
    this.stack = `${this.name}: ${this.message}`;
  }
}
