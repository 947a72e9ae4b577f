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
  type Slice,
  ThrottledError,
  TokenMissingError,
  TokenRefusedError,
  UnavailableError,
} from '../source.ts';
import { TokenInUse, type TokenSource } from './credentials.ts';
import { withPage } from './query.ts';
import type { RateLimiter } from './rate-limiter.ts';
import { type RawAnswer, readChatsAnswer, readReferenceDataAnswer } from './response.ts';
import { type RetryPolicy, readRetryAfter } from './retry-policy.ts';

/** Where there is no way to CareSoft, half of the time shows it as well as all of it. */
const UNREACHABLE_SHARE = 1 / 2;
/** The same sentence so many times running is meant, unless the question says otherwise. */
const REFUSED_AFTER = 3;
/** Names are asked for a shorter time than chats: the report stands without them. */
const NAMES_GIVE_UP_SHARE = 1 / 6;

export interface CareSoftOptions {
  /** `https://api.caresoft.vn/{domain}`. */
  readonly baseUrl: string;
  readonly token: TokenSource;
  readonly rateLimiter: RateLimiter;
  readonly retryPolicy: RetryPolicy;
  /** Told of each try that failed and will be repeated. */
  readonly onRetry?: (retry: Retry) => void;
}

/** How one request is tried, where that is not as all are. */
interface Trying {
  readonly giveUpAfterMs?: number;
  readonly retried?: ((retry: Retry) => void) | undefined;
  readonly refusedAfter?: number;
}

/** The token was refused, and there is another one since. */
class TokenRenewedError extends Error {
  override readonly name = 'TokenRenewedError';
}

/** CareSoft over HTTP. */
export function openCareSoft(options: CareSoftOptions): ChatSource {
  const { baseUrl, rateLimiter, retryPolicy, onRetry } = options;
  const token = new TokenInUse(options.token);
  let hasAnswered = false;
  // One at a time: a token that is refused once more closes the budget before another request tries it.
  const withNewToken = pLimit(1);
  const http = ky.create({
    headers: { accept: 'application/json', 'user-agent': 'chat-report' },
    // One retry loop, below, around sending, reading and checking: a cut body or an error that says 200 is
    // known only when it is read.
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
    { giveUpAfterMs = retryPolicy.giveUpAfterMs, retried = onRetry, refusedAfter }: Trying = {},
  ): Promise<Omit<Answer, 'rows'> & Content> {
    const toMeant = whereRepeated(refusedAfter);
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
      // Not at the moment of sending, which reading a secret would put off, and requests would bunch.
      await token.ready();
      try {
        return await rateLimiter.run(() => send(false), signal);
      } catch (error) {
        if (!(error instanceof TokenRenewedError)) throw error;
        retried?.({ attempt: attemptNumber, problem: error.message, isThrottled: false });
        return await withNewToken(() => rateLimiter.run(() => send(true), signal));
      }
    };
    const attempt = async (attemptNumber: number) => {
      try {
        return await sendOrRenew(attemptNumber);
      } catch (error) {
        throw toMeant(error);
      }
    };
    const beganAt = performance.now();
    const isHopeless = (error: Error): boolean =>
      isUnreachable(error) && performance.now() - beganAt > giveUpAfterMs * UNREACHABLE_SHARE;
    return await pRetry(attempt, {
      retries: Number.POSITIVE_INFINITY,
      maxRetryTime: giveUpAfterMs,
      minTimeout: retryPolicy.firstDelayMs,
      maxTimeout: retryPolicy.firstDelayMs * 16,
      randomize: true,
      ...(signal && { signal }),
      shouldRetry: ({ error, attemptNumber }) =>
        !rateLimiter.isClosed && mayPass(error, retryPolicy, attemptNumber) && !isHopeless(error),
      onFailedAttempt: ({ error, attemptNumber }) => {
        if (!mayPass(error, retryPolicy, attemptNumber)) return;
        const isThrottled = error instanceof ThrottledError;
        retried?.({ attempt: attemptNumber, problem: error.message, isThrottled });
      },
    });
  }

  /**
   * Within the turn of the request that was refused, so that the budget does not close over a token that is replaced.
   *
   * @throws TokenRenewedError where there is another token; returns where there is not.
   */
  async function renewOrThrow(refused: string, refusal: unknown): Promise<void> {
    let isRenewed: boolean;
    try {
      isRenewed = await token.renew(refused);
    } catch (cause) {
      if (cause instanceof TokenMissingError) throw cause;
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
    { signal, onRetry: retried = onRetry, refusedAfter }: AskOptions = {},
  ): Promise<ChatsAnswer> {
    const trying = { retried, ...(refusedAfter !== undefined && { refusedAfter }) };
    return ask('chats', withPage(slice, page).toString(), readChatsAnswer, signal, trying);
  }
}

/**
 * What the failures of one question mean, given one after another: what CareSoft says so often running it means. Of an
 * error without a sentence that is for the question to say.
 */
function whereRepeated(refusedAfter: number | undefined): (error: unknown) => unknown {
  let [said, times]: [string | null, number] = [null, 0];
  return (error) => {
    const words = error instanceof UnavailableError ? error.words : null;
    times = words === said ? times + 1 : 1;
    said = words;
    if (words === null) return error;
    const enough = refusedAfter ?? (words === '' ? Number.POSITIVE_INFINITY : REFUSED_AFTER);
    return times < enough ? error : new RefusedError(words || 'refused without a word', { cause: error });
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
    // Not AbortSignal.timeout or .any: once a collection has run between headers and body, those never fire
    // (seen on Node 24.21), and an answer that stalls is waited for for ever.
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

/** Unpacked a piece at a time, so that no more is held than an answer may have: some few bytes can be packed millions. */
async function readBody(response: Response): Promise<Uint8Array> {
  if (Number(response.headers.get('content-length')) > BOUNDS.answerBytes) throw tooLarge();
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of response.body ?? []) {
    bytes += piece.byteLength;
    if (bytes > BOUNDS.answerBytes) throw tooLarge();
    pieces.push(piece);
  }
  return Buffer.concat(pieces, bytes);
}

function tooLarge(): UnavailableError {
  const problem = `answered more than ${BOUNDS.answerBytes / 1_024 / 1_024} MB`;
  return new UnavailableError(problem, { isUnfit: true });
}

/** What an answer is not fit for may be an accident once, and is none twice. */
const MOST_UNFIT = 2;

function mayPass(error: Error, { longestWaitMs }: RetryPolicy, attempts: number): boolean {
  if (error instanceof ThrottledError) return (error.retryAfterMs ?? 0) <= longestWaitMs;
  return error instanceof UnavailableError && !(error.isUnfit && attempts >= MOST_UNFIT);
}
