import { Duration } from 'aws-cdk-lib';
import { Metric, type MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { METRIC_DIMENSIONS, type MetricName, NAMESPACE } from '../functions/observability/metrics.ts';
import type { AccountNames } from './names.ts';

/** SES sets this tag on every mail. */
export const SES_DIMENSION = 'ses:configuration-set';

const FIVE_MINUTES = { statistic: Stats.SUM, period: Duration.minutes(5) };

/** A metric that the program publishes. The service is the prefix, so that two deployments do not count together. */
export function reportMetric(
  name: MetricName,
  { names, channel }: { readonly names: AccountNames; readonly channel?: string },
  options: MetricOptions = {},
): Metric {
  return new Metric({
    namespace: NAMESPACE,
    metricName: name,
    dimensionsMap: {
      [METRIC_DIMENSIONS.service]: names.prefix,
      [METRIC_DIMENSIONS.account]: names.account,
      ...(channel !== undefined && { [METRIC_DIMENSIONS.channel]: channel }),
    },
    ...FIVE_MINUTES,
    ...options,
  });
}

/** A metric of SES about the account's mail. */
export function mailMetric(
  name: 'Bounce' | 'Complaint' | 'Reject',
  { base }: AccountNames,
  options: MetricOptions = {},
): Metric {
  return new Metric({
    namespace: 'AWS/SES',
    metricName: name,
    dimensionsMap: { [SES_DIMENSION]: base },
    ...FIVE_MINUTES,
    ...options,
  });
}
