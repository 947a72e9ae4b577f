import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { wellFormed } from '../text/json.ts';
import type { LogSink } from './log.ts';
import { METRIC_DIMENSIONS, METRIC_UNITS, measurementsOf, NAMESPACE, SERVICE } from './metrics.ts';

/** One JSON object a line for CloudWatch Logs, and what is to be counted in its embedded metric format beside it. */
export function powertools(): LogSink {
  const logger = new Logger({ serviceName: SERVICE, jsonReplacerFn: wellFormed });
  const metrics = new Metrics({ namespace: NAMESPACE, serviceName: SERVICE });
  return (level, entry) => {
    const { event, ...rest } = entry;
    logger[level](event, rest);
    for (const { name, value, channel } of measurementsOf(entry)) {
      // Each on its own: dimensions differ, and nothing is left unsaid when a function is frozen or dies.
      const metric = metrics.singleMetric();
      metric.addDimension(METRIC_DIMENSIONS.account, entry.account ?? '');
      if (channel !== undefined) metric.addDimension(METRIC_DIMENSIONS.channel, channel);
      metric.addMetric(name, METRIC_UNITS[name], value);
    }
  };
}
