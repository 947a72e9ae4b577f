import type { Values } from './template.ts';

/** What the model knows of a resource type. */
export interface Kind {
  /** The properties that its fixed name is made of. Empty: AWS draws a name, or a second one is no clash. */
  readonly name: readonly string[];
  /** Its names are shared by all AWS accounts. */
  readonly isGlobal?: true;
  /** What it is a part of, with the property that says so: it cannot be made without that, and goes with it. */
  readonly partOf?: readonly [type: string, property: string];
  /** What stops a deletion while the resource has it, and in which words. */
  readonly keptBy?: Readonly<Partial<Record<Burden, string>>>;
}

/** What people and programs give to a resource while it lives. */
export type Burden = 'objects' | 'attachment' | 'executions' | 'queries';

const FUNCTION = ['AWS::Lambda::Function', 'FunctionName'] as const;
const API = ['AWS::ApiGatewayV2::Api', 'ApiId'] as const;
/** DeleteFunction of a durable function waits for its executions, and so does the deletion of one of its versions. */
const EXECUTIONS = { executions: 'has durable executions that run' } as const;

/**
 * The types that the stacks use. What a type's name is made of is in AWS's list of
 * [name types](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-name.html) and in the
 * service's own call that makes one. A test compares the table with AWS's specification.
 */
export const KINDS: Readonly<Record<string, Kind>> = {
  'AWS::ApiGatewayV2::Api': { name: [] },
  'AWS::ApiGatewayV2::Authorizer': { name: ['ApiId', 'Name'], partOf: API },
  'AWS::ApiGatewayV2::Integration': { name: [], partOf: API },
  // CreateRoute and CreateStage answer with a conflict.
  'AWS::ApiGatewayV2::Route': { name: ['ApiId', 'RouteKey'], partOf: API },
  'AWS::ApiGatewayV2::Stage': { name: ['ApiId', 'StageName'], partOf: API },
  'AWS::Athena::NamedQuery': { name: [], partOf: ['AWS::Athena::WorkGroup', 'WorkGroup'] },
  // DeleteWorkGroup: one with queries goes only with RecursiveDeleteOption.
  'AWS::Athena::WorkGroup': { name: ['Name'], keptBy: { queries: 'is not empty' } },
  'AWS::CloudWatch::Alarm': { name: ['AlarmName'] },
  'AWS::CloudWatch::CompositeAlarm': { name: ['AlarmName'] },
  'AWS::CloudWatch::Dashboard': { name: ['DashboardName'] },
  'AWS::Events::Rule': { name: ['Name'] },
  'AWS::Glue::Database': { name: ['DatabaseInput.Name'] },
  'AWS::Glue::Table': {
    name: ['DatabaseName', 'TableInput.Name'],
    partOf: ['AWS::Glue::Database', 'DatabaseName'],
  },
  // DeletePolicy: it has to be detached from everything first.
  'AWS::IAM::ManagedPolicy': {
    name: ['ManagedPolicyName'],
    keptBy: { attachment: 'is attached to a user, a group or a role' },
  },
  // PutRolePolicy overwrites.
  'AWS::IAM::Policy': { name: [] },
  'AWS::IAM::Role': { name: ['RoleName'], keptBy: { attachment: 'has a policy that was attached by hand' } },
  'AWS::Lambda::Alias': { name: ['FunctionName', 'Name'], partOf: FUNCTION },
  'AWS::Lambda::EventInvokeConfig': { name: ['FunctionName', 'Qualifier'], partOf: FUNCTION },
  'AWS::Lambda::Function': { name: ['FunctionName'], keptBy: EXECUTIONS },
  'AWS::Lambda::Permission': { name: [], partOf: FUNCTION },
  // PublishVersion numbers it. The rule for two of the same content stands in world.ts.
  'AWS::Lambda::Version': { name: [], partOf: FUNCTION, keptBy: EXECUTIONS },
  'AWS::Logs::LogGroup': { name: ['LogGroupName'] },
  'AWS::Logs::MetricFilter': {
    name: ['LogGroupName', 'FilterName'],
    partOf: ['AWS::Logs::LogGroup', 'LogGroupName'],
  },
  // DeleteBucket: it has to be empty, older versions and markers included.
  'AWS::S3::Bucket': { name: ['BucketName'], isGlobal: true, keptBy: { objects: 'is not empty' } },
  // A bucket has one policy.
  'AWS::S3::BucketPolicy': { name: ['Bucket'], partOf: ['AWS::S3::Bucket', 'Bucket'] },
  'AWS::SES::ConfigurationSet': { name: ['Name'] },
  'AWS::SES::ConfigurationSetEventDestination': {
    name: ['ConfigurationSetName', 'EventDestination.Name'],
    partOf: ['AWS::SES::ConfigurationSet', 'ConfigurationSetName'],
  },
  'AWS::SES::EmailIdentity': { name: ['EmailIdentity'] },
  'AWS::SNS::Subscription': { name: [], partOf: ['AWS::SNS::Topic', 'TopicArn'] },
  'AWS::SNS::Topic': { name: ['TopicName'] },
  // SetTopicAttributes and SetQueueAttributes overwrite.
  'AWS::SNS::TopicPolicy': { name: [] },
  'AWS::SQS::Queue': { name: ['QueueName'] },
  'AWS::SQS::QueuePolicy': { name: [] },
  'AWS::Scheduler::Schedule': {
    name: ['GroupName', 'Name'],
    partOf: ['AWS::Scheduler::ScheduleGroup', 'GroupName'],
  },
  'AWS::Scheduler::ScheduleGroup': { name: ['Name'] },
  'AWS::SecretsManager::Secret': { name: ['Name'] },
};

export function kindOf(type: string): Kind {
  const kind = KINDS[type];
  if (kind === undefined) throw new Error(`The model does not know ${type}: add it to KINDS.`);
  return kind;
}

/** The fixed name of a resource; null where AWS draws one. */
export function nameOf(type: string, properties: Values): string | null {
  const parts = kindOf(type).name.map((path) => valueAt(properties, path));
  return parts.length === 0 || parts.includes(undefined) ? null : parts.map(toPlainName).join(' ');
}

/** The name of what a resource is a part of; null where it is a part of nothing. */
export function wholeOf(
  type: string,
  properties: Values,
): { readonly type: string; readonly name: string } | null {
  const { partOf } = kindOf(type);
  const value = partOf === undefined ? undefined : valueAt(properties, partOf[1]);
  if (partOf === undefined || value === undefined) return null;
  return { type: partOf[0], name: toPlainName(value) };
}

/** A function may be named by its ARN, with an alias or without. */
function toPlainName(value: unknown): string {
  const text = String(value);
  return /^arn:[^:]*:lambda:.*:function:([^:]+)/.exec(text)?.[1] ?? text;
}

function valueAt(properties: Values, path: string): unknown {
  const [first = '', ...rest] = path.split('.');
  const value = properties[first];
  return rest.length === 0 || value === undefined ? value : valueAt(value as Values, rest.join('.'));
}
