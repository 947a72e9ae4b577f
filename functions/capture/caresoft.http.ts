import ky, { type KyInstance } from 'ky';
import pRetry from 'p-retry';
import pTimeout, { TimeoutError } from 'p-timeout';
import { errorCodeOf } from '../log/error-code.ts';
import type { Answer, CareSoft, Retry } from './caresoft.ts';
import { withPage } from './chats-query.ts';
import { ThrottledError, UnavailableError } from './errors.ts';
import type { Patience } from './patience.ts';
import { type RawAnswer, readChatsAnswer, readDirectoryAnswer } from './read-answer.ts';
import type { RequestBudget } from './request-budget.ts';

/** Names are asked for a shorter time than chats: the report stands without them. */
const NAMES_GIVE_UP_SHARE = 1 / 6;

export interface CareSoftOptions {
  /** `https://api.caresoft.vn/{domain}`. */
  readonly baseUrl: string;
  readonly token: string;
  readonly budget: RequestBudget;
  readonly patience: Patience;
  /** Told of each try that failed and will be repeated. */
  readonly onRetry?: (retry: Retry) => void;
}

/** How one request is tried, where that is not as all are. */
interface Trying {
  readonly giveUpAfterMs?: number;
  readonly retried?: ((retry: Retry) => void) | undefined;
}

/** CareSoft over HTTP. */
export function openCareSoft(options: CareSoftOptions): CareSoft {
  const { baseUrl, token, budget, patience, onRetry } = options;
  const http = ky.create({
    headers: { authorization: `Bearer ${token}`, accept: 'application/json', 'user-agent': 'chat-report' },
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
    { giveUpAfterMs = patience.giveUpAfterMs, retried = onRetry }: Trying = {},
  ): Promise<Omit<Answer, 'rows'> & Content> {
    const send = async () => {
      const askedAt = new Date().toISOString();
      const answer = await fetchWhole(
        http,
        `${baseUrl}/api/v1/${path}?${params}`,
        patience.attemptMs,
        signal,
      );
      const content = read({ ...answer, secret: token });
      const { status, body } = answer;
      return { params, status, body, askedAt, answeredAt: new Date().toISOString(), ...content };
    };
    return await pRetry(() => budget.run(send, signal), {
      retries: Number.POSITIVE_INFINITY,
      maxRetryTime: giveUpAfterMs,
      minTimeout: patience.firstDelayMs,
      maxTimeout: patience.firstDelayMs * 16,
      randomize: true,
      ...(signal && { signal }),
      shouldRetry: ({ error }) => !budget.isClosed && mayPass(error, patience),
      onFailedAttempt: ({ error, attemptNumber }) => {
        if (mayPass(error, patience)) retried?.({ attempt: attemptNumber, problem: error.message });
      },
    });
  }

  return {
    askChats: (query, page, signal, retried = onRetry) =>
      ask('chats', withPage(query, page).toString(), readChatsAnswer, signal, { retried }),
    askDirectory: (name, signal) =>
      ask(name, '', (answer) => ({ rows: readDirectoryAnswer(answer, name) }), signal, {
        giveUpAfterMs: patience.giveUpAfterMs * NAMES_GIVE_UP_SHARE,
      }),
  };
}

async function fetchWhole(
  http: KyInstance,
  url: string,
  attemptMs: number,
  signal: AbortSignal | undefined,
): Promise<Omit<RawAnswer, 'secret'>> {
  const attempt = new AbortController();
  try {
    // Not AbortSignal.timeout or .any: once a collection has run between headers and body, those never fire
    // (seen on Node 24.21), and an answer that stalls is waited for for ever.
    return await pTimeout(readWhole(http, url, attempt.signal), {
      milliseconds: attemptMs,
      ...(signal && { signal }),
    });
  } catch (error) {
    signal?.throwIfAborted();
    const problem =
      error instanceof TimeoutError
        ? `gave no whole answer within ${attemptMs / 1_000} s`
        : `could not be reached, or broke off: ${codeOf(error)}`;
    throw new UnavailableError(problem, { cause: error });
  } finally {
    attempt.abort();
  }
}

async function readWhole(
  http: KyInstance,
  url: string,
  signal: AbortSignal,
): Promise<Omit<RawAnswer, 'secret'>> {
  const response = await http.get(url, { signal });
  return {
    status: response.status,
    contentType: response.headers.get('content-type') ?? '',
    retryAfterMs: readRetryAfter(response.headers.get('retry-after')),
    body: new Uint8Array(await response.arrayBuffer()),
  };
}

/** Seconds or a date, as HTTP has it. */
function readRetryAfter(text: string | null): number | null {
  if (text === null) return null;
  const ms = /^\d+$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - Date.now();
  return Number.isNaN(ms) ? null : Math.max(0, ms);
}

function mayPass(error: Error, { longestWaitMs }: Patience): boolean {
  if (error instanceof ThrottledError) return (error.retryAfterMs ?? 0) <= longestWaitMs;
  return error instanceof UnavailableError;
}

/** The system's own code, such as ECONNREFUSED, which fetch hides in the cause. */
function codeOf(error: unknown): string {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const code = errorCodeOf(cause);
    if (code !== null) return code;
  }
  return error instanceof Error ? error.name : 'unknown';
}
