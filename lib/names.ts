import { Aws } from 'aws-cdk-lib';
import type { FunctionPart } from '../functions/config/account.ts';

/** Of everything that has a name of its own on AWS, in one place: people type them, and docs/runbook.md does. */
export const APPLICATION = 'chat-report';

/** The alias that everybody calls: an execution goes on with the version that it began with. */
export const LIVE = 'live';

export const STATE_STACK = 'ChatReportState';
export const SERVICE_STACK = 'ChatReport';
export const ANALYTICS_STACK = 'ChatReportAnalytics';

/** Of the lake, where the AWS account and the Region stand for what is known when it is deployed. */
export const LAKE_BUCKET = `${APPLICATION}-lake-<AWS::AccountId>-<AWS::Region>`;

/** Of what Athena answered. */
export const RESULTS_BUCKET = `${APPLICATION}-results-<AWS::AccountId>-<AWS::Region>`;

/** Athena takes no hyphens in it; an account's name has no underscores, so no two meet. */
export const databaseName = (account: string): string => `chat_report_${account.replaceAll('-', '_')}`;

export const workgroupName = (account: string): string => `${APPLICATION}-${account}`;

export const readersPolicyName = (account: string): string => `${APPLICATION}-${account}-readers`;

export const functionName = (account: string, part: FunctionPart): string =>
  `${APPLICATION}-${account}-${part}`;

export const scheduleGroupName = (account: string): string => `${APPLICATION}-${account}`;

export const configurationSetName = (account: string): string => `${APPLICATION}-${account}`;

export const tokenSecretName = (account: string): string => `${APPLICATION}/${account}/caresoft-token`;

export const webhookKeySecretName = (account: string): string => `${APPLICATION}/${account}/webhook-key`;

export const viewKeySecretName = (account: string): string => `${APPLICATION}/${account}/view-key`;

export const apiName = (account: string): string => `${APPLICATION}-${account}`;

/** Below what AWS delivers logs to without a policy for each of them. */
export const accessLogName = (account: string): string => `/aws/vendedlogs/${APPLICATION}-${account}-access`;

export const deadLettersName = (account: string, of: 'runs' | 'calls'): string =>
  `${APPLICATION}-${account}-dead-${of}`;

/** @param part of the account that it is about, where there are several of a kind */
export const alarmName = (account: string, kind: string, part?: string): string =>
  [APPLICATION, account, kind, ...(part === undefined ? [] : [part])].join(' ');

/**
 * ARNs as text, `arn:<AWS::Partition>:…`: where a stack is deployed is not known before. It is how cdk-nag writes them, so
 * that what it finds can be answered to.
 */
export type ArnText = `arn:<AWS::Partition>:${string}`;

/** Of something in the account and Region that the stack is in. */
export function arnText(service: string, resource: string): ArnText {
  return `arn:<AWS::Partition>:${service}:<AWS::Region>:<AWS::AccountId>:${resource}`;
}

export function toArn(text: string): string {
  return text
    .replaceAll('<AWS::Partition>', Aws.PARTITION)
    .replaceAll('<AWS::Region>', Aws.REGION)
    .replaceAll('<AWS::AccountId>', Aws.ACCOUNT_ID);
}
