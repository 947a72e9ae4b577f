import type { ServerResponse } from 'node:http';
import { type LocalServer, serveLocally } from './serve-locally.ts';

const REFUSALS = {
  AccessDeniedException: [
    400,
    'User: arn:aws:sts::123456789012:assumed-role/report/x is not authorized to perform: secretsmanager:GetSecretValue on resource: {id} because no identity-based policy allows it',
  ],
  ResourceNotFoundException: [400, "Secrets Manager can't find the specified secret."],
  DecryptionFailure: [
    400,
    "Secrets Manager can't decrypt the protected secret text using the provided KMS key.",
  ],
  InvalidRequestException: [
    400,
    "You can't perform this operation on the secret because it was marked for deletion.",
  ],
  InternalServiceError: [500, 'An error occurred on the server side.'],
} as const satisfies Record<string, readonly [number, string]>;

type SecretsFault = keyof typeof REFUSALS | 'reset';

export interface Secrets extends LocalServer {
  /** The texts of the secrets by their names. One that is not here is not found. */
  readonly texts: Map<string, string>;
  /** The names of the secrets that were read, one a reading, whatever came of it. */
  readonly reads: readonly string[];
  /** One for each reading to come, the first first. */
  readonly faults: SecretsFault[];
}

/** Secrets Manager, as far as its secrets are read. */
export async function startSecrets(texts: Readonly<Record<string, string>> = {}): Promise<Secrets> {
  const secrets = new Map(Object.entries(texts));
  const reads: string[] = [];
  const faults: SecretsFault[] = [];
  const server = await serveLocally(({ headers, body }, response) => {
    if (headers['x-amz-target'] !== 'secretsmanager.GetSecretValue') {
      return answer(response, 400, { __type: 'UnknownOperationException' });
    }
    const { SecretId: id } = JSON.parse(body.toString()) as { SecretId: string };
    reads.push(id);
    const text = secrets.get(id);
    const fault = faults.shift() ?? (text === undefined ? 'ResourceNotFoundException' : null);
    if (fault === 'reset') {
      response.destroy();
      return;
    }
    if (fault !== null) {
      const [status, words] = REFUSALS[fault];
      return answer(response, status, { __type: fault, Message: words.replace('{id}', id) });
    }
    const arn = `arn:aws:secretsmanager:eu-west-1:123456789012:secret:${id}-AbCdEf`;
    answer(response, 200, { ARN: arn, Name: id, SecretString: text, VersionStages: ['AWSCURRENT'] });
  });
  return { ...server, texts: secrets, reads, faults };
}

function answer(response: ServerResponse, status: number, content: object): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(content));
}
