import { SecretsProvider } from '@aws-lambda-powertools/parameters/secrets';
import {
  SecretsManagerClient,
  type SecretsManagerClientConfig,
  SecretsManagerServiceException,
} from '@aws-sdk/client-secrets-manager';
import pLimit from 'p-limit';
import { causeCodeOf } from '../../observability/redact.ts';
import { SecretUnreadableError, UnavailableError } from '../source.ts';
import type { TokenSource } from './credentials.ts';

const MAX_AGE_SECONDS = 300;
const CONNECTION_MS = 5_000;
const REQUEST_MS = 10_000;

export interface TokenSecretOptions {
  /** The secret's name or ARN. Its text is the token alone. */
  readonly secretId: string;
  /** Endpoint, region and credentials, if they differ from the environment. */
  readonly client?: Pick<SecretsManagerClientConfig, 'endpoint' | 'region' | 'credentials'>;
}

/** Reads the token from AWS Secrets Manager. It is cached for five minutes, unless a read is forced. */
export function openTokenSecret({ secretId, client = {} }: TokenSecretOptions): TokenSource {
  const provider = new SecretsProvider({
    awsSdkV3Client: new SecretsManagerClient({
      ...client,
      requestHandler: {
        connectionTimeout: CONNECTION_MS,
        requestTimeout: REQUEST_MS,
        socketTimeout: REQUEST_MS,
        throwOnRequestTimeout: true,
      },
    }),
  });
  // Of several reads at once, the first one fetches, and the others use the cache.
  const oneAtATime = pLimit(1);
  return {
    async read(isForced) {
      let text: unknown;
      try {
        const get = () => provider.get(secretId, { maxAge: MAX_AGE_SECONDS, forceFetch: isForced });
        text = await oneAtATime(get);
      } catch (error) {
        throw explain(error instanceof Error && error.cause ? error.cause : error, secretId);
      }
      return toToken(text, secretId);
    },
  };
}

/** @throws SecretUnreadableError if the text is no token. The message describes the text and never shows it. */
function toToken(text: unknown, secretId: string): string {
  const token = typeof text === 'string' ? text.trim() : '';
  const otherText = describeOtherText(token);
  if (otherText === null) return token;
  throw new SecretUnreadableError(
    `the secret ${secretId} holds ${otherText}: write the value alone into a file, then ` +
      `aws secretsmanager put-secret-value --secret-id ${secretId} --secret-string file://FILE`,
  );
}

function describeOtherText(text: string): string | null {
  if (text === '') return 'no text';
  // The same rule as for `CARESOFT_TOKEN`. The placeholder of the stack has blanks too.
  if (!/^[\x21-\x7e]+$/.test(text))
    return 'no token yet, but a text with blanks or letters that no token has';
  return /^[{["]/.test(text) ? 'JSON instead of the value alone' : null;
}

function explain(error: unknown, secretId: string): Error {
  const name = error instanceof Error ? error.name : '';
  const remedy = remedyOf(error, name, secretId);
  if (remedy !== null) {
    return new SecretUnreadableError(`the secret ${secretId} cannot be read (${name}): ${remedy}`, {
      cause: error,
    });
  }
  const problem = error instanceof SecretsManagerServiceException ? name : causeCodeOf(error);
  return new UnavailableError(`the secret ${secretId} could not be read: ${problem}`, { cause: error });
}

/** @returns what to do about a lasting error; null for a temporary one */
function remedyOf(error: unknown, name: string, secretId: string): string | null {
  switch (name) {
    case 'ResourceNotFoundException':
      return (
        'there is none of this name in this region and account, or it has no value: check the name, then ' +
        `aws secretsmanager put-secret-value --secret-id ${secretId} --secret-string file://FILE`
      );
    case 'AccessDeniedException':
    case 'DecryptionFailure':
      return 'allow secretsmanager:GetSecretValue on it, and kms:Decrypt on its key, to the role that runs this';
    case 'CredentialsProviderError':
      return 'there are no AWS credentials';
    case 'ThrottlingException':
      return null;
    default: {
      const isAnswer = error instanceof SecretsManagerServiceException;
      const status = isAnswer ? (error.$metadata.httpStatusCode ?? 0) : 0;
      return status >= 400 && status < 500 ? 'see aws secretsmanager describe-secret' : null;
    }
  }
}
