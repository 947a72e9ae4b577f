import type { FunctionPart } from '../functions/config/account.ts';
import { VENDOR } from '../functions/sources/vendor.ts';

/** All names on AWS. People type them, and docs/runbook.md holds them. */
export const APPLICATION = 'chat-report';

/** Every caller uses this alias. An execution continues with the version that it began with. */
export const LIVE = 'live';

/** What an account's stacks are for: what lasts, what runs, and what analysts use. */
export type StackKind = 'state' | 'service' | 'analytics';

/** S3 allows 63 characters in a bucket's name. `-results-` and the number of an AWS account take 21 of them. */
export const LONGEST_BASE = 42;

/** The names of what all accounts of a prefix share. */
export const sharedNames = (prefix: string) =>
  ({
    stack: `${prefix}-shared`,
    alarmTopic: `${prefix}-alarms`,
    /** The dashboard over all accounts. */
    dashboard: prefix,
    /** The dashboard of one account, which is chosen there. */
    accountDashboard: `${prefix}-account`,
  }) as const;

/**
 * A secret holds this text until an administrator puts the token there. The program refuses it because of its blanks. The
 * text must never change: the next deployment would overwrite every token.
 */
export const TOKEN_PLACEHOLDER = `put the ${VENDOR} token here`;

/** The secrets of an account. */
export type SecretKind = 'token' | 'webhook-key' | 'view-key';

export type AccountNames = ReturnType<typeof accountNames>;

/**
 * The names of what an account has on AWS. All begin with the prefix and the account, so that accounts and prefixes do not
 * meet. `<AWS::AccountId>` stands for what is known at deployment.
 *
 * @param prefix of the deployment
 * @param account by its name in `bin/accounts.ts`
 */
export function accountNames(prefix: string, account: string) {
  const base = `${prefix}-${account}`;
  return {
    prefix,
    account,
    /** Schedules, the configuration set, the workgroup and the API have it as their whole name. */
    base,
    stack: (kind: StackKind): string => `${base}-${kind}`,
    lakeBucket: `${base}-lake-<AWS::AccountId>`,
    /** The bucket of Athena's answers. */
    resultsBucket: `${base}-results-<AWS::AccountId>`,
    /** The bucket of the logs that say who read the other two. */
    accessBucket: `${base}-access-<AWS::AccountId>`,
    function: (part: FunctionPart): string => `${base}-${part}`,
    /** Its secrets' names begin so. What follows is of the stack: a stack that is made again gets new secrets. */
    secret: (kind: SecretKind): string =>
      `${prefix}/${account}/${kind === 'token' ? `${VENDOR.toLowerCase()}-token` : kind}`,
    /** Athena allows no hyphens. An account's name has no underscores, so two names never become one. */
    database: base.replaceAll('-', '_'),
    readersPolicy: `${base}-readers`,
    deadLetters: (of: 'runs' | 'calls'): string => `${base}-dead-${of}`,
    /** AWS delivers logs under this prefix without a policy for each. */
    accessLog: `/aws/vendedlogs/${base}-access`,
    /** @param part the function, where an account has several alarms of a kind */
    alarm: (kind: string, part?: string): string =>
      [prefix, account, kind, ...(part === undefined ? [] : [part])].join(' '),
  };
}

/**
 * An ARN as text, `arn:<AWS::Partition>:…`, because the place of a deployment is not known before. cdk-nag writes ARNs in
 * the same way, so that its findings can be acknowledged.
 */
export type ArnText = `arn:<AWS::Partition>:${string}`;

/** The ARN of a resource in the stack's own account and Region. */
export function arnText(service: string, resource: string): ArnText {
  return `arn:<AWS::Partition>:${service}:<AWS::Region>:<AWS::AccountId>:${resource}`;
}
