import { CfnOutput, Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  HttpApi,
  HttpMethod,
  HttpNoneAuthorizer,
  HttpRoute,
  HttpRouteKey,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { Alias } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { listing, onIdentity, onManifests, onObjects } from './lake.ts';
import { accessLogName, apiName } from './names.ts';
import { NodeFunction } from './node-function.ts';
import type { AccountState } from './state-stack.ts';

export interface OnDemandProps {
  readonly state: AccountState;
  readonly variables: Readonly<Record<string, string>>;
  /** The alias of the workflow. */
  readonly workflow: Alias;
  readonly logRetentionDays: number;
  readonly deadLetters: Queue;
}

/** Requests a second, for each route on its own: a flood of tried links does not block signed requests. */
const THROTTLE = { rateLimit: 20, burstLimit: 40 };

/**
 * The kind of request and its result. The log holds no path, because a link's token is in it. It holds no caller but the AWS
 * account: the ARN of a user of IAM Identity Center ends with their e-mail address.
 */
const ACCESS_LOG = JSON.stringify({
  requestId: '$context.requestId',
  time: '$context.requestTime',
  route: '$context.routeKey',
  method: '$context.httpMethod',
  status: '$context.status',
  milliseconds: '$context.responseLatency',
  bytes: '$context.responseLength',
  awsAccount: '$context.identity.accountId',
  error: '$context.error.message',
  integrationError: '$context.integrationErrorMessage',
});

/** The HTTP API of an account: signed requests, and links from mails where there are any. */
export class OnDemand extends Construct {
  readonly function: NodeFunction;
  readonly api: HttpApi;

  constructor(scope: Construct, id: string, props: OnDemandProps) {
    super(scope, id);
    const { state, logRetentionDays } = props;
    const { account, viewKey } = state;
    this.function = new ApiFunction(this, 'Api', props);

    this.api = new HttpApi(this, 'HttpApi', {
      apiName: apiName(account.name),
      description: `Reports of ${account.name} on demand`,
      createDefaultStage: false,
    });
    // @ts-expect-error CDK's class says of the principal that it may be undefined, its interface that it may be missing.
    const integration = new HttpLambdaIntegration('Integration', this.function.alias, {
      // One permission for all routes: there are no others, and no other API.
      scopePermissionToRoute: false,
    });
    new HttpRoute(this, 'Signed', {
      httpApi: this.api,
      routeKey: HttpRouteKey.DEFAULT,
      integration,
      authorizer: new HttpIamAuthorizer(),
    });
    if (viewKey !== null) {
      const views = new HttpRoute(this, 'Views', {
        httpApi: this.api,
        routeKey: HttpRouteKey.with('/view/{token}', HttpMethod.ANY),
        integration,
        authorizer: new HttpNoneAuthorizer(),
      });
      Validations.of(views).acknowledge({
        id: 'AwsSolutions-APIG4',
        reason:
          'A phone that opens a mail cannot sign a request. The token is signed, for a recipient and a week.',
      });
    }
    new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      throttle: THROTTLE,
      accessLogSettings: {
        destination: new LogGroupLogDestination(
          new LogGroup(this, 'AccessLog', {
            logGroupName: accessLogName(account.name),
            retention: logRetentionDays,
            removalPolicy: RemovalPolicy.DESTROY,
          }),
        ),
        format: AccessLogFormat.custom(ACCESS_LOG),
      },
    });
    new CfnOutput(this, 'Url', {
      value: this.api.apiEndpoint,
      description: `The API of ${account.name}: for signed requests, and for VIEW_URL`,
    });
  }
}

class ApiFunction extends NodeFunction {
  constructor(
    scope: Construct,
    id: string,
    { state: { account, viewKey }, variables, workflow, logRetentionDays, deadLetters }: OnDemandProps,
  ) {
    const { name } = account;
    super(scope, id, {
      account: name,
      part: 'api',
      description: `Answers what is asked about the reports of ${name}`,
      variables: { ...variables, WORKFLOW_ALIAS_ARN: workflow.functionArn },
      // More memory brings more processor, because a reader waits for the answer.
      memoryMegabytes: 1_024,
      // API Gateway waits for 29 seconds.
      timeout: Duration.seconds(28),
      logRetentionDays,
      retryAttempts: 0,
      deadLetters,
    });
    for (const permission of onIdentity(name)) this.allow(permission);
    for (const place of ['reports/', 'runs/', 'requests/']) {
      const actions = place === 'requests/' ? ['s3:GetObject', 's3:PutObject'] : ['s3:GetObject'];
      this.allow(onObjects(actions, name, place));
      this.allow(listing(name, place));
    }
    // The page of a day shows why it could not be proven.
    this.allow(onManifests(name));
    this.allow(listing(name, 'raw/chats/'));
    this.allow({ actions: ['lambda:InvokeFunction'], resources: [workflow.functionArn] });
    if (viewKey !== null) {
      this.allow({ actions: ['secretsmanager:GetSecretValue'], resources: [viewKey.secretArn] });
    }
  }
}
