import type * as z from 'zod';
import { redact } from '../../observability/redact.ts';
import { BOUNDS, cutText } from '../../text/bounds.ts';
import { declaredCharset, decodeBody, UnreadableTextError } from '../../text/charset.ts';
import { countValues, parseExactJson } from '../../text/json.ts';
import {
  LockedOutError,
  RefusedError,
  ThrottledError,
  TokenRefusedError,
  UnavailableError,
} from '../source.ts';
import { chatsSchema, envelopeSchema, referenceDataSchemas } from './fields.ts';
import { isTemporaryMessage, type RequestedWait, readLockout } from './retry-policy.ts';

/** A raw answer, before it is checked. */
export interface RawAnswer {
  readonly status: number;
  readonly contentType: string;
  /** The value of `Retry-After`: digits or a date. Null: there is none. */
  readonly retryAfter: (RequestedWait & { readonly header: string }) | null;
  readonly body: Uint8Array;
  /** The token. Messages from the source may repeat it, and it must not appear anywhere. */
  readonly secret: string;
}

const LONGEST_MESSAGE = 200;
const LONGEST_HEADER = 60;
/** The length of a message that is read. */
const LONGEST_READ = 4_000;

/** What an answer holds. */
interface Read {
  readonly rows: readonly unknown[];
  /** The encoding of the body. Left out: UTF-8. */
  readonly charset?: string;
}

export function readChatsAnswer(answer: RawAnswer): Read & { readonly numFound: number } {
  const { content, ...read } = readAs(chatsSchema, answer);
  return { numFound: content.numFound, rows: content.chats, ...read };
}

export function readReferenceDataAnswer(answer: RawAnswer, name: keyof typeof referenceDataSchemas): Read {
  try {
    const { content, ...read } = readAs(referenceDataSchemas[name], answer);
    return { rows: content, ...read };
  } catch (error) {
    const isRefused = error instanceof RefusedError || error instanceof TokenRefusedError;
    // A token that may not read names may read chats all the same.
    throw isRefused ? new RefusedError(error.message, { cause: error }) : error;
  }
}

/** @throws an error of `source.ts`. The meaning of the answer decides which one, and not the status alone. */
function readAs<Schema extends z.ZodType>(
  schema: Schema,
  answer: RawAnswer,
): { content: z.infer<Schema>; charset?: string } {
  if (answer.status !== 200) throw toError(answer);
  if (!answer.contentType.toLowerCase().includes('json')) {
    const type = clip(answer.contentType, answer.secret) || 'without a content type';
    throw new UnavailableError(`answered ${type} instead of JSON`);
  }
  const { content, charset } = parse(answer);
  const envelope = envelopeSchema.safeParse(content);
  if (!envelope.success) throw new UnavailableError('answered JSON without a code');
  const { code, message = '' } = envelope.data;
  // "errors" comes with HTTP 200 too.
  if (code.toLowerCase() !== 'ok') {
    const words = clip(message, answer.secret);
    throw (
      toBan(message, answer.secret) ??
      new UnavailableError(`answered code "${clip(code, answer.secret)}": ${words}`, {
        words: isTemporaryMessage(words) ? null : words,
      })
    );
  }
  const read = schema.safeParse(content);
  if (read.success) return { content: read.data, ...(charset !== 'utf-8' && { charset }) };
  const fields = read.error.issues.map((issue) => issue.path.join('.')).join(', ');
  throw new UnavailableError(`answered without a readable ${fields}`);
}

function toError(answer: RawAnswer): Error {
  const { status, secret } = answer;
  const message = messageOf(answer);
  const words = clip(message, secret);
  const says = words === '' ? `HTTP ${status}` : `HTTP ${status}: ${words}`;
  const ban = toBan(message, secret);
  if (ban) return ban;
  if (status === 401) return new TokenRefusedError('the token was refused');
  if (status === 429) return toThrottled(answer, words);
  if (status === 408 || status >= 500) {
    return new UnavailableError(says, { words: words === '' || isTemporaryMessage(words) ? null : words });
  }
  if (status >= 300 && status < 400)
    return new RefusedError(`${says}: a redirect, which is not followed`, { isOfAccount: true });
  return new RefusedError(says, { isOfAccount: status === 403 || status === 404 });
}

function toThrottled({ retryAfter }: RawAnswer, words: string): ThrottledError {
  const says = [
    ...(words === '' ? [] : [`"${words}"`]),
    ...(retryAfter?.isCut ? [`Retry-After: ${cutText(retryAfter.header, LONGEST_HEADER)}`] : []),
  ];
  const message = ['too many requests', ...(says.length === 0 ? [] : [says.join(', ')])].join(
    '; CareSoft says ',
  );
  return new ThrottledError(message, retryAfter?.ms ?? null, retryAfter?.isCut);
}

/** A lockout looks like a wrong domain: it is a 404. Only its message names a wait. */
function toBan(message: string, secret: string): LockedOutError | null {
  const read = message.slice(0, LONGEST_READ);
  if (!/too many times/i.test(read)) return null;
  const { ms, isCut } = readLockout(read);
  return new LockedOutError(`CareSoft says "${clip(message, secret)}"`, ms, isCut);
}

function parse({ body, contentType, secret }: RawAnswer): { content: unknown; charset: string } {
  try {
    const { text, charset } = decodeBody(body, declaredCharset(contentType));
    assertModest(text);
    return { content: parseExactJson(text), charset };
  } catch (error) {
    if (error instanceof UnavailableError) throw error;
    const problem =
      error instanceof UnreadableTextError ? clip(error.message, secret) : 'answered what is not JSON';
    throw new UnavailableError(problem, { cause: error, isUnfit: error instanceof UnreadableTextError });
  }
}

/** A short text cannot hold too many values, so it is not counted. @throws UnavailableError */
function assertModest(text: string): void {
  if (text.length > BOUNDS.answerValues && countValues(text) > BOUNDS.answerValues) {
    const problem = `answered more than ${BOUNDS.answerValues.toLocaleString('en')} values`;
    throw new UnavailableError(problem, { isUnfit: true });
  }
}

/** The message of an error in JSON. A page of HTML has none. */
function messageOf(answer: RawAnswer): string {
  try {
    return envelopeSchema.partial().safeParse(parse(answer).content).data?.message ?? '';
  } catch {
    return '';
  }
}

/** Makes one short line. The token is removed first, before another rule can cut it in two. */
function clip(text: string, secret: string): string {
  const withoutSecret = text.replaceAll(secret, '‹token›').slice(0, LONGEST_READ);
  const line = redact(withoutSecret.replaceAll(/\p{C}+/gu, ' ').trim());
  return cutText(line, LONGEST_MESSAGE);
}
