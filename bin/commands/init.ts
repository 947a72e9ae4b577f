import type { SettingProblem } from '../../functions/config/settings.ts';
import { VENDOR } from '../../functions/sources/vendor.ts';
import type { InitFlags } from '../init/task.ts';
import type { Questions } from '../questions.ts';
import {
  announce,
  EXIT,
  type ExitCode,
  refuse,
  type Terminal,
  unlessInterrupted,
  warn,
} from '../terminal.ts';

const SHOW_CURSOR = '\u001B[?25h';

/** `chat-report init`: finds out the settings of an account, tries them, and writes the settings file. */
export async function init(
  flags: InitFlags,
  terminal: Terminal,
  misuse: readonly SettingProblem[],
): Promise<ExitCode> {
  const isAsked = terminal.questions !== undefined || isPerson(terminal);
  // A person reads it while the rest loads.
  if (isAsked) {
    const greeting = `The settings of your ${VENDOR} account are asked one by one, and tried.`;
    terminal.err(`\n${greeting}\nNothing is written before the last answer. Ctrl+C ends it.\n\n`);
  } else if (misuse.length === 0)
    announce(terminal, flags.offline ? 'nothing is tried' : `the settings are tried on ${VENDOR}`);
  const { readInitTask } = await import('../init/task.ts');
  const read = await readInitTask(flags, terminal, { misuse, isAsked });
  if ('problems' in read) return refuse(terminal, read.problems);
  const { task } = read;
  warn(
    terminal,
    task.dropped.map(({ of, says }) => ({ of, says: `${says}; the new file lacks this line` })),
  );

  const { findSettings } = await import('../init/search.ts');
  const { AbandonedError } = await import('../questions.ts');
  // A question hides the cursor.
  const stop = (): void =>
    terminal.err(`${isAsked ? SHOW_CURSOR : ''}\nchat-report: interrupted. Nothing was written.\n`);
  return await unlessInterrupted(async () => {
    try {
      return await findSettings(task, terminal, isAsked ? await openQuestions(terminal) : null);
    } catch (error) {
      if (!(error instanceof AbandonedError)) throw error;
      stop();
      return EXIT.interrupted;
    }
  }, stop);
}

/** Whether a person types at this terminal and sees what is asked. */
function isPerson({ isWatched, stdio }: Terminal): boolean {
  return isWatched && stdio?.().input.isTTY === true;
}

async function openQuestions({ questions, stdio }: Terminal): Promise<Questions | null> {
  if (questions !== undefined) return questions;
  if (stdio === undefined) return null;
  const { input, output } = stdio();
  const clack = await import('../clack-questions.ts');
  return clack.openQuestions(input, output);
}
