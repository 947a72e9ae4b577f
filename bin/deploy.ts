import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Deployment } from '../lib/deployment.ts';
import { APPLICATION, accountNames } from '../lib/names.ts';
import { deployment } from './accounts.ts';

/**
 * Runs `cdk` for some accounts of `bin/accounts.ts`, or for all: `npm run deploy -- acme`, `npm run diff`. What begins with
 * a hyphen goes to `cdk` as it is, with everything behind it.
 */

const VERBS = ['deploy', 'diff', 'destroy'] as const;
type Verb = (typeof VERBS)[number];

/** The command line is wrong, and nothing was done. */
const WRONG_USAGE = 2;

/**
 * The arguments of `cdk`.
 *
 * @param args names of accounts, then options of `cdk`
 * @returns what is wrong with them, a line each
 */
export function toCdkArguments(
  verb: Verb,
  args: readonly string[],
  {
    prefix = APPLICATION,
    accounts,
  }: Pick<Deployment, 'prefix'> & { readonly accounts: readonly { readonly name: string }[] },
): { readonly cdk: readonly string[] } | { readonly problems: readonly string[] } {
  const end = args.findIndex((arg) => arg.startsWith('-'));
  const asked = end === -1 ? args : args.slice(0, end);
  const options = end === -1 ? [] : args.slice(end);
  const known = accounts.map(({ name }) => name);
  const unknown = asked.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    return {
      problems: unknown.map((name) => `${name} is no account of bin/accounts.ts; it has ${known.join(', ')}`),
    };
  }
  if (verb === 'destroy' && asked.length === 0) {
    return { problems: ['destroy takes the names of accounts; it never takes all of them by itself'] };
  }
  const stacks = asked.flatMap((account) => {
    const names = accountNames(prefix, account);
    return (['state', 'service', 'analytics'] as const).map(names.stack);
  });
  return {
    cdk: [
      verb,
      ...(asked.length === 0 ? ['--all'] : [...stacks, '--context', `accounts=${asked.join()}`]),
      // A bucket that an earlier life of the stack left behind is taken over.
      ...(verb === 'deploy' ? ['--import-existing-resources'] : []),
      ...(options.some((option) => OUTPUT.test(option)) ? [] : toOutput(asked)),
      ...options,
    ],
  };
}

const OUTPUT = /^(?:-o|--output(?:=.*)?)$/;

/** `cdk` lets one deployment at a time work in a folder. So one account has a folder of its own. */
function toOutput(accounts: readonly string[]): readonly string[] {
  return accounts.length === 1 ? ['--output', `out/cdk/${accounts.join()}`] : [];
}

if (import.meta.main) {
  const [verb, ...args] = process.argv.slice(2);
  const known = VERBS.find((one) => one === verb);
  const read =
    known === undefined
      ? { problems: [`the first word is one of ${VERBS.join(', ')}`] }
      : toCdkArguments(known, args, deployment);
  if ('problems' in read) {
    for (const problem of read.problems) process.stderr.write(`chat-report: ${problem}\n`);
    process.exitCode = WRONG_USAGE;
  } else {
    const cdk = fileURLToPath(import.meta.resolve('aws-cdk/bin/cdk'));
    const { status } = spawnSync(process.execPath, [cdk, ...read.cdk], { stdio: 'inherit' });
    process.exitCode = status ?? 1;
  }
}
