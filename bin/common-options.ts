import type { SettingProblem } from '../functions/config/settings.ts';
import type { AccountNeed } from './settings/account-settings.ts';
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
 * The terminal as these options make it, with the settings of the settings file below those of the environment, or with
 * those of an account that is deployed.
 *
 * @param needs what the command takes of a deployment; null where it reads no settings at all
 * @returns whether the settings are known, besides the problems
 */
export async function applyCommonOptions(
  flags: CommonFlags,
  terminal: Terminal,
  needs: readonly AccountNeed[] | null,
): Promise<{
  readonly terminal: Terminal;
  readonly problems: readonly SettingProblem[];
  readonly areKnown: boolean;
}> {
  const { form, problems } = readLogForm(flags);
  const formed: Terminal = form === null ? terminal : { ...terminal, logForm: form };
  if (needs === null) return { terminal: formed, problems, areKnown: true };
  // The file of this folder may be that of another account.
  const usual = flags.account === undefined ? (terminal.usualSettings ?? null) : null;
  // A command without settings does not wait for what reads them.
  const { loadSettings, shareAwsVariables } = await import('./settings/settings-file.ts');
  const loaded = await loadSettings(terminal.environment, flags.settings, usual);
  shareAwsVariables(loaded, process);
  const { environment, origin } = loaded;
  warn(terminal, loaded.warnings);
  const told = { ...formed, environment, origin };
  const all = [...problems, ...loaded.problems];
  if (flags.account === undefined) return { terminal: told, problems: all, areKnown: true };
  if (flags.settings !== undefined) {
    const says = 'stand for different accounts; give one of them';
    return {
      terminal: told,
      problems: [...all, { of: '--account, --settings', says }],
      areKnown: false,
    };
  }
  const { withAccountSettings } = await import('./settings/account-settings.ts');
  const { terminal: ofAccount, problems: wrong } = await withAccountSettings(flags.account, formed, needs);
  return { terminal: ofAccount, problems: [...all, ...wrong], areKnown: wrong.length === 0 };
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
