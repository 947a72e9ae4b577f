import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as z from 'zod';
import type { SettingProblem } from '../../functions/config/settings.ts';
import { type CheckedDeployment, type Deployment, readDeployment } from '../../lib/deployment.ts';
import type { CheckedAccount } from '../../lib/read-account.ts';
import type { Terminal } from '../terminal.ts';

/** Reads one account of `bin/accounts.ts`. */

/** The file as people name it. */
export const ACCOUNTS_FILE = 'bin/accounts.ts';

/** An account as it is to be deployed. */
export interface DeployedAccount {
  readonly account: CheckedAccount;
  readonly alarms: CheckedDeployment['alarms'];
}

/** Only what is needed to find the account. `readDeployment` judges the rest. */
const named = z.looseObject({ accounts: z.array(z.looseObject({ name: z.string() })) });
const fileSchema = z.looseObject({
  deployment: z.custom<Deployment>((value) => named.safeParse(value).success),
});

/**
 * @param of what names the account, for the message: an option or an argument
 * @param name as `bin/accounts.ts` has it
 * @returns what is wrong with the account or its file
 */
export async function readAccountFile(
  of: string,
  name: string,
  { accountsFolder = join(import.meta.dirname, '..') }: Pick<Terminal, 'accountsFolder'>,
): Promise<DeployedAccount | { readonly problems: readonly SettingProblem[] }> {
  const fail = (says: string) => ({ problems: [{ of, says }] });
  const path = join(accountsFolder, 'accounts.ts');
  // A packed program has no such file: it stands in a checkout alone.
  if (!existsSync(path))
    return fail(`is "${name}", and needs a checkout of the project, with its ${ACCOUNTS_FILE}`);
  const read = fileSchema.safeParse(await import(pathToFileURL(path).href));
  if (!read.success)
    return fail(`is "${name}", and ${ACCOUNTS_FILE} does not hold a list of accounts with names`);
  const { deployment } = read.data;
  const names = deployment.accounts.map((one) => one.name);
  if (!names.includes(name)) {
    const known = names.length === 0 ? 'none' : names.join(', ');
    return fail(`is "${name}", which ${ACCOUNTS_FILE} does not have; it has ${known}`);
  }
  const judged = readDeployment(deployment, [name]);
  if ('problems' in judged) return judged;
  const { accounts, alarms } = judged.deployment;
  const [account] = accounts;
  return account === undefined
    ? fail(`is "${name}", which ${ACCOUNTS_FILE} does not have`)
    : { account, alarms };
}
