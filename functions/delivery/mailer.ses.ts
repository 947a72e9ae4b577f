import {
  SESClient,
  type SESClientConfig,
  SESServiceException,
  SendRawEmailCommand,
} from '@aws-sdk/client-ses';
import pRetry from 'p-retry';
import pTimeout, { TimeoutError } from 'p-timeout';
import { causeCodeOf, redact } from '../observability/redact.ts';
import type { Message } from '../report/message.ts';
import { type Mailer, NotSentError, toMime } from './mailer.ts';

const CONNECTION_MS = 5_000;
/** A try of a mail with everything in it: credentials, connection, answer. SES takes a second or two. */
const ATTEMPT_MS = 30_000;
/** With the doubling waits, about half a minute: SES counts its sending rate by the second. */
const THROTTLED_RETRIES = 4;
const FIRST_DELAY_MS = 1_000;
/**
 * No try begins later after the call than this. A process may stop between two of them for longer than its claim
 * lives. One that stops within a try is refused by SES, which takes no signature that is older than five minutes.
 */
const LAST_TRY_AFTER_MS = 60_000;

const THROTTLINGS: ReadonlySet<string> = new Set([
  'Throttling',
  'ThrottlingException',
  'RequestLimitExceeded',
  'TooManyRequestsException',
]);

/** What the SDK calls an answer without a code. */
const CODELESS: ReadonlySet<string> = new Set(['Unknown', 'UnknownError', 'NotFound']);

/** What a platform engineer does about a refusal, by SES's own name for it. */
const REMEDIES: ReadonlyMap<string, string> = new Map([
  [
    'MessageRejected',
    'verify the sender in SES; in the sandbox each recipient too, until AWS has granted production access',
  ],
  ['MailFromDomainNotVerifiedException', 'the MX record of the custom MAIL FROM domain is missing or wrong'],
  ['AccountSendingPausedException', 'AWS has paused sending for the whole account; see the SES console'],
  ['ConfigurationSetSendingPausedException', 'sending is paused for the configuration set'],
  ['ConfigurationSetDoesNotExistException', 'create the configuration set in this region, or name none'],
  ['AccessDenied', 'allow ses:SendRawEmail on the sender’s identity to the role that runs this'],
  ['InvalidClientTokenId', 'the AWS credentials are not valid'],
  ['SignatureDoesNotMatch', 'the AWS credentials are wrong, or the clock of this machine is'],
]);

export interface SesOptions {
  /** Under which SES counts bounces and complaints; null for the account's own. */
  readonly configurationSet: string | null;
  /** Where SES is and who asks, where the environment does not say. */
  readonly client?: Pick<SESClientConfig, 'endpoint' | 'region' | 'credentials'>;
  /** The wait before the second try of a throttled mail; it doubles, with jitter. */
  readonly firstDelayMs?: number;
  /** One try, from beginning to end. */
  readonly attemptMs?: number;
}

/** SES wants fewer mails a second: nothing was sent, and waiting helps. */
class SendingRateError extends NotSentError {}

/** Whether SES sent the mail is not known. */
class SendingUnclearError extends Error {
  override readonly name = 'SendingUnclearError';
}

/**
 * Mail over Amazon SES. A mail is tried again only where SES said that it sends too many a second.
 *
 * Errors name neither the sender nor the recipient, whom SES itself does name.
 */
export function openSes({
  configurationSet,
  client = {},
  firstDelayMs = FIRST_DELAY_MS,
  attemptMs = ATTEMPT_MS,
}: SesOptions): Mailer {
  const ses = new SESClient({
    ...client,
    // The SDK tries again after a broken connection and a 5xx too, when the mail may be under way.
    maxAttempts: 1,
    requestHandler: {
      connectionTimeout: CONNECTION_MS,
      requestTimeout: attemptMs,
      throwOnRequestTimeout: true,
      // A kept connection that SES has closed meanwhile breaks just like one that breaks after sending.
      httpAgent: { keepAlive: false },
      httpsAgent: { keepAlive: false },
    },
  });

  return {
    name: 'ses',
    isRepeatable: false,
    async send(message) {
      const beganAt = Date.now();
      const mime = await toMime(message);
      const attempt = (): Promise<string> => {
        if (Date.now() - beganAt > LAST_TRY_AFTER_MS) throw new NotSentError('SES was not asked in time');
        return sendRaw(ses, message, mime, { configurationSet, attemptMs });
      };
      return await pRetry(attempt, {
        retries: THROTTLED_RETRIES,
        minTimeout: firstDelayMs,
        randomize: true,
        shouldRetry: ({ error }) => error instanceof SendingRateError,
      });
    },
  };
}

async function sendRaw(
  ses: SESClient,
  { from, to }: Message,
  mime: Uint8Array,
  { configurationSet, attemptMs }: { readonly configurationSet: string | null; readonly attemptMs: number },
): Promise<string> {
  const command = new SendRawEmailCommand({
    Source: from.address,
    Destinations: [to.address],
    RawMessage: { Data: mime },
    ...(configurationSet !== null && { ConfigurationSetName: configurationSet }),
  });
  let wasBegun = false;
  // The last thing before the network: what fails earlier, such as credentials or the region, has sent nothing.
  command.middlewareStack.add(
    (next) => (args) => {
      wasBegun = true;
      return next(args);
    },
    { step: 'deserialize', priority: 'low', name: 'noteSending' },
  );
  const stop = new AbortController();
  let messageId: string | undefined;
  try {
    // The SDK's time limits end with the first byte of the answer.
    const sending = ses.send(command, { abortSignal: stop.signal });
    ({ MessageId: messageId } = await pTimeout(sending, { milliseconds: attemptMs }));
  } catch (error) {
    throw explain(error, wasBegun, [from.address, to.address]);
  } finally {
    stop.abort();
  }
  if (!messageId) throw new SendingUnclearError('SES answered without a message id');
  return messageId;
}

function explain(error: unknown, wasBegun: boolean, addresses: readonly string[]): Error {
  if (isAnswer(error)) return explainAnswer(error, addresses);
  if (!wasBegun) {
    const says = error instanceof Error ? hide(`${error.name}: ${error.message}`, addresses) : 'unknown';
    return new NotSentError(`SES was not asked, for lack of credentials, region or time (${says})`, {
      cause: error,
    });
  }
  if (wasNeverConnected(error)) {
    return new NotSentError(`SES could not be reached: ${connectionCodeOf(error)}`, { cause: error });
  }
  return new SendingUnclearError(`whether SES sent the mail is not known: ${unclearProblemOf(error)}`, {
    cause: error,
  });
}

function unclearProblemOf(error: unknown): string {
  if (error instanceof TimeoutError) return 'no answer in time';
  // What the SDK says then is about its own parsing.
  const status = statusOf(error);
  return status === null ? causeCodeOf(error) : `HTTP ${status}, in words that are not those of SES`;
}

/** SES has said something; its words hold addresses, so that only a copy without them is kept. */
function explainAnswer(error: SESServiceException, addresses: readonly string[]): Error {
  const status = error.$metadata.httpStatusCode ?? 0;
  const says = hide(error.message, addresses);
  const cause = Object.assign(new Error(says), { name: error.name });
  if (status < 400 || status >= 500) {
    const problem = `HTTP ${status}, ${error.name}: ${says}`;
    return new SendingUnclearError(`whether SES sent the mail is not known: ${problem}`, { cause });
  }
  if (/daily message quota/i.test(error.message)) {
    const problem = 'SES has sent as many mails in 24 hours as this account may: ask AWS for a higher quota';
    return new NotSentError(problem, { cause });
  }
  if (THROTTLINGS.has(error.name)) {
    const problem = `SES sends no more mails a second for this account (${says}): others use its rate too`;
    return new SendingRateError(problem, { cause });
  }
  const remedy = REMEDIES.get(error.name);
  return new NotSentError(`SES refused the mail: ${error.name}: ${says}${remedy ? ` → ${remedy}` : ''}`, {
    cause,
  });
}

/** Whether it is SES that answered, with a code of its own: a proxy may answer once the mail is under way. */
function isAnswer(error: unknown): error is SESServiceException {
  return error instanceof SESServiceException && !CODELESS.has(error.name);
}

function hide(text: string, addresses: readonly string[]): string {
  // Also those that do not look like an address to others.
  return redact(addresses.reduce((rest, address) => rest.replaceAll(address, '‹address›'), text));
}

/** Of an answer that is none of SES. */
function statusOf(error: unknown): number | null {
  if (error instanceof SESServiceException) return error.$metadata.httpStatusCode ?? null;
  const answer = error instanceof Error && '$response' in error ? error.$response : null;
  const hasStatus = typeof answer === 'object' && answer !== null && 'statusCode' in answer;
  return hasStatus && typeof answer.statusCode === 'number' ? answer.statusCode : null;
}

/** A system's error of connecting or of finding the address; several, where a host has several addresses. */
function wasNeverConnected(error: unknown): boolean {
  if (error instanceof AggregateError)
    return error.errors.length > 0 && error.errors.every(wasNeverConnected);
  if (!(error instanceof Error)) return false;
  if ('syscall' in error && (error.syscall === 'connect' || error.syscall === 'getaddrinfo')) return true;
  return error.message.includes('did not establish a connection');
}

function connectionCodeOf(error: unknown): string {
  const code = causeCodeOf(error);
  return code === 'TimeoutError' ? `no connection within ${CONNECTION_MS / 1_000} s` : code;
}
