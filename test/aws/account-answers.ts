import { createHash } from 'node:crypto';
import type { OperationAnswer } from './operations-endpoint.ts';

const REGION = 'eu-west-1';
const OWNER = '123456789012';

/** The lists that a test changes. */
export interface AccountAnswers {
  /** By the name of the stack. */
  readonly stacks: Map<
    string,
    { status: string; outputs: Record<string, string>; events?: string; createdAt?: string }
  >;
  /** By the name of the secret. */
  readonly secrets: Map<string, string>;
  readonly environment: Record<string, string>;
  readonly schedules: Map<string, { at: string; zone: string; calls: string; state: 'ENABLED' | 'DISABLED' }>;
  /** By address or domain. */
  readonly identities: Map<string, { verified: boolean; tokens: readonly string[] }>;
  readonly mail: { isOutOfSandbox: boolean; left: number };
  /** By address. */
  readonly subscriptions: Map<string, 'confirmed' | 'pending'>;
  /** By name. */
  readonly alarms: Map<string, 'OK' | 'ALARM' | 'INSUFFICIENT_DATA'>;
  /** The bodies of the messages in each queue. */
  readonly queues: Map<string, readonly string[]>;
  /** By version of the workflow. */
  readonly executions: Map<string, readonly { run: string; status: string; startedAt: number }[]>;
  /** What the function that starts runs answers. */
  start: object;
}

/** Why an execution failed. */
export const FAILURE = 'WrongSettingsError: MAIL_TO names no address';

/** The answers of AWS about an account, by operation. */
export function answersOf(
  account: AccountAnswers,
): Record<string, (input: Readonly<Record<string, string>>) => OperationAnswer> {
  const { stacks, secrets, schedules, identities, mail, subscriptions, alarms, queues, executions } = account;
  const functionArn = (name: string) => `arn:aws:lambda:${REGION}:${OWNER}:function:${name}`;
  const missing = { error: 'ResourceNotFoundException', says: 'there is none' };
  return {
    DescribeStacks({ StackName: name = '' }) {
      const stack = stacks.get(name);
      if (!stack) return { error: 'ValidationError', says: `Stack with id ${name} does not exist` };
      const outputs = Object.entries(stack.outputs).map(
        ([key, value]) => `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`,
      );
      return `<Stacks><member><StackName>${name}</StackName><StackStatus>${stack.status}</StackStatus><StackId>arn:aws:cloudformation:${REGION}:${OWNER}:stack/${name}/1a2b3c4d-0000</StackId><CreationTime>${stack.createdAt ?? '2026-11-01T00:00:00Z'}</CreationTime><Outputs>${outputs.join('')}</Outputs></member></Stacks>`;
    },
    DescribeStackEvents: ({ StackName: name = '' }) =>
      `<StackEvents>${stacks.get(name)?.events ?? ''}</StackEvents>`,
    GetFunctionConfiguration: () => ({ Environment: { Variables: account.environment } }),
    ListSchedules: () => ({ Schedules: [...schedules.keys()].map((Name) => ({ Name })) }),
    GetSchedule({ Name = '' }) {
      const { at, zone, calls, state } = schedules.get(Name) ?? {
        at: '',
        zone: '',
        calls: '',
        state: 'ENABLED',
      };
      const [hour, minute] = at.split(':').map(Number);
      return {
        ScheduleExpression: `cron(${minute} ${hour} * * ? *)`,
        ScheduleExpressionTimezone: zone,
        State: state,
        Target: { Arn: `${functionArn(calls)}:live` },
      };
    },
    DescribeSecret: ({ SecretId = '' }) =>
      secrets.has(SecretId) ? { LastChangedDate: 1_795_000_000 } : missing,
    GetSecretValue({ SecretId = '' }) {
      const text = secrets.get(SecretId);
      return text === undefined ? missing : { Name: SecretId, SecretString: text };
    },
    PutSecretValue({ SecretId = '', SecretString = '' }) {
      secrets.set(SecretId, SecretString);
      return { Name: SecretId };
    },
    GetEmailIdentity({ EmailIdentity = '' }) {
      const identity = identities.get(EmailIdentity);
      if (!identity) return { error: 'NotFoundException', says: `${EmailIdentity} does not exist` };
      const dkim = { Status: identity.verified ? 'SUCCESS' : 'PENDING', Tokens: identity.tokens };
      return { VerifiedForSendingStatus: identity.verified, DkimAttributes: dkim };
    },
    GetAccount: () => ({
      ProductionAccessEnabled: mail.isOutOfSandbox,
      SendingEnabled: true,
      SendQuota: { Max24HourSend: 200, SentLast24Hours: 200 - mail.left },
    }),
    GetConfigurationSet: () => ({ SendingOptions: { SendingEnabled: true } }),
    ListSubscriptionsByTopic: () =>
      `<Subscriptions>${[...subscriptions]
        .map(
          ([endpoint, state]) =>
            `<member><Endpoint>${endpoint}</Endpoint><SubscriptionArn>${state === 'confirmed' ? `arn:aws:sns:${REGION}:${OWNER}:t:1` : 'PendingConfirmation'}</SubscriptionArn></member>`,
        )
        .join('')}</Subscriptions>`,
    DescribeAlarms: () => ({
      MetricAlarms: [...alarms].map(([AlarmName, StateValue]) => ({
        AlarmName,
        StateValue,
        InsufficientDataActions: AlarmName.endsWith('check-missing') ? ['arn:aws:sns:topic'] : [],
        StateTransitionedTimestamp: 1_795_000_000,
      })),
    }),
    GetQueueUrl: ({ QueueName = '' }) =>
      queues.has(QueueName)
        ? { QueueUrl: `https://sqs.${REGION}.amazonaws.com/${OWNER}/${QueueName}` }
        : missing,
    GetQueueAttributes: ({ QueueUrl = '' }) => ({
      Attributes: {
        ApproximateNumberOfMessages: String(queues.get(QueueUrl.split('/').at(-1) ?? '')?.length),
      },
    }),
    ReceiveMessage: ({ QueueUrl = '' }) => ({
      Messages: queues.get(QueueUrl.split('/').at(-1) ?? '')?.map((Body) => ({
        Body,
        MD5OfBody: createHash('md5').update(Body).digest('hex'),
        MessageAttributes: { ErrorMessage: { DataType: 'String', StringValue: 'no' } },
      })),
    }),
    ListVersionsByFunction: () => ({ Versions: [...executions.keys()].map((Version) => ({ Version })) }),
    ListDurableExecutionsByFunction: ({ Qualifier = '', StartedAfter = '' }) => ({
      DurableExecutions: (executions.get(Qualifier) ?? [])
        .filter(({ startedAt }) => startedAt > Date.parse(StartedAfter))
        .map(({ run, status, startedAt }) => ({
          DurableExecutionArn: `${functionArn('workflow')}:${Qualifier}/durable-execution/${run}/1`,
          DurableExecutionName: run,
          Status: status,
          StartTimestamp: startedAt / 1_000,
          ...(status !== 'RUNNING' && { EndTimestamp: startedAt / 1_000 + 60 }),
        })),
    }),
    GetDurableExecution: () => {
      const [ErrorType, ErrorMessage] = FAILURE.split(': ');
      return { Error: { ErrorType, ErrorMessage } };
    },
    Invoke: () => account.start,
  };
}
