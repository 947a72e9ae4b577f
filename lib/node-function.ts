import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { AssetHashType, DockerImage, Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  type Alias,
  Architecture,
  Code,
  type DurableConfig,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { type BuildOptions, buildSync } from 'esbuild';
import type { FunctionPart } from '../functions/config/account.ts';
import { variablesFor } from '../functions/config/settings.ts';
import { toJsonText } from '../functions/text/write-json.ts';
import { toArn } from './arns.ts';
import { memoryVariables } from './memory-variables.ts';
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
const BUNDLING = {
  absWorkingDir: TOP,
  // The files are written elsewhere. So the maps name each source by its path from here, on every machine.
  outdir: TOP,
  write: false,
  bundle: true,
  // What a request does not need stays in files of its own, which are then not read.
  splitting: true,
  platform: 'node',
  format: 'esm',
  outExtension: { '.js': '.mjs' },
  target: 'node24',
  mainFields: ['module', 'main'],
  minify: true,
  // Errors are told apart by their names.
  keepNames: true,
  // `functions/app/lambda-handler.lambda.ts` reads the maps. Node would read them at each start.
  sourcemap: true,
  sourcesContent: false,
  charset: 'utf8',
  logLevel: 'warning',
  metafile: true,
} as const satisfies BuildOptions;

/** @param withMetafile whether `index.meta.json` lies beside the code. Only the size script reads it. */
function bundle(part: FunctionPart, withMetafile: boolean): Code {
  return Code.fromAsset(join(TOP, 'functions'), {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // CDK asks for one. It is never started.
      image: DockerImage.fromRegistry('none'),
      // CDK makes bundles with the same options once. It does not see into a function.
      command: [part],
      local: {
        tryBundle: (folder) => {
          const { outputFiles, metafile } = buildSync({
            ...BUNDLING,
            entryPoints: { index: `functions/${part}.lambda.ts` },
          });
          for (const { path, contents } of outputFiles) {
            writeFileSync(join(folder, basename(path)), contents);
          }
          if (withMetafile) writeFileSync(join(folder, 'index.meta.json'), toJsonText(metafile));
          return true;
        },
      },
    },
  });
}

/**
 * A function of an account, `functions/<part>.lambda.ts`: its code, its log, its role that may write that log and
 * nothing else, and the alias that it is called by.
 */
export class NodeFunction extends Construct {
  readonly part: FunctionPart;
  readonly function: LambdaFunction;
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
    this.function = new LambdaFunction(this, 'Function', {
      functionName: name,
      description,
      code: bundle(part, this.node.tryGetContext('metafile') === 'true'),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: props.memoryMegabytes,
      timeout,
      environment: {
        ...pickVariables(part, variables),
        // The metrics' dimension `service`.
        POWERTOOLS_SERVICE_NAME: names.prefix,
        ...memoryVariables(props.memoryMegabytes),
      },
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
