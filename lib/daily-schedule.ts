import { Stack, TimeZone } from 'aws-cdk-lib';
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
import type { TimeOfDay } from './read-account.ts';

export interface DailyScheduleProps {
  readonly name: string;
  readonly description: string;
  readonly group: IScheduleGroup;
  readonly at: TimeOfDay;
  readonly timeZone: string;
  readonly window: TimeWindow;
  readonly target: Alias;
  readonly deadLetters: Queue;
}

/** Calls an alias once a day, and says for which instant, however late the call comes. */
export class DailySchedule extends Construct {
  constructor(scope: Construct, id: string, props: DailyScheduleProps) {
    super(scope, id);
    const { name, description, group, at, timeZone, window, target, deadLetters } = props;
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
          input: ScheduleTargetInput.fromObject({ scheduledTime: ContextAttribute.scheduledTime }),
          retryPolicy: { maximumEventAgeInSeconds: 3_600, maximumRetryAttempts: 5 },
          deadLetterConfig: { arn: deadLetters.queueArn },
        }),
      },
    });
  }

  private addRole({ name, group, target, deadLetters }: DailyScheduleProps): Role {
    return new Role(this, 'Role', {
      description: `What the schedule ${name} may do`,
      // As AWS advises: a schedule of somebody else must not borrow the role.
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
