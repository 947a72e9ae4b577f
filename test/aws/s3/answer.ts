import { XMLBuilder } from 'fast-xml-parser';

/** What the endpoint answers, before it is sent. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Codes of S3's errors with their HTTP status. */
const STATUSES = {
  AccessDenied: 403,
  BadDigest: 400,
  BucketAlreadyOwnedByYou: 409,
  ConditionalRequestConflict: 409,
  IncompleteBody: 400,
  InternalError: 500,
  InvalidArgument: 400,
  InvalidRange: 416,
  InvalidRequest: 400,
  MalformedXML: 400,
  NoSuchBucket: 404,
  NoSuchKey: 404,
  NotImplemented: 501,
  PreconditionFailed: 412,
  RequestTimeout: 400,
  ServiceUnavailable: 503,
  SlowDown: 503,
  XAmzContentSHA256Mismatch: 400,
} as const;

export type ErrorCode = keyof typeof STATUSES;

/** An error that is answered as S3 does. */
export class S3Error extends Error {
  override readonly name = 'S3Error';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string = code) {
    super(message);
    this.code = code;
  }
}

const builder = new XMLBuilder({ ignoreAttributes: false });

export function xmlAnswer(content: Readonly<Record<string, unknown>>, status = 200): Answer {
  const body = Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n${builder.build(content)}`);
  return { status, headers: { 'content-type': 'application/xml' }, body };
}

export function emptyAnswer(status: number, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, headers, body: Buffer.alloc(0) };
}

export function errorAnswer({ code, message }: S3Error): Answer {
  return xmlAnswer({ Error: { Code: code, Message: message, RequestId: 'LOCAL' } }, STATUSES[code]);
}
