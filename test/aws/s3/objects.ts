import { createHash } from 'node:crypto';
import { XMLParser } from 'fast-xml-parser';
import * as z from 'zod';
import { type Answer, emptyAnswer, S3Error, xmlAnswer } from './answer.ts';
import type { Payload } from './payload.ts';
import type { S3Request } from './s3-request.ts';
import { VersionedObjects } from './versions.ts';

export interface StoredObject {
  readonly body: Buffer;
  /** In quotation marks, as it is sent. */
  readonly etag: string;
  readonly contentType: string;
  /** Null when none was given; `aws-chunked` is how it came, not what it is. */
  readonly contentEncoding: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly checksums: Readonly<Record<string, string>>;
  readonly lastModified: Date;
}

export type Objects = Map<string, StoredObject>;

const METADATA = 'x-amz-meta-';

/** All or nothing, and decided at once: of several requests none sees the other half done. */
export function putObject(
  objects: Objects,
  { key, headers }: S3Request,
  { bytes, checksums }: Payload,
): Answer {
  checkConditions(objects.get(key), headers);
  const encodings = (headers['content-encoding'] ?? '').split(',').map((encoding) => encoding.trim());
  const encoding = encodings.filter((name) => name !== '' && name !== 'aws-chunked').join(', ');
  const metadata = Object.entries(headers).filter(([name]) => name.startsWith(METADATA));
  const etag = `"${createHash('md5').update(bytes).digest('hex')}"`;
  objects.set(key, {
    body: bytes,
    etag,
    contentType: headers['content-type'] ?? 'binary/octet-stream',
    contentEncoding: encoding === '' ? null : encoding,
    metadata: Object.fromEntries(
      metadata.map(([name, value]) => [name.slice(METADATA.length), String(value)]),
    ),
    checksums,
    lastModified: new Date(),
  });
  return emptyAnswer(200, { etag, ...checksums });
}

function checkConditions(existing: StoredObject | undefined, headers: S3Request['headers']): void {
  const { 'if-none-match': ifNoneMatch, 'if-match': ifMatch } = headers;
  if (ifNoneMatch !== undefined) {
    if (ifNoneMatch !== '*') throw new S3Error('NotImplemented', 'If-None-Match may only be *');
    if (existing) throw new S3Error('PreconditionFailed');
  }
  if (ifMatch === undefined) return;
  if (!existing) throw new S3Error('NoSuchKey');
  if (ifMatch.replaceAll('"', '') !== existing.etag.replaceAll('"', ''))
    throw new S3Error('PreconditionFailed');
}

export function getObject(objects: Objects, { key, headers }: S3Request): Answer {
  const object = objects.get(key);
  if (object === undefined) throw new S3Error('NoSuchKey');
  const { body } = object;
  const range = readRange(headers.range, body.length);
  if (range === null) return { status: 200, headers: headersOf(object, headers), body };
  const [from, to] = range;
  return {
    status: 206,
    headers: {
      // The checksum is of the whole and is not sent with a part.
      ...headersOf({ ...object, checksums: {} }, headers),
      'content-range': `bytes ${from}-${to}/${body.length}`,
    },
    body: body.subarray(from, to + 1),
  };
}

function headersOf(object: StoredObject, asked: S3Request['headers']): Record<string, string> {
  const metadata = Object.entries(object.metadata).map(([name, value]) => [`${METADATA}${name}`, value]);
  return {
    etag: object.etag,
    'accept-ranges': 'bytes',
    'content-type': object.contentType,
    'last-modified': object.lastModified.toUTCString(),
    ...(object.contentEncoding !== null && { 'content-encoding': object.contentEncoding }),
    ...(asked['x-amz-checksum-mode'] === 'ENABLED' && object.checksums),
    ...Object.fromEntries(metadata),
  };
}

/** @returns the first byte and the last; null when the whole is asked for, or in a form that S3 passes over. */
function readRange(header: string | undefined, length: number): [number, number] | null {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (first === '' && last === '') return null;
  const from = first === '' ? Math.max(0, length - Number(last)) : Number(first);
  const to = first === '' || last === '' ? length - 1 : Math.min(Number(last), length - 1);
  if (from > to) throw new S3Error('InvalidRange');
  return [from, to];
}

const deletionSchema = z.object({
  Delete: z.object({
    Object: z.array(z.object({ Key: z.string(), VersionId: z.string().optional() })).max(1_000),
    Quiet: z.string().optional(),
  }),
});
const parser = new XMLParser({
  parseTagValue: false,
  trimValues: false,
  isArray: (name) => name === 'Object',
});

export function deleteObjects(objects: Objects, { bytes }: Payload): Answer {
  const asked = deletionSchema.safeParse(parser.parse(bytes));
  if (!asked.success) throw new S3Error('MalformedXML');
  const { Object: entries, Quiet: quiet } = asked.data.Delete;
  for (const { Key: key, VersionId: version } of entries) {
    if (version !== undefined && objects instanceof VersionedObjects) objects.deleteVersion(key, version);
    else objects.delete(key);
  }
  return xmlAnswer({ DeleteResult: quiet === 'true' ? '' : { Deleted: entries } });
}
