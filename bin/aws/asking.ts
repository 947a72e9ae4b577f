import { causeCodeOf, problemOf } from '../../functions/observability/redact.ts';
import { type Finding, fail } from '../../functions/sources/caresoft/diagnostics/probe.ts';

/** How AWS is asked, and what is said where it does not answer. */

/** For each client. A person waits, so a server that does not answer is given up soon. */
export const CLIENT = {
  requestHandler: { connectionTimeout: 5_000, requestTimeout: 30_000, throwOnRequestTimeout: true },
} as const;

/** What the SDK and the services call credentials that let no one in. */
const NOT_LET_IN =
  /^(?:ExpiredToken|InvalidClientTokenId|UnrecognizedClient|InvalidSignature|SignatureDoesNotMatch|InvalidAccessKeyId|AuthFailure|TokenRefreshRequired|CredentialsProviderError)/;
const NOT_THERE = /NotFound|NonExistent|DoesNotExist/;
const NOT_ALLOWED = /^(?:AccessDenied|UnauthorizedOperation|AuthorizationError|NotAuthorized)/;

export function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : '';
}

/** Why nothing at all can be asked, and the mend. Null where that is not known. */
export function explainNoEntry(error: unknown): string | null {
  if (NOT_LET_IN.test(nameOf(error))) {
    return `does not let you in (${nameOf(error)}); sign in again, or set AWS_PROFILE`;
  }
  const code = causeCodeOf(error);
  return ['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT'].includes(code)
    ? `does not answer (${code}); look at AWS_REGION and at the network`
    : null;
}

/** Why one thing cannot be asked, and the mend. @param action of IAM, such as `sqs:GetQueueUrl` */
export function explainUnasked(
  error: unknown,
  action: string,
): { readonly says: string; readonly do: string } {
  const name = nameOf(error);
  if (NOT_ALLOWED.test(name)) {
    return { says: `your credentials may not ${action}`, do: `let them ${action}, or use others` };
  }
  // The SDK adds lines for programmers.
  const [line = ''] = problemOf(error).split('\n');
  const says = line.replace(/\.+$/, '');
  return { says, do: NOT_THERE.test(name) ? 'npm run deploy makes what is missing' : 'try again later' };
}

/** What cannot be asked fails one check alone. */
export async function examineOne(
  id: string,
  action: string,
  ask: () => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  try {
    return await ask();
  } catch (error) {
    const { says, do: todo } = explainUnasked(error, action);
    return [fail(id, `This could not be examined (${id}): ${says}.`, todo)];
  }
}
