import { Stack, Tags } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { AnalyticsReaders } from './analytics-readers.ts';
import { AnalyticsTables } from './analytics-tables.ts';
import { AnalyticsWorkgroup } from './analytics-workgroup.ts';
import type { CheckedAccount } from './read-account.ts';
import type { StateStack } from './state-stack.ts';

/**
 * For analysts on AWS. It holds nothing that lasts, and no report needs it: it is apart from what runs so that both
 * have room for all accounts, and so that a deployment can do without it.
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

/** Of one account: its tables, where they are asked, and who may. */
class Analytics extends Construct {
  constructor(scope: Construct, id: string, { account }: { readonly account: CheckedAccount }) {
    super(scope, id);
    const { database } = new AnalyticsTables(this, 'Tables', { account: account.name });
    new AnalyticsWorkgroup(this, 'Workgroup', { account, database });
    new AnalyticsReaders(this, 'Readers', { account: account.name });
  }
}
