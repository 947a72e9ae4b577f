import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { AnalyticsReaders } from './analytics-readers.ts';
import { AnalyticsTables } from './analytics-tables.ts';
import { AnalyticsWorkgroup } from './analytics-workgroup.ts';
import type { CheckedAccount } from './read-account.ts';
import type { StackSettings } from './shared-stack.ts';

export interface AnalyticsStackProps extends StackSettings {
  readonly account: CheckedAccount;
}

/**
 * What analysts have of an account on AWS: its tables, its workgroup for queries, and the policy of its readers. It keeps no
 * data, and no report needs it. It is apart from what runs, so that a deployment can omit it.
 */
export class AnalyticsStack extends Stack {
  constructor(scope: Construct, id: string, { account, ...props }: AnalyticsStackProps) {
    const description = `chat-report: tables, queries and a policy for the analysts of ${account.name}.`;
    super(scope, id, { ...props, description });
    const { database } = new AnalyticsTables(this, 'Tables', { account });
    new AnalyticsWorkgroup(this, 'Workgroup', { account, database });
    new AnalyticsReaders(this, 'Readers', { account });
  }
}
