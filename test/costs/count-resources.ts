import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What stands in the templates of a deployment with every option at its default, as far as it costs or is limited. */
export interface Counted {
  readonly account: AccountResources;
  readonly shared: SharedResources;
}

interface SharedResources {
  readonly dashboards: number;
  readonly stacks: number;
  /** How many lines the dashboard of all accounts draws for each of them. */
  readonly overviewLines: number;
}

interface AccountResources {
  readonly alarms: number;
  /** AWS bills each metric that an alarm watches. */
  readonly alarmMetrics: number;
  readonly secrets: number;
  readonly schedules: number;
  readonly scheduleGroups: number;
  readonly stacks: number;
  readonly roles: number;
  readonly policies: number;
  readonly buckets: number;
  readonly functions: number;
  readonly apis: number;
  readonly tables: number;
  readonly logGroups: number;
  readonly workgroups: number;
  readonly configurationSets: number;
  readonly logRetentionDays: number;
}

interface ResourceLike {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: CloudFormation takes templates of any shape
  readonly Properties: any;
}
type Template = Readonly<Record<string, ResourceLike>>;

/** @param stacks those of one account @param shared the one of all accounts */
export function countResources(stacks: readonly Template[], shared: Template): Counted {
  const all = stacks.flatMap((stack) => Object.values(stack));
  const of = (type: string, among: readonly ResourceLike[] = all): ResourceLike[] =>
    among.filter(({ Type }) => Type === `AWS::${type}`);
  const alarms = of('CloudWatch::Alarm');
  const dashboards = of('CloudWatch::Dashboard', Object.values(shared));
  const watched = alarms.map(({ Properties: { Metrics: metrics } }) =>
    Array.isArray(metrics) ? metrics.filter((metric) => 'MetricStat' in metric).length : 1,
  );
  return {
    account: {
      alarms: alarms.length,
      alarmMetrics: watched.reduce((sum, metrics) => sum + metrics, 0),
      secrets: of('SecretsManager::Secret').length,
      schedules: of('Scheduler::Schedule').length,
      scheduleGroups: of('Scheduler::ScheduleGroup').length,
      stacks: stacks.length,
      roles: of('IAM::Role').length,
      policies: of('IAM::ManagedPolicy').length,
      buckets: of('S3::Bucket').length,
      functions: of('Lambda::Function').length,
      apis: of('ApiGatewayV2::Api').length,
      tables: of('Glue::Table').length,
      logGroups: of('Logs::LogGroup').length,
      workgroups: of('Athena::WorkGroup').length,
      configurationSets: of('SES::ConfigurationSet').length,
      logRetentionDays: Math.max(...of('Logs::LogGroup').map(({ Properties }) => Properties.RetentionInDays)),
    },
    shared: {
      dashboards: dashboards.length,
      stacks: 1,
      overviewLines: Math.max(...dashboards.map((one) => JSON.stringify(one).split('SEARCH(').length - 1)),
    },
  };
}

export const COUNTED_FILE = join(import.meta.dirname, 'counted.json');

export function readCounted(): Counted {
  return JSON.parse(readFileSync(COUNTED_FILE, 'utf8')) as Counted;
}
