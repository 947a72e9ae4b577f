import type { FunctionPart } from '../functions/config/account.ts';
import { VENDOR } from '../functions/sources/vendor.ts';

/** All names on AWS. People type them, and docs/runbook.md holds them. */
export const APPLICATION = 'chat-report';

/** Every caller uses this alias. An execution continues with the version that it began with. */
export const LIVE = 'live';

export const STATE_STACK = 'ChatReportState';
export const SERVICE_STACK = 'ChatReport';
export const ANALYTICS_STACK = 'ChatReportAnalytics';

/** The bucket of the lake. The AWS account and the Region are known at deployment. */
export const LAKE_BUCKET = `${APPLICATION}-lake-<AWS::AccountId>-<AWS::Region>`;

/** The bucket of Athena's answers. */
export const RESULTS_BUCKET = `${APPLICATION}-results-<AWS::AccountId>-<AWS::Region>`;

/** Athena allows no hyphens. An account's name has no underscores, so two names never become one. */
export const databaseName = (account: string): string => `chat_report_${account.replaceAll('-', '_')}`;

export const workgroupName = (account: string): string => `${APPLICATION}-${account}`;

export const readersPolicyName = (account: string): string => `${APPLICATION}-${account}-readers`;

export const functionName = (account: string, part: FunctionPart): string =>
  `${APPLICATION}-${account}-${part}`;

export const scheduleGroupName = (account: string): string => `${APPLICATION}-${account}`;

export const configurationSetName = (account: string): string => `${APPLICATION}-${account}`;

export const tokenSecretName = (account: string): string =>
  `${APPLICATION}/${account}/${VENDOR.toLowerCase()}-token`;

export const webhookKeySecretName = (account: string): string => `${APPLICATION}/${account}/webhook-key`;

export const viewKeySecretName = (account: string): string => `${APPLICATION}/${account}/view-key`;

export const apiName = (account: string): string => `${APPLICATION}-${account}`;

/** AWS delivers logs under this prefix without a policy for each. */
export const accessLogName = (account: string): string => `/aws/vendedlogs/${APPLICATION}-${account}-access`;

export const deadLettersName = (account: string, of: 'runs' | 'calls'): string =>
  `${APPLICATION}-${account}-dead-${of}`;

/** @param part the function, where an account has several alarms of a kind */
export const alarmName = (account: string, kind: string, part?: string): string =>
  [APPLICATION, account, kind, ...(part === undefined ? [] : [part])].join(' ');

/**
 * An ARN as text, `arn:<AWS::Partition>:…`, because the place of a deployment is not known before. cdk-nag writes ARNs in
 * the same way, so that its findings can be acknowledged.
 */
export type ArnText = `arn:<AWS::Partition>:${string}`;

/** The ARN of a resource in the stack's own account and Region. */
export function arnText(service: string, resource: string): ArnText {
  return `arn:<AWS::Partition>:${service}:<AWS::Region>:<AWS::AccountId>:${resource}`;
}
