import { describe, expect, test } from 'vitest';
import { everythingOff, everythingOn } from './deployments.ts';
import { findBreaches, isMetric } from './invariants.ts';
import { ofType, type Resource, synthesize } from './synthesize.ts';

const { stacks, shared, of } = await synthesize();

type Spoilt = { -readonly [Key in keyof Resource]: Resource[Key] | undefined };

describe('whatever the stacks hold', () => {
  test('keeps the rules for its kind', () => {
    const found = Object.entries(stacks).flatMap(([name, { Resources }]) =>
      findBreaches(Resources).map((breach) => `${name} ${breach}`),
    );
    expect(found).toEqual([]);
    expect(ofType(of('demo').service, 'AWS::Lambda::Function')).toHaveLength(4);
  });

  test.each([
    ['on', everythingOn],
    ['off', everythingOff],
  ])('keeps them with everything %s too', async (_title, deployment) => {
    const { stacks } = await synthesize(deployment);
    expect(Object.values(stacks).flatMap(({ Resources }) => findBreaches(Resources))).toEqual([]);
  });

  test('shows on the dashboards only what is counted', () => {
    const dashboards = ofType(shared, 'AWS::CloudWatch::Dashboard').map(([, { Properties }]) => Properties);
    const body = JSON.stringify(dashboards.map(({ DashboardBody }) => DashboardBody)).replaceAll('\\', '');
    const shown = [...body.matchAll(/\["(ChatReport|AWS\/\w+)","(\w+)"/g)];
    expect(shown.length).toBeGreaterThan(30);
    expect(shown.filter(([, namespace = '', name = '']) => !isMetric(namespace, name))).toEqual([]);
  });

  /** A change to the first resource of a type, and what must be said of it. */
  const faults: [string, string, (resource: Spoilt) => void, RegExp][] = [];
  const fault = (...of: (typeof faults)[number]) => faults.push(of);

  fault(
    'another processor',
    'AWS::Lambda::Function',
    (it) => {
      it.Properties.Architectures = ['x86_64'];
    },
    /not for arm64/,
  );
  fault(
    'another runtime',
    'AWS::Lambda::Function',
    (it) => {
      it.Properties.Runtime = 'nodejs22.x';
    },
    /Node 24/,
  );
  fault(
    'a function without an alarm',
    'AWS::Lambda::Function',
    (it) => {
      it.Properties.Timeout = 1;
    },
    /no alarm before/,
  );
  fault(
    'a function without a dead-letter queue',
    'AWS::Lambda::Function',
    (it) => {
      it.Properties.DeadLetterConfig = undefined;
    },
    /no dead-letter/,
  );
  fault(
    'a log for ever',
    'AWS::Logs::LogGroup',
    (it) => {
      it.Properties.RetentionInDays = undefined;
    },
    /kept for ever/,
  );
  fault(
    'a public bucket',
    'AWS::S3::Bucket',
    (it) => {
      it.Properties.PublicAccessBlockConfiguration.BlockPublicAcls = false;
    },
    /made public/,
  );
  fault(
    'a bucket that goes with the stack',
    'AWS::S3::Bucket',
    (it) => {
      it.DeletionPolicy = 'Delete';
    },
    /is lost/,
  );
  fault(
    'a bucket without TLS',
    'AWS::S3::BucketPolicy',
    (it) => {
      it.Properties.PolicyDocument.Statement.shift();
    },
    /without TLS/,
  );
  fault(
    'a queue without TLS',
    'AWS::SQS::QueuePolicy',
    (it) => {
      it.Properties.PolicyDocument.Statement = [];
    },
    /without TLS/,
  );
  fault(
    'a topic without TLS',
    'AWS::SNS::TopicPolicy',
    (it) => {
      it.Properties.PolicyDocument.Statement.shift();
    },
    /without TLS/,
  );
  fault(
    'a topic for anybody',
    'AWS::SNS::TopicPolicy',
    (it) => {
      it.Properties.PolicyDocument.Statement[1].Principal = '*';
    },
    /to anybody/,
  );
  fault(
    'a secret that goes with the stack',
    'AWS::SecretsManager::Secret',
    (it) => {
      it.DeletionPolicy = undefined;
    },
    /is lost/,
  );
  fault(
    'a bucket that goes when it is made anew',
    'AWS::S3::Bucket',
    (it) => {
      it.UpdateReplacePolicy = 'Delete';
    },
    /made anew/,
  );
  fault(
    'a schedule of a function',
    'AWS::Scheduler::Schedule',
    (it) => {
      it.Properties.Target.Arn = { 'Fn::GetAtt': ['X', 'Arn'] };
    },
    /at an alias/,
  );
  fault(
    'any resource',
    'AWS::IAM::Policy',
    (it) => {
      it.Properties.PolicyDocument.Statement[0].Resource = '*';
    },
    /without a reason/,
  );
  fault(
    'all of the lake',
    'AWS::IAM::Policy',
    (it) => {
      it.Properties.PolicyDocument.Statement[0].Resource = 'arn:aws:s3:::chat-report-lake-1/*';
    },
    /without a reason/,
  );
  fault(
    'any action',
    'AWS::IAM::Policy',
    (it) => {
      it.Properties.PolicyDocument.Statement[0].Action = 's3:*';
    },
    /allows s3:\*/,
  );
  fault(
    'any resource for more than names',
    'AWS::IAM::ManagedPolicy',
    (it) => {
      for (const statement of it.Properties.PolicyDocument.Statement) {
        if (statement.Resource === '*') statement.Action.push('athena:GetQueryResults');
      }
    },
    /GetQueryResults on \* without a reason/,
  );
  fault(
    'a workgroup that asks nobody what it may cost',
    'AWS::Athena::WorkGroup',
    (it) => {
      it.Properties.WorkGroupConfiguration.BytesScannedCutoffPerQuery = undefined;
    },
    /as much as is asked for/,
  );
  fault(
    'a workgroup that does as its clients say',
    'AWS::Athena::WorkGroup',
    (it) => {
      it.Properties.WorkGroupConfiguration.EnforceWorkGroupConfiguration = false;
    },
    /whoever asks decide/,
  );
  fault(
    'answers in the clear',
    'AWS::Athena::WorkGroup',
    (it) => {
      it.Properties.WorkGroupConfiguration.ResultConfiguration.EncryptionConfiguration = undefined;
    },
    /in the clear/,
  );
  fault(
    'a managed policy',
    'AWS::IAM::Role',
    (it) => {
      it.Properties.ManagedPolicyArns = ['arn:aws:iam::aws:policy/X'];
    },
    /others write/,
  );
  fault(
    'a route for anybody',
    'AWS::ApiGatewayV2::Route',
    (it) => {
      it.Properties.AuthorizationType = 'NONE';
    },
    /without a signature/,
  );
  fault(
    'an API that takes any number of requests',
    'AWS::ApiGatewayV2::Stage',
    (it) => {
      it.Properties.DefaultRouteSettings = undefined;
    },
    /not throttled/,
  );
  fault(
    'an access log of addresses',
    'AWS::ApiGatewayV2::Stage',
    (it) => {
      it.Properties.AccessLogSettings.Format += '$context.identity.sourceIp';
    },
    /who somebody is/,
  );
  fault(
    'an access log of who signed in',
    'AWS::ApiGatewayV2::Stage',
    (it) => {
      it.Properties.AccessLogSettings.Format += '$context.identity.userArn';
    },
    /who somebody is/,
  );
  fault(
    'an access log of paths',
    'AWS::ApiGatewayV2::Stage',
    (it) => {
      it.Properties.AccessLogSettings.Format += '$context.path';
    },
    /who somebody is/,
  );
  fault(
    'an alarm that reaches no one',
    'AWS::CloudWatch::Alarm',
    (it) => {
      it.Properties.AlarmActions = [];
    },
    /reaches no one/,
  );
  fault(
    'an alarm without a link',
    'AWS::CloudWatch::Alarm',
    (it) => {
      it.Properties.AlarmDescription = 'Oh no';
    },
    /what to do/,
  );
  fault(
    'an alarm about nothing',
    'AWS::CloudWatch::Alarm',
    (it) => {
      it.Properties.MetricName = 'ReportMissing';
    },
    /nobody counts/,
  );

  test.each(faults)('is found out with %s', (_title, type, spoil, says) => {
    // In the first stack that has one.
    const holders = [of('demo-2').service, of('demo-2').state, of('demo-2').analytics, shared];
    const spoiled = structuredClone(holders.find((resources) => ofType(resources, type).length > 0) ?? {});
    const [[, resource] = ['', null]] = ofType(spoiled, type);
    if (resource) spoil(resource);
    expect(findBreaches(spoiled).join('\n')).toMatch(says);
  });
});
