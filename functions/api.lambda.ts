import type { Hono } from 'hono';
import { handle, type LambdaEvent } from 'hono/aws-lambda';
import * as z from 'zod';
import { openApp, openShareApi } from './api/app.ts';
import type { ApiPorts, ShareAccess } from './api/ports.ts';
import { type LambdaPorts, lambdaHandler } from './app/lambda-handler.lambda.ts';
import type { Launcher } from './pipeline/run-log.ts';
import type { Mailbox } from './report/mail-message.ts';
import { openOwnLake } from './storage/lake-identity.ts';
import { domainOf } from './storage/layout.ts';
import { openLakeAt, openPresigner } from './storage/object-store.s3.ts';
import { addPages } from './web/app.ts';

/** API Gateway has checked the signature of every request on this route. */
const SIGNED = '$default';

/**
 * Answers events of API Gateway. A request without a signature reaches only the views, for every path: API Gateway
 * takes the `..` of `/view/..` for a token, and a URL takes the whole for `/`.
 */
export function behindGateway(signed: Hono, unsigned: Hono): (event: LambdaEvent) => Promise<unknown> {
  const [answerSigned, answerUnsigned] = [handle(signed), handle(unsigned)];
  return async (event) => {
    const isSigned = 'routeKey' in event && event.routeKey === SIGNED;
    return isSigned ? await answerSigned(event) : await answerUnsigned(event);
  };
}

/** API Gateway made the event, so its inside is not checked again. */
const gatewayEvent = z.custom<LambdaEvent>((event) => typeof event === 'object' && event !== null);

let answer: ReturnType<typeof behindGateway> | null = null;

/** The API and the pages behind API Gateway. The first request opens them, so that an error of opening is in the log. */
export const handler = lambdaHandler('api', gatewayEvent, async (event, ports): Promise<unknown> => {
  answer ??= openAnswer(ports);
  return await answer(event);
});

function openAnswer(lambdaPorts: LambdaPorts<'api'>): ReturnType<typeof behindGateway> {
  const ports = composeApi(lambdaPorts);
  const app = openApp(ports);
  addPages(app, ports);
  return behindGateway(app, openShareApi(ports));
}

/** Most requests need no SDK but that of S3. The others load theirs when they need it. */
function composeApi({ settings, clock, log }: LambdaPorts<'api'>): ApiPorts {
  const { source, lake: place, viewKeySecret, mail } = settings;
  return {
    account: settings,
    lake: openOwnLake(openLakeAt(place), domainOf(source)),
    clock,
    log,
    launcher: lazyLauncher(settings.workflowAlias),
    presigner: 'folder' in place ? null : openPresigner(place),
    share: viewKeySecret === null ? null : lazyShare(viewKeySecret, mail.to),
  };
}

function lazyLauncher(alias: string): Launcher {
  const opened = once(async () => {
    const { openLambdaLauncher } = await import('./pipeline/launcher.lambda.ts');
    return openLambdaLauncher(alias);
  });
  return { start: async (request) => await (await opened()).start(request) };
}

function lazyShare(secretId: string, recipients: readonly Mailbox[]): ShareAccess {
  const opened = once(async () => {
    const { openTokenSecret } = await import('./sources/caresoft/credentials.secrets.ts');
    return openTokenSecret({ secretId });
  });
  return {
    recipients: recipients.map(({ address }) => address),
    key: async () => await (await opened()).read(false),
  };
}

function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | null = null;
  return () => {
    made ??= make();
    return made;
  };
}
