import { Hono } from 'hono';
import { handle, type LambdaEvent } from 'hono/aws-lambda';
import * as z from 'zod';
import { openApp, openReadingApi, openShareApi } from './api/app.ts';
import type { ApiPorts } from './api/ports.ts';
import {
  type LambdaPorts,
  lambdaHandler,
  lazySecret,
  once,
  openLauncher,
} from './app/lambda-handler.lambda.ts';
import { systemRandom } from './calendar/clock.system.ts';
import { openOwnLake } from './storage/lake-identity.ts';
import { domainOf } from './storage/layout.ts';
import type { Issuer } from './web/sign-in.ts';

/** What stands behind a kind of route. */
type Behind = 'signed' | 'pages';

/** API Gateway has checked the signature or the token of every request on the first two routes. */
const ROUTES: ReadonlyMap<string, Behind> = new Map([
  ['ANY /', 'signed'],
  ['ANY /{proxy+}', 'signed'],
  ['ANY /jwt/{proxy+}', 'signed'],
  ['ANY /pages', 'pages'],
  ['ANY /pages/{proxy+}', 'pages'],
]);

/** Where callers with a token of the issuer find the API. */
const JWT = '/jwt/';

/**
 * A segment that a URL resolves, with the signs that a URL drops or takes for a slash. API Gateway and IAM take it as it is
 * written. So who may call `/reports/*` alone would read the pages by `/reports/../search`.
 */
const DOTS = /[/\\](?:\.|%2e){1,2}(?=[/\\?#]|$)/i;
const DROPPED = /[\t\n\r]/g;

/**
 * Answers events of API Gateway, by their route alone. A request of another route reaches only the views, for every path: API
 * Gateway takes the `..` of `/view/..` for a token, and a URL takes the whole for `/`. So does a path with such dots.
 *
 * @param pages what people with a session see; null where there is no sign-in
 */
export function behindGateway(
  signed: Hono,
  unsigned: Hono,
  pages: Hono | null = null,
): (event: LambdaEvent) => Promise<unknown> {
  const answers = { signed: handle(signed), pages: handle(pages ?? unsigned) };
  const answerUnsigned = handle(unsigned);
  return async (event) => {
    const isPlain = 'rawPath' in event && !DOTS.test(event.rawPath.replace(DROPPED, ''));
    const behind = isPlain && 'routeKey' in event ? ROUTES.get(event.routeKey) : undefined;
    return behind === undefined
      ? await answerUnsigned(event)
      : await answers[behind](behind === 'signed' ? withoutJwt(event) : event);
  };
}

function withoutJwt(event: LambdaEvent): LambdaEvent {
  if (!('rawPath' in event && event.routeKey.includes(JWT) && event.rawPath.startsWith(JWT))) return event;
  return { ...event, rawPath: event.rawPath.slice(JWT.length - 1) };
}

/** API Gateway made the event, so its inside is not checked again. */
const gatewayEvent = z.custom<LambdaEvent>((event) => typeof event === 'object' && event !== null);

let answer: ReturnType<typeof behindGateway> | null = null;

/** The API and the pages behind API Gateway. The first request opens them, so that an error of opening is in the log. */
export const handler = lambdaHandler('api', gatewayEvent, async (event, ports): Promise<unknown> => {
  answer ??= await openAnswer(ports);
  return await answer(event);
});

async function openAnswer(lambdaPorts: LambdaPorts<'api'>): Promise<ReturnType<typeof behindGateway>> {
  const { viewKeySecret, signIn } = lambdaPorts.settings;
  const key = viewKeySecret === null ? null : lazyKey(viewKeySecret);
  const ports = await composeApi(lambdaPorts, key);
  const elsewhere = lazyApp(async () => {
    const { addPages } = await import('./web/app.ts');
    const pages = openReadingApi(ports);
    addPages(pages, ports);
    return pages;
  });
  const signed = openApp(ports, { takesTokens: signIn !== null, elsewhere });
  const pages =
    signIn === null || key === null
      ? null
      : lazyApp(async () => {
          const { openSignedInPages } = await import('./web/sign-in.ts');
          return openSignedInPages(ports, { issuer: lazyIssuer(signIn), key, random: systemRandom });
        });
  return behindGateway(signed, openShareApi(ports), pages);
}

/** Opens an app for its first request. Programs that read reports ask for no page. */
function lazyApp(open: () => Promise<Hono>): Hono {
  const opened = once(open);
  return new Hono().all('*', async ({ req }) => (await opened()).fetch(req.raw));
}

/** Most requests need no SDK but that of S3. The others load theirs when they need it. */
async function composeApi(
  { settings, clock, log }: LambdaPorts<'api'>,
  viewKey: (() => Promise<string>) | null,
): Promise<ApiPorts> {
  const { source, lake: place, mail } = settings;
  const { openLakeAt, openPresigner } = await import('./storage/object-store.s3.ts');
  return {
    account: settings,
    lake: openOwnLake(openLakeAt(place), domainOf(source)),
    clock,
    log,
    launcher: openLauncher(settings.workflowAlias),
    presigner: 'folder' in place ? null : openPresigner(place),
    share: viewKey && { key: viewKey, recipients: mail.to.map(({ address }) => address) },
  };
}

function lazyKey(secretId: string): () => Promise<string> {
  const secret = lazySecret(secretId);
  return () => secret.read(false);
}

function lazyIssuer({ clientSecret, ...of }: NonNullable<LambdaPorts<'api'>['settings']['signIn']>): Issuer {
  const opened = once(async () => {
    const { openIssuer } = await import('./web/issuer.http.ts');
    return openIssuer({ ...of, clientSecret: clientSecret === null ? null : lazyKey(clientSecret) });
  });
  return {
    begin: async (attempt) => await (await opened()).begin(attempt),
    finish: async (answer, attempt) => await (await opened()).finish(answer, attempt),
  };
}
