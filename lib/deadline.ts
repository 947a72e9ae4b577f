import { Duration } from 'aws-cdk-lib';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { listing, onIdentity, onObjects } from './lake-access.ts';
import { NodeFunction } from './node-function.ts';
import type { CheckedAccount } from './read-account.ts';

export interface FreshnessCheckProps {
  readonly account: CheckedAccount;
  readonly variables: Readonly<Record<string, string>>;
  readonly logRetentionDays: number;
  readonly deadLetters: Queue;
}

/** Checks whether yesterday's report is in the lake at the expected hour. It publishes the result as a metric. */
export class FreshnessCheck extends NodeFunction {
  constructor(
    scope: Construct,
    id: string,
    { account, variables, logRetentionDays, deadLetters }: FreshnessCheckProps,
  ) {
    super(scope, id, {
      account: account.name,
      part: 'deadline',
      description: `Looks whether yesterday's report of ${account.name} is there`,
      variables,
      memoryMegabytes: 256,
      timeout: Duration.seconds(30),
      logRetentionDays,
      retryAttempts: 2,
      deadLetters,
    });
    for (const permission of onIdentity(account.name)) this.allow(permission);
    this.allow(onObjects(['s3:GetObject'], account.name, 'reports/'));
    this.allow(listing(account.name, 'reports/'));
  }
}
