import { CfnOutput, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { ScheduleGroup, TimeWindow } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import { AccountAlarms } from './alarms.ts';
import { DailySchedule } from './daily-schedule.ts';
import { DeadLetters } from './dead-letters.ts';
import { Deadline } from './deadline.ts';
import type { CheckedDeployment } from './deployment.ts';
import { functionName, LIVE, scheduleGroupName } from './names.ts';
import type { NodeFunction } from './node-function.ts';
import { OnDemand } from './on-demand.ts';
import type { CheckedAccount } from './read-account.ts';
import { Start } from './start.ts';
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
  readonly deadline: NodeFunction;
  /** Null where nothing is answered on demand. */
  readonly onDemand: OnDemand | null;
  readonly deadLetters: DeadLetters;
  readonly alarms: AccountAlarms;

  get functions(): readonly NodeFunction[] {
    const api = this.onDemand === null ? [] : [this.onDemand.function];
    return [this.workflow, this.start, this.deadline, ...api];
  }

  constructor(scope: Construct, id: string, { state, deployment }: AccountReportProps) {
    super(scope, id);
    const { account } = state;
    const { name, timeZone, reportAt, reportBy } = account;
    const { logRetentionDays, eventBus, onDemand, runbookUrl } = deployment;
    this.account = account;

    this.deadLetters = new DeadLetters(this, 'DeadLetters', { account: name });
    const { runs, calls } = this.deadLetters;
    this.workflow = new Workflow(this, 'Workflow', { state, eventBus, logRetentionDays, deadLetters: runs });
    const workflow = this.workflow.alias;
    this.start = new Start(this, 'Start', { account, workflow, logRetentionDays, deadLetters: calls });
    this.deadline = new Deadline(this, 'Deadline', { account, logRetentionDays, deadLetters: calls });
    this.onDemand = onDemand
      ? new OnDemand(this, 'OnDemand', { state, workflow, logRetentionDays, deadLetters: calls })
      : null;

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
      // Accounts that begin at the same time need not do so to the second.
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
      target: this.deadline.alias,
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
