import type { Pace } from '../functions/app/compose.local.ts';
import type { SettingProblem } from '../functions/config/settings.ts';
import { LakeError } from '../functions/storage/object-store.ts';
import { EXIT, type ExitCode } from './exit-code.ts';

/** What a command can see and say. Results go to `out`; everything else goes to `err`. */
export interface Terminal {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly now: number;
  /** Whether a person watches `err`, so that a line may be drawn over and over. */
  readonly isWatched: boolean;
  /** How fast CareSoft is asked, where it is not the real one; as the settings say, where it is not given. */
  readonly pace?: Pace;
  out(text: string): void;
  err(text: string): void;
}

/** Says everything that is wrong at once, after what stops nothing. */
export function refuse(
  terminal: Terminal,
  problems: readonly SettingProblem[],
  warnings: readonly SettingProblem[] = [],
): ExitCode {
  warn(terminal, warnings);
  terminal.err(`chat-report: nothing was done; please mend:\n${listed(problems)}`);
  return EXIT.wrongUsage;
}

/** Says what stops nothing and may still be a slip. */
export function warn(terminal: Terminal, warnings: readonly SettingProblem[]): void {
  if (warnings.length > 0) terminal.err(`chat-report: please look at:\n${listed(warnings)}`);
}

function listed(problems: readonly SettingProblem[]): string {
  const width = Math.max(...problems.map(({ of }) => of.length));
  return problems.map(({ of, says }) => `  ${of.padEnd(width)}  ${says}\n`).join('');
}

/** What the lake says is a sentence already, and the error's name would tell a reader nothing. */
function textOf(error: Error): string {
  // What a step failed with is a copy, of which the name is kept.
  const isOfLake = error instanceof LakeError || error.name === 'LakeError';
  return isOfLake ? error.message : `${error.name}: ${error.message}`;
}

/** An error in one line for a person, without a stack. */
export function formatError(error: unknown): string {
  const text = error instanceof Error ? textOf(error) : String(error);
  const lines = text.split('\n').map((line) => line.trim());
  return lines.filter((line) => line !== '').join(' ');
}
