import { Stack, Tags } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { AnalyticsReaders } from './analytics-readers.ts';
import { AnalyticsTables } from './analytics-tables.ts';
import { AnalyticsWorkgroup } from './analytics-workgroup.ts';
import type { CheckedAccount } from './read-account.ts';
import type { StateStack } from './state-stack.ts';

/**
 * The stack for analysts on AWS. It keeps no data, and no report needs it. It is apart from what runs, so that both have
 * room for all accounts and a deployment can omit it.
 */
export class AnalyticsStack extends Stack {
  constructor(scope: Construct, id: string, { state }: { readonly state: StateStack }) {
    super(scope, id, { description: 'chat-report: tables, queries and a policy for analysts.' });
    this.addStackDependency(state);
    for (const { account } of state.accounts) {
      const analytics = new Analytics(this, `Analytics-${account.name}`, { account });
      Tags.of(analytics).add('account', account.name);
    }
  }
}

/** An account's tables, its workgroup for queries, and the policy of its readers. */
class Analytics extends Construct {
  constructor(scope: Construct, id: string, { account }: { readonly account: CheckedAccount }) {
    super(scope, id);
    const { database } = new AnalyticsTables(this, 'Tables', { account: account.name });
    new AnalyticsWorkgroup(this, 'Workgroup', { account, database });
    new AnalyticsReaders(this, 'Readers', { account: account.name });
  }
}
