import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import * as z from 'zod';
import type { SettingName, SettingProblem, WiredName } from '../functions/config/settings.ts';
import type { FormerName } from '../functions/config/variables.ts';
import { type CheckedAccount, readAccount } from './read-account.ts';

/** The content of a deployment, from `bin/accounts.ts`. */
export interface Deployment {
  /** These mail addresses get every alarm. */
  readonly alarmAddresses: readonly string[];
  /** The days that the functions' logs are kept: a number that CloudWatch Logs knows. */
  readonly logRetentionDays: number;
  /** The EventBridge bus that gets an event for each report; `default` by default, null for none. */
  readonly eventBus?: string | null;
  /** How many days the lake keeps what is in a layer; null for ever, which is the default but for `runs`. */
  readonly keepDays?: Partial<KeepDays>;
  /** Whether each account has an HTTP API for its reports; true by default. */
  readonly onDemand?: boolean;
  /** The page that alarms link to; the file in the repository by default. */
  readonly runbookUrl?: string;
  readonly accounts: readonly AccountDeployment[];
}

/** An account of the source. Its chats are reported. */
export interface AccountDeployment {
  /** It is part of every name on AWS. Never change it: AWS would make everything of the account again, empty. */
  readonly name: string;
  /** Settings by their names in docs/settings.md, without those that the stacks set. */
  readonly settings: Readonly<Partial<Record<Exclude<SettingName, WiredName> | FormerName, string>>>;
  /**
   * When work on yesterday's report begins, HH:MM in the account's time zone, 06:00 by default; not in the hour that a
   * change of clocks skips.
   */
  readonly reportAt?: string;
  /** When the report is expected to be there, later on the same day, 07:00 by default: an alarm goes off where it is not. */
  readonly reportBy?: string;
  /** How SES knows `MAIL_FROM`: by its domain (the default), by the address alone, or by an existing identity. */
  readonly senderIdentity?: SenderIdentity;
}

export type SenderIdentity = 'domain' | 'address' | 'existing';

/** A layer of the lake, by the first part of its keys. */
export type Layer = (typeof LAYERS)[number];
export const LAYERS = ['raw', 'curated', 'reports', 'runs'] as const;
export type KeepDays = Readonly<Record<Layer, number | null>>;

/**
 * About fifty resources are an account's, twenty more its API's, and CloudFormation takes 500 in a stack. What analysts
 * have of it, thirteen, is in a stack of its own.
 */
export const MOST_ACCOUNTS = 10;
export const MOST_ACCOUNTS_ON_DEMAND = 7;

/** A deployment without errors and with every default. */
export interface CheckedDeployment {
  readonly alarmAddresses: readonly string[];
  readonly logRetentionDays: number;
  readonly eventBus: string | null;
  readonly keepDays: KeepDays;
  readonly onDemand: boolean;
  readonly runbookUrl: string;
  readonly accounts: readonly CheckedAccount[];
}

const days = z
  .int({ error: 'is no whole number of days' })
  .min(1, { error: 'is less than a day' })
  .nullable();

const RETENTIONS = Object.values(RetentionDays).filter(
  (value) => typeof value === 'number' && value !== RetentionDays.INFINITE,
);

const deploymentSchema = z.strictObject({
  alarmAddresses: z
    .array(z.email({ error: ({ input }) => `holds "${String(input)}", which is no mail address` }))
    .min(1, { error: 'names no address' })
    .refine((addresses) => new Set(addresses).size === addresses.length, { error: 'names an address twice' }),
  logRetentionDays: z.number().refine((value) => RETENTIONS.includes(value), {
    error: `is none of the numbers that CloudWatch Logs knows: ${RETENTIONS.join(', ')}`,
  }),
  eventBus: z
    .string()
    .regex(/^[A-Za-z0-9._/-]{1,256}$/, { error: 'is no name of an event bus' })
    .nullable()
    .default('default'),
  keepDays: z
    .strictObject({
      raw: days.default(null),
      curated: days.default(null),
      reports: days.default(null),
      runs: days.default(400),
    })
    .prefault({}),
  onDemand: z.boolean({ error: 'is neither true nor false' }).default(true),
  runbookUrl: z.string().min(1, { error: 'is empty' }).default('docs/runbook.md'),
  accounts: z
    .array(z.looseObject({}, { error: 'is no account' }), { error: 'is no list' })
    .min(1, { error: 'names none' })
    .max(MOST_ACCOUNTS, { error: `are more than ${MOST_ACCOUNTS}; a stack holds no more` }),
});

/** Checks a deployment. It reports everything that is wrong at once, each with its account and setting. */
export function readDeployment(
  deployment: Deployment,
): { deployment: CheckedDeployment } | { problems: SettingProblem[] } {
  const read = deploymentSchema.safeParse(deployment);
  // Node checks no types, so the list may hold anything.
  const listed = (Array.isArray(deployment.accounts) ? deployment.accounts : []).filter(isAccount);
  const accounts = listed.map(readAccount);
  const problems = [
    ...(read.error?.issues ?? []).map(({ path, message }) => ({ of: path.join('.'), says: message })),
    ...accounts.flatMap((account) => ('problems' in account ? account.problems : [])),
    ...checkOnDemand(deployment.onDemand ?? true, accounts),
    ...findTwins(listed.map(({ name }) => name)),
  ];
  if (!read.success || problems.length > 0) return { problems };
  const checked = accounts.flatMap((account) => ('account' in account ? [account.account] : []));
  return { deployment: { ...read.data, accounts: checked } };
}

function isAccount(value: unknown): value is AccountDeployment {
  return typeof value === 'object' && value !== null;
}

/** Links need an API, and an API takes room in the stack. */
function checkOnDemand(
  onDemand: boolean,
  accounts: readonly ReturnType<typeof readAccount>[],
): SettingProblem[] {
  const checked = accounts.flatMap((account) => ('account' in account ? [account.account] : []));
  if (!onDemand) {
    return checked
      .filter(({ view }) => view !== null)
      .map(({ name }) => ({
        of: `${name}: VIEW_URL`,
        says: 'is set, and onDemand is false: there is no API',
      }));
  }
  if (accounts.length <= MOST_ACCOUNTS_ON_DEMAND || accounts.length > MOST_ACCOUNTS) return [];
  const says = `are more than ${MOST_ACCOUNTS_ON_DEMAND}; a stack holds no more with onDemand, and ${MOST_ACCOUNTS} without`;
  return [{ of: 'accounts', says }];
}

function findTwins(names: readonly string[]): SettingProblem[] {
  const twins = names.filter((name, place) => names.indexOf(name) < place);
  return [...new Set(twins)].map((name) => ({
    of: `${name}: name`,
    says: 'is that of several accounts; give each its own',
  }));
}
