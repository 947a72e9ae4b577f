import { readFile, stat } from 'node:fs/promises';
import { SETTING_NAMES, type SettingProblem } from '../../functions/config/settings.ts';
import { dropUnset, type Environment, FORMER_NAMES, findMeant } from '../../functions/config/variables.ts';
import { errorCodeOf } from '../../functions/observability/redact.ts';
import { isSecret } from './setting-table.ts';
import { locate, readSettingsText, type SettingsOrigin } from './settings-text.ts';

export interface LoadedSettings {
  /** The environment, above the values of the file. */
  readonly environment: Environment;
  /** Null where no file was read. */
  readonly origin: SettingsOrigin | null;
  readonly problems: readonly SettingProblem[];
  readonly warnings: readonly SettingProblem[];
}

/**
 * Puts the values of a settings file below those of the environment. A blank variable of the environment counts as unset.
 *
 * @param asked the file of `--settings`, which has to be there
 * @param usual the file that is read where it is there; null for none
 */
export async function loadSettings(
  environment: Environment,
  asked: string | undefined,
  usual: string | null,
): Promise<LoadedSettings> {
  const none = { environment, origin: null, problems: [], warnings: [] };
  const path = asked ?? usual;
  if (path === null) return none;
  const read = await readText(path);
  if ('code' in read) {
    const isThere = asked !== undefined || read.code !== 'ENOENT';
    const of = asked === undefined ? path : '--settings';
    return isThere ? { ...none, problems: [{ of, says: explainUnread(path, read.code) }] } : none;
  }
  const { entries, problems } = readSettingsText(read.text);
  const set = new Set(Object.keys(dropUnset(environment)));
  const known = [...entries].filter(([name, { value }]) => isKnown(name) && value !== '');
  const lines = new Map(known.flatMap(([name, { line }]) => (set.has(name) ? [] : [[name, line] as const])));
  return {
    environment: {
      ...environment,
      ...Object.fromEntries(known.flatMap(([name, { value }]) => (set.has(name) ? [] : [[name, value]]))),
    },
    origin: { path, lines },
    problems: [
      ...problems.map(({ name, line, says }) => ({ of: locate(name ?? 'a line', path, line), says })),
      ...[...entries].flatMap(([name, { line }]) => checkName(name, locate(name, path, line))),
    ],
    warnings: known.some(([name]) => isSecret(name)) ? await checkMode(path) : [],
  };
}

/** AWS's own variables may stand in the file: a scheduled command has no other place for them. */
const OF_AWS = /^AWS_[A-Z0-9_]+$/;

/** Hands AWS's variables of the file to the SDK, which reads those of the process. */
export function shareAwsVariables({ environment, origin }: LoadedSettings, process: NodeJS.Process): void {
  for (const name of origin?.lines.keys() ?? []) {
    const value = environment[name];
    if (OF_AWS.test(name) && value !== undefined) process.env[name] = value;
  }
}

function isKnown(name: string): boolean {
  return (
    SETTING_NAMES.some((known) => known === name) || Object.hasOwn(FORMER_NAMES, name) || OF_AWS.test(name)
  );
}

/** In this file, no name belongs to another program. */
function checkName(name: string, of: string): SettingProblem[] {
  if (isKnown(name)) return [];
  const meant = findMeant(name, SETTING_NAMES);
  const instead = meant === null ? '; chat-report settings lists them' : `; write ${meant}`;
  return [{ of, says: `is no setting${instead}` }];
}

async function readText(path: string): Promise<{ readonly text: string } | { readonly code: string | null }> {
  try {
    return { text: decode(await readFile(path)) };
  } catch (error) {
    return { code: error instanceof TypeError ? 'TEXT' : errorCodeOf(error) };
  }
}

/** UTF-8. Editors of Windows may write UTF-16, with a mark at its start. @throws TypeError for another encoding */
function decode(bytes: Buffer): string {
  const [first, second] = bytes;
  const isUtf16 = first === 0xff && second === 0xfe;
  const text = new TextDecoder(isUtf16 ? 'utf-16le' : 'utf-8', { fatal: true }).decode(bytes);
  if (text.includes('\0')) throw new TypeError('This is no text.');
  return text;
}

function explainUnread(path: string, code: string | null): string {
  if (code === 'ENOENT') return `is "${path}", which is not there; chat-report init writes such a file`;
  if (code === 'TEXT') return `is "${path}", which is no text in UTF-8; save it as UTF-8`;
  if (code === 'EISDIR') return `is "${path}", which is a folder; name the file in it`;
  return `is "${path}", which cannot be read (${code})`;
}

/** A file with a token in it is for its owner. On Windows, modes tell nothing. */
async function checkMode(path: string): Promise<SettingProblem[]> {
  if (process.platform === 'win32') return [];
  const { mode } = await stat(path);
  return (mode & 0o077) === 0 ? [] : [{ of: path, says: `is open to others; close it with chmod 600` }];
}
