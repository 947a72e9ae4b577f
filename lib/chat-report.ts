import { type App, type Stack, Tags } from 'aws-cdk-lib';
import { AnalyticsStack } from './analytics-stack.ts';
import type { CheckedDeployment } from './deployment.ts';
import { APPLICATION, sharedNames } from './names.ts';
import type { CheckedAccount } from './read-account.ts';
import { ServiceStack } from './service-stack.ts';
import { SharedStack, type StackSettings } from './shared-stack.ts';
import { StateStack } from './state-stack.ts';

/** The stacks of an account. The last two can be deleted and made again at any time. */
export interface AccountStacks {
  readonly state: StateStack;
  readonly service: ServiceStack;
  readonly analytics: AnalyticsStack;
}

/**
 * The stacks of a deployment: one that all accounts share, and three for each account: what lasts, what runs, and what
 * analysts use. No account's stack refers to one of another account.
 *
 * @param place where they are deployed; without it, CDK finds out at deployment
 */
export function addStacks(
  app: App,
  deployment: CheckedDeployment,
  { env }: StackSettings = {},
): { readonly shared: SharedStack; readonly accounts: readonly AccountStacks[] } {
  const settings = env === undefined ? {} : { env };
  const shared = new SharedStack(app, sharedNames(deployment.prefix).stack, { ...settings, deployment });
  tag(shared, {});
  const accounts = deployment.accounts.map((account) => {
    const { names } = account;
    const state = new StateStack(app, names.stack('state'), { ...settings, account, deployment });
    // SES tries the topic out when it is to send events there.
    state.addStackDependency(shared);
    const service = new ServiceStack(app, names.stack('service'), {
      ...settings,
      account,
      deployment,
      state,
    });
    const analytics = new AnalyticsStack(app, names.stack('analytics'), { ...settings, account });
    analytics.addStackDependency(state);
    for (const stack of [state, service, analytics]) tag(stack, tagsOf(account));
    return { state, service, analytics };
  });
  return { shared, accounts };
}

function tagsOf({ name, tags }: CheckedAccount): Readonly<Record<string, string>> {
  return { ...tags, account: name };
}

function tag(stack: Stack, tags: Readonly<Record<string, string>>): void {
  for (const [key, value] of Object.entries({ ...tags, application: APPLICATION })) {
    // Dashboards take no tags everywhere yet.
    Tags.of(stack).add(key, value, { excludeResourceTypes: ['AWS::CloudWatch::Dashboard'] });
  }
}
