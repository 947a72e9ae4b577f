import { join } from 'node:path';
import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type Alias, Architecture, type DurableConfig, LoggingFormat, Runtime } from 'aws-cdk-lib/aws-lambda';
import { type BundlingOptions, Charset, NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { FunctionPart } from '../functions/config/account.ts';
import { variablesFor } from '../functions/config/settings.ts';
import { toArn } from './arns.ts';
import { type AccountNames, LIVE } from './names.ts';
import type { CheckedAccount } from './read-account.ts';

export interface NodeFunctionProps {
  readonly account: CheckedAccount;
  readonly part: FunctionPart;
  readonly description: string;
  /** All variables of the account. The function gets those that the table of settings gives to its part. */
  readonly variables: Readonly<Record<string, string>>;
  readonly memoryMegabytes: number;
  readonly timeout: Duration;
  /** How often Lambda repeats a failed call. */
  readonly retryAttempts: number;
  /** The queue of failed calls. */
  readonly deadLetters: Queue;
  readonly durable?: DurableConfig;
}

/** A right of a function. */
export interface Permission {
  readonly actions: readonly string[];
  /** ARNs, or the text of them. */
  readonly resources: readonly string[];
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
  /** The reason for a wildcard in a resource. */
  readonly whyWildcard?: string;
}

const TOP = join(import.meta.dirname, '..');

/** After an hour without success, the morning has no report and a person must look. */
const GIVEN_UP_AFTER = Duration.hours(1);

/** The bundle holds every library, because AWS changes the runtime's own SDK without a deployment. */
const BUNDLING: BundlingOptions = {
  format: OutputFormat.ESM,
  target: 'node24',
  mainFields: ['module', 'main'],
  bundleAwsSDK: true,
  minify: true,
  // Errors are told apart by their names.
  keepNames: true,
  sourceMap: true,
  sourcesContent: false,
  charset: Charset.UTF8,
};

/**
 * A function of an account, `functions/<part>.lambda.ts`: its code, its log, its role that may write that log and
 * nothing else, and the alias that it is called by.
 */
export class NodeFunction extends Construct {
  readonly part: FunctionPart;
  readonly function: NodejsFunction;
  readonly alias: Alias;
  readonly timeout: Duration;
  private readonly role: Role;

  constructor(scope: Construct, id: string, props: NodeFunctionProps) {
    super(scope, id);
    const { account, part, description, variables, timeout, durable, deadLetters, retryAttempts } = props;
    const { names, logRetentionDays } = account;
    const name = names.function(part);
    const logGroup = new LogGroup(this, 'Log', {
      logGroupName: `/aws/lambda/${name}`,
      retention: logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // CDK's managed policies would allow every log group and every durable function.
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `What ${name} may do`,
    });
    this.role.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [logGroup.logGroupArn],
      }),
    );
    this.part = part;
    this.timeout = timeout;
    this.function = new NodejsFunction(this, 'Function', {
      functionName: name,
      description,
      entry: join(TOP, 'functions', `${part}.lambda.ts`),
      projectRoot: TOP,
      depsLockFilePath: join(TOP, 'package-lock.json'),
      // Only the size script reads the metafile.
      bundling: { ...BUNDLING, metafile: this.node.tryGetContext('metafile') === 'true' },
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: props.memoryMegabytes,
      timeout,
      environment: {
        ...pickVariables(part, variables),
        NODE_OPTIONS: '--enable-source-maps',
        // The metrics' dimension `service`.
        POWERTOOLS_SERVICE_NAME: names.prefix,
      },
      awsSdkConnectionReuse: false,
      role: this.role,
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      deadLetterQueue: deadLetters,
      ...(durable !== undefined && { durableConfig: durable }),
      // A waiting execution continues with its first version, so old versions of the workflow stay.
      currentVersionOptions: {
        // One that a failed deployment made goes with it: kept, it would keep the next one from making the same again.
        removalPolicy:
          durable === undefined ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
      },
    });
    // CDK warns that a function cannot become durable later. This one is durable from the start.
    if (durable !== undefined) {
      Validations.of(this.function).acknowledge({
        id: 'Annotation::aws-lambda:Function.DurableConfig',
        reason: 'It is durable from the first deployment on.',
      });
    }
    this.alias = this.function.addAlias(LIVE, { retryAttempts, maxEventAge: GIVEN_UP_AFTER });
  }

  /** Adds a right to that of writing the log. */
  allow({ actions, resources, conditions, whyWildcard }: Permission): void {
    this.function.addToRolePolicy(
      new PolicyStatement({
        actions: [...actions],
        resources: resources.map(toArn),
        ...(conditions !== undefined && { conditions }),
      }),
    );
    if (whyWildcard === undefined) return;
    for (const resource of resources.filter((text) => text.includes('*'))) {
      const id = `AwsSolutions-IAM5[Resource::${resource}]`;
      Validations.of(this.role).acknowledge({ id, reason: whyWildcard });
    }
  }
}

function pickVariables(
  part: FunctionPart,
  variables: Readonly<Record<string, string>>,
): Record<string, string> {
  const names = variablesFor(part);
  return Object.fromEntries(Object.entries(variables).filter(([name]) => names.includes(name)));
}

/** Failed calls and runs. They are kept until a person has looked at them, at most two weeks. */
export class DeadLetters extends Construct {
  /** Executions of the workflow that failed, ran out of time or were stopped: what they were started with. */
  readonly runs: Queue;
  /** Failed calls of the schedules and of the small functions. */
  readonly calls: Queue;

  constructor(scope: Construct, id: string, { names }: { readonly names: AccountNames }) {
    super(scope, id);
    this.runs = this.addQueue('Runs', names.deadLetters('runs'));
    this.calls = this.addQueue('Calls', names.deadLetters('calls'));
  }

  private addQueue(id: string, queueName: string): Queue {
    return new Queue(this, id, {
      queueName,
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
  }
}
