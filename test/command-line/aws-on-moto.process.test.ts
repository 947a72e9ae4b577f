import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CloudFormationClient, CreateStackCommand, DeleteStackCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient, PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import {
  CreateAliasCommand,
  CreateFunctionCommand,
  LambdaClient,
  PublishVersionCommand,
} from '@aws-sdk/client-lambda';
import {
  CreateScheduleCommand,
  CreateScheduleGroupCommand,
  SchedulerClient,
} from '@aws-sdk/client-scheduler';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import {
  CreateConfigurationSetCommand,
  CreateEmailIdentityCommand,
  SESv2Client,
} from '@aws-sdk/client-sesv2';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { isMotoInstalled, startMoto } from '../aws/moto.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { call } from './call.ts';

const BASE = 'chat-report-acme';
const SETTINGS = {
  CARESOFT_BASE_URL: 'https://api.caresoft.vn/acme',
  MAIL_FROM: 'report@shop.vn',
  MAIL_TO: 'an@shop.vn',
};

/** The pieces of an account that moto can make. */
const TEMPLATES: Readonly<Record<string, object>> = {
  'chat-report-shared': {
    Resources: {
      Topic: {
        Type: 'AWS::SNS::Topic',
        Properties: {
          TopicName: 'chat-report-alarms',
          Subscription: [{ Protocol: 'email', Endpoint: 'oncall@shop.vn' }],
        },
      },
    },
  },
  [`${BASE}-state`]: {
    Resources: {
      Lake: { Type: 'AWS::S3::Bucket', Properties: { BucketName: `${BASE}-lake-123456789012` } },
    },
    Outputs: {
      LakeUri: { Value: `s3://${BASE}-lake-123456789012/acme` },
      TokenSecret: { Value: 'chat-report/acme/caresoft-token-1a2b3c4d' },
      WebhookKeySecret: { Value: 'chat-report/acme/webhook-key-1a2b3c4d' },
      ViewKeySecret: { Value: 'chat-report/acme/view-key-1a2b3c4d' },
    },
  },
  [`${BASE}-service`]: {
    Resources: {
      Runs: { Type: 'AWS::SQS::Queue', Properties: { QueueName: `${BASE}-dead-runs` } },
      Calls: { Type: 'AWS::SQS::Queue', Properties: { QueueName: `${BASE}-dead-calls` } },
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: {
          RoleName: 'workflow',
          AssumeRolePolicyDocument: {
            Statement: [
              { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
            ],
          },
        },
      },
    },
    Outputs: { StartFunction: { Value: `${BASE}-start:live` } },
  },
  [`${BASE}-analytics`]: { Resources: { Topic: { Type: 'AWS::SNS::Topic', Properties: {} } } },
};

/** What moto's CloudFormation cannot make. */
async function makeTheRest(): Promise<void> {
  const secrets = new SecretsManagerClient();
  for (const [kind, SecretString] of [
    ['caresoft-token', 'put the CareSoft token here'],
    ['webhook-key', 'a'.repeat(40)],
    ['view-key', 'b'.repeat(64)],
  ] as const) {
    await secrets.send(new CreateSecretCommand({ Name: `chat-report/acme/${kind}-1a2b3c4d`, SecretString }));
  }
  const scheduler = new SchedulerClient();
  await scheduler.send(new CreateScheduleGroupCommand({ Name: BASE }));
  for (const [name, part, minute, hour] of [
    ['start', 'start', 0, 6],
    ['deadline', 'deadline', 0, 7],
    ['deadline-again', 'deadline', 20, 7],
  ] as const) {
    await scheduler.send(
      new CreateScheduleCommand({
        Name: `${BASE}-${name}`,
        GroupName: BASE,
        ScheduleExpression: `cron(${minute} ${hour} * * ? *)`,
        ScheduleExpressionTimezone: 'Asia/Ho_Chi_Minh',
        FlexibleTimeWindow: { Mode: 'OFF' },
        Target: {
          Arn: `arn:aws:lambda:eu-west-1:123456789012:function:${BASE}-${part}:live`,
          RoleArn: 'arn:aws:iam::123456789012:role/workflow',
        },
      }),
    );
  }
  await new CloudWatchClient().send(
    new PutMetricAlarmCommand({
      AlarmName: 'chat-report acme no-report',
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      EvaluationPeriods: 1,
      MetricName: 'ReportsMissing',
      Namespace: 'chat-report',
      Period: 60,
      Statistic: 'Sum',
      Threshold: 1,
    }),
  );
  const lambda = new LambdaClient();
  const FunctionName = `${BASE}-workflow`;
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName,
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Role: 'arn:aws:iam::123456789012:role/workflow',
      // A zip file without files.
      Code: { ZipFile: Buffer.from(`504b0506${'00'.repeat(18)}`, 'hex') },
      Environment: { Variables: SETTINGS },
    }),
  );
  const { Version: FunctionVersion } = await lambda.send(new PublishVersionCommand({ FunctionName }));
  await lambda.send(new CreateAliasCommand({ FunctionName, FunctionVersion, Name: 'live' }));
}

async function accountOnMoto() {
  const moto = await startMoto();
  if (moto === null) throw new Error('moto is not installed');
  onTestFinished(() => moto.close());
  const cwd = await temporaryFolder();
  const deployment = { alarmAddresses: ['oncall@shop.vn'], accounts: [{ name: 'acme', settings: SETTINGS }] };
  await writeFile(join(cwd, 'accounts.ts'), `export const deployment = ${JSON.stringify(deployment)};`);
  const environment = {
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL: moto.url,
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  const formation = new CloudFormationClient();
  for (const [StackName, template] of Object.entries(TEMPLATES)) {
    await formation.send(new CreateStackCommand({ StackName, TemplateBody: JSON.stringify(template) }));
  }
  await makeTheRest();
  const type = async (...args: readonly string[]) => {
    const { code, out, err } = await call(args, environment, { accountsFolder: cwd });
    return {
      code,
      err,
      out,
      failed: out.split(/^(?=ok|note|fail)/m).filter((text) => text.startsWith('fail')),
    };
  };
  return { type, cwd, formation };
}

describe.skipIf(!isMotoInstalled())('chat-report aws, over moto', () => {
  test('asks as AWS wants to be asked', async () => {
    const { type, cwd, formation } = await accountOnMoto();
    const first = await type('aws', 'acme', 'doctor');
    expect(first.code).toBe(3);
    expect(first.failed).toEqual([
      expect.stringContaining('The token is not stored yet'),
      expect.stringContaining('SES does not know the sender in this Region'),
      // moto does not know GetAccount.
      expect.stringContaining('(ses-quota)'),
      expect.stringContaining(`The configuration set ${BASE} is not there`),
      // Nor durable executions.
      expect.stringContaining('(executions)'),
    ]);

    // As the doctor says.
    await writeFile(join(cwd, 'token.txt'), 'fresh-4712\n');
    expect((await type('aws', 'acme', 'token', '--file', join(cwd, 'token.txt'))).code).toBe(0);
    const ses = new SESv2Client();
    await ses.send(new CreateEmailIdentityCommand({ EmailIdentity: 'shop.vn' }));
    await ses.send(new CreateConfigurationSetCommand({ ConfigurationSetName: BASE }));
    const { out, failed } = await type('aws', 'acme', 'doctor');
    expect(out).toMatch(/^ok {4}The token is stored/m);
    // moto verifies no domain, and tells no records.
    expect(failed.map((text) => /shop\.vn|ses-quota|executions/.exec(text)?.[0])).toEqual([
      'shop.vn',
      'ses-quota',
      'executions',
    ]);

    const why = await type('aws', 'acme', 'why');
    expect([why.code, why.out]).toEqual([0, expect.stringContaining('The executions cannot be read: ')]);
    const status = await type('status', '--account', 'acme');
    expect([status.code, status.err]).toEqual([2, expect.stringContaining('LAKE_URI')]);
    await formation.send(new DeleteStackCommand({ StackName: `${BASE}-service` }));
    const { failed: gone } = await type('aws', 'acme', 'doctor');
    expect(gone[0]).toContain(`The stack ${BASE}-service is not there.\n      → npm run deploy -- acme`);
    const report = await type('aws', 'acme', 'report');
    expect([report.code, report.err]).toEqual([2, expect.stringContaining('is not there')]);
  });
});
