import { Duration } from 'aws-cdk-lib';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { lakeUriOf, listing, onIdentity, onObjects } from './lake-access.ts';
import { NodeFunction } from './node-function.ts';
import type { CheckedAccount } from './read-account.ts';

export interface DeadlineProps {
  readonly account: CheckedAccount;
  readonly logRetentionDays: number;
  readonly deadLetters: Queue;
}

/** Looks whether yesterday's report is in the lake by the hour it is expected at, and says so as a metric. */
export class Deadline extends NodeFunction {
  constructor(scope: Construct, id: string, { account, logRetentionDays, deadLetters }: DeadlineProps) {
    super(scope, id, {
      account: account.name,
      part: 'deadline',
      description: `Looks whether yesterday's report of ${account.name} is there`,
      environment: {
        ACCOUNT: account.name,
        CARESOFT_BASE_URL: account.source,
        TIME_ZONE: account.timeZone,
        LAKE_URI: lakeUriOf(account.name),
      },
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
