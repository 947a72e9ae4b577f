import { METRIC_UNITS, NAMESPACE } from '../../functions/observability/metrics.ts';
import { ofType, type Resource, type Resources, toList, toText } from './synthesize.ts';

/** What every statement is allowed to leave open, and why. Account names are written `*` where they stand in the middle. */
const WILDCARDS: readonly (readonly [RegExp, string])[] = [
  [
    /^.*:function:[a-z0-9-]+-workflow:\*$/,
    'each deployment makes a version, and executions stay with theirs',
  ],
  [
    /^.*:s3:::([a-z0-9-]+-lake-<AWS::AccountId>|company-data)\/[a-z0-9-]+\/((raw|curated|reports|changes|looks|days|runs|lease|requests)\/)?\*$/,
    'keys are made of days',
  ],
  [/^.*:s3:::[a-z0-9-]+-results-<AWS::AccountId>\/[a-z0-9-]+\/\*$/, 'Athena names what it answers'],
  [/^.*:glue:<AWS::Region>:<AWS::AccountId>:table\/[a-z0-9_]+\/\*$/, 'all tables are ours'],
  [
    /^.*:s3:::([a-z0-9-]+-lake-<AWS::AccountId>|company-data)\/[a-z0-9-]+\/raw\/chats\/\*\/manifest\.json$/,
    'so are these',
  ],
  [/^.*:ses:<AWS::Region>:<AWS::AccountId>:identity\/\*$/, 'the condition on the sender says which'],
  [/^<AccessLogs[A-Za-z0-9]+>\/(lake|results)\/\*$/, 'S3 itself names the access logs that it writes'],
];

/** What IAM can allow of everything or of nothing: it tells the names of things, and no more. */
const NAMELESS = ['athena:ListDataCatalogs', 'athena:ListEngineVersions', 'athena:ListWorkGroups'];

/** AWS's own metrics that alarms and the dashboard use. */
const AWS_METRICS: Readonly<Record<string, readonly string[]>> = {
  'AWS/SES': ['Bounce', 'Complaint', 'Reject'],
  'AWS/Lambda': ['Duration', 'Errors'],
  'AWS/ApiGateway': ['5xx'],
  'AWS/SQS': ['ApproximateNumberOfMessagesVisible'],
};

/** What must be true of every resource of its kind, whoever adds one. @returns what is not, with the logical id */
export function findBreaches(resources: Resources): string[] {
  return [
    ...of(resources, 'AWS::Lambda::Function', checkFunction),
    ...of(resources, 'AWS::S3::Bucket', checkBucket),
    ...of(resources, 'AWS::SecretsManager::Secret', checkKept),
    ...of(resources, 'AWS::SQS::Queue', (id) => checkTls(id, resources, 'AWS::SQS::QueuePolicy', 'Queues')),
    ...of(resources, 'AWS::SNS::Topic', (id) => checkTls(id, resources, 'AWS::SNS::TopicPolicy', 'Topics')),
    ...of(resources, 'AWS::Scheduler::Schedule', checkSchedule),
    ...of(resources, 'AWS::ApiGatewayV2::Route', checkRoute),
    ...of(resources, 'AWS::ApiGatewayV2::Stage', checkStage),
    ...of(resources, 'AWS::CloudWatch::Alarm', checkAlarm),
    ...of(resources, 'AWS::Athena::WorkGroup', checkWorkgroup),
    ...statementsOf(resources).flatMap(checkStatement),
    ...of(resources, 'AWS::IAM::Role', (_id, { Properties }) =>
      Properties.ManagedPolicyArns ? ['has a policy that others write'] : [],
    ),
  ];
}

type Check = (id: string, resource: Resource, resources: Resources) => string[];

function of(resources: Resources, type: string, check: Check): string[] {
  return ofType(resources, type).flatMap(([id, resource]) =>
    check(id, resource, resources).map((says) => `${id} ${says}`),
  );
}

function checkFunction(id: string, { Properties }: Resource, resources: Resources): string[] {
  const { Architectures, Runtime, Timeout, LoggingConfig, DeadLetterConfig } = Properties;
  const log = resources[LoggingConfig?.LogGroup?.Ref];
  const nearTimeOut = ofType(resources, 'AWS::CloudWatch::Alarm').some(([, { Properties: alarm }]) => {
    const isOfIt = alarm.Dimensions?.some(
      ({ Name, Value }: { Name: string; Value: { Ref?: string } }) =>
        Name === 'FunctionName' && Value.Ref === id,
    );
    const isInTime = alarm.Threshold > 0 && alarm.Threshold < Timeout * 1_000;
    return isOfIt && isInTime && alarm.MetricName === 'Duration' && alarm.Statistic === 'Maximum';
  });
  return when(
    [String(Architectures) !== 'arm64', 'is not for arm64'],
    [Runtime !== 'nodejs24.x', 'does not run on Node 24'],
    [!(log?.Properties.RetentionInDays > 0), 'has a log that is kept for ever'],
    [!DeadLetterConfig, 'has no dead-letter queue'],
    [!nearTimeOut, 'has no alarm before its time-out'],
  );
}

function checkBucket(id: string, resource: Resource, resources: Resources): string[] {
  const blocked = Object.values(resource.Properties.PublicAccessBlockConfiguration ?? {});
  return [
    ...when([blocked.length !== 4 || blocked.includes(false), 'can be made public']),
    ...checkKept(id, resource),
    ...checkTls(id, resources, 'AWS::S3::BucketPolicy', 'Bucket'),
  ];
}

function checkKept(_id: string, { DeletionPolicy, UpdateReplacePolicy }: Resource): string[] {
  return when(
    [DeletionPolicy !== 'RetainExceptOnCreate', 'is lost with the stack'],
    [UpdateReplacePolicy !== 'Retain', 'is lost where it has to be made anew'],
  );
}

function checkTls(id: string, resources: Resources, type: string, property: string): string[] {
  const denies = ofType(resources, type)
    .filter(([, { Properties }]) =>
      toList(Properties[property]).some((target) => toText(target) === `<${id}>`),
    )
    .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement)
    .some(
      ({ Effect, Condition }) => Effect === 'Deny' && Condition?.Bool?.['aws:SecureTransport'] === 'false',
    );
  return when([!denies, 'can be spoken to without TLS']);
}

function checkSchedule(_id: string, { Properties }: Resource, resources: Resources): string[] {
  const { Target } = Properties;
  const target = resources[Target.Arn?.Ref];
  return when(
    [target?.Type !== 'AWS::Lambda::Alias', 'does not aim at an alias'],
    [!Target.DeadLetterConfig, 'has no dead-letter queue'],
    [!Properties.ScheduleExpressionTimezone, 'has no time zone'],
  );
}

/**
 * Routes that need no signature. The token of a link is signed, the function asks for a session before it shows a page, and
 * API Gateway checks the token of a program.
 */
const UNSIGNED: Readonly<Record<string, string>> = {
  'ANY /view/{token}': 'NONE',
  'ANY /pages': 'NONE',
  'ANY /pages/{proxy+}': 'NONE',
  'ANY /jwt/{proxy+}': 'JWT',
};

function checkRoute(_id: string, { Properties }: Resource, resources: Resources): string[] {
  const { AuthorizationType, AuthorizerId, RouteKey } = Properties;
  const authorizer = resources[AuthorizerId?.Ref]?.Properties.JwtConfiguration;
  const isToken = AuthorizationType === 'JWT';
  return when(
    [AuthorizationType !== (UNSIGNED[RouteKey] ?? 'AWS_IAM'), 'answers requests without a signature'],
    [isToken && !/^https:/.test(authorizer?.Issuer), 'takes tokens of any issuer'],
    [isToken && !(authorizer?.Audience?.length > 0), 'takes tokens that are made for others'],
  );
}

/** What API Gateway may write down of a request: nothing by which a person or a link could be told. */
const LOGGED = [
  ...['requestId', 'requestTime', 'routeKey', 'httpMethod', 'status', 'responseLatency', 'responseLength'],
  ...['identity.accountId', 'error.message', 'integrationErrorMessage'],
];

function checkStage(_id: string, { Properties }: Resource, resources: Resources): string[] {
  const { DefaultRouteSettings: throttle, AccessLogSettings: log } = Properties;
  const logged = [...String(log?.Format).matchAll(/\$context\.([\w.]+)/g)].map(([, name = '']) => name);
  const [id = ''] = toList(log?.DestinationArn?.['Fn::GetAtt'] ?? []);
  return when(
    [!(throttle?.ThrottlingRateLimit > 0 && throttle?.ThrottlingBurstLimit > 0), 'is not throttled'],
    [
      !(resources[String(id)]?.Properties.RetentionInDays > 0),
      'has no access log, or one that is kept for ever',
    ],
    [logged.some((name) => !LOGGED.includes(name)), 'logs what may tell who somebody is'],
  );
}

function checkAlarm(_id: string, { Properties }: Resource): string[] {
  const {
    AlarmActions = [],
    InsufficientDataActions = [],
    Namespace,
    MetricName,
    TreatMissingData,
  } = Properties;
  const { AlarmDescription = '' } = Properties;
  // Of silence, CloudWatch tells by a state of its own.
  const isOfSilence = InsufficientDataActions.length > 0;
  return when(
    [AlarmActions.length + InsufficientDataActions.length === 0, 'reaches no one'],
    [
      !/^\[(critical|warning)\] .+ 1\. .+ 2\. .+ More: https:\/\/\S+#\S+$/.test(toText(AlarmDescription)),
      'does not say how grave it is, and what to do',
    ],
    [!isMetric(Namespace, MetricName), `watches ${Namespace} ${MetricName}, which nobody counts`],
    [
      TreatMissingData !== (isOfSilence ? 'missing' : 'notBreaching'),
      'takes it for trouble that nothing happens',
    ],
  );
}

function checkWorkgroup(_id: string, { Properties }: Resource): string[] {
  const {
    EnforceWorkGroupConfiguration,
    BytesScannedCutoffPerQuery,
    ResultConfiguration = {},
  } = Properties.WorkGroupConfiguration;
  return when(
    [EnforceWorkGroupConfiguration !== true, 'lets whoever asks decide'],
    [!(BytesScannedCutoffPerQuery > 0), 'reads as much as is asked for'],
    [!ResultConfiguration.EncryptionConfiguration, 'answers in the clear'],
  );
}

/** Whether the program or AWS counts it. */
export function isMetric(namespace: string, name: string): boolean {
  return namespace === NAMESPACE
    ? Object.hasOwn(METRIC_UNITS, name)
    : (AWS_METRICS[namespace] ?? []).includes(name);
}

interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | string[];
  readonly Resource?: unknown;
  readonly Principal?: unknown;
}

function statementsOf(resources: Resources): [string, Statement][] {
  return Object.entries(resources).flatMap(([id, { Properties }]) =>
    [
      Properties?.PolicyDocument,
      Properties?.AssumeRolePolicyDocument,
      ...(Properties?.Policies ?? []).map((policy: { PolicyDocument: unknown }) => policy.PolicyDocument),
    ].flatMap((document) => (document?.Statement ?? []).map((statement: Statement) => [id, statement])),
  ) as [string, Statement][];
}

function checkStatement([id, { Effect, Action, Resource, Principal }]: [string, Statement]): string[] {
  if (Effect === 'Deny') return [];
  const isNameless = toList(Action).every((action) => NAMELESS.includes(action));
  const open = toList(Resource ?? [])
    .map(toText)
    .filter((text) => !(text === '*' && isNameless))
    .filter((text) => text.includes('*') && !WILDCARDS.some(([pattern]) => pattern.test(text)));
  return [
    ...open.map((text) => `${id} allows ${toList(Action).join()} on ${text} without a reason`),
    ...toList(Action)
      .filter((action) => action.includes('*'))
      .map((action) => `${id} allows ${action}`),
    ...when([JSON.stringify(Principal ?? '').includes('*'), `${id} allows it to anybody`]),
  ];
}

function when(...checks: readonly (readonly [boolean, string])[]): string[] {
  return checks.flatMap(([isSo, says]) => (isSo ? [says] : []));
}
