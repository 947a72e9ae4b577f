import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { wellFormed } from '../text/write-json.ts';
import type { LogSink } from './log.ts';
import { METRIC_DIMENSIONS, METRIC_UNITS, measurementsOf, NAMESPACE, SERVICE } from './metrics.ts';

/** Writes each event for CloudWatch Logs as a line of JSON, and its metrics in the embedded metric format. */
export function powertools(): LogSink {
  // The stacks set this variable of Powertools to the prefix of the deployment.
  const serviceName = process.env.POWERTOOLS_SERVICE_NAME?.trim() || SERVICE;
  const logger = new Logger({ serviceName, jsonReplacerFn: wellFormed });
  const metrics = new Metrics({ namespace: NAMESPACE, serviceName });
  return (level, entry) => {
    const { event, ...rest } = entry;
    logger[level](event, rest);
    for (const { name, value, channel } of measurementsOf(entry)) {
      // One line for each value. The dimensions differ, and a buffered value is lost when the function is frozen or dies.
      const metric = metrics.singleMetric();
      metric.addDimension(METRIC_DIMENSIONS.account, entry.account ?? '');
      if (channel !== undefined) metric.addDimension(METRIC_DIMENSIONS.channel, channel);
      metric.addMetric(name, METRIC_UNITS[name], value);
    }
  };
}
