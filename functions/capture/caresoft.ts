import type { ChatsQuery, PageNumber } from './chats-query.ts';

/** One answer of CareSoft, read to its end and checked. Times are ISO 8601 in UTC. */
export interface Answer {
  /** The query string that was sent. */
  readonly params: string;
  readonly status: number;
  /** As it was received, to the byte. */
  readonly body: Uint8Array;
  /** What the body is read in; left out where that is UTF-8. */
  readonly charset?: string;
  /** As they came; integers beyond 2^53 − 1 are bigint. */
  readonly rows: readonly unknown[];
  readonly askedAt: string;
  readonly answeredAt: string;
}

export interface ChatsAnswer extends Answer {
  /** The rows that match the query, on all its pages. */
  readonly numFound: number;
  /** So many of the rows are not as they came, because they were of somebody who was erased; left out where none was. */
  readonly erased?: number;
}

/** What else of the account is asked: who answers chats, and what customers wrote to. */
export type DirectoryName = 'agents' | 'services';

/** A try that failed and is repeated. */
export interface Retry {
  readonly attempt: number;
  readonly problem: string;
  /** It was a 429. */
  readonly isThrottled: boolean;
}

/**
 * The account's CareSoft. Either call tries again for what may pass, and fails with one of `errors.ts`.
 */
export interface CareSoft {
  /** Whether it has answered since it was opened: its address and token were right then. */
  readonly hasAnswered?: boolean;
  askChats(
    query: ChatsQuery,
    page: PageNumber,
    signal?: AbortSignal,
    onRetry?: (retry: Retry) => void,
  ): Promise<ChatsAnswer>;
  /** `groups` is only looked at, never kept: a chat names its group itself. */
  askDirectory(name: DirectoryName | 'groups', signal?: AbortSignal): Promise<Answer>;
}
