import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { type LocalServer, serveLocally, type WholeRequest } from '../aws/serve-locally.ts';

/** What an issuer does: what it should, or one thing wrong. */
export type IssuerBehaviour =
  | 'honest'
  | 'asks first'
  | 'refuses the person'
  | 'is in trouble'
  | 'refuses the code'
  | 'takes another client'
  | 'tells another nonce'
  | 'tells another audience'
  | 'tells another issuer'
  | 'signs with another key'
  | 'tells what is over'
  | 'breaks off'
  | 'answers no JSON';

export interface ServedIssuer extends LocalServer {
  behaviour: IssuerBehaviour;
  /** The parameters of each request for a sign-in. */
  readonly asked: URLSearchParams[];
  /** The bodies of requests for a token, with the way that the client has named itself. */
  readonly tokens: { readonly body: URLSearchParams; readonly authorization: string | undefined }[];
  /** The paths of all requests. */
  readonly paths: string[];
}

export const CLIENT = 'chat-report-pages';
/** What an issuer knows of the person. None of it may be kept or logged. */
export const PERSON = { sub: 'person-4711', email: 'lan.nguyen@example.com', name: 'Nguyễn Thị Lan' };

const [ours, theirs] = [newKeys(), newKeys()];

/** An issuer of OpenID Connect over a socket: discovery, sign-in, token, keys. */
export async function serveIssuer({
  secret = null,
  methods = null,
}: {
  readonly secret?: string | null;
  readonly methods?: readonly string[] | null;
} = {}): Promise<ServedIssuer> {
  const served = { behaviour: 'honest', asked: [], tokens: [], paths: [] } as Omit<
    ServedIssuer,
    keyof LocalServer
  >;
  const grants = new Map<string, URLSearchParams>();
  const server = await serveLocally((request, response) => {
    const { behaviour } = served;
    served.paths.push(request.url.pathname);
    if (behaviour === 'breaks off') {
      response.destroy();
      return;
    }
    const [status, headers, text] =
      behaviour === 'answers no JSON' ? [200, {}, '<h1>Maintenance</h1>'] : answer(request, behaviour);
    response.writeHead(status, headers).end(text);
  });

  const answer = (request: WholeRequest, behaviour: IssuerBehaviour): Reply => {
    switch (request.url.pathname) {
      case '/.well-known/openid-configuration':
        return json({
          issuer: server.url,
          authorization_endpoint: `${server.url}/authorize`,
          token_endpoint: `${server.url}/token`,
          jwks_uri: `${server.url}/keys`,
          response_types_supported: ['code'],
          subject_types_supported: ['public'],
          id_token_signing_alg_values_supported: ['RS256'],
          ...(methods !== null && { token_endpoint_auth_methods_supported: methods }),
        });
      case '/keys':
        return json({ keys: [{ ...ours.publicKey.export({ format: 'jwk' }), kid: 'one', use: 'sig' }] });
      case '/authorize': {
        served.asked.push(request.url.searchParams);
        const back = backOf(request.url.searchParams, behaviour, grants);
        return behaviour === 'asks first'
          ? [200, { 'content-type': 'text/html; charset=utf-8' }, pageWith(back)]
          : [302, { location: back }, ''];
      }
      case '/token':
        return giveToken(request, behaviour);
      default:
        return json({ error: 'not_found' }, 404);
    }
  };

  const giveToken = (request: WholeRequest, behaviour: IssuerBehaviour): Reply => {
    const body = new URLSearchParams(request.body.toString());
    served.tokens.push({ body, authorization: request.headers.authorization });
    const isOurs = isClient(request, body, secret) && behaviour !== 'takes another client';
    if (!isOurs) return json({ error: 'invalid_client' }, 401);
    const code = body.get('code') ?? '';
    const grant = grants.get(code);
    grants.delete(code);
    if (!(grant && fits(grant, body)) || behaviour === 'refuses the code') {
      const error_description = `the code of ${PERSON.email} is not valid`;
      return json({ error: 'invalid_grant', error_description }, 400);
    }
    const id_token = idTokenOf(grant, behaviour, server.url);
    return json({ access_token: 'opaque', token_type: 'Bearer', expires_in: 300, id_token });
  };
  return Object.assign(served, server);
}

/** Status, head and body. */
type Reply = [number, Record<string, string>, string];

function json(body: unknown, status = 200): Reply {
  return [status, { 'content-type': 'application/json' }, JSON.stringify(body)];
}

function pageWith(link: string): string {
  return `<title>Company</title><h1>Company</h1><a href="${link.replaceAll('&', '&amp;')}">Continue</a>`;
}

/** The address that the browser is sent back to. */
function backOf(
  asked: URLSearchParams,
  behaviour: IssuerBehaviour,
  grants: Map<string, URLSearchParams>,
): string {
  const back = new URL(asked.get('redirect_uri') ?? '');
  back.searchParams.set('state', asked.get('state') ?? '');
  if (behaviour === 'refuses the person' || behaviour === 'is in trouble') {
    back.searchParams.set('error', behaviour === 'is in trouble' ? 'server_error' : 'access_denied');
    back.searchParams.set('error_description', `${PERSON.email} is not assigned`);
    return back.href;
  }
  const code = randomBytes(16).toString('hex');
  grants.set(code, asked);
  back.searchParams.set('code', code);
  return back.href;
}

function isClient({ headers }: WholeRequest, body: URLSearchParams, secret: string | null): boolean {
  if (secret === null) return body.get('client_id') === CLIENT;
  const [, basic = ''] = /^Basic (.+)$/.exec(headers.authorization ?? '') ?? [];
  const [id, given] =
    basic === ''
      ? [body.get('client_id'), body.get('client_secret')]
      : Buffer.from(basic, 'base64').toString().split(':').map(decodeForm);
  return id === CLIENT && given === secret;
}

function decodeForm(text: string): string | null {
  return new URLSearchParams(`text=${text}`).get('text');
}

function fits(asked: URLSearchParams, body: URLSearchParams): boolean {
  const challenge = createHash('sha256')
    .update(body.get('code_verifier') ?? '')
    .digest('base64url');
  return (
    asked.get('code_challenge_method') === 'S256' &&
    asked.get('code_challenge') === challenge &&
    asked.get('redirect_uri') === body.get('redirect_uri')
  );
}

function idTokenOf(asked: URLSearchParams, behaviour: IssuerBehaviour, issuer: string): string {
  const now = Math.floor(Date.now() / 1_000);
  const claims = {
    ...PERSON,
    iss: behaviour === 'tells another issuer' ? 'https://elsewhere.example.com' : issuer,
    aud: behaviour === 'tells another audience' ? 'another-client' : CLIENT,
    nonce: behaviour === 'tells another nonce' ? 'another' : asked.get('nonce'),
    iat: now,
    exp: behaviour === 'tells what is over' ? now - 3_600 : now + 300,
  };
  const encode = (part: unknown): string => Buffer.from(JSON.stringify(part)).toString('base64url');
  const text = `${encode({ alg: 'RS256', typ: 'JWT', kid: 'one' })}.${encode(claims)}`;
  const { privateKey } = behaviour === 'signs with another key' ? theirs : ours;
  return `${text}.${sign('sha256', Buffer.from(text), privateKey).toString('base64url')}`;
}

function newKeys() {
  return generateKeyPairSync('rsa', { modulusLength: 2_048 });
}
