import type { Context } from 'hono';
import * as z from 'zod';
import { type PartProblem, Problem } from './problem.ts';
import type { Input } from './route.ts';

/** A range of days with every field set is a twentieth of it. */
const MOST_BODY_BYTES = 8_192;

/** Nothing is asked with but the path itself: what a route takes more stands in its place. */
export const BARE = {
  params: z.object({}),
  query: z.strictObject({}),
  headers: z.object({}),
  body: z.undefined(),
};

/** @throws Problem that names each part that is wrong */
export async function readInput<Its extends Input>(context: Context, input: Its): Promise<z.output<Its>> {
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

/** What is said once is a text; what is said several times is none. */
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
