import ky, { type KyInstance } from 'ky';
import pLimit from 'p-limit';
import pRetry from 'p-retry';
import pTimeout, { TimeoutError } from 'p-timeout';
import { causeCodeOf } from '../../observability/redact.ts';
import { BOUNDS } from '../../text/bounds.ts';
import {
  type Answer,
  type AskOptions,
  type ChatSource,
  type ChatsAnswer,
  isUnreachable,
  LockedOutError,
  type PageNumber,
  RefusedError,
  type Retry,
  SecretUnreadableError,
  type Slice,
  ThrottledError,
  TokenRefusedError,
  UnavailableError,
} from '../source.ts';
import { TokenInUse, type TokenSource } from './credentials.ts';
import { withPage } from './dialect.ts';
import type { RateLimiter } from './rate-limiter.ts';
import { type RawAnswer, readChatsAnswer, readReferenceDataAnswer } from './response.ts';
import { type RetryPolicy, readRetryAfter } from './retry-policy.ts';

/** If CareSoft cannot be reached for this share of the time, more attempts do not help. */
const UNREACHABLE_SHARE = 1 / 2;
/** A message that comes this many times in a row is a refusal, unless the caller sets another number. */
const REFUSED_AFTER = 3;
/** Requests for names give up earlier than requests for chats: a report does not need them. */
const NAMES_GIVE_UP_SHARE = 1 / 6;

export interface CareSoftOptions {
  /** `https://api.caresoft.vn/{domain}`. */
  readonly baseUrl: string;
  readonly token: TokenSource;
  readonly rateLimiter: RateLimiter;
  readonly retryPolicy: RetryPolicy;
  /** Called for each failed attempt that is repeated. */
  readonly onRetry?: (retry: Retry) => void;
}

/** The attempts of one request, if they differ from the default. */
interface AttemptOptions {
  readonly giveUpAfterMs?: number;
  readonly notifyRetry?: ((retry: Retry) => void) | undefined;
  readonly refusedAfter?: number;
}

/** The source refused the token, and there is a newer one. */
class TokenRenewedError extends Error {
  override readonly name = 'TokenRenewedError';
}

/** Opens CareSoft over HTTP. */
export function openChatSource(options: CareSoftOptions): ChatSource {
  const { baseUrl, rateLimiter, retryPolicy, onRetry } = options;
  const token = new TokenInUse(options.token);
  let hasAnswered = false;
  // One at a time: if the new token is refused too, the rate limiter closes before another request uses it.
  const renewalQueue = pLimit(1);
  const http = ky.create({
    headers: { accept: 'application/json', 'user-agent': 'chat-report' },
    // The retry loop below covers sending, reading and checking: only reading shows a cut body, or an error with
    // status 200.
    retry: 0,
    timeout: false,
    throwHttpErrors: false,
    redirect: 'manual',
  });

  async function ask<Content extends object>(
    path: string,
    params: string,
    read: (answer: RawAnswer) => Content,
    signal: AbortSignal | undefined,
    { giveUpAfterMs = retryPolicy.giveUpAfterMs, notifyRetry = onRetry, refusedAfter }: AttemptOptions = {},
  ): Promise<Omit<Answer, 'rows'> & Content> {
    const judgeRepeat = judgeRepeats(refusedAfter);
    const send = async (isNewToken: boolean) => {
      const askedAt = new Date().toISOString();
      const secret = token.value;
      const url = `${baseUrl}/api/v1/${path}?${params}`;
      const answer = await fetchWhole(http, { url, secret }, retryPolicy.attemptMs, signal);
      let content: Content;
      try {
        content = read({ ...answer, secret });
      } catch (error) {
        const isRefusal = answer.status === 401 && !(error instanceof LockedOutError);
        if (isRefusal && !isNewToken) await renewOrThrow(secret, error);
        throw error;
      }
      hasAnswered = true;
      const { status, body } = answer;
      return { params, status, body, askedAt, answeredAt: new Date().toISOString(), ...content };
    };
    const sendOrRenew = async (attemptNumber: number) => {
      // The token is read before the turn to send. A slow read at the moment of sending would bunch requests.
      await token.ready();
      try {
        return await rateLimiter.run(() => send(false), signal);
      } catch (error) {
        if (!(error instanceof TokenRenewedError)) throw error;
        notifyRetry?.({ attempt: attemptNumber, problem: error.message, isThrottled: false });
        return await renewalQueue(() => rateLimiter.run(() => send(true), signal));
      }
    };
    const attempt = async (attemptNumber: number) => {
      try {
        return await sendOrRenew(attemptNumber);
      } catch (error) {
        throw judgeRepeat(error);
      }
    };
    const startedAt = performance.now();
    const isHopeless = (error: Error): boolean =>
      isUnreachable(error) && performance.now() - startedAt > giveUpAfterMs * UNREACHABLE_SHARE;
    return await pRetry(attempt, {
      retries: Number.POSITIVE_INFINITY,
      maxRetryTime: giveUpAfterMs,
      minTimeout: retryPolicy.firstDelayMs,
      maxTimeout: retryPolicy.firstDelayMs * 16,
      randomize: true,
      ...(signal && { signal }),
      shouldRetry: ({ error, attemptNumber }) =>
        !rateLimiter.isClosed && isTemporary(error, retryPolicy, attemptNumber) && !isHopeless(error),
      onFailedAttempt: ({ error, attemptNumber }) => {
        if (!isTemporary(error, retryPolicy, attemptNumber)) return;
        const isThrottled = error instanceof ThrottledError;
        notifyRetry?.({ attempt: attemptNumber, problem: error.message, isThrottled });
      },
    });
  }

  /**
   * Reads the token again after a refusal. It runs within the turn of the refused request, so the rate limiter does not
   * close because of an old token.
   *
   * @throws TokenRenewedError if there is a newer token. It returns if there is none.
   */
  async function renewOrThrow(refused: string, refusal: unknown): Promise<void> {
    let isRenewed: boolean;
    try {
      isRenewed = await token.renew(refused);
    } catch (cause) {
      if (cause instanceof SecretUnreadableError) throw cause;
      const why = cause instanceof Error ? cause.message : String(cause);
      const isOfToken = refusal instanceof TokenRefusedError;
      throw isOfToken ? new TokenRefusedError(`${refusal.message}; ${why}`, { cause }) : refusal;
    }
    if (isRenewed) throw new TokenRenewedError('the token was refused, and is replaced by a newer one');
  }

  return {
    get hasAnswered() {
      return hasAnswered;
    },
    count: async (slice, options) => (await askChats(slice, { page: 1, size: 1 }, options)).numFound,
    answer: askChats,
    names: (kind, signal) =>
      ask(kind, '', (answer) => readReferenceDataAnswer(answer, kind), signal, {
        giveUpAfterMs: retryPolicy.giveUpAfterMs * NAMES_GIVE_UP_SHARE,
      }),
  };

  function askChats(
    slice: Slice,
    page: PageNumber,
    { signal, onRetry: notifyRetry = onRetry, refusedAfter }: AskOptions = {},
  ): Promise<ChatsAnswer> {
    const attempts = { notifyRetry, ...(refusedAfter !== undefined && { refusedAfter }) };
    return ask('chats', withPage(slice, page).toString(), readChatsAnswer, signal, attempts);
  }
}

/**
 * Judges the errors of one request in their order. A message that CareSoft repeats often enough is a refusal.
 * An error without a message is a refusal only if the caller sets a number.
 */
function judgeRepeats(refusedAfter: number | undefined): (error: unknown) => unknown {
  let [lastMessage, times]: [string | null, number] = [null, 0];
  return (error) => {
    const message = error instanceof UnavailableError ? error.words : null;
    times = message === lastMessage ? times + 1 : 1;
    lastMessage = message;
    if (message === null) return error;
    const enough = refusedAfter ?? (message === '' ? Number.POSITIVE_INFINITY : REFUSED_AFTER);
    return times < enough ? error : new RefusedError(message || 'refused without a word', { cause: error });
  };
}

interface Request {
  readonly url: string;
  /** The token. */
  readonly secret: string;
}

async function fetchWhole(
  http: KyInstance,
  request: Request,
  attemptMs: number,
  signal: AbortSignal | undefined,
): Promise<Omit<RawAnswer, 'secret'>> {
  const attempt = new AbortController();
  try {
    // Not AbortSignal.timeout or .any: after a garbage collection between headers and body they never fire
    // (seen on Node 24.21). An answer that stalls would then never end.
    return await pTimeout(readWhole(http, request, attempt.signal), {
      milliseconds: attemptMs,
      ...(signal && { signal }),
    });
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof UnavailableError) throw error;
    const problem =
      error instanceof TimeoutError
        ? `gave no whole answer within ${attemptMs / 1_000} s`
        : `could not be reached, or broke off: ${causeCodeOf(error)}`;
    throw new UnavailableError(problem, { cause: error, isOfConnection: true });
  } finally {
    attempt.abort();
  }
}

async function readWhole(
  http: KyInstance,
  { url, secret }: Request,
  signal: AbortSignal,
): Promise<Omit<RawAnswer, 'secret'>> {
  const response = await http.get(url, { signal, headers: { authorization: `Bearer ${secret}` } });
  const header = response.headers.get('retry-after') ?? '';
  const wait = readRetryAfter(header, Date.now());
  return {
    status: response.status,
    contentType: response.headers.get('content-type') ?? '',
    retryAfter: wait && { ...wait, header },
    body: await readBody(response),
  };
}

/** Unpacks a body piece by piece and limits its size: a few packed bytes can unpack to millions. */
async function readBody(response: Response): Promise<Uint8Array> {
  if (Number(response.headers.get('content-length')) > BOUNDS.answerBytes) throw answerTooLarge();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of response.body ?? []) {
    bytes += piece.byteLength;
    if (bytes > BOUNDS.answerBytes) throw answerTooLarge();
    chunks.push(piece);
  }
  return Buffer.concat(chunks, bytes);
}

function answerTooLarge(): UnavailableError {
  const problem = `answered more than ${BOUNDS.answerBytes / 1_024 / 1_024} MB`;
  return new UnavailableError(problem, { isUnfit: true });
}

/** An unfit answer may be an accident once, but not twice. */
const MAX_UNFIT_ANSWERS = 2;

function isTemporary(error: Error, { longestWaitMs }: RetryPolicy, attempts: number): boolean {
  if (error instanceof ThrottledError) return (error.retryAfterMs ?? 0) <= longestWaitMs;
  return error instanceof UnavailableError && !(error.isUnfit && attempts >= MAX_UNFIT_ANSWERS);
}
