import { describe, expect, test } from 'vitest';
import { readFunctionSettings, readSettings, SETTING_NAMES } from '../../functions/config/settings.ts';
import { LATEST_ATTEMPT_MS, LONGEST_RUN_MS } from '../../functions/pipeline/durable.ts';
import { demo, deployment, everythingOff, everythingOn, second } from './deployments.ts';
import { find, functionNamed, propertiesOf, rightsOf } from './find-resource.ts';
import { ofType, synthesize, toText } from './synthesize.ts';

const { of } = await synthesize();
const { service } = of('demo-2');
const { service: plain } = of('demo');
const { service: on } = (await synthesize(everythingOn)).of('demo');
const { service: off } = (await synthesize(everythingOff)).of('demo');

const LAKE = 'arn:<AWS::Partition>:s3:::chat-report-demo-2-lake-<AWS::AccountId>';

/** A variable that is the output of another stack, as its name. */
const SECRETS = {
  CARESOFT_TOKEN_SECRET: expect.stringMatching(/^<\w*Token\w*>$/),
  WEBHOOK_KEY_SECRET: expect.stringMatching(/^<\w*WebhookKey\w*>$/),
  VIEW_KEY_SECRET: expect.stringMatching(/^<\w*ViewKey\w*>$/),
};
const inWords = (variables: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, toText(value)]));
const variablesOf = (resources: typeof service, name: string) =>
  inWords(functionNamed(resources, name).Environment.Variables);

/** What API Gateway names as the source when it calls a function for a route. */
const sourceOf = (api: string, routeKey: string): string =>
  `${api}/$default/${routeKey.replace(/^ANY /, 'GET')}`;

test('API Gateway may call the function for each route', () => {
  for (const resources of [service, plain, on]) {
    const api = `<${find(resources, 'AWS::ApiGatewayV2::Api')[0]}>`;
    const sources = ofType(resources, 'AWS::Lambda::Permission').map(([, { Properties }]) =>
      toText(Properties.SourceArn).split(':').at(-1),
    );
    const routes = ofType(resources, 'AWS::ApiGatewayV2::Route').map(([, { Properties }]) =>
      String(Properties.RouteKey),
    );
    expect(routes).toEqual(expect.arrayContaining(['ANY /', 'ANY /{proxy+}']));
    for (const route of routes) {
      // A star stands for any text in an ARN, with slashes too.
      expect(
        sources.filter((source = '') => matchesGlob(source, sourceOf(api, route))),
        route,
      ).not.toEqual([]);
    }
  }
});

/** Whether a text is as a pattern says, in which a star stands for any text. */
function matchesGlob(pattern: string, text: string): boolean {
  return new RegExp(`^${pattern.split('*').map(RegExp.escape).join('.*')}$`).test(text);
}

describe('the workflow', () => {
  test('has time for the latest mail of a run, and is over before its record says that none is at work', () => {
    const { DurableConfig, Timeout } = functionNamed(service, 'chat-report-demo-2-workflow');
    const executionMs = DurableConfig.ExecutionTimeout * 1_000;
    // The mail is an invocation, and those who are told of the report are another.
    expect(LATEST_ATTEMPT_MS + 2 * Timeout * 1_000).toBeLessThan(executionMs);
    expect(executionMs).toBeLessThan(LONGEST_RUN_MS);
  });

  test('is durable, has every setting, and fails into a queue', () => {
    expect(functionNamed(service, 'chat-report-demo-2-workflow')).toMatchObject({
      DurableConfig: { ExecutionTimeout: 43_200, RetentionPeriodInDays: 14 },
      Timeout: 900,
      MemorySize: 1_024,
      LoggingConfig: { LogFormat: 'JSON' },
    });
    const {
      POWERTOOLS_SERVICE_NAME,
      NODE_OPTIONS,
      MALLOC_ARENA_MAX,
      MALLOC_MMAP_THRESHOLD_,
      MALLOC_TRIM_THRESHOLD_,
      ...settings
    } = variablesOf(service, 'chat-report-demo-2-workflow');
    expect(POWERTOOLS_SERVICE_NAME).toBe('chat-report');
    // Buffers beside the heap have the rest of the memory.
    expect(NODE_OPTIONS).toBe('--max-old-space-size=450 --max-semi-space-size=16');
    expect([MALLOC_ARENA_MAX, MALLOC_MMAP_THRESHOLD_, MALLOC_TRIM_THRESHOLD_]).toEqual([
      '2',
      '131072',
      '131072',
    ]);
    expect(settings).toEqual({
      ...second.settings,
      ...SECRETS,
      ACCOUNT: 'demo-2',
      LAKE_URI: 's3://chat-report-demo-2-lake-<AWS::AccountId>/demo-2',
      MAIL_CONFIGURATION_SET: 'chat-report-demo-2',
      EVENT_BUS: 'default',
    });
    expect(Object.keys(settings).filter((name) => !SETTING_NAMES.some((known) => known === name))).toEqual(
      [],
    );
    const read = readSettings({
      ...settings,
      LAKE_URI: 's3://chat-report-demo-2-lake-123456789012/demo-2',
      CARESOFT_TOKEN_SECRET: 'token',
      WEBHOOK_KEY_SECRET: 'key',
      VIEW_KEY_SECRET: 'key',
    });
    expect(read).toHaveProperty('settings.name', 'demo-2');
  });

  test('gets the address of the API for its links in the same deployment, where links are wanted', () => {
    const { VIEW_URL, PAGES_URL, EVENT_BUS } = variablesOf(on, 'staging-demo-workflow');
    expect(functionNamed(on, 'staging-demo-workflow').Environment.Variables.VIEW_URL).toEqual({
      'Fn::GetAtt': [find(on, 'AWS::ApiGatewayV2::Api')[0], 'ApiEndpoint'],
    });
    expect(PAGES_URL).toBe(`${VIEW_URL}/pages`);
    expect(EVENT_BUS).toBe(everythingOn.eventBus);
    expect(variablesOf(plain, 'chat-report-demo-workflow')).not.toHaveProperty('VIEW_URL');
    // An address in front of the API comes before its own.
    expect(variablesOf(service, 'chat-report-demo-2-workflow').VIEW_URL).toBe(second.settings.VIEW_URL);
  });

  test('may do what it does, and nothing else', () => {
    const places = (...names: string[]): string => names.map((name) => `${LAKE}/demo-2/${name}/*`).join(' ');
    expect(rightsOf(service, 'chat-report-demo-2-workflow')).toEqual([
      expect.stringMatching(/^logs:CreateLogStream,logs:PutLogEvents <WorkflowLog\w+> {}$/),
      expect.stringMatching(/^sqs:SendMessage <DeadLettersRuns\w+> {}$/),
      'lambda:CheckpointDurableExecution,lambda:GetDurableExecutionState arn:<AWS::Partition>:lambda:<AWS::Region>:<AWS::AccountId>:function:chat-report-demo-2-workflow:* {}',
      `s3:GetObject ${LAKE}/demo-2/* {}`,
      `s3:PutObject ${places('changes', 'curated', 'days')} ${LAKE}/demo-2/lake.json ${places('lease', 'looks', 'raw', 'reports', 'runs')} {}`,
      `s3:DeleteObject ${places('curated', 'lease')} {}`,
      `s3:ListBucket ${LAKE} {"StringLike":{"s3:prefix":"demo-2/*"}}`,
      expect.stringMatching(
        /^secretsmanager:GetSecretValue <\w+Token\w+> <\w+ViewKey\w+> <\w+WebhookKey\w+> {}$/,
      ),
      'ses:SendRawEmail arn:<AWS::Partition>:ses:<AWS::Region>:<AWS::AccountId>:configuration-set/chat-report-demo-2 arn:<AWS::Partition>:ses:<AWS::Region>:<AWS::AccountId>:identity/* {"StringEquals":{"ses:FromAddress":"report@example.org"}}',
      'events:PutEvents arn:<AWS::Partition>:events:<AWS::Region>:<AWS::AccountId>:event-bus/default {"StringEquals":{"events:source":"chat-report"}}',
    ]);
  });

  test('may use the key and the bus of the deployer, and no bus where none is wanted', () => {
    const rights = rightsOf(on, 'staging-demo-workflow').join('\n');
    expect(rights).toContain(
      `kms:Decrypt,kms:GenerateDataKey ${everythingOn.kmsKeyArn} {"StringLike":{"kms:ViaService":["s3.*.amazonaws.com","secretsmanager.*.amazonaws.com"]}}`,
    );
    expect(rights).toContain(`events:PutEvents ${everythingOn.eventBus} `);
    expect(rights).toContain('s3:GetObject arn:<AWS::Partition>:s3:::company-data/demo/* {}');
    expect(JSON.stringify(off)).not.toMatch(/EVENT_BUS|events:PutEvents|kms:/);
  });

  test('keeps the versions that executions wait on, but none of a deployment that failed', () => {
    const versionOf = (part: string) => {
      const [id] = find(service, 'AWS::Lambda::Function', { FunctionName: `chat-report-demo-2-${part}` });
      return find(service, 'AWS::Lambda::Version', { FunctionName: `<${id}>` })[1].DeletionPolicy;
    };
    expect(versionOf('workflow')).toBe('RetainExceptOnCreate');
    expect(versionOf('start')).not.toMatch(/Retain/);
  });
});

describe('the functions that call it', () => {
  test('are called by an alias, and tried again only where twice is once', () => {
    const configOf = (part: string) => {
      const [id] = find(service, 'AWS::Lambda::Function', { FunctionName: `chat-report-demo-2-${part}` });
      return propertiesOf(service, 'AWS::Lambda::EventInvokeConfig', { FunctionName: `<${id}>` });
    };
    expect(configOf('workflow')).toMatchObject({ MaximumRetryAttempts: 0 });
    expect(configOf('start')).toMatchObject({ MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 3_600 });
    expect(JSON.stringify(configOf('workflow').Qualifier)).toMatch(/Aliaslive/);
  });

  test('run at the hours of the account, in its own time zone; the check comes twice', () => {
    const schedule = (name: string) => propertiesOf(service, 'AWS::Scheduler::Schedule', { Name: name });
    const [alias] = find(service, 'AWS::Lambda::Alias', {
      FunctionName: `<${find(service, 'AWS::Lambda::Function', { FunctionName: 'chat-report-demo-2-start' })[0]}>`,
    });
    expect(schedule('chat-report-demo-2-start')).toMatchObject({
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
    expect(schedule('chat-report-demo-2-deadline')).toMatchObject({
      ScheduleExpression: 'cron(15 8 * * ? *)',
      FlexibleTimeWindow: { Mode: 'OFF' },
    });
    expect(schedule('chat-report-demo-2-deadline-again')).toMatchObject({
      ScheduleExpression: 'cron(35 8 * * ? *)',
      Target: { Input: '{"scheduledTime":"<aws.scheduler.scheduled-time>","again":true}' },
    });
  });

  test('may start the workflow, and the check may read what tells whether a run is at work', () => {
    const starting = expect.stringMatching(/^lambda:InvokeFunction <WorkflowFunctionAliaslive\w+> {}$/);
    expect(rightsOf(service, 'chat-report-demo-2-start').slice(2)).toEqual([starting]);
    expect(rightsOf(service, 'chat-report-demo-2-deadline').slice(2)).toEqual([
      `s3:GetObject ${LAKE}/demo-2/lake.json ${LAKE}/demo-2/reports/* ${LAKE}/demo-2/runs/* {}`,
      `s3:ListBucket ${LAKE} {"StringLike":{"s3:prefix":"demo-2/lake.json"}}`,
      `s3:ListBucket ${LAKE} {"StringLike":{"s3:prefix":"demo-2/reports/*"}}`,
      `s3:ListBucket ${LAKE} {"StringLike":{"s3:prefix":"demo-2/runs/*"}}`,
      starting,
    ]);
  });
});

describe('the API', () => {
  test('answers with the rights for that alone', () => {
    const listed = (place: string) => `s3:ListBucket ${LAKE} {"StringLike":{"s3:prefix":"demo-2/${place}"}}`;
    expect(rightsOf(service, 'chat-report-demo-2-api').slice(2)).toEqual([
      `s3:GetObject ${['lake.json', 'raw/chats/*/manifest.json', 'reports/*', 'runs/*'].map((at) => `${LAKE}/demo-2/${at}`).join(' ')} {}`,
      listed('lake.json'),
      listed('reports/*'),
      listed('runs/*'),
      `s3:GetObject,s3:PutObject ${LAKE}/demo-2/requests/* {}`,
      listed('requests/*'),
      listed('raw/chats/*'),
      expect.stringMatching(/^lambda:InvokeFunction <WorkflowFunctionAliaslive\w+> {}$/),
      expect.stringMatching(/^secretsmanager:GetSecretValue <\w+ViewKey\w+> {}$/),
    ]);
    expect(rightsOf(plain, 'chat-report-demo-api').join()).not.toContain('secretsmanager');
  });

  test('has settings that its function can read', () => {
    const {
      NODE_OPTIONS: _,
      POWERTOOLS_SERVICE_NAME: __,
      MALLOC_ARENA_MAX: ___,
      MALLOC_MMAP_THRESHOLD_: ____,
      MALLOC_TRIM_THRESHOLD_: _____,
      WORKFLOW_ALIAS_ARN,
      LAKE_URI,
      ...settings
    } = variablesOf(service, 'chat-report-demo-2-api');
    expect(settings).toEqual({
      ACCOUNT: 'demo-2',
      CARESOFT_BASE_URL: 'https://api.caresoft.vn/other',
      TIME_ZONE: 'Europe/Berlin',
      MAIL_TO: 'boss@example.org',
      TICKET_URL: 'https://web.caresoft.vn/ticket/{ticket_id}',
      PAGES_URL: 'https://reports.example.org/pages',
      VIEW_KEY_SECRET: SECRETS.VIEW_KEY_SECRET,
    });
    const read = readFunctionSettings.api({
      ...settings,
      VIEW_KEY_SECRET: 'view-key',
      LAKE_URI: String(LAKE_URI).replace('<AWS::AccountId>', '123456789012'),
      WORKFLOW_ALIAS_ARN: 'arn:aws:lambda:eu-west-1:123456789012:function:x:live',
    });
    expect(read).toMatchObject({
      settings: {
        channels: ['livechat', 'messenger', 'zalo'],
        links: {
          ticket: 'https://web.caresoft.vn/ticket/{ticket_id}',
          pages: 'https://reports.example.org/pages',
        },
        viewKeySecret: 'view-key',
      },
    });
    expect(WORKFLOW_ALIAS_ARN).toMatch(/Aliaslive/);
  });

  test('answers signed requests, and links only where mails have them', () => {
    const routesOf = (resources: typeof service) =>
      ofType(resources, 'AWS::ApiGatewayV2::Route')
        .map(([, { Properties }]) => `${Properties.RouteKey} ${Properties.AuthorizationType}`)
        .toSorted();
    expect(routesOf(plain)).toEqual(['ANY / AWS_IAM', 'ANY /{proxy+} AWS_IAM']);
    expect(routesOf(service)).toEqual(['ANY / AWS_IAM', 'ANY /view/{token} NONE', 'ANY /{proxy+} AWS_IAM']);
    expect(routesOf(on)).toEqual([
      'ANY / AWS_IAM',
      'ANY /jwt/{proxy+} JWT',
      'ANY /pages NONE',
      'ANY /pages/{proxy+} NONE',
      'ANY /view/{token} NONE',
      'ANY /{proxy+} AWS_IAM',
    ]);
    expect(JSON.stringify(off)).not.toMatch(/ApiGateway|chat-report-demo-api/);
    // API Gateway waits for 29 seconds.
    expect(functionNamed(plain, 'chat-report-demo-api').Timeout).toBeLessThan(29);
  });
});

describe('the sign-in', () => {
  const WORKFLOW_ALIAS_ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:x:live';

  test('is told to the function behind the API alone, which reads it', () => {
    const variables = variablesOf(on, 'staging-demo-api');
    const { signIn, viewKeySecret } = readApi({
      ...variables,
      LAKE_URI: 's3://bucket/demo',
      PAGES_URL: 'https://x.example.org/pages',
      VIEW_KEY_SECRET: 'view-key',
      WORKFLOW_ALIAS_ARN,
    });
    expect(signIn).toEqual({
      issuer: 'https://login.example.org/pool',
      clientId: 'reports',
      clientSecret: 'login/reports',
    });
    expect([viewKeySecret, variables.VIEW_KEY_SECRET]).toEqual(['view-key', SECRETS.VIEW_KEY_SECRET]);
    for (const part of ['workflow', 'start', 'deadline']) {
      expect(Object.keys(variablesOf(on, `staging-demo-${part}`)).join()).not.toContain('SIGN_IN');
    }
    expect(rightsOf(on, 'staging-demo-api').join()).toContain(
      'arn:<AWS::Partition>:secretsmanager:<AWS::Region>:<AWS::AccountId>:secret:login/reports-??????',
    );
  });

  test('makes mails lead to the pages behind it, unless another address is set', async () => {
    expect(variablesOf(on, 'staging-demo-workflow').PAGES_URL).toMatch(/^<HttpApi\w+>\/pages$/);
    const signIn = everythingOn.signIn ?? expect.unreachable();
    const { service: other } = (await synthesize({ ...deployment, signIn, accounts: [second] })).of('demo-2');
    expect(variablesOf(other, 'chat-report-demo-2-workflow').PAGES_URL).toBe(second.settings.PAGES_URL);
  });

  test('takes tokens of its issuer that are made for one of its audiences, by default for the client', async () => {
    const tokensOf = (resources: typeof service) =>
      ofType(resources, 'AWS::ApiGatewayV2::Authorizer').map(([, { Properties }]) => Properties);
    const { issuer: Issuer, ...rest } = everythingOn.signIn ?? expect.unreachable();
    const JwtConfiguration = { Issuer, Audience: rest.audience };
    expect(tokensOf(on)).toMatchObject([{ AuthorizerType: 'JWT', JwtConfiguration }]);
    const clientSecret = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:login-a1B2c3';
    const signIn = { issuer: Issuer, clientId: 'reports', clientSecret };
    const { service: plainer } = (await synthesize({ ...deployment, signIn, accounts: [demo] })).of('demo');
    expect(tokensOf(plainer)).toMatchObject([{ JwtConfiguration: { Audience: ['reports'] } }]);
    expect(rightsOf(plainer, 'chat-report-demo-api').join()).toContain(clientSecret);
  });

  function readApi(variables: Readonly<Record<string, string>>) {
    const read = readFunctionSettings.api(variables);
    if ('problems' in read) throw new Error(JSON.stringify(read.problems));
    return read.settings;
  }
});

describe('the alarms', () => {
  const alarms = ofType(service, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties);

  test('say how grave it is, what to do first and second, and where there is more, in what CloudWatch takes', async () => {
    const { service: longest } = (
      await synthesize({
        ...deployment,
        prefix: 'a'.repeat(30),
        runbookUrl: `https://example.org/${'r'.repeat(280)}`,
        accounts: [{ ...demo, name: 'n'.repeat(11) }],
      })
    ).of('n'.repeat(11));
    for (const resources of [service, longest]) {
      for (const [, { Properties }] of ofType(resources, 'AWS::CloudWatch::Alarm')) {
        const text = toText(Properties.AlarmDescription);
        expect(text).toMatch(
          /^\[(critical|warning)\] [a-z0-9-]+: .+\. 1\. .+\. 2\. .+\. More: https:\/\/\S+#\S+$/,
        );
        expect(text.length, text).toBeLessThan(1_024);
        expect(text).not.toContain('<account>');
      }
    }
  });

  test('link to the runbook of the deployer, or to the dashboard with the first actions', () => {
    const [alarm] = ofType(on, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties);
    expect(alarm.AlarmDescription).toMatch(
      /More: https:\/\/wiki\.example\.org\/chat-report\/runbook#[a-z-]+$/,
    );
    expect(toText(alarms[0].AlarmDescription)).toMatch(/#dashboards\/dashboard\/chat-report-account$/);
  });

  test('tell of a check that did not run, and not before the first one ran', () => {
    const check = alarms.find(({ AlarmName }) => AlarmName === 'chat-report demo-2 check-missing');
    expect(check).toMatchObject({
      MetricName: 'ReportsMissing',
      Statistic: 'SampleCount',
      Period: 3_600,
      EvaluationPeriods: 30,
      TreatMissingData: 'missing',
    });
    expect(check.InsufficientDataActions).toHaveLength(1);
  });
});
