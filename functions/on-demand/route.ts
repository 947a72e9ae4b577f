import type { Context, Hono } from 'hono';
import type * as z from 'zod';
import type { Log } from '../log/log.ts';
import { problemOf } from '../log/redact.ts';
import { Problem, toResponse } from './problem.ts';
import { readInput } from './read-input.ts';

/** One way of answering, for the OpenAPI document. */
export interface RouteAnswer {
  readonly description: string;
  /** What each header says. */
  readonly headers?: Readonly<Record<string, string>>;
  /** By media type; null for a text. */
  readonly content?: Readonly<Record<string, z.ZodType | null>>;
}

/** Where everything that is asked with is looked for: what the OpenAPI document says is what is checked. */
export type Input = z.ZodObject<{
  params: z.ZodObject;
  query: z.ZodObject;
  headers: z.ZodObject;
  body: z.ZodType;
}>;

interface Description {
  readonly method: 'get' | 'post';
  /** With its parameters in braces. */
  readonly path: `/${string}`;
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** Whether it needs no signature. */
  readonly isOpen?: boolean;
  readonly answers: Readonly<Record<number, RouteAnswer>>;
}

interface RouteOf<Its extends Input> extends Description {
  readonly input: Its;
  handle(input: z.output<Its>, context: Context): Promise<Response> | Response;
}

/** What is served and what is documented, in one: neither can be without the other. */
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
      return toResponse(unforeseen());
    }
  };
  return {
    ...of,
    mount: (app, log) => app.on([method.toUpperCase()], [patternOf(path)], (context) => answer(context, log)),
  };
}

/** Whoever is at another method of a path is told which there are. GET stands for HEAD too. */
export function mountOthers(app: Hono, routes: readonly Route[]): void {
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

/** What nobody foresaw is told to the log, and to nobody else. `route`: without what was asked for. */
export function logFailure(
  error: unknown,
  of: { readonly method: string; readonly route: string },
  log: Log,
): void {
  log({ event: 'request-failed', ...of, problem: problemOf(error) });
}

export function unforeseen(): Problem {
  return new Problem(500, 'Something went wrong here. It has been noted; please ask again later.');
}

function patternOf(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1');
}
