import type { Slice } from './slice.ts';

/** One answer, read to its end and checked. Times are ISO 8601 in UTC. */
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
  /** The rows that match the slice, on all its pages. */
  readonly numFound: number;
  /** So many of the rows are not as they came, because they were of somebody who was erased; left out where none was. */
  readonly erased?: number;
}

/** One page of a slice: `page` from 1, `size` from 1 to {@link LARGEST_PAGE}. */
export interface PageNumber {
  readonly page: number;
  readonly size: number;
}

/** More rows than this in one page CareSoft does not give. */
export const LARGEST_PAGE = 500;

/** What else of the account is asked: who answers chats, and what customers wrote to. */
export type DirectoryName = 'agents' | 'services';

/** A try that failed and is repeated. */
export interface Retry {
  readonly attempt: number;
  readonly problem: string;
  /** It was a 429. */
  readonly isThrottled: boolean;
}

export interface AskOptions {
  readonly signal?: AbortSignal | undefined;
  /** Told of each try that failed and will be repeated. */
  readonly onRetry?: ((retry: Retry) => void) | undefined;
  /** The same sentence of refusal, so many times running, is taken for a refusal for good; left out: three times. */
  readonly refusedAfter?: number;
}

/** Where chats come from. Each call tries again for what may pass, and fails with one of `errors.ts`. */
export interface ChatSource {
  /** Whether it has answered since it was opened: its address and token were right then. */
  readonly hasAnswered?: boolean;
  /** How many rows match the slice. */
  count(slice: Slice, options?: AskOptions): Promise<number>;
  answer(slice: Slice, page: PageNumber, options?: AskOptions): Promise<ChatsAnswer>;
  /** `groups` is only looked at, never kept: a chat names its group itself. */
  names(kind: DirectoryName | 'groups', signal?: AbortSignal): Promise<Answer>;
}
