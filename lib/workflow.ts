import { Duration } from 'aws-cdk-lib';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { EXECUTION } from '../functions/pipeline/durable.ts';
import type { AccountSecrets } from './account-secrets.ts';
import { identityArn, listing, onKey, onObjects } from './lake.ts';
import { type AccountNames, APPLICATION, arnText } from './names.ts';
import { NodeFunction, type Permission } from './node-function.ts';
import type { CheckedAccount } from './read-account.ts';

export interface WorkflowProps {
  readonly account: CheckedAccount;
  readonly secrets: AccountSecrets;
  readonly variables: Readonly<Record<string, string>>;
  readonly deadLetters: Queue;
}

/** The prefixes that a run writes. Commands write the suppression list, and the API writes requests. */
const WRITTEN = ['raw/', 'curated/', 'reports/', 'changes/', 'looks/', 'days/', 'runs/', 'lease/'];
/** The prefixes in which a run deletes. It never deletes a capture or a report. */
const DELETED = ['curated/', 'lease/'];

/** The daily report as a durable function. It captures, counts, writes and sends, and may take hours. */
export class Workflow extends NodeFunction {
  constructor(scope: Construct, id: string, { account, secrets, variables, deadLetters }: WorkflowProps) {
    const { name, names, eventBus } = account;
    super(scope, id, {
      account,
      part: 'workflow',
      description: `Reports a day of the chats of ${name}`,
      variables,
      // The tables of a million chats a day are written from this; the report alone would need a quarter of it.
      memoryMegabytes: 1_024,
      timeout: Duration.minutes(EXECUTION.invocationMinutes),
      // Its steps try again by themselves; the whole of it, started over, would only be a second execution.
      retryAttempts: 0,
      deadLetters,
      // Longer than any lockout and every wait, and over before the next day's begins.
      durable: {
        executionTimeout: Duration.hours(EXECUTION.hours),
        retentionPeriod: Duration.days(EXECUTION.keptDays),
      },
    });
    this.allow(itself(names));
    this.allow(onObjects(['s3:GetObject'], account));
    for (const place of WRITTEN) this.allow(onObjects(['s3:PutObject'], account, place));
    this.allow({ actions: ['s3:PutObject'], resources: [identityArn(account)] });
    for (const place of DELETED) this.allow(onObjects(['s3:DeleteObject'], account, place));
    this.allow(listing(account));
    for (const permission of onKey(account, ['Decrypt', 'GenerateDataKey'])) this.allow(permission);
    // All of them: a webhook or a link that is set later needs no other role.
    for (const { secretArn } of [secrets.token, secrets.webhookKey, secrets.viewKey]) {
      this.allow({ actions: ['secretsmanager:GetSecretValue'], resources: [secretArn] });
    }
    this.allow(sendingMail(account));
    if (eventBus !== null) this.allow(events(eventBus));
  }
}

/** The function is named by its name: its role cannot wait for it, because it waits for the role. */
function itself(names: AccountNames): Permission {
  return {
    actions: ['lambda:CheckpointDurableExecution', 'lambda:GetDurableExecutionState'],
    resources: [arnText('lambda', `function:${names.function('workflow')}:*`)],
    whyWildcard: 'An execution belongs to the version that it began on, and each deployment makes a new one.',
  };
}

function sendingMail({ names, mail }: CheckedAccount): Permission {
  return {
    actions: ['ses:SendRawEmail'],
    resources: [arnText('ses', `configuration-set/${names.base}`), arnText('ses', 'identity/*')],
    conditions: { StringEquals: { 'ses:FromAddress': mail.from.address } },
    whyWildcard:
      "The condition says who the sender is. While the AWS account is in SES's sandbox, the recipients' identities are asked for too.",
  };
}

function events(bus: string): Permission {
  return {
    actions: ['events:PutEvents'],
    resources: [bus.startsWith('arn:') ? bus : arnText('events', `event-bus/${bus}`)],
    conditions: { StringEquals: { 'events:source': APPLICATION } },
  };
}
