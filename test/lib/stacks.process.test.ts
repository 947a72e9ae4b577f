import { describe, expect, test } from 'vitest';
import { readFunctionSettings, readSettings, SETTING_NAMES } from '../../functions/config/settings.ts';
import { LATEST_ATTEMPT_MS } from '../../functions/pipeline/durable.ts';
import { LONGEST_RUN_MS } from '../../functions/pipeline/run-log.ts';
import { TOKEN_PLACEHOLDER } from '../../lib/account-secrets.ts';
import { MOST_ACCOUNTS, MOST_ACCOUNTS_ON_DEMAND } from '../../lib/deployment.ts';
import { demo, deployment, second } from './deployments.ts';
import { ofType, type Resource, type Resources, synthesize, toList, toText } from './synthesize.ts';

const { all, state, service, outputs } = await synthesize();

/** The one resource of a type whose properties hold all of these. */
function find(resources: Resources, type: string, holds: object): [string, Resource] {
  const found = ofType(resources, type).filter(([, { Properties }]) =>
    Object.entries(holds).every(([name, value]) => toText(Properties[name]) === value),
  );
  expect(found, `${type} ${JSON.stringify(holds)}`).toHaveLength(1);
  return found[0] as [string, Resource];
}

const propertiesOf = (resources: Resources, type: string, holds: object) =>
  find(resources, type, holds)[1].Properties;
const functionNamed = (name: string) =>
  propertiesOf(service, 'AWS::Lambda::Function', { FunctionName: name });

/** What the role of a function may do, a line a statement. */
function rightsOf(name: string): string[] {
  const role = toText(functionNamed(name).Role);
  const policies = ofType(service, 'AWS::IAM::Policy').filter(([, { Properties }]) =>
    Properties.Roles.some((of: unknown) => toText(of) === role),
  );
  return policies
    .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement)
    .map(({ Action, Resource, Condition }) =>
      [toList(Action).join(), toList(Resource).map(toText).join(' '), JSON.stringify(Condition ?? {})].join(
        ' ',
      ),
    );
}

describe('what lasts', () => {
  test('is a lake that remembers for a month, and whose churn is gone the next day', () => {
    const bucket = propertiesOf(state, 'AWS::S3::Bucket', {
      BucketName: 'chat-report-lake-<AWS::AccountId>-<AWS::Region>',
    });
    expect(bucket.VersioningConfiguration).toEqual({ Status: 'Enabled' });
    expect(bucket.LoggingConfiguration.LogFilePrefix).toBe('lake/');
    expect(bucket.LifecycleConfiguration.Rules).toMatchObject([
      {
        NoncurrentVersionExpiration: { NoncurrentDays: 30 },
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
        ExpiredObjectDeleteMarker: true,
      },
      ...['demo', 'demo-2'].flatMap((account) => [
        { Prefix: `${account}/lease/`, NoncurrentVersionExpiration: { NoncurrentDays: 1 } },
        { Prefix: `${account}/runs/`, NoncurrentVersionExpiration: { NoncurrentDays: 1 } },
        { Prefix: `${account}/runs/`, ExpirationInDays: 400 },
        { Prefix: `${account}/requests/`, ExpirationInDays: 400 },
      ]),
    ]);
  });

  test('is kept for as long as was asked for', async () => {
    const keepDays = { raw: 90, reports: 1_000, runs: null };
    const { state } = await synthesize({ ...deployment, accounts: [demo], keepDays });
    const rules = ofType(state, 'AWS::S3::Bucket').flatMap(
      ([, { Properties }]) => Properties.LifecycleConfiguration.Rules,
    );
    const kept = rules.filter(({ Prefix, ExpirationInDays }) => Prefix && ExpirationInDays);
    expect(kept.map(({ Prefix, ExpirationInDays }) => [Prefix, ExpirationInDays])).toEqual([
      ['demo/raw/', 90],
      ['demo/reports/', 1_000],
      ['demo/changes/', 1_000],
      ['demo/looks/', 1_000],
      ['demo/days/', 1_000],
    ]);
  });

  test('is a token that is known for none until somebody puts it there', () => {
    const secret = propertiesOf(state, 'AWS::SecretsManager::Secret', {
      Name: 'chat-report/demo/caresoft-token',
    });
    expect(secret.SecretString).toBe(TOKEN_PLACEHOLDER);
    const read = readSettings({ ...demo.settings, CARESOFT_TOKEN: TOKEN_PLACEHOLDER });
    expect(read).toMatchObject({ problems: [{ of: 'CARESOFT_TOKEN' }] });
  });

  test('has the same placeholder as ever, or the next deployment overwrites every token', () => {
    expect(TOKEN_PLACEHOLDER).toBe('put the CareSoft token here');
  });

  test('is a key for webhooks where there are any: letters and digits that are base64 of 24 to 64 bytes', () => {
    const secret = propertiesOf(state, 'AWS::SecretsManager::Secret', {
      Name: 'chat-report/demo-2/webhook-key',
    });
    expect(secret.GenerateSecretString).toEqual({ ExcludePunctuation: true, PasswordLength: 40 });
    expect(Buffer.from('a'.repeat(40), 'base64')).toHaveLength(30);
  });

  test('is a key for the links in mails where there are any, of 32 random bytes or more', () => {
    const secret = propertiesOf(state, 'AWS::SecretsManager::Secret', {
      Name: 'chat-report/demo-2/view-key',
    });
    expect(secret.GenerateSecretString).toEqual({ ExcludePunctuation: true, PasswordLength: 64 });
    expect(64 * Math.log2(62)).toBeGreaterThan(32 * 8);
    expect(ofType(state, 'AWS::SecretsManager::Secret')).toHaveLength(4);
  });

  test('is a sender for each domain and address, and none where one is there already', async () => {
    const senders = async (...accounts: (typeof demo)[]) => {
      const { state } = await synthesize({ ...deployment, accounts });
      return ofType(state, 'AWS::SES::EmailIdentity').map(([, { Properties }]) => Properties.EmailIdentity);
    };
    const named = (name: string, changes: object) => ({ ...demo, name, ...changes });
    expect(await senders(demo, second)).toEqual(['example.com', 'report@example.org']);
    expect(await senders(demo, named('a', {}), named('b', { senderIdentity: 'existing' }))).toEqual([
      'example.com',
    ]);
  });

  test('sends only over TLS, and tells of bounces and complaints', () => {
    const set = propertiesOf(state, 'AWS::SES::ConfigurationSet', { Name: 'chat-report-demo' });
    expect(set).toMatchObject({
      DeliveryOptions: { TlsPolicy: 'REQUIRE' },
      ReputationOptions: { ReputationMetricsEnabled: true },
      SuppressionOptions: { SuppressedReasons: ['BOUNCE', 'COMPLAINT'] },
    });
    const [setId] = find(state, 'AWS::SES::ConfigurationSet', { Name: 'chat-report-demo' });
    const destinations = ofType(state, 'AWS::SES::ConfigurationSetEventDestination')
      .map(([, { Properties }]) => Properties)
      .filter(({ ConfigurationSetName }) => toText(ConfigurationSetName) === `<${setId}>`);
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

  test('lets alarms and SES publish to whoever is on duty, for this AWS account alone', () => {
    const [[, policy] = ['', null]] = ofType(state, 'AWS::SNS::TopicPolicy');
    const allowed = policy?.Properties.PolicyDocument.Statement.filter(
      ({ Effect }: { Effect: string }) => Effect === 'Allow',
    );
    const services = allowed.map(({ Principal }: { Principal: { Service: string } }) => Principal.Service);
    expect(services).toEqual(['cloudwatch.amazonaws.com', 'ses.amazonaws.com', 'ses.amazonaws.com']);
    for (const { Condition } of allowed) {
      expect(JSON.stringify(Condition)).toMatch(/SourceAccount":\{"Ref":"AWS::AccountId"/);
    }
    expect(propertiesOf(state, 'AWS::SNS::Subscription', {})).toMatchObject({
      Protocol: 'email',
      Endpoint: 'oncall@example.com',
    });
  });
});

describe('what runs', () => {
  test('has time for the latest mail of a run, and is over before its record says that none is at work', () => {
    const { DurableConfig, Timeout } = functionNamed('chat-report-demo-2-workflow');
    const executionMs = DurableConfig.ExecutionTimeout * 1_000;
    // The mail is an invocation, and those who are told of the report are another.
    expect(LATEST_ATTEMPT_MS + 2 * Timeout * 1_000).toBeLessThan(executionMs);
    expect(executionMs).toBeLessThan(LONGEST_RUN_MS);
  });

  test('is a durable workflow with every setting, that fails into a queue', () => {
    const workflow = functionNamed('chat-report-demo-2-workflow');
    expect(workflow).toMatchObject({
      DurableConfig: { ExecutionTimeout: 43_200, RetentionPeriodInDays: 14 },
      Timeout: 900,
      MemorySize: 1_024,
      LoggingConfig: { LogFormat: 'JSON' },
    });
    const { Variables } = workflow.Environment;
    const { NODE_OPTIONS, LAKE_URI, ...settings } = Variables;
    expect(NODE_OPTIONS).toBe('--enable-source-maps');
    expect(toText(LAKE_URI)).toBe('s3://chat-report-lake-<AWS::AccountId>-<AWS::Region>/demo-2');
    expect(settings).toEqual({
      ...second.settings,
      ACCOUNT: 'demo-2',
      CARESOFT_TOKEN_SECRET: 'chat-report/demo-2/caresoft-token',
      WEBHOOK_KEY_SECRET: 'chat-report/demo-2/webhook-key',
      VIEW_KEY_SECRET: 'chat-report/demo-2/view-key',
      MAIL_CONFIGURATION_SET: 'chat-report-demo-2',
      EVENT_BUS: 'default',
    });
    expect(Object.keys(settings).filter((name) => !SETTING_NAMES.some((known) => known === name))).toEqual(
      [],
    );
    const read = readSettings({
      ...settings,
      LAKE_URI: 's3://chat-report-lake-123456789012-eu-west-1/demo-2',
    });
    expect(read).toHaveProperty('settings.name', 'demo-2');
  });

  test('is called by an alias, tried again only where twice is once, and keeps old versions of the workflow', () => {
    const [workflow] = find(service, 'AWS::Lambda::Function', { FunctionName: 'chat-report-demo-workflow' });
    const [start] = find(service, 'AWS::Lambda::Function', { FunctionName: 'chat-report-demo-start' });
    const configOf = (id: string) =>
      propertiesOf(service, 'AWS::Lambda::EventInvokeConfig', { FunctionName: `<${id}>` });
    expect(configOf(workflow)).toMatchObject({ MaximumRetryAttempts: 0 });
    expect(configOf(start)).toMatchObject({ MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 3_600 });
    expect(JSON.stringify(configOf(workflow).Qualifier)).toMatch(/Aliaslive/);
    expect(find(service, 'AWS::Lambda::Version', { FunctionName: `<${workflow}>` })[1].DeletionPolicy).toBe(
      'Retain',
    );
    expect(find(service, 'AWS::Lambda::Version', { FunctionName: `<${start}>` })[1].DeletionPolicy).not.toBe(
      'Retain',
    );
  });

  test('is begun and looked after at the hours of the account, in its own time zone', () => {
    const [alias] = find(service, 'AWS::Lambda::Alias', {
      FunctionName: `<${find(service, 'AWS::Lambda::Function', { FunctionName: 'chat-report-demo-2-start' })[0]}>`,
    });
    expect(
      propertiesOf(service, 'AWS::Scheduler::Schedule', { Name: 'chat-report-demo-2-start' }),
    ).toMatchObject({
      GroupName: 'chat-report-demo-2',
      ScheduleExpression: 'cron(30 5 * * ? *)',
      ScheduleExpressionTimezone: 'Europe/Berlin',
      FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 5 },
      Target: {
        Arn: { Ref: alias },
        Input: '{"scheduledTime":"<aws.scheduler.scheduled-time>"}',
        RetryPolicy: { MaximumEventAgeInSeconds: 3_600, MaximumRetryAttempts: 5 },
      },
    });
    expect(
      propertiesOf(service, 'AWS::Scheduler::Schedule', { Name: 'chat-report-demo-2-deadline' }),
    ).toMatchObject({ ScheduleExpression: 'cron(15 8 * * ? *)', FlexibleTimeWindow: { Mode: 'OFF' } });
  });

  test('may do what it does, and nothing else', () => {
    const lake = 'arn:<AWS::Partition>:s3:::chat-report-lake-<AWS::AccountId>-<AWS::Region>';
    const places = (...names: string[]): string => names.map((name) => `${lake}/demo-2/${name}/*`).join(' ');
    const tail = (text: string) => expect.stringMatching(new RegExp(`${text}$`.replaceAll('*', '\\*')));
    expect(rightsOf('chat-report-demo-2-workflow')).toEqual([
      expect.stringMatching(/^logs:CreateLogStream,logs:PutLogEvents <Reportdemo2WorkflowLog\w+> {}$/),
      expect.stringMatching(/^sqs:SendMessage <Reportdemo2DeadLettersRuns\w+> {}$/),
      tail(
        'lambda:CheckpointDurableExecution,lambda:GetDurableExecutionState arn.*:function:chat-report-demo-2-workflow:* {}'.replace(
          '.*:',
          ':<AWS::Partition>:lambda:<AWS::Region>:<AWS::AccountId>:',
        ),
      ),
      `s3:GetObject ${lake}/demo-2/* {}`,
      `s3:PutObject ${places('changes', 'curated', 'days')} ${lake}/demo-2/lake.json ${places('lease', 'looks', 'raw', 'reports', 'runs')} {}`,
      `s3:DeleteObject ${places('curated', 'lease')} {}`,
      's3:ListBucket arn:<AWS::Partition>:s3:::chat-report-lake-<AWS::AccountId>-<AWS::Region> {"StringLike":{"s3:prefix":"demo-2/*"}}',
      expect.stringMatching(
        /^secretsmanager:GetSecretValue <\w+demo2Token\w+> <\w+demo2ViewKey\w+> <\w+demo2WebhookKey\w+> {}$/,
      ),
      'ses:SendRawEmail arn:<AWS::Partition>:ses:<AWS::Region>:<AWS::AccountId>:configuration-set/chat-report-demo-2 arn:<AWS::Partition>:ses:<AWS::Region>:<AWS::AccountId>:identity/* {"StringEquals":{"ses:FromAddress":"report@example.org"}}',
      'events:PutEvents arn:<AWS::Partition>:events:<AWS::Region>:<AWS::AccountId>:event-bus/default {"StringEquals":{"events:source":"chat-report"}}',
    ]);
    expect(rightsOf('chat-report-demo-2-start').slice(2)).toEqual([
      expect.stringMatching(/^lambda:InvokeFunction <Reportdemo2WorkflowFunctionAliaslive\w+> {}$/),
    ]);
    expect(rightsOf('chat-report-demo-2-deadline').slice(2)).toEqual([
      `s3:GetObject ${lake}/demo-2/lake.json ${places('reports')} {}`,
      `s3:ListBucket ${lake} {"StringLike":{"s3:prefix":"demo-2/lake.json"}}`,
      's3:ListBucket arn:<AWS::Partition>:s3:::chat-report-lake-<AWS::AccountId>-<AWS::Region> {"StringLike":{"s3:prefix":"demo-2/reports/*"}}',
    ]);
  });

  test('answers on demand with the rights for that alone', () => {
    const lake = 'arn:<AWS::Partition>:s3:::chat-report-lake-<AWS::AccountId>-<AWS::Region>';
    const listed = (place: string) => `s3:ListBucket ${lake} {"StringLike":{"s3:prefix":"demo-2/${place}"}}`;
    expect(rightsOf('chat-report-demo-2-api').slice(2)).toEqual([
      `s3:GetObject ${['lake.json', 'raw/chats/*/manifest.json', 'reports/*', 'runs/*'].map((at) => `${lake}/demo-2/${at}`).join(' ')} {}`,
      listed('lake.json'),
      listed('reports/*'),
      listed('runs/*'),
      `s3:GetObject,s3:PutObject ${lake}/demo-2/requests/* {}`,
      listed('requests/*'),
      listed('raw/chats/*'),
      expect.stringMatching(/^lambda:InvokeFunction <Reportdemo2WorkflowFunctionAliaslive\w+> {}$/),
      expect.stringMatching(/^secretsmanager:GetSecretValue <\w+Secretsdemo2ViewKey\w+> {}$/),
    ]);
    expect(rightsOf('chat-report-demo-api').join()).not.toContain('secretsmanager');
  });

  test('answers on demand with settings that the function can read', () => {
    const { Variables } = functionNamed('chat-report-demo-2-api').Environment;
    const { NODE_OPTIONS: _, WORKFLOW_ALIAS_ARN, LAKE_URI, ...settings } = Variables;
    expect(settings).toEqual({
      ACCOUNT: 'demo-2',
      CARESOFT_BASE_URL: 'https://api.caresoft.vn/other',
      TIME_ZONE: 'Europe/Berlin',
      MAIL_TO: 'boss@example.org',
      TICKET_URL: 'https://web.caresoft.vn/ticket/{ticket_id}',
      PAGES_URL: 'https://reports.example.org/pages',
      VIEW_KEY_SECRET: 'chat-report/demo-2/view-key',
    });
    const place = toText(LAKE_URI).replace('<AWS::AccountId>-<AWS::Region>', '123456789012-eu-west-1');
    const read = readFunctionSettings.api({
      ...settings,
      LAKE_URI: place,
      WORKFLOW_ALIAS_ARN: 'arn:aws:lambda:eu-west-1:123456789012:function:x:live',
    });
    expect(read).toMatchObject({
      settings: {
        channels: ['livechat', 'messenger', 'zalo'],
        links: {
          ticket: 'https://web.caresoft.vn/ticket/{ticket_id}',
          pages: 'https://reports.example.org/pages',
        },
        viewKeySecret: 'chat-report/demo-2/view-key',
      },
    });
    expect(JSON.stringify(WORKFLOW_ALIAS_ARN)).toContain('Aliaslive');
  });

  test('answers signed requests, and links only where mails have them', async () => {
    const routes = ofType(service, 'AWS::ApiGatewayV2::Route').map(([id, { Properties }]) => [
      id.startsWith('Reportdemo2') ? 'demo-2' : 'demo',
      Properties.RouteKey,
      Properties.AuthorizationType,
    ]);
    expect(routes.toSorted()).toEqual([
      ['demo', '$default', 'AWS_IAM'],
      ['demo-2', '$default', 'AWS_IAM'],
      ['demo-2', 'ANY /view/{token}', 'NONE'],
    ]);
    const { service: without } = await synthesize({ ...deployment, accounts: [demo], onDemand: false });
    expect(JSON.stringify(without)).not.toMatch(/ApiGateway|chat-report-demo-api/);
    // API Gateway waits for 29 seconds.
    expect(functionNamed('chat-report-demo-api').Timeout).toBeLessThan(29);
  });

  test('tells no bus where none is wanted', async () => {
    const { service } = await synthesize({ ...deployment, accounts: [demo], eventBus: null });
    expect(JSON.stringify(service)).not.toMatch(/EVENT_BUS|events:PutEvents/);
  });

  test('shares nothing between accounts but the alarm topic', () => {
    const parts = Object.entries(service).filter(([id]) => id.startsWith('Reportdemo'));
    const isOf = (account: string, text: string): boolean =>
      account === 'demo' ? /demo(?!-2|2)/.test(text.replaceAll(/demo-?2/g, '')) : /demo-?2/.test(text);
    for (const [id, resource] of parts) {
      const owner = id.startsWith('Reportdemo2') ? 'demo-2' : 'demo';
      const other = owner === 'demo' ? 'demo-2' : 'demo';
      expect(isOf(other, JSON.stringify(resource)), id).toBe(false);
    }
    expect(parts.length).toBeGreaterThan(80);
    const topics = new Set(JSON.stringify(parts).match(/PublishOutput\w+/g));
    expect([...topics].filter((name) => !/Secretsdemo/.test(name))).toEqual([
      expect.stringMatching(/AlarmsTopic/),
    ]);
  });

  test('has names that AWS takes, for the longest account too', async () => {
    const name = 'a'.repeat(40);
    const { all } = await synthesize({ ...deployment, accounts: [{ ...second, name }] });
    const limits: Readonly<Record<string, readonly [string, number]>> = {
      'AWS::Lambda::Function': ['FunctionName', 64],
      'AWS::Scheduler::Schedule': ['Name', 64],
      'AWS::Scheduler::ScheduleGroup': ['Name', 64],
      'AWS::SES::ConfigurationSet': ['Name', 64],
      'AWS::SQS::Queue': ['QueueName', 80],
      'AWS::CloudWatch::Alarm': ['AlarmName', 255],
      'AWS::SecretsManager::Secret': ['Name', 512],
      'AWS::Athena::WorkGroup': ['Name', 128],
      'AWS::Athena::NamedQuery': ['Name', 128],
      'AWS::IAM::ManagedPolicy': ['ManagedPolicyName', 128],
    };
    for (const [type, [property, most]] of Object.entries(limits)) {
      const names = ofType(all, type).map(([, { Properties }]) => toText(Properties[property]));
      expect(names.length, type).toBeGreaterThan(0);
      for (const name of names) expect(name.length, name).toBeLessThanOrEqual(most);
    }
  });

  test.each([
    [MOST_ACCOUNTS, false],
    [MOST_ACCOUNTS_ON_DEMAND, true],
  ])(
    'fits into a stack with %i accounts, as many as there can be where onDemand is %s',
    async (length, onDemand) => {
      const settings = { ...demo.settings, ...(onDemand && second.settings) };
      const accounts = Array.from({ length }, (_, place) => ({ ...second, name: `a${place}`, settings }));
      // Of two accounts each rule has been kept: of ten alike it would be asked five times.
      const { state, service, analytics } = await synthesize({ ...deployment, accounts, onDemand }, false);
      expect(Object.keys(service).length).toBeGreaterThan(430);
      for (const resources of [state, service, analytics]) {
        expect(Object.keys(resources).length).toBeLessThanOrEqual(500);
        expect(JSON.stringify(resources).length).toBeLessThan(1_000_000);
      }
    },
  );

  test('is what a deployer is told about', () => {
    const said = Object.entries(outputs).map(([id, { Value }]) => [id, toText(Value)]);
    const values = said.filter(([id]) => !id?.startsWith('PublishOutput')).map(([, value]) => value);
    expect(values).toContain('chat-report/demo/caresoft-token');
    expect(values).toContain('chat-report/demo-2/webhook-key');
    expect(values).toContain('chat-report-demo-start:live');
    expect(values.filter((value) => value?.includes(' CNAME '))).toHaveLength(3);
  });

  test('is tagged with the account it is for', () => {
    for (const [id, { Properties }] of Object.entries(all)) {
      if (!(/^(Report|Secrets|Mail)demo/.test(id) && Properties.Tags)) continue;
      const account = /^[A-Z][a-z]+demo2/.test(id) ? 'demo-2' : 'demo';
      const tags = Array.isArray(Properties.Tags)
        ? Object.fromEntries(
            Properties.Tags.map(({ Key, Value }: { Key: string; Value: string }) => [Key, Value]),
          )
        : Properties.Tags;
      expect(tags, id).toEqual({ account, application: 'chat-report' });
    }
  });
});
