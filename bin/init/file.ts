import { basename } from 'node:path';
import { readSettings, SETTING_NAMES } from '../../functions/config/settings.ts';
import { loadSettings } from '../settings/settings-file.ts';
import { isCommittable, writeOwnFile, writeSettingsText } from '../settings/settings-writer.ts';
import { type Terminal, warn } from '../terminal.ts';
import { nameCommand, quoteForShell } from '../typed-commands.ts';
import type { InitTask, SettingTexts } from './task.ts';

interface FoundSettings {
  readonly values: SettingTexts;
  /** More about a setting, by its name. */
  readonly notes: ReadonlyMap<string, string>;
  /** Whether nothing is known that would spoil a report. */
  readonly isFine: boolean;
}

/** Writes the file, reads it back, and says what comes next. */
export async function writeSettingsFile(
  task: InitTask,
  { values, notes, isFine }: FoundSettings,
  terminal: Terminal,
): Promise<void> {
  const { file } = task;
  const all = { ...task.kept, ...values };
  await writeOwnFile(file, writeSettingsText(all, notes));
  await readBack(file, all);
  const usual = terminal.usualSettings ?? 'chat-report.env';
  const command = nameCommand(terminal);
  const settings = file === usual ? '' : ` --settings ${quoteForShell(file)}`;
  warn(terminal, findShadows(task, all, terminal));
  if (await isCommittable(file)) {
    warn(terminal, [
      { of: file, says: `would be committed by git; add this line to .gitignore: ${basename(file)}` },
    ]);
  }
  const steps = [
    `  ${command} run${settings}    report yesterday\n`,
    `  ${command} check${settings}  see all that was found\n`,
  ];
  // A report would be wrong before that is mended.
  const next = isFine ? steps : [`  mend ${file}, as is said above\n`, ...steps.toReversed()];
  terminal.out(`\n${file} is written, for you alone.\n\nNext:\n${next.join('')}`);
}

/** What was written has to be what a command reads. */
async function readBack(file: string, written: SettingTexts): Promise<void> {
  const { environment, problems } = await loadSettings({}, file, null);
  const read = readSettings(environment);
  const wrong = [
    ...problems,
    ...('problems' in read ? read.problems : []),
    ...Object.entries(written).flatMap(([of, value]) =>
      environment[of] === value ? [] : [{ of, says: 'is read back as something else' }],
    ),
  ];
  if (wrong.length === 0) return;
  throw new Error(`${file} is written, but ${wrong.map(({ of, says }) => `${of} ${says}`).join('; ')}`);
}

/** A variable of the environment stands above the file. */
function findShadows(task: InitTask, written: SettingTexts, { environment }: Terminal) {
  const above = SETTING_NAMES.filter((name) => {
    const set = environment[name]?.trim() ?? '';
    const isNamedBelow = task.surroundings[name] !== undefined && written[name] === undefined;
    return set !== '' && set !== written[name] && !isNamedBelow;
  });
  return [
    ...above.map((of) => ({
      of,
      says: `of the environment differs, and stands above ${task.file}; unset it`,
    })),
    ...Object.keys(task.surroundings)
      .filter((of) => written[of] === undefined)
      .map((of) => ({
        of,
        says: `is set in the environment alone; write it into ${task.file}, too, if a schedule is to know it`,
      })),
  ];
}
