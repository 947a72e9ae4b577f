import {
  SESClient,
  type SESClientConfig,
  SESServiceException,
  SendRawEmailCommand,
} from '@aws-sdk/client-ses';
import pRetry from 'p-retry';
import pTimeout, { TimeoutError } from 'p-timeout';
import { causeCodeOf, redact } from '../observability/redact.ts';
import type { Message } from '../report/mail-message.ts';
import { type Mailer, NotSentError, toMime } from './mailer.ts';

/**
 * Mail over Amazon SES. The difficult question is whether a mail was sent: a mail must not come twice, and none may be lost.
 * So each error says whether certainly nothing was sent.
 */

const CONNECTION_MS = 5_000;
/** One attempt in all: credentials, connection, answer. SES usually takes a second or two. */
const ATTEMPT_MS = 30_000;
/** With doubling delays, about half a minute. SES counts its sending rate by the second. */
const THROTTLED_RETRIES = 4;
const FIRST_DELAY_MS = 1_000;
/**
 * The latest start of an attempt, from the call. A process may pause between attempts until its claim expires. If it pauses
 * within an attempt, SES refuses the request: it accepts no signature older than five minutes.
 */
const LAST_ATTEMPT_AFTER_MS = 60_000;

const THROTTLINGS: ReadonlySet<string> = new Set([
  'Throttling',
  'ThrottlingException',
  'RequestLimitExceeded',
  'TooManyRequestsException',
]);

/** The SDK's names for an answer without a code. */
const CODELESS: ReadonlySet<string> = new Set(['Unknown', 'UnknownError', 'NotFound']);

/** What an engineer can do about a refusal, by its code. */
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
  /** The configuration set, by which SES counts bounces and complaints. Null for the default of the AWS account. */
  readonly configurationSet: string | null;
  /** Overrides the environment. */
  readonly client?: Pick<SESClientConfig, 'endpoint' | 'region' | 'credentials'>;
  /** The delay before the second attempt of a throttled mail. It doubles, with jitter. */
  readonly firstDelayMs?: number;
  /** The time limit of one attempt. */
  readonly attemptMs?: number;
}

/** Too many mails a second: SES sent nothing, and a later attempt may succeed. */
class SendingRateError extends NotSentError {}

/** It is not known whether SES sent the mail. */
class SendingUnclearError extends Error {
  override readonly name = 'SendingUnclearError';
}

/**
 * A mailer over Amazon SES. It repeats a mail only if SES reports too many mails a second.
 *
 * SES puts addresses into its messages. The errors of this mailer hold none.
 */
export function openSes({
  configurationSet,
  client = {},
  firstDelayMs = FIRST_DELAY_MS,
  attemptMs = ATTEMPT_MS,
}: SesOptions): Mailer {
  const ses = new SESClient({
    ...client,
    // The SDK would also repeat after a broken connection and after a 5xx, when the mail may be under way.
    maxAttempts: 1,
    requestHandler: {
      connectionTimeout: CONNECTION_MS,
      requestTimeout: attemptMs,
      throwOnRequestTimeout: true,
      // SES may close an idle connection. That looks the same as a break after sending.
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
        if (Date.now() - beganAt > LAST_ATTEMPT_AFTER_MS) throw new NotSentError('SES was not asked in time');
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
  // This runs just before the network. An earlier failure, such as missing credentials, has sent nothing.
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
    // The SDK's time limits do not cover the answer after its first byte.
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
    const problem = error instanceof Error ? hide(`${error.name}: ${error.message}`, addresses) : 'unknown';
    return new NotSentError(`SES was not asked, for lack of credentials, region or time (${problem})`, {
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
  // Such a message of the SDK is about its own parsing.
  const status = statusOf(error);
  return status === null ? causeCodeOf(error) : `HTTP ${status}, in words that are not those of SES`;
}

/** Explains an error of SES. The cause is a copy without addresses. */
function explainAnswer(error: SESServiceException, addresses: readonly string[]): Error {
  const status = error.$metadata.httpStatusCode ?? 0;
  const message = hide(error.message, addresses);
  const cause = Object.assign(new Error(message), { name: error.name });
  if (status < 400 || status >= 500) {
    const problem = `HTTP ${status}, ${error.name}: ${message}`;
    return new SendingUnclearError(`whether SES sent the mail is not known: ${problem}`, { cause });
  }
  if (/daily message quota/i.test(error.message)) {
    const problem = 'SES has sent as many mails in 24 hours as this account may: ask AWS for a higher quota';
    return new NotSentError(problem, { cause });
  }
  if (THROTTLINGS.has(error.name)) {
    const problem = `SES sends no more mails a second for this account (${message}): others use its rate too`;
    return new SendingRateError(problem, { cause });
  }
  const remedy = REMEDIES.get(error.name);
  return new NotSentError(`SES refused the mail: ${error.name}: ${message}${remedy ? ` → ${remedy}` : ''}`, {
    cause,
  });
}

/** Whether the answer is from SES, with a code. A proxy may answer instead when the mail is already under way. */
function isAnswer(error: unknown): error is SESServiceException {
  return error instanceof SESServiceException && !CODELESS.has(error.name);
}

function hide(text: string, addresses: readonly string[]): string {
  // `redact` may not recognize an unusual address. So the known addresses are replaced first.
  return redact(addresses.reduce((rest, address) => rest.replaceAll(address, '‹address›'), text));
}

/** The HTTP status of an answer that is not from SES; null if there is none. */
function statusOf(error: unknown): number | null {
  if (error instanceof SESServiceException) return error.$metadata.httpStatusCode ?? null;
  const answer = error instanceof Error && '$response' in error ? error.$response : null;
  const hasStatus = typeof answer === 'object' && answer !== null && 'statusCode' in answer;
  return hasStatus && typeof answer.statusCode === 'number' ? answer.statusCode : null;
}

/** Whether the connection failed before it stood. A host with several addresses gives several errors. */
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
