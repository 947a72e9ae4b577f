import { Duration } from 'aws-cdk-lib';
import type { Alias } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { NodeFunction } from './node-function.ts';
import type { CheckedAccount } from './read-account.ts';

export interface StartProps {
  readonly account: CheckedAccount;
  readonly variables: Readonly<Record<string, string>>;
  /** Of the workflow. */
  readonly workflow: Alias;
  readonly logRetentionDays: number;
  readonly deadLetters: Queue;
}

/** Begins the workflow under a name that is for one run for ever: a schedule cannot name an execution. */
export class Start extends NodeFunction {
  constructor(
    scope: Construct,
    id: string,
    { account, variables, workflow, logRetentionDays, deadLetters }: StartProps,
  ) {
    super(scope, id, {
      account: account.name,
      part: 'start',
      description: `Begins a report of ${account.name}: yesterday's, or that of the day it is asked for`,
      variables: { ...variables, WORKFLOW_ALIAS_ARN: workflow.functionArn },
      memoryMegabytes: 256,
      timeout: Duration.seconds(30),
      logRetentionDays,
      // Twice is once: the second call finds the execution of that name.
      retryAttempts: 2,
      deadLetters,
    });
    this.allow({ actions: ['lambda:InvokeFunction'], resources: [workflow.functionArn] });
  }
}
