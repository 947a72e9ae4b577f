import { createHash } from 'node:crypto';
import type { Context } from 'hono';
import { toJsonText } from '../chat/write-json.ts';

export interface Content {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly type: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Kept by whoever asked alone, and asked about before it is used: a day may be reported anew. */
const CACHING = 'private, no-cache';

/** The content, or that whoever asks has it already. The tag is of the content: where that is the same, it is too. */
export function answerWith(context: Context, { bytes, type, headers = {} }: Content): Response {
  const etag = `"${createHash('sha256').update(bytes).digest('hex').slice(0, 32)}"`;
  const kept = { etag, 'cache-control': CACHING, ...headers };
  if (isKnown(context.req.header('if-none-match'), etag)) {
    return new Response(null, { status: 304, headers: kept });
  }
  return new Response(bytes, { headers: { ...kept, 'content-type': type } });
}

/** Compared weakly, as RFC 9110 has it for reading. */
function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === '*') return true;
  return ifNoneMatch.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
}

export function toBytes(value: unknown): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(toJsonText(value));
}

/** A report asks for nothing from outside, and nobody's name in it may. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
};
