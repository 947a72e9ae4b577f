import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as z from 'zod';
import { SETTING_NAMES, type SettingProblem } from '../../functions/config/settings.ts';
import { type Environment, FORMER_NAMES } from '../../functions/config/variables.ts';
import { VENDOR_SETTINGS } from '../../functions/sources/vendor.ts';
import type { Deployment } from '../../lib/deployment.ts';
import type { Terminal } from '../terminal.ts';

/** Reads the settings of one account of `bin/accounts.ts`, as a deployment would set them. */

const FILE = 'bin/accounts.ts';

/** Only what is needed to find the account. `readAccount` judges the rest. */
const named = z.looseObject({ accounts: z.array(z.looseObject({ name: z.string() })) });
const fileSchema = z.looseObject({
  deployment: z.custom<Deployment>((value) => named.safeParse(value).success),
});

/**
 * The terminal with the settings of the account, and no others: the environment may be that of another account. Only what
 * the file cannot hold comes from there: the lake, and the token or its secret. By default the token is the one on AWS.
 *
 * @param name as `bin/accounts.ts` has it
 * @param folder where `accounts.ts` is
 */
export async function withAccountFile(
  name: string,
  terminal: Terminal,
  folder: string = join(import.meta.dirname, '..'),
): Promise<{ readonly terminal: Terminal; readonly problems: readonly SettingProblem[] }> {
  const fail = (says: string) => ({ terminal, problems: [{ of: '--account', says }] });
  const path = join(folder, 'accounts.ts');
  // A packed program has no such file: it stands in a checkout alone.
  if (!existsSync(path)) return fail(`is "${name}", and needs a checkout of the project, with its ${FILE}`);
  const read = fileSchema.safeParse(await import(pathToFileURL(path).href));
  if (!read.success) return fail(`is "${name}", and ${FILE} does not hold a list of accounts with names`);
  const { accounts } = read.data.deployment;
  const place = accounts.findIndex((account) => account.name === name);
  const account = accounts[place];
  if (account === undefined) {
    const known = accounts.map((one) => one.name).join(', ');
    return fail(`is "${name}", which ${FILE} does not have; it has ${known === '' ? 'none' : known}`);
  }
  const { readAccount } = await import('../../lib/read-account.ts');
  const judged = readAccount(account, place, read.data.deployment);
  if ('problems' in judged) return { terminal, problems: judged.problems };
  const { namesOf } = await import('../../lib/names.ts');
  const set = { ACCOUNT: name, ...judged.account.variables };
  const { token, tokenSecret } = VENDOR_SETTINGS;
  const own = pick(terminal.environment, [token, tokenSecret, 'LAKE_URI']);
  const secret = own[token] || own[tokenSecret] ? {} : { [tokenSecret]: namesOf('chat-report', name).secret('token') };
  return {
    terminal: {
      ...terminal,
      environment: { ...withoutSettings(terminal.environment), ...own, ...secret, ...set },
      origin: { path: FILE, lines: new Map(Object.keys({ ...set, ...secret }).map((of) => [of, null])) },
    },
    problems: [],
  };
}

function pick(environment: Environment, names: readonly string[]): Environment {
  return Object.fromEntries(names.map((name) => [name, environment[name]?.trim()]));
}

/** What remains is AWS's, and that of other programs. */
function withoutSettings(environment: Environment): Environment {
  const isSetting = (name: string): boolean =>
    SETTING_NAMES.some((known) => known === name) || Object.hasOwn(FORMER_NAMES, name);
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !isSetting(name)));
}
