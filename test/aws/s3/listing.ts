import { type Answer, S3Error, xmlAnswer } from './answer.ts';
import type { Objects } from './objects.ts';
import type { S3Request } from './s3-request.ts';

/** ListObjectsV2. @param pageSize how many entries a page has at most, whatever is asked for */
export function listObjects(objects: Objects, { bucket, query }: S3Request, pageSize: number): Answer {
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const maxKeys = Number(query.get('max-keys') ?? 1_000);
  if (!Number.isInteger(maxKeys) || maxKeys < 0) throw new S3Error('InvalidArgument');
  const token = query.get('continuation-token');
  const after = token === null ? (query.get('start-after') ?? '') : readToken(token);

  const keys = [...objects.keys()].filter((key) => key.startsWith(prefix) && isAfter(key, after));
  const entries = [...new Set(keys.map((key) => entryOf(key, prefix, delimiter)))]
    // A group is listed once, though most of its keys come after its name.
    .filter((entry) => isAfter(entry, after))
    .sort(compareUtf8);
  const page = entries.slice(0, Math.min(pageSize, maxKeys, 1_000));
  const last = page.at(-1);
  const isCut = page.length < entries.length && last !== undefined;
  const encode = query.get('encoding-type') === 'url' ? encodeURIComponent : (text: string) => text;
  return xmlAnswer({
    ListBucketResult: {
      '@_xmlns': 'http://s3.amazonaws.com/doc/2006-03-01/',
      Name: bucket,
      Prefix: encode(prefix),
      KeyCount: page.length,
      MaxKeys: maxKeys,
      IsTruncated: isCut,
      ...(isCut && { NextContinuationToken: writeToken(last) }),
      Contents: page.flatMap((key) => {
        const object = objects.get(key);
        if (object === undefined || isGroup(key, prefix, delimiter)) return [];
        return [
          {
            Key: encode(key),
            LastModified: object.lastModified.toISOString(),
            ETag: object.etag,
            Size: object.body.length,
            StorageClass: 'STANDARD',
          },
        ];
      }),
      CommonPrefixes: page
        .filter((entry) => isGroup(entry, prefix, delimiter))
        .map((entry) => ({ Prefix: encode(entry) })),
    },
  });
}

/** The key, or the group that it belongs to: what it has in common up to the first delimiter after the prefix. */
function entryOf(key: string, prefix: string, delimiter: string): string {
  const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
  return end < 0 ? key : key.slice(0, end + delimiter.length);
}

function isGroup(entry: string, prefix: string, delimiter: string): boolean {
  return delimiter !== '' && entry.length > prefix.length && entry.endsWith(delimiter);
}

function isAfter(entry: string, mark: string): boolean {
  return compareUtf8(entry, mark) > 0;
}

function compareUtf8(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}

/** What a token says is the server's own affair; the last entry of the page before is enough. */
function writeToken(last: string): string {
  return Buffer.from(last).toString('base64url');
}

function readToken(token: string): string {
  return Buffer.from(token, 'base64url').toString();
}
