import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
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
import { HttpIamAuthorizer, HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { SignIn } from './account-options.ts';
import type { AccountSecrets } from './account-secrets.ts';
import { listing, onIdentity, onKey, onManifests, onObjects } from './lake.ts';
import { arnText } from './names.ts';
import { NodeFunction } from './node-function.ts';
import type { CheckedAccount } from './read-account.ts';
import type { CallingProps } from './scheduled-functions.ts';

export interface OnDemandProps extends CallingProps {
  readonly secrets: AccountSecrets;
  readonly httpApi: HttpApi;
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

/** The API itself. It stands apart, because the workflow writes its address into mails before it has a function. */
export function openHttpApi(scope: Construct, { name, names }: CheckedAccount): HttpApi {
  return new HttpApi(scope, 'HttpApi', {
    apiName: names.base,
    description: `Reports of ${name} on demand`,
    createDefaultStage: false,
  });
}

/** What the HTTP API of an account answers: signed requests, and links from mails where there are any. */
export class OnDemand extends Construct {
  readonly function: NodeFunction;

  constructor(scope: Construct, id: string, props: OnDemandProps) {
    super(scope, id);
    const { account, httpApi } = props;
    this.function = new ApiFunction(this, 'Api', props);
    // @ts-expect-error CDK's class says of the principal that it may be undefined, its interface that it may be missing.
    const integration = new HttpLambdaIntegration('Integration', this.function.alias);
    // Not the route `$default`: of that, API Gateway names neither method nor path, by which a permission may be limited.
    for (const [id, path] of [
      ['Start', '/'],
      ['Signed', '/{proxy+}'],
    ] as const) {
      const routeKey = HttpRouteKey.with(path, HttpMethod.ANY);
      new HttpRoute(this, id, { httpApi, routeKey, integration, authorizer: new HttpIamAuthorizer() });
    }
    const open = (id: string, path: string, reason: string): void => {
      const route = new HttpRoute(this, id, {
        httpApi,
        routeKey: HttpRouteKey.with(path, HttpMethod.ANY),
        integration,
        authorizer: new HttpNoneAuthorizer(),
      });
      Validations.of(route).acknowledge({ id: 'AwsSolutions-APIG4', reason });
    };
    if (hasMailLinks(account)) {
      const why = 'A phone that opens a mail cannot sign a request.';
      open('Views', '/view/{token}', `${why} The token is signed, for a recipient and a week.`);
    }
    if (account.signIn !== null) {
      const why = 'A browser cannot sign a request, and the authorizer for tokens reads no cookie.';
      const reason = `${why} The function itself demands a session, and without one it sends the browser to the issuer.`;
      open('Calendar', '/pages', reason);
      open('Pages', '/pages/{proxy+}', reason);
      new HttpRoute(this, 'Programs', {
        httpApi,
        routeKey: HttpRouteKey.with('/jwt/{proxy+}', HttpMethod.ANY),
        integration,
        authorizer: checkTokens(account.signIn),
      });
    }
    new HttpStage(this, 'Stage', {
      httpApi,
      stageName: '$default',
      autoDeploy: true,
      throttle: THROTTLE,
      accessLogSettings: {
        destination: new LogGroupLogDestination(
          new LogGroup(this, 'AccessLog', {
            logGroupName: account.names.accessLog,
            retention: account.logRetentionDays,
            removalPolicy: RemovalPolicy.DESTROY,
          }),
        ),
        format: AccessLogFormat.custom(ACCESS_LOG),
      },
    });
  }
}

class ApiFunction extends NodeFunction {
  constructor(
    scope: Construct,
    id: string,
    { account, secrets, variables, workflow, deadLetters }: OnDemandProps,
  ) {
    super(scope, id, {
      account,
      part: 'api',
      description: `Answers what is asked about the reports of ${account.name}`,
      variables: { ...variables, ...(account.signIn !== null && tellSignIn(account.signIn)) },
      // More memory brings more processor, because a reader waits for the answer.
      memoryMegabytes: 1_024,
      // API Gateway waits for 29 seconds.
      timeout: Duration.seconds(28),
      retryAttempts: 0,
      deadLetters,
    });
    for (const permission of onIdentity(account)) this.allow(permission);
    for (const place of ['reports/', 'runs/', 'requests/']) {
      const actions = place === 'requests/' ? ['s3:GetObject', 's3:PutObject'] : ['s3:GetObject'];
      this.allow(onObjects(actions, account, place));
      this.allow(listing(account, place));
    }
    // The page of a day shows why it could not be proven.
    this.allow(onManifests(account));
    this.allow(listing(account, 'raw/chats/'));
    for (const permission of onKey(account, ['Decrypt', 'GenerateDataKey'])) this.allow(permission);
    this.allow({ actions: ['lambda:InvokeFunction'], resources: [workflow.functionArn] });
    if (hasMailLinks(account) || account.signIn !== null) {
      this.allow({ actions: ['secretsmanager:GetSecretValue'], resources: [secrets.viewKey.secretArn] });
    }
    const { clientSecret } = account.signIn ?? {};
    if (clientSecret !== undefined) {
      this.allow({ actions: ['secretsmanager:GetSecretValue'], resources: [arnOfSecret(clientSecret)] });
    }
  }
}

/** API Gateway itself checks the tokens of programs. */
function checkTokens({ issuer, clientId, audience = [clientId] }: SignIn): HttpJwtAuthorizer {
  return new HttpJwtAuthorizer('Issuer', issuer, { jwtAudience: [...audience] });
}

/** The variables of the function that lets people in. They are no settings. */
function tellSignIn({ issuer, clientId, clientSecret }: SignIn): Readonly<Record<string, string>> {
  return {
    SIGN_IN_ISSUER: issuer,
    SIGN_IN_CLIENT_ID: clientId,
    ...(clientSecret !== undefined && { SIGN_IN_CLIENT_SECRET_ID: clientSecret }),
  };
}

/** AWS puts six characters behind the name of a secret in its ARN. */
function arnOfSecret(nameOrArn: string): string {
  if (!nameOrArn.startsWith('arn:')) return arnText('secretsmanager', `secret:${nameOrArn}-??????`);
  return /-[A-Za-z0-9]{6}$/.test(nameOrArn) ? nameOrArn : `${nameOrArn}-??????`;
}

/** Whether mails have links that open without a sign-in: by the API's own address, or by an address in front of it. */
export function hasMailLinks({ mailLinks, variables }: CheckedAccount): boolean {
  return mailLinks || variables.VIEW_URL !== undefined;
}
