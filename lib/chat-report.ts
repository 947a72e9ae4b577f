import { type App, Tags } from 'aws-cdk-lib';
import { AnalyticsStack } from './analytics-stack.ts';
import type { CheckedDeployment } from './deployment.ts';
import { ANALYTICS_STACK, APPLICATION, SERVICE_STACK, STATE_STACK } from './names.ts';
import { ServiceStack } from './service-stack.ts';
import { StateStack } from './state-stack.ts';

/**
 * The three stacks: what lasts, what runs, and what analysts use. The last two can be deleted and made again at any time.
 * The first is never deleted.
 */
export function addStacks(
  app: App,
  deployment: CheckedDeployment,
): { readonly state: StateStack; readonly service: ServiceStack; readonly analytics: AnalyticsStack } {
  const state = new StateStack(app, STATE_STACK, { deployment });
  const service = new ServiceStack(app, SERVICE_STACK, { deployment, state });
  const analytics = new AnalyticsStack(app, ANALYTICS_STACK, { state });
  // Dashboards take no tags everywhere yet.
  Tags.of(app).add('application', APPLICATION, { excludeResourceTypes: ['AWS::CloudWatch::Dashboard'] });
  return { state, service, analytics };
}
