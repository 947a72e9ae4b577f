import type { Terminal } from './terminal.ts';

/** Commands as the user types them, for sentences that say what comes next. */

/** How the user calls the program. Through npm it is not on the path by itself. */
export function nameCommand({ environment }: Pick<Terminal, 'environment'>): string {
  return environment.npm_command === undefined ? 'chat-report' : 'npx chat-report';
}

/** Writes a command as it is typed for one lake, such as `npx chat-report run --day 2026-11-20 --lake other`. */
export type ToCommand = (words: string) => string;

/** @param lake as `--lake` named it */
export function commandsFor(terminal: Terminal, lake: string | undefined): ToCommand {
  const places = describePlaces(terminal, lake);
  return (words) => `${nameCommand(terminal)} ${words}${places}`;
}

/** A path as a shell takes it. */
export function quoteForShell(path: string): string {
  const safe = path.startsWith('-') ? `./${path}` : path;
  return /^[\w./@%+=:,-]+$/.test(safe) ? safe : `'${safe.replaceAll("'", "'\\''")}'`;
}

/** The options that lead another command to the same lake and settings, with a blank before each; empty where none is needed. */
export function describePlaces(terminal: Terminal, lake: string | undefined): string {
  const file = originOption(terminal);
  return lake === undefined ? file : `${file} --lake ${quoteForShell(lake)}`;
}

function originOption({ origin, usualSettings }: Terminal): string {
  if (!origin) return '';
  if (origin.account !== undefined) return ` --account ${origin.account}`;
  return origin.path === usualSettings ? '' : ` --settings ${quoteForShell(origin.path)}`;
}
