import * as z from 'zod';
import type { SettingName, SettingProblem, WiredName } from '../functions/config/settings.ts';
import type { FormerName } from '../functions/config/variables.ts';
import { type AccountOptions, accountOptions } from './account-options.ts';
import { APPLICATION } from './names.ts';
import { type CheckedAccount, readAccount } from './read-account.ts';

/** The content of a deployment, from `bin/accounts.ts`. Its options hold for every account that has none of its own. */
export interface Deployment extends AccountOptions {
  /** The beginning of every name on AWS, `chat-report` by default. Another prefix is a deployment beside the first. */
  readonly prefix?: string;
  /** These mail addresses get every alarm. */
  readonly alarmAddresses?: readonly string[];
  /** In place of addresses: a topic of yours, which leads to a chat room or a pager. docs/deploy.md has its policy. */
  readonly alarmTopicArn?: string;
  /** The address of docs/runbook.md where you read it. Alarms link to it; by default to the dashboard of the account. */
  readonly runbookUrl?: string;
  readonly accounts: readonly AccountDeployment[];
}

/** An account of the source. Its chats are reported. */
export interface AccountDeployment extends AccountOptions {
  /** It is part of every name on AWS. Never change it: AWS would make everything of the account again, empty. */
  readonly name: string;
  /** Settings by their names in docs/settings.md, without those that the stacks set. */
  readonly settings: Readonly<Partial<Record<Exclude<SettingName, WiredName> | FormerName, string>>>;
  /**
   * When work on yesterday's report begins, HH:MM in the account's time zone, 06:00 by default; not in an hour that a change
   * of clocks skips.
   */
  readonly reportAt?: string;
  /** When the report is expected to be there, later on the same day, 07:00 by default. */
  readonly reportBy?: string;
  /** A bucket of yours in place of a new one. docs/deploy.md says what it must be like. */
  readonly bucket?: string;
}

/** A deployment without errors and with every default. */
export interface CheckedDeployment {
  readonly prefix: string;
  readonly alarms: { readonly addresses: readonly string[] } | { readonly topicArn: string };
  readonly runbookUrl: string | null;
  readonly accounts: readonly CheckedAccount[];
}

const SUCH_PREFIX = 'begins with a letter, holds a–z, 0–9 and single hyphens, and has at most 30 of them';

const deploymentSchema = accountOptions.extend({
  prefix: z
    .string()
    .regex(/^(?=.{1,30}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$/, {
      error: ({ input }) => `is "${String(input)}"; a prefix ${SUCH_PREFIX}`,
    })
    .default(APPLICATION),
  alarmAddresses: z
    .array(z.email({ error: ({ input }) => `holds "${String(input)}", which is no mail address` }))
    .min(1, { error: 'names no address' })
    .refine((addresses) => new Set(addresses).size === addresses.length, { error: 'names an address twice' })
    .optional(),
  alarmTopicArn: z
    .string()
    .regex(/^arn:[a-z-]+:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}$/, {
      error: 'is no ARN of an SNS topic, such as arn:aws:sns:ap-southeast-1:123456789012:oncall',
    })
    .optional(),
  runbookUrl: z
    .url({ protocol: /^https$/, error: 'is no address that begins with https://' })
    .max(300, { error: 'is longer than 300 letters' })
    .optional(),
  accounts: z
    .array(z.looseObject({}, { error: 'is no account' }), { error: 'is no list' })
    .min(1, { error: 'names none' }),
});

/**
 * Checks a deployment. It reports everything that is wrong at once, each with its account and setting.
 *
 * @param only the names of the accounts to read; all by default. What is wrong with another account does not matter then.
 */
export function readDeployment(
  deployment: Deployment,
  only?: readonly string[],
): { deployment: CheckedDeployment } | { problems: SettingProblem[] } {
  const read = deploymentSchema.safeParse(deployment);
  // Node checks no types, so the list may hold anything.
  const listed = (Array.isArray(deployment.accounts) ? deployment.accounts : []).filter(isAccount);
  const accounts = listed
    .map((account, place) => [account, place] as const)
    .filter(([{ name }]) => only === undefined || only.includes(name))
    .map(([account, place]) => readAccount(account, place, deployment));
  const names = listed.map(({ name }) => name);
  const problems = [
    ...(read.error?.issues ?? []).map(({ path, message }) => ({ of: path.join('.'), says: message })),
    ...checkAlarms(deployment),
    ...accounts.flatMap((account) => ('problems' in account ? account.problems : [])),
    ...findUnknown(only ?? [], names),
    ...findTwins(names),
  ];
  if (!read.success || problems.length > 0) return { problems };
  const { prefix, alarmAddresses = [], alarmTopicArn, runbookUrl = null } = read.data;
  return {
    deployment: {
      prefix,
      alarms: alarmTopicArn === undefined ? { addresses: alarmAddresses } : { topicArn: alarmTopicArn },
      runbookUrl,
      accounts: accounts.flatMap((account) => ('account' in account ? [account.account] : [])),
    },
  };
}

function isAccount(value: unknown): value is AccountDeployment {
  return typeof value === 'object' && value !== null;
}

function checkAlarms({ alarmAddresses, alarmTopicArn }: Deployment): SettingProblem[] {
  if (alarmAddresses === undefined && alarmTopicArn === undefined) {
    return [
      {
        of: 'alarmAddresses',
        says: 'is not set, and neither is alarmTopicArn: no alarm would reach a person',
      },
    ];
  }
  if (alarmAddresses === undefined || alarmTopicArn === undefined) return [];
  return [
    {
      of: 'alarmAddresses',
      says: 'are set beside alarmTopicArn; subscribe them to that topic, and leave them out',
    },
  ];
}

function findUnknown(only: readonly string[], names: readonly string[]): SettingProblem[] {
  return only
    .filter((name) => !names.includes(name))
    .map((name) => ({ of: name, says: `is no account; there ${describeNames(names)}` }));
}

function describeNames(names: readonly string[]): string {
  if (names.length === 0) return 'is none';
  return names.length === 1 ? `is ${names[0]}` : `are ${names.join(', ')}`;
}

function findTwins(names: readonly string[]): SettingProblem[] {
  const twins = names.filter((name, place) => names.indexOf(name) < place);
  return [...new Set(twins)].map((name) => ({
    of: `${name}: name`,
    says: 'is that of several accounts; give each its own',
  }));
}
