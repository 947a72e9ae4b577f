import type * as z from 'zod';
import { chatsSchema, directorySchemas, envelopeSchema } from '../chat/contract.ts';
import { parseExactBody } from '../chat/exact-json.ts';
import { redact } from '../log/redact.ts';
import { BannedError, RefusedError, ThrottledError, TokenRefusedError, UnavailableError } from './errors.ts';

/** What came over the wire, before anything is believed of it. */
export interface RawAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly retryAfterMs: number | null;
  readonly body: Uint8Array;
  /** The token, which must not be repeated from whatever CareSoft says. */
  readonly secret: string;
}

/** What CareSoft says when it states none. */
const BAN_MINUTES = 15;
const LONGEST_MESSAGE = 200;

export function readChatsAnswer(answer: RawAnswer): { numFound: number; rows: unknown[] } {
  const { numFound, chats } = readAs(chatsSchema, answer);
  return { numFound, rows: chats };
}

export function readDirectoryAnswer(answer: RawAnswer, name: keyof typeof directorySchemas): unknown[] {
  try {
    return Object.values(readAs(directorySchemas[name], answer)).flat();
  } catch (error) {
    const isRefused = error instanceof RefusedError || error instanceof TokenRefusedError;
    // A token that may not read names may read chats all the same.
    throw isRefused ? new RefusedError(error.message, false) : error;
  }
}

/** @throws one of `errors.ts`, by what the answer means rather than by its status alone. */
function readAs<Schema extends z.ZodType>(schema: Schema, answer: RawAnswer): z.infer<Schema> {
  if (answer.status !== 200) throw toError(answer);
  if (!answer.contentType.includes('json')) {
    throw new UnavailableError(`answered ${answer.contentType || 'without a content type'} instead of JSON`);
  }
  const content = parse(answer.body);
  const envelope = envelopeSchema.safeParse(content);
  if (!envelope.success) throw new UnavailableError('answered JSON without a code');
  const { code, message = '' } = envelope.data;
  // "errors" comes with HTTP 200 too.
  if (code.toLowerCase() !== 'ok') {
    throw (
      toBan(message) ??
      new UnavailableError(`answered code "${clip(code, answer.secret)}": ${clip(message, answer.secret)}`)
    );
  }
  const read = schema.safeParse(content);
  if (read.success) return read.data;
  const fields = read.error.issues.map((issue) => issue.path.join('.')).join(', ');
  throw new UnavailableError(`answered without a readable ${fields}`);
}

function toError({ status, body, retryAfterMs, secret }: RawAnswer): Error {
  const message = messageOf(body, secret);
  const says = message === '' ? `HTTP ${status}` : `HTTP ${status}: ${message}`;
  const ban = toBan(message);
  if (ban) return ban;
  if (status === 401) return new TokenRefusedError('the token was refused');
  if (status === 429) return new ThrottledError('too many requests', retryAfterMs);
  if (status === 408 || status >= 500) return new UnavailableError(says);
  if (status >= 300 && status < 400)
    return new RefusedError(`${says}: a redirect, which is not followed`, true);
  return new RefusedError(says, status === 403 || status === 404);
}

/** The lockout wears the clothes of a wrong domain: a 404 whose message names a wait. */
function toBan(message: string): BannedError | null {
  if (!/too many times/i.test(message)) return null;
  const minutes = Number(/(\d{1,4})\s*minute/i.exec(message)?.[1] ?? BAN_MINUTES);
  return new BannedError(`locked out for ${minutes} minutes`, minutes * 60_000);
}

function parse(body: Uint8Array): unknown {
  try {
    return parseExactBody(body);
  } catch (error) {
    throw new UnavailableError('answered what is not JSON', { cause: error });
  }
}

/** An error's own words, where it is JSON with a message; never a page of HTML. */
function messageOf(body: Uint8Array, secret: string): string {
  try {
    const read = envelopeSchema.partial().safeParse(JSON.parse(new TextDecoder().decode(body)));
    return clip(read.data?.message ?? '', secret);
  } catch {
    return '';
  }
}

/** One short line; the token goes first, before anything else can cut it in two. */
function clip(text: string, secret: string): string {
  const withoutSecret = text.replaceAll(secret, '‹token›');
  const line = redact(withoutSecret.replaceAll(/\p{C}+/gu, ' ').trim());
  return line.length > LONGEST_MESSAGE ? `${line.slice(0, LONGEST_MESSAGE)}…` : line;
}
