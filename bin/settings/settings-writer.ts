import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { open, realpath, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { SETTING_ROWS } from '../../functions/config/settings.ts';
import type { Row } from '../../functions/config/variables.ts';
import { headOf, isSecret } from './setting-table.ts';
import { toSettingsLine } from './settings-text.ts';

const HEAD = [
  '# The settings of chat-report, one a line: NAME=value.',
  '# "chat-report settings" lists all of them. A variable of the environment stands above a line of this file.',
];
const OWN = '# This file holds a secret. Keep it to yourself.';

/** Settings that many accounts want. Without a value they stand in the file as examples. */
const EXAMPLES: ReadonlyMap<string, string> = new Map([
  ['BUSINESS_HOURS', 'Mon-Sat 08:00-21:00'],
  ['TARGET_MISSED_RATE', '8%'],
  ['MAIL_FROM', 'Báo cáo chat <report@example.com>'],
  ['MAIL_TO', 'manager@example.com'],
]);

/**
 * The text of a settings file: each setting with a comment above it, in the order of the table. A few that are not set
 * stand there as comments.
 *
 * @param values by name; values of AWS's own variables come last
 * @param notes more for the comment of a setting, by name
 */
export function writeSettingsText(
  values: Readonly<Record<string, string>>,
  notes: ReadonlyMap<string, string>,
): string {
  const known = SETTING_ROWS.flatMap(([name, row]) => describe(name, row, values[name], notes.get(name)));
  const names = SETTING_ROWS.map(([name]) => name);
  const others = Object.entries(values).filter(([name]) => !names.includes(name));
  const isOwn = Object.keys(values).some(isSecret);
  return [
    [...HEAD, ...(isOwn ? [OWN] : [])].join('\n'),
    ...known,
    ...others.map(([name, value]) => toSettingsLine(name, value)),
    '',
  ]
    .join('\n\n')
    .replace(/\n+$/u, '\n');
}

function describe(name: string, row: Row, value: string | undefined, note: string | undefined): string[] {
  const head = `# ${headOf(row)}${note === undefined ? '' : `: ${note}`}`;
  if (value !== undefined) return [`${head}\n${toSettingsLine(name, value)}`];
  const example = EXAMPLES.get(name);
  return example === undefined ? [] : [`${head}\n# ${toSettingsLine(name, example)}`];
}

/** Writes a file for its owner alone. It is there as a whole or not at all. A link leads to the same file as before. */
export async function writeOwnFile(path: string, text: string): Promise<void> {
  const target = await realpath(path).catch(() => resolve(path));
  const beside = join(dirname(target), `.${basename(target)}.${randomUUID()}`);
  try {
    const file = await open(beside, 'wx', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, target);
  } finally {
    await rm(beside, { force: true });
  }
}

const run = promisify(execFile);
/** git says so of a file that it would commit. */
const NOT_IGNORED = 1;

/** Whether git would commit the file. False without git, and outside of a work tree. */
export async function isCommittable(path: string): Promise<boolean> {
  try {
    await run('git', ['check-ignore', '-q', '--', basename(path)], { cwd: dirname(resolve(path)) });
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === NOT_IGNORED;
  }
}
