import { Duration } from 'aws-cdk-lib';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { identityArn, listing, onObjects } from './lake.ts';
import { APPLICATION, arnText, configurationSetName, functionName } from './names.ts';
import { NodeFunction, type Permission } from './node-function.ts';
import type { CheckedAccount } from './read-account.ts';
import type { AccountState } from './state-stack.ts';

export interface WorkflowProps {
  readonly state: AccountState;
  readonly variables: Readonly<Record<string, string>>;
  /** The name of an event bus; null for none. */
  readonly eventBus: string | null;
  readonly logRetentionDays: number;
  readonly deadLetters: Queue;
}

/** The prefixes that a run writes. Commands write the suppression list, and the API writes requests. */
const WRITTEN = ['raw/', 'curated/', 'reports/', 'changes/', 'looks/', 'days/', 'runs/', 'lease/'];
/** The prefixes in which a run deletes. It never deletes a capture or a report. */
const DELETED = ['curated/', 'lease/'];

/** The daily report as a durable function. It captures, counts, writes and sends, and may take hours. */
export class Workflow extends NodeFunction {
  constructor(scope: Construct, id: string, props: WorkflowProps) {
    const { state, variables, eventBus, logRetentionDays, deadLetters } = props;
    const { account, token, webhookKey, viewKey } = state;
    super(scope, id, {
      account: account.name,
      part: 'workflow',
      description: `Reports a day of the chats of ${account.name}`,
      variables,
      // The tables of a million chats a day are written from this; the report alone would need a quarter of it.
      memoryMegabytes: 1_024,
      timeout: Duration.minutes(15),
      logRetentionDays,
      // Its steps try again by themselves; the whole of it, started over, would only be a second execution.
      retryAttempts: 0,
      deadLetters,
      // Longer than any lockout and every wait, and over before the next day's begins.
      durable: { executionTimeout: Duration.hours(12), retentionPeriod: Duration.days(14) },
    });
    this.allow(itself(account.name));
    this.allow(onObjects(['s3:GetObject'], account.name));
    for (const place of WRITTEN) this.allow(onObjects(['s3:PutObject'], account.name, place));
    this.allow({ actions: ['s3:PutObject'], resources: [identityArn(account.name)] });
    for (const place of DELETED) this.allow(onObjects(['s3:DeleteObject'], account.name, place));
    this.allow(listing(account.name));
    for (const secret of [token, webhookKey, viewKey].filter((one) => one !== null)) {
      this.allow({ actions: ['secretsmanager:GetSecretValue'], resources: [secret.secretArn] });
    }
    this.allow(sendingMail(account));
    if (eventBus !== null) this.allow(events(eventBus));
  }
}

/** The function is named by its name: its role cannot wait for it, because it waits for the role. */
function itself(account: string): Permission {
  return {
    actions: ['lambda:CheckpointDurableExecution', 'lambda:GetDurableExecutionState'],
    resources: [arnText('lambda', `function:${functionName(account, 'workflow')}:*`)],
    whyWildcard: 'An execution belongs to the version that it began on, and each deployment makes a new one.',
  };
}

function sendingMail({ name, mail }: CheckedAccount): Permission {
  return {
    actions: ['ses:SendRawEmail'],
    resources: [
      arnText('ses', `configuration-set/${configurationSetName(name)}`),
      arnText('ses', 'identity/*'),
    ],
    conditions: { StringEquals: { 'ses:FromAddress': mail.from.address } },
    whyWildcard:
      "The condition says who the sender is. While the AWS account is in SES's sandbox, the recipients' identities are asked for too.",
  };
}

function events(bus: string): Permission {
  return {
    actions: ['events:PutEvents'],
    resources: [arnText('events', `event-bus/${bus}`)],
    conditions: { StringEquals: { 'events:source': APPLICATION } },
  };
}
