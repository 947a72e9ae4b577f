import type { SettingProblem } from '../functions/config/settings.ts';
import { type LogForm, type Terminal, warn } from './terminal.ts';

/** The options that most commands have: where settings come from, and what is shown of the work. */
export interface CommonFlags {
  readonly settings?: string | undefined;
  readonly quiet?: boolean | undefined;
  readonly verbose?: boolean | undefined;
  readonly log?: string | undefined;
  /** The settings are those of an account of `bin/accounts.ts`. */
  readonly account?: string | undefined;
}

/**
 * The terminal as these options make it, with the settings of the settings file below those of the environment.
 *
 * @param readsSettings whether the command reads settings at all
 */
export async function applyCommonOptions(
  flags: CommonFlags,
  terminal: Terminal,
  readsSettings: boolean,
): Promise<{ readonly terminal: Terminal; readonly problems: readonly SettingProblem[] }> {
  const { form, problems } = readLogForm(flags);
  const formed: Terminal = form === null ? terminal : { ...terminal, logForm: form };
  if (!readsSettings) return { terminal: formed, problems };
  // The file of this folder may be that of another account.
  const usual = flags.account === undefined ? (terminal.usualSettings ?? null) : null;
  // A command without settings does not wait for what reads them.
  const { loadSettings, shareAwsVariables } = await import('./settings/settings-file.ts');
  const loaded = await loadSettings(terminal.environment, flags.settings, usual);
  shareAwsVariables(loaded, process);
  const { environment, origin } = loaded;
  warn(terminal, loaded.warnings);
  return { terminal: { ...formed, environment, origin }, problems: [...problems, ...loaded.problems] };
}

/** @returns no form where the usual one counts */
function readLogForm({ quiet = false, verbose = false, log }: CommonFlags): {
  readonly form: LogForm | null;
  readonly problems: SettingProblem[];
} {
  const given = [...(quiet ? ['--quiet'] : []), ...(verbose ? ['--verbose'] : []), ...(log ? ['--log'] : [])];
  if (given.length > 1) {
    return {
      form: null,
      problems: [{ of: given.join(', '), says: 'say different things; give one of them' }],
    };
  }
  if (quiet || verbose) return { form: quiet ? 'quiet' : 'verbose', problems: [] };
  if (log === undefined) return { form: null, problems: [] };
  if (log === 'json' || log === 'plain') return { form: log, problems: [] };
  return { form: null, problems: [{ of: '--log', says: `is "${log}"; it can be plain or json` }] };
}
