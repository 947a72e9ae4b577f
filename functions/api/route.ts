import { createHash } from 'node:crypto';
import type { Context, Hono } from 'hono';
import * as z from 'zod';
import type { Log } from '../observability/log.ts';
import { problemOf } from '../observability/redact.ts';
import { toJsonText } from '../text/write-json.ts';

/** What is wrong with one part of a request: its body, its path or query, or its headers. */
export type PartProblem = { readonly detail: string } & (
  | { readonly pointer: string }
  | { readonly parameter: string }
  | { readonly header: string }
);

/** The statuses of errors, with their names of RFC 9110. */
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

/** An error as the caller sees it. It holds nothing internal. */
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

/** The problem as RFC 9457 defines it. */
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

/** A body with every field set needs a twentieth of it. */
const MOST_BODY_BYTES = 8_192;

/** The input of a route that takes nothing but its path. Routes replace the parts that they take. */
export const NO_INPUT = {
  params: z.object({}),
  query: z.strictObject({}),
  headers: z.object({}),
  body: z.undefined(),
};

/** @throws Problem that names all wrong parts */
async function readInput<Its extends Input>(context: Context, input: Its): Promise<z.output<Its>> {
  const { req } = context;
  const read = input.safeParse({
    params: req.param(),
    query: readQuery(req.queries()),
    headers: req.header(),
    body: req.method === 'POST' ? await readBody(context) : undefined,
  });
  if (read.success) return read.data;
  const errors = read.error.issues.flatMap(toPartProblems);
  throw new Problem(400, 'The request is not understood; errors says what is wrong with which part of it.', {
    errors,
  });
}

/** A parameter that is given once is a text; one that is given several times is a list, which schemas refuse. */
function readQuery(queries: Record<string, string[]>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(queries).map(([name, values]) => [name, values.length === 1 ? values[0] : values]),
  );
}

async function readBody({ req }: Context): Promise<unknown> {
  const [type = ''] = (req.header('content-type') ?? '').split(';');
  const text = await readText(req.raw.body);
  if (type.trim().toLowerCase() !== 'application/json') {
    throw new Problem(415, 'The body must be JSON, and its Content-Type application/json.', {
      headers: { accept: 'application/json' },
    });
  }
  const parsed = parseJson(text);
  if (parsed !== null) return parsed.value;
  const errors = [{ pointer: '', detail: 'is no JSON' }];
  throw new Problem(400, 'The body cannot be read as JSON.', { errors });
}

function parseJson(text: string): { readonly value: unknown } | null {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return null;
  }
}

/** A body that is too large is not read to its end. */
async function readText(body: ReadableStream<Uint8Array> | null): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MOST_BODY_BYTES) {
      throw new Problem(413, `The body is larger than ${MOST_BODY_BYTES} bytes, the most that is taken.`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function toPartProblems(issue: z.core.$ZodIssue): PartProblem[] {
  const { path } = issue;
  if (issue.code !== 'unrecognized_keys') return [toPartProblem(path, issue.message)];
  return issue.keys.map((key) => toPartProblem([...path, key], 'is unknown'));
}

const toUpper = (letter: string): string => letter.toUpperCase();

function toPartProblem([part, ...rest]: readonly PropertyKey[], detail: string): PartProblem {
  const names = rest.map(String);
  // Read in small letters, and written as everybody does.
  if (part === 'headers') return { header: names.join('.').replaceAll(/\b[a-z]/g, toUpper), detail };
  if (part === 'body') {
    // A JSON Pointer, RFC 6901.
    const pointer = names.map((name) => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
    return { pointer, detail };
  }
  return { parameter: names.join('.'), detail };
}

/** One way of answering, for the OpenAPI document. */
export interface RouteAnswer {
  readonly description: string;
  /** The meaning of each header. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The schema by media type; null for a text. */
  readonly content?: Readonly<Record<string, z.ZodType | null>>;
}

/** The schemas of a request. They check it, and the OpenAPI document is made from them. */
export type Input = z.ZodObject<{
  params: z.ZodObject;
  query: z.ZodObject;
  headers: z.ZodObject;
  body: z.ZodType;
}>;

interface Description {
  readonly method: 'get' | 'post';
  /** Parameters stand in braces. */
  readonly path: `/${string}`;
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** Whether the route needs no signature. */
  readonly isOpen?: boolean;
  readonly answers: Readonly<Record<number, RouteAnswer>>;
}

interface RouteOf<Its extends Input> extends Description {
  readonly input: Its;
  handle(input: z.output<Its>, context: Context): Promise<Response> | Response;
}

/** A route with its documentation: neither can be without the other. */
export interface Route extends Description {
  readonly input: Input;
  mount(app: Hono, log: Log): void;
}

export function route<Its extends Input>(of: RouteOf<Its>): Route {
  const { method, path } = of;
  const answer = async (context: Context, log: Log): Promise<Response> => {
    try {
      return await of.handle(await readInput(context, of.input), context);
    } catch (error) {
      if (error instanceof Problem) return toResponse(error);
      logFailure(error, { method, route: path }, log);
      return toResponse(unexpectedProblem());
    }
  };
  return {
    ...of,
    mount: (app, log) => app.on([method.toUpperCase()], [patternOf(path)], (context) => answer(context, log)),
  };
}

/** Answers 405 to other methods of a path, and names those that it has. HEAD goes with GET. */
export function mountOtherMethods(app: Hono, routes: readonly Route[]): void {
  for (const path of new Set(routes.map((one) => one.path))) {
    const allow = routes
      .filter((one) => one.path === path)
      .flatMap(({ method }) => (method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()]))
      .join(', ');
    app.all(patternOf(path), ({ req }) =>
      toResponse(
        new Problem(405, `${req.method} is no method of ${path}; there are ${allow}.`, {
          headers: { allow },
        }),
      ),
    );
  }
}

/** Logs an unexpected error. @param of the route by its pattern: the path itself may hold personal data */
export function logFailure(
  error: unknown,
  of: { readonly method: string; readonly route: string },
  log: Log,
): void {
  log({ event: 'request-failed', ...of, problem: problemOf(error) });
}

export function unexpectedProblem(): Problem {
  return new Problem(500, 'Something went wrong here. It has been noted; please ask again later.');
}

function patternOf(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1');
}

export interface Content {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly type: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Only the caller's own cache may keep an answer, and it must ask before each use: a day may be reported again. */
const CACHING = 'private, no-cache';

/** Answers with the content, or with 304 where the caller has it already. The tag is a hash of the content. */
export function answerWith(context: Context, { bytes, type, headers = {} }: Content): Response {
  const etag = `"${createHash('sha256').update(bytes).digest('hex').slice(0, 32)}"`;
  const kept = { etag, 'cache-control': CACHING, ...headers };
  if (matchesTag(context.req.header('if-none-match'), etag)) {
    return new Response(null, { status: 304, headers: kept });
  }
  return new Response(bytes, { headers: { ...kept, 'content-type': type } });
}

/** Compares weakly, as RFC 9110 demands for reading. */
function matchesTag(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === '*') return true;
  return ifNoneMatch.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
}

export function toBytes(value: unknown): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(toJsonText(value));
}

/** A report loads nothing from outside. So a text in it, such as a customer's name, cannot do so either. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
};

interface Range {
  readonly type: string;
  readonly quality: number;
}

/**
 * The best media type for the caller (RFC 9110, 12.5.1). Of two equal ones, the one that `Accept` names more exactly comes
 * first, then the one that is offered first.
 *
 * @param accept the header; missing or empty, it accepts everything
 * @returns null where no offer is accepted
 */
export function negotiate<Offer extends string>(
  accept: string | undefined,
  offers: readonly Offer[],
): Offer | null {
  const ranges = (accept?.trim() || '*/*').split(',').flatMap(readRange);
  const judged = offers.map((offer) => ({ offer, ...rateOffer(offer, ranges) }));
  const [best] = judged.toSorted((a, b) => b.quality - a.quality || b.exactness - a.exactness);
  return best && best.quality > 0 ? best.offer : null;
}

function rateOffer(offer: string, ranges: readonly Range[]): { quality: number; exactness: number } {
  const [kind = ''] = offer.split('/');
  for (const [place, type] of [offer, `${kind}/*`, '*/*'].entries()) {
    const found = ranges.find((range) => range.type === type);
    if (found) return { quality: found.quality, exactness: 3 - place };
  }
  return { quality: 0, exactness: 0 };
}

function readRange(text: string): Range[] {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  if (!/^[^\s/]+\/[^\s/]+$/.test(type)) return [];
  const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? '1';
  return /^(0(\.\d{0,3})?|1(\.0{0,3})?)$/.test(quality) ? [{ type, quality: Number(quality) }] : [];
}
