import { describe, expect, test } from 'vitest';
import { readSettings } from '../../functions/config/settings.ts';
import { TOKEN_PLACEHOLDER } from '../../lib/names.ts';
import { demo, deployment, everythingOff, everythingOn } from './deployments.ts';
import { find, propertiesOf } from './find-resource.ts';
import { ofType, type Resources, synthesize, toText } from './synthesize.ts';

const { of, shared } = await synthesize();
const { state, outputs } = of('demo');
const on = (await synthesize(everythingOn)).of('demo');
const off = (await synthesize(everythingOff)).of('demo');

const LAKE = 'chat-report-demo-lake-<AWS::AccountId>';
const secretNamed = (resources: Resources, name: string) => {
  const [, secret] = ofType(resources, 'AWS::SecretsManager::Secret').find(([, { Properties }]) =>
    JSON.stringify(Properties.Name).includes(`"${name}"`),
  ) ?? ['', null];
  expect(secret, name).not.toBeNull();
  return secret?.Properties;
};

describe('the lake of an account', () => {
  test('remembers for a month, and its churn is gone the next day', () => {
    const bucket = propertiesOf(state, 'AWS::S3::Bucket', { BucketName: LAKE });
    expect(bucket.VersioningConfiguration).toEqual({ Status: 'Enabled' });
    expect(bucket.LoggingConfiguration.LogFilePrefix).toBe('lake/');
    expect(bucket.LifecycleConfiguration.Rules.slice(0, 3)).toMatchObject([
      {
        NoncurrentVersionExpiration: { NoncurrentDays: 30 },
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
        ExpiredObjectDeleteMarker: true,
      },
      { Prefix: 'demo/lease/', NoncurrentVersionExpiration: { NoncurrentDays: 1 } },
      { Prefix: 'demo/runs/', NoncurrentVersionExpiration: { NoncurrentDays: 1 } },
    ]);
  });

  test.each([
    [
      'a year and some days, but for reports, by default',
      {},
      { raw: 400, curated: 400, runs: 400, requests: 400 },
    ],
    [
      'as long as a layer is to be kept',
      { raw: 90, curated: null, reports: 1_000, runs: null },
      { raw: 90, reports: 1_000, changes: 1_000, looks: 1_000, days: 1_000 },
    ],
  ])('keeps what is in it %s', async (_title, keepDays, expected) => {
    const { of } = await synthesize({ ...deployment, accounts: [{ ...demo, keepDays }] });
    const rules = ofType(of('demo').state, 'AWS::S3::Bucket').flatMap(
      ([, { Properties }]) => Properties.LifecycleConfiguration.Rules,
    );
    const kept = rules.filter(({ Prefix, ExpirationInDays }) => Prefix && ExpirationInDays);
    expect(
      Object.fromEntries(kept.map(({ Prefix, ExpirationInDays }) => [Prefix, ExpirationInDays])),
    ).toEqual(Object.fromEntries(Object.entries(expected).map(([place, days]) => [`demo/${place}/`, days])));
  });

  test('is an existing bucket where there is one, which no stack changes', () => {
    const buckets = ofType(on.state, 'AWS::S3::Bucket').map(([, { Properties }]) =>
      toText(Properties.BucketName),
    );
    expect(buckets.toSorted()).toEqual([
      'staging-demo-access-<AWS::AccountId>',
      'staging-demo-results-<AWS::AccountId>',
    ]);
    expect(toText(on.outputs.LakeUri?.Value)).toBe('s3://company-data/demo');
    expect(toText(outputs.LakeUri?.Value)).toBe(`s3://${LAKE}/demo`);
  });

  test('has a name without functions where CDK knows the AWS account, so that a stack made again takes it over', async () => {
    const { of } = await synthesize(everythingOff, false, { account: '123456789012', region: 'eu-west-1' });
    const names = ofType(of('demo').state, 'AWS::S3::Bucket').map(
      ([, { Properties }]) => Properties.BucketName,
    );
    expect(names).toEqual([
      'chat-report-demo-access-123456789012',
      'chat-report-demo-lake-123456789012',
      'chat-report-demo-results-123456789012',
    ]);
  });

  test('is encrypted by the key of the deployer where there is one, as are answers and secrets', () => {
    const kmsKeyArn = everythingOn.kmsKeyArn;
    const encryption = ofType(on.state, 'AWS::S3::Bucket').map(
      ([, { Properties }]) =>
        Properties.BucketEncryption.ServerSideEncryptionConfiguration[0].ServerSideEncryptionByDefault,
    );
    expect(encryption).toContainEqual({ SSEAlgorithm: 'aws:kms', KMSMasterKeyID: kmsKeyArn });
    // S3 delivers access logs under its own key alone.
    expect(encryption).toContainEqual({ SSEAlgorithm: 'AES256' });
    const secrets = ofType(on.state, 'AWS::SecretsManager::Secret').map(
      ([, { Properties }]) => Properties.KmsKeyId,
    );
    expect(secrets).toEqual([kmsKeyArn, kmsKeyArn, kmsKeyArn]);
    expect(JSON.stringify(state)).not.toContain('kms');
  });
});

describe('the secrets of an account', () => {
  test('are all there under all settings, and are kept when their stack goes', () => {
    for (const resources of [state, on.state, off.state]) {
      const secrets = ofType(resources, 'AWS::SecretsManager::Secret');
      expect(secrets).toHaveLength(3);
      for (const [, { DeletionPolicy, UpdateReplacePolicy }] of secrets) {
        expect([DeletionPolicy, UpdateReplacePolicy]).toEqual(['RetainExceptOnCreate', 'Retain']);
      }
    }
  });

  test('are named by the life of the stack, because CloudFormation takes over no existing secret', () => {
    for (const id of ['TokenSecret', 'WebhookKeySecret', 'ViewKeySecret']) {
      expect(toText(outputs[id]?.Value)).toMatch(/^chat-report\/demo\/[a-z-]+-<.*StackId.*\[2\].*\[0\]>$/);
    }
  });

  test('are a token that is known for none until it is put there', () => {
    expect(secretNamed(state, 'chat-report/demo/caresoft-token').SecretString).toBe(TOKEN_PLACEHOLDER);
    const read = readSettings({ ...demo.settings, CARESOFT_TOKEN: TOKEN_PLACEHOLDER });
    expect(read).toMatchObject({ problems: [{ of: 'CARESOFT_TOKEN' }] });
  });

  test('have the same placeholder as ever, or the next deployment overwrites every token', () => {
    expect(TOKEN_PLACEHOLDER).toBe('put the CareSoft token here');
  });

  test('are a key for webhooks: letters and digits that are base64 of 24 to 64 bytes', () => {
    const secret = secretNamed(state, 'chat-report/demo/webhook-key');
    expect(secret.GenerateSecretString).toEqual({ ExcludePunctuation: true, PasswordLength: 40 });
    expect(Buffer.from('a'.repeat(40), 'base64')).toHaveLength(30);
  });

  test('are a key for links and sessions, of 32 random bytes or more', () => {
    const secret = secretNamed(state, 'chat-report/demo/view-key');
    expect(secret.GenerateSecretString).toEqual({ ExcludePunctuation: true, PasswordLength: 64 });
    expect(64 * Math.log2(62)).toBeGreaterThan(32 * 8);
  });
});

describe('the mail of an account', () => {
  test('goes out over TLS alone, and tells of bounces and complaints', () => {
    const [setId, set] = find(state, 'AWS::SES::ConfigurationSet');
    expect(set.Properties).toMatchObject({
      Name: 'chat-report-demo',
      DeliveryOptions: { TlsPolicy: 'REQUIRE' },
      ReputationOptions: { ReputationMetricsEnabled: true },
      SuppressionOptions: { SuppressedReasons: ['BOUNCE', 'COMPLAINT'] },
    });
    const destinations = ofType(state, 'AWS::SES::ConfigurationSetEventDestination').map(
      ([, { Properties }]) => Properties,
    );
    for (const { ConfigurationSetName } of destinations)
      expect(toText(ConfigurationSetName)).toBe(`<${setId}>`);
    expect(destinations.map(({ EventDestination }) => EventDestination)).toMatchObject([
      {
        MatchingEventTypes: ['bounce', 'complaint', 'reject'],
        CloudWatchDestination: {
          DimensionConfigurations: [
            { DimensionName: 'ses:configuration-set', DefaultDimensionValue: 'chat-report-demo' },
          ],
        },
      },
      { MatchingEventTypes: ['bounce', 'complaint'], SnsDestination: {} },
    ]);
  });

  test('has a sender that no stack makes: it could not make it a second time', async () => {
    for (const { Resources } of Object.values((await synthesize()).stacks)) {
      expect(ofType(Resources, 'AWS::SES::EmailIdentity')).toEqual([]);
    }
  });
});

describe('the topic of alarms', () => {
  test('takes what alarms and SES of this AWS account publish, and nothing else', () => {
    const { PolicyDocument } = propertiesOf(shared, 'AWS::SNS::TopicPolicy');
    const allowed = PolicyDocument.Statement.filter(({ Effect }: { Effect: string }) => Effect === 'Allow');
    const services = allowed.map(({ Principal }: { Principal: { Service: string } }) => Principal.Service);
    expect(services).toEqual(['cloudwatch.amazonaws.com', 'ses.amazonaws.com']);
    for (const { Condition } of allowed) {
      expect(JSON.stringify(Condition)).toMatch(/SourceAccount":\{"Ref":"AWS::AccountId"/);
    }
    expect(propertiesOf(shared, 'AWS::SNS::Subscription')).toMatchObject({
      Protocol: 'email',
      Endpoint: 'oncall@example.com',
    });
  });

  test('is known to the accounts by its name, or is that of the deployer', async () => {
    const topicOf = (resources: Resources) =>
      toText(
        ofType(resources, 'AWS::SES::ConfigurationSetEventDestination')[1]?.[1].Properties.EventDestination
          .SnsDestination.TopicARN,
      );
    expect(propertiesOf(shared, 'AWS::SNS::Topic').TopicName).toBe('chat-report-alarms');
    expect(topicOf(state)).toMatch(/:chat-report-alarms$/);
    expect(topicOf(on.state)).toBe(everythingOn.alarmTopicArn);
    const { shared: without } = await synthesize(everythingOn);
    expect(JSON.stringify(without)).not.toContain('AWS::SNS');
  });
});
