import { Duration, Stack, TimeZone } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Alias } from 'aws-cdk-lib/aws-lambda';
import {
  ContextAttribute,
  type IScheduleGroup,
  Schedule,
  ScheduleExpression,
  ScheduleTargetInput,
  type TimeWindow,
} from 'aws-cdk-lib/aws-scheduler';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { listing, onIdentity, onKey, onObjects } from './lake.ts';
import { NodeFunction } from './node-function.ts';
import type { CheckedAccount, TimeOfDay } from './read-account.ts';

export interface CallingProps {
  readonly account: CheckedAccount;
  readonly variables: Readonly<Record<string, string>>;
  /** The alias of the workflow. */
  readonly workflow: Alias;
  readonly deadLetters: Queue;
}

/** Starts the workflow. It names the execution, which a schedule cannot do. A name belongs to one run for ever. */
export class Start extends NodeFunction {
  constructor(scope: Construct, id: string, { account, variables, workflow, deadLetters }: CallingProps) {
    super(scope, id, {
      account,
      part: 'start',
      description: `Begins a report of ${account.name}: yesterday's, or that of the day it is asked for`,
      variables,
      memoryMegabytes: 256,
      timeout: Duration.seconds(30),
      // A second call starts nothing: it finds the execution of that name.
      retryAttempts: 2,
      deadLetters,
    });
    this.allow({ actions: ['lambda:InvokeFunction'], resources: [workflow.functionArn] });
  }
}

/**
 * Checks whether yesterday's report is in the lake at the expected hour. If it is not, and no run is at work, it begins one.
 * It publishes the result as a metric.
 */
export class FreshnessCheck extends NodeFunction {
  constructor(scope: Construct, id: string, { account, variables, workflow, deadLetters }: CallingProps) {
    super(scope, id, {
      account,
      part: 'deadline',
      description: `Looks whether yesterday's report of ${account.name} is there`,
      variables,
      memoryMegabytes: 256,
      timeout: Duration.seconds(30),
      retryAttempts: 2,
      deadLetters,
    });
    for (const permission of onIdentity(account)) this.allow(permission);
    for (const place of ['reports/', 'runs/']) {
      this.allow(onObjects(['s3:GetObject'], account, place));
      this.allow(listing(account, place));
    }
    for (const permission of onKey(account, ['Decrypt'])) this.allow(permission);
    this.allow({ actions: ['lambda:InvokeFunction'], resources: [workflow.functionArn] });
  }
}

export interface DailyScheduleProps {
  readonly name: string;
  readonly description: string;
  readonly group: IScheduleGroup;
  readonly at: TimeOfDay;
  readonly timeZone: string;
  readonly window: TimeWindow;
  readonly target: Alias;
  readonly deadLetters: Queue;
  /** More fields of the event, beside the scheduled time. */
  readonly input?: Readonly<Record<string, boolean>>;
}

/** Calls an alias once a day. The event holds the scheduled time, even when the call comes late. */
export class DailySchedule extends Construct {
  constructor(scope: Construct, id: string, props: DailyScheduleProps) {
    super(scope, id);
    const { name, description, group, at, timeZone, window, target, deadLetters, input } = props;
    const role = this.addRole(props);
    new Schedule(this, 'Schedule', {
      scheduleName: name,
      description,
      scheduleGroup: group,
      schedule: ScheduleExpression.cron({
        hour: String(at.hour),
        minute: String(at.minute),
        timeZone: TimeZone.of(timeZone),
      }),
      timeWindow: window,
      // CDK's own target would also let the role call every version of the function.
      target: {
        bind: () => ({
          arn: target.functionArn,
          role,
          input: ScheduleTargetInput.fromObject({ scheduledTime: ContextAttribute.scheduledTime, ...input }),
          retryPolicy: { maximumEventAgeInSeconds: 3_600, maximumRetryAttempts: 5 },
          deadLetterConfig: { arn: deadLetters.queueArn },
        }),
      },
    });
  }

  private addRole({ name, group, target, deadLetters }: DailyScheduleProps): Role {
    return new Role(this, 'Role', {
      description: `What the schedule ${name} may do`,
      // AWS advises this: a schedule of another account must not use the role.
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: {
          StringEquals: {
            'aws:SourceAccount': Stack.of(this).account,
            'aws:SourceArn': group.scheduleGroupArn,
          },
        },
      }),
      inlinePolicies: {
        call: new PolicyDocument({
          statements: [
            new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [target.functionArn] }),
            new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [deadLetters.queueArn] }),
          ],
        }),
      },
    });
  }
}
