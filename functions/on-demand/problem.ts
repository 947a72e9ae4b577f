import { toJsonText } from '../chat/write-json.ts';

/** What is wrong with one part of a request: of its body, its query and path, or its headers. */
export type PartProblem = { readonly detail: string } & (
  | { readonly pointer: string }
  | { readonly parameter: string }
  | { readonly header: string }
);

/** The forms that an error takes; the names are those of RFC 9110. */
const TITLES = {
  400: 'Bad Request',
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  500: 'Internal Server Error',
} as const;
export type ProblemStatus = keyof typeof TITLES;

export const PROBLEM_TYPE = 'application/problem+json';

/** An answer that is none of those asked for. Whoever asked reads all of it, so nothing internal is in it. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: ProblemStatus;
  readonly errors: readonly PartProblem[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: ProblemStatus,
    detail: string,
    more: {
      readonly errors?: readonly PartProblem[];
      readonly headers?: Readonly<Record<string, string>>;
    } = {},
  ) {
    super(detail);
    this.status = status;
    this.errors = more.errors ?? [];
    this.headers = more.headers ?? {};
  }
}

/** As RFC 9457 writes it. */
export function toResponse({ status, message, errors, headers }: Problem): Response {
  const body = {
    type: 'about:blank',
    title: TITLES[status],
    status,
    detail: message,
    ...(errors.length > 0 && { errors }),
  };
  return new Response(toJsonText(body), {
    status,
    headers: { 'content-type': PROBLEM_TYPE, 'cache-control': 'no-store', ...headers },
  });
}
