import { CfnOutput, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { ScheduleGroup, TimeWindow } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { WiredName } from '../functions/config/settings.ts';
import { VENDOR_SETTINGS } from '../functions/sources/vendor.ts';
import { AccountAlarms } from './alarms.ts';
import type { CheckedDeployment } from './deployment.ts';
import { lakeUriOf } from './lake.ts';
import {
  configurationSetName,
  functionName,
  LIVE,
  scheduleGroupName,
  tokenSecretName,
  viewKeySecretName,
  webhookKeySecretName,
} from './names.ts';
import { DeadLetters, type NodeFunction } from './node-function.ts';
import { OnDemand } from './on-demand.ts';
import type { CheckedAccount } from './read-account.ts';
import { DailySchedule, FreshnessCheck, Start } from './scheduled-functions.ts';
import type { AccountState } from './state-stack.ts';
import { Workflow } from './workflow.ts';

export interface AccountReportProps {
  readonly state: AccountState;
  readonly deployment: CheckedDeployment;
}

/**
 * The daily report of one account:
 *
 *     reportAt ─ start ─ workflow ─→ lake, mail, bus, webhooks
 *     reportBy ─ deadline ─→ is it in the lake?
 *     HTTP ─ api ─→ workflow; reports in the lake
 */
export class AccountReport extends Construct {
  readonly account: CheckedAccount;
  readonly workflow: NodeFunction;
  readonly start: NodeFunction;
  readonly freshnessCheck: NodeFunction;
  /** Null without an API. */
  readonly onDemand: OnDemand | null;
  readonly deadLetters: DeadLetters;
  readonly alarms: AccountAlarms;

  get functions(): readonly NodeFunction[] {
    const api = this.onDemand === null ? [] : [this.onDemand.function];
    return [this.workflow, this.start, this.freshnessCheck, ...api];
  }

  constructor(scope: Construct, id: string, { state, deployment }: AccountReportProps) {
    super(scope, id);
    const { account } = state;
    const { name, timeZone, reportAt, reportBy } = account;
    const { logRetentionDays, eventBus, onDemand, runbookUrl } = deployment;
    this.account = account;

    this.deadLetters = new DeadLetters(this, 'DeadLetters', { account: name });
    const { runs, calls } = this.deadLetters;
    const variables = { ...account.variables, ...wire(state, eventBus) };
    const ofRuns = { variables, logRetentionDays, deadLetters: runs };
    this.workflow = new Workflow(this, 'Workflow', { state, eventBus, ...ofRuns });
    const workflow = this.workflow.alias;
    const ofCalls = {
      // These functions get the zone even where it is the default, and as schedules spell it.
      variables: { ...variables, TIME_ZONE: timeZone },
      logRetentionDays,
      deadLetters: calls,
    };
    this.start = new Start(this, 'Start', { account, workflow, ...ofCalls });
    this.freshnessCheck = new FreshnessCheck(this, 'Deadline', { account, ...ofCalls });
    this.onDemand = onDemand ? new OnDemand(this, 'OnDemand', { state, workflow, ...ofCalls }) : null;

    const group = new ScheduleGroup(this, 'Schedules', {
      scheduleGroupName: scheduleGroupName(name),
      removalPolicy: RemovalPolicy.DESTROY,
    });
    new DailySchedule(this, 'ReportAt', {
      name: functionName(name, 'start'),
      description: `Begins yesterday's report of ${name}`,
      group,
      at: reportAt,
      timeZone,
      // Accounts with the same hour need not start in the same second.
      window: TimeWindow.flexible(Duration.minutes(5)),
      target: this.start.alias,
      deadLetters: calls,
    });
    new DailySchedule(this, 'ReportBy', {
      name: functionName(name, 'deadline'),
      description: `Looks whether yesterday's report of ${name} is there`,
      group,
      at: reportBy,
      timeZone,
      window: TimeWindow.off(),
      target: this.freshnessCheck.alias,
      deadLetters: calls,
    });

    this.alarms = new AccountAlarms(this, 'Alarms', {
      account: name,
      topic: state.alarmTopic,
      runbookUrl,
      functions: this.functions,
      api: this.onDemand?.api ?? null,
      deadLetters: this.deadLetters,
    });

    new CfnOutput(this, 'StartFunction', {
      value: `${functionName(name, 'start')}:${LIVE}`,
      description: `Call it to report a day of ${name} by hand`,
    });
  }
}

/** The variables that the stacks set themselves. What is not named here stays unset. */
function wire(
  { account: { name }, webhookKey, viewKey }: AccountState,
  eventBus: string | null,
): Partial<Readonly<Record<WiredName, string>>> {
  return {
    ACCOUNT: name,
    [VENDOR_SETTINGS.tokenSecret]: tokenSecretName(name),
    LAKE_URI: lakeUriOf(name),
    MAIL_CONFIGURATION_SET: configurationSetName(name),
    ...(eventBus !== null && { EVENT_BUS: eventBus }),
    ...(webhookKey !== null && { WEBHOOK_KEY_SECRET: webhookKeySecretName(name) }),
    ...(viewKey !== null && { VIEW_KEY_SECRET: viewKeySecretName(name) }),
  };
}
