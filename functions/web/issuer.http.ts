import {
  AuthorizationResponseError,
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  type ClientAuth,
  ClientSecretBasic,
  ClientSecretPost,
  Configuration,
  calculatePKCECodeChallenge,
  discovery,
  enableNonRepudiationChecks,
  None,
  ResponseBodyError,
  type ServerMetadata,
} from 'openid-client';
import { causeCodeOf, problemOf } from '../observability/redact.ts';
import { type Issuer, SignInError } from './sign-in.ts';

/** A sign-in asks the issuer three times. Together that takes less than API Gateway waits. */
const TIMEOUT_SECONDS = 8;

export interface IssuerOptions {
  readonly issuer: string;
  readonly clientId: string;
  /** Reads the present secret of the client. Null for a client without one. */
  readonly clientSecret: (() => Promise<string>) | null;
}

/** An issuer of OpenID Connect. It is asked who it is at the first sign-in, and again only in a new process. */
export function openIssuer({ issuer, clientId, clientSecret }: IssuerOptions): Issuer {
  // A test's issuer on this machine has no certificate.
  const isInsecure = new URL(issuer).protocol === 'http:';
  let known: Promise<ServerMetadata> | null = null;

  const find = async (): Promise<ServerMetadata> => {
    const execute = isInsecure ? [allowInsecureRequests] : [];
    const options = { timeout: TIMEOUT_SECONDS, execute };
    return (await discovery(new URL(issuer), clientId, undefined, None(), options)).serverMetadata();
  };

  const configure = async (auth: ClientAuth): Promise<Configuration> => {
    known ??= find();
    const looked = known;
    const metadata = await looked.catch((error: unknown) => {
      // An issuer that does not answer now may answer the next time.
      if (known === looked) known = null;
      throw error;
    });
    const configuration = new Configuration(metadata, clientId, undefined, auth);
    configuration.timeout = TIMEOUT_SECONDS;
    if (isInsecure) allowInsecureRequests(configuration);
    enableNonRepudiationChecks(configuration);
    return configuration;
  };

  return {
    async begin({ redirectUri, state, nonce, verifier }) {
      try {
        const challenge = await calculatePKCECodeChallenge(verifier);
        return buildAuthorizationUrl(await configure(None()), {
          redirect_uri: redirectUri,
          // Nothing about the person is asked for but that the issuer knows them.
          scope: 'openid',
          state,
          nonce,
          code_challenge: challenge,
          code_challenge_method: 'S256',
        }).href;
      } catch (error) {
        throw explain(error);
      }
    },

    async finish(answer, { state, nonce, verifier }) {
      try {
        const auth = clientSecret === null ? None() : authWith(await clientSecret());
        await authorizationCodeGrant(await configure(auth), answer, {
          pkceCodeVerifier: verifier,
          expectedState: state,
          expectedNonce: nonce,
          idTokenExpected: true,
        });
      } catch (error) {
        throw explain(error);
      }
    },
  };
}

/** Sends the secret in the body where the issuer says that it takes it there, else in a header, as the standard has it. */
function authWith(secret: string): ClientAuth {
  return (server, client, body, headers) => {
    const inBody = server.token_endpoint_auth_methods_supported?.includes('client_secret_post') ?? false;
    const send = inBody ? ClientSecretPost(secret) : ClientSecretBasic(secret);
    send(server, client, body, headers);
  };
}

/** The description that an issuer gives of an error can hold a person's address. So the log gets the code alone. */
function explain(error: unknown): SignInError {
  if (error instanceof AuthorizationResponseError) {
    const kind = error.error === 'access_denied' ? 'refused' : 'failed';
    return new SignInError(kind, `the issuer refuses the sign-in: ${codeOf(error.error)}`);
  }
  if (error instanceof ResponseBodyError) {
    // A code is good once, and for a few minutes.
    const kind = error.error === 'invalid_grant' ? 'expired' : 'failed';
    return new SignInError(kind, `the issuer refuses the code: ${codeOf(error.error)}`);
  }
  // The library tells which claim is wrong in the message of the cause, and its value elsewhere.
  const cause = error instanceof Error && error.cause instanceof Error ? `: ${problemOf(error.cause)}` : '';
  return new SignInError('failed', `${problemOf(error)}${cause} (${causeCodeOf(error)})`);
}

function codeOf(code: string): string {
  return /^[a-z_]{1,40}$/.test(code) ? code : 'a code that is none';
}
