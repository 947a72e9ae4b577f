import type { Counted } from './count-resources.ts';
import type { Measured } from './measured.ts';

/** Something of which AWS lets an AWS account have so much in a Region, by default. */
interface Limit {
  readonly of: string;
  readonly quota: number;
  /** How much of it one account of a deployment takes. */
  readonly takes: (counted: Counted['account'], measured: Measured) => number;
  /** What all accounts share takes so much. */
  readonly shared?: (counted: Counted['shared']) => number;
  readonly note?: string;
}

/** How often the workflow is deployed until the storage of code is looked at: each time one more version of it is kept. */
const DEPLOYMENTS = 100;

const LIMITS: readonly Limit[] = [
  {
    of: 'functions that run at once, in a new AWS account',
    quota: 10,
    takes: () => 1,
    note: 'AWS raises it with use, and on request. Calls beyond it are tried again for an hour',
  },
  { of: 'functions that run at once', quota: 1_000, takes: () => 1, note: 'if all have the same `reportAt`' },
  {
    of: 'mails a day in the sandbox of SES',
    quota: 200,
    takes: (_counted, { days }) => days[0]?.mails.count ?? 0,
    note: 'outside of it AWS begins with about 50,000',
  },
  { of: 'IAM roles', quota: 1_000, takes: ({ roles }) => roles, note: 'of the AWS account, in all Regions' },
  {
    of: `code of functions, in MB, after ${DEPLOYMENTS} deployments`,
    quota: 75_000,
    takes: ({ functions }, { code }) => codeBytes(code, functions) / 1e6,
    note: 'each changed workflow stays as a version; delete old ones by hand',
  },
  { of: 'groups of schedules', quota: 500, takes: ({ scheduleGroups }) => scheduleGroups },
  {
    of: 'lines in a graph of the overview',
    quota: 500,
    takes: () => 1,
    note: 'further accounts are not drawn',
  },
  { of: 'APIs', quota: 600, takes: ({ apis }) => apis },
  {
    of: 'CloudFormation stacks',
    quota: 2_000,
    takes: ({ stacks }) => stacks,
    shared: ({ stacks }) => stacks,
  },
  { of: 'workgroups of Athena', quota: 1_000, takes: ({ workgroups }) => workgroups },
  { of: 'IAM policies', quota: 1_500, takes: ({ policies }) => policies },
  {
    of: 'S3 buckets',
    quota: 10_000,
    takes: ({ buckets }) => buckets,
    note: 'of the AWS account, in all Regions',
  },
  { of: 'configuration sets of SES', quota: 10_000, takes: ({ configurationSets }) => configurationSets },
];

/** Both the code that is edited and the version that runs are counted; of the workflow all versions are. */
function codeBytes(code: Measured['code'], functions: number): number {
  const sizes = Object.entries(code);
  if (sizes.length !== functions) throw new Error('a function was not measured');
  const twice = sizes.reduce((sum, [, bytes]) => sum + 2 * bytes, 0);
  return twice + (DEPLOYMENTS - 1) * (code.workflow ?? 0);
}

export interface Reached {
  readonly of: string;
  readonly quota: number;
  readonly takes: number;
  /** The last number of accounts that it is enough for. */
  readonly accounts: number;
  readonly note: string;
}

/** The limits, the one that is reached first at the top. */
export function reachLimits({ account, shared }: Counted, measured: Measured): Reached[] {
  return LIMITS.map(({ of, quota, takes: howMuch, shared: howMuchForAll = () => 0, note = '' }) => {
    const takes = howMuch(account, measured);
    return { of, quota, takes, accounts: Math.floor((quota - howMuchForAll(shared)) / takes), note };
  }).toSorted((one, other) => one.accounts - other.accounts);
}
