import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadBucketCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { expect, onTestFinished, test } from 'vitest';
import { newS3Client } from '../../functions/storage/object-store.s3.ts';
import { fc } from '../property.ts';
import { decodeChunks } from './s3/payload.ts';
import { startS3 } from './s3-endpoint.ts';

const Bucket = 'some-bucket';

async function openS3(options: Parameters<typeof startS3>[0] = {}) {
  const s3 = await startS3({ buckets: [Bucket], ...options });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = newS3Client({ endpoint: s3.url, region: 'us-east-1', credentials });
  onTestFinished(async () => {
    client.destroy();
    await s3.close();
  });
  const put = (Key: string, more: object = {}) =>
    client.send(new PutObjectCommand({ Bucket, Key, Body: Key, ...more }));
  return { s3, client, put };
}

test('What aws-chunked framing holds comes out of it, and a cut one is refused', () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 })),
      fc.dictionary(fc.stringMatching(/^x-[a-z-]{1,8}$/), fc.stringMatching(/^[A-Za-z0-9+/=:]{1,8}$/)),
      fc.nat(),
      (chunks, trailers, cut) => {
        const framed = Buffer.concat([
          ...chunks.flatMap((chunk) => [
            Buffer.from(`${chunk.length.toString(16)};chunk-signature=00\r\n`),
            Buffer.from(chunk),
            Buffer.from('\r\n'),
          ]),
          Buffer.from(
            `0\r\n${Object.entries(trailers)
              .map(([name, value]) => `${name}:${value}\r\n`)
              .join('')}\r\n`,
          ),
        ]);
        const bytes = Buffer.concat(chunks);
        expect(decodeChunks(framed)).toEqual({ bytes, trailers: { ...trailers } });
        expect(() => decodeChunks(framed.subarray(0, cut % framed.length))).toThrow('IncompleteBody');
      },
    ),
  );
});

test('A stream that the SDK frames is stored without the framing, with the checksum of its trailer', async () => {
  const { s3, put } = await openS3();
  const body = 'x'.repeat(100_000);
  const sent = { Body: Readable.from([Buffer.from(body)]), ContentLength: body.length };
  await put('a', { ...sent, ContentEncoding: 'identity', Metadata: { writer: 'me' } });
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  const stored = s3.buckets.get(Bucket)?.get('a');
  expect(stored?.body.toString()).toBe(body);
  expect(stored).toMatchObject({
    contentEncoding: 'identity',
    metadata: { writer: 'me' },
    checksums: { 'x-amz-checksum-crc32': sum.toString('base64') },
  });
  expect(s3.requests[0]?.headers['x-amz-content-sha256']).toBe('STREAMING-UNSIGNED-PAYLOAD-TRAILER');
});

test('An object whose checksum is not that of its bytes is not stored', async () => {
  const { s3, put } = await openS3();
  await expect(put('a', { ChecksumCRC32: 'AAAAAA==' })).rejects.toMatchObject({ name: 'BadDigest' });
  expect(s3.buckets.get(Bucket)?.size).toBe(0);
});

test('Conditional writes meet what is there', async () => {
  const { put } = await openS3();
  await expect(put('a', { IfMatch: '"0"' })).rejects.toMatchObject({ name: 'NoSuchKey' });
  const { ETag } = await put('a', { IfNoneMatch: '*' });
  await expect(put('a', { IfNoneMatch: '*' })).rejects.toMatchObject({
    name: 'PreconditionFailed',
    $metadata: { httpStatusCode: 412 },
  });
  await put('a', { IfMatch: ETag, Body: 'other' });
  await expect(put('a', { IfMatch: ETag })).rejects.toMatchObject({ name: 'PreconditionFailed' });
});

test('A listing groups by the delimiter, each group once, from page to page', async () => {
  const { client, put } = await openS3({ pageSize: 2 });
  for (const key of ['a', 'b/1', 'b/2', 'c/1/x', 'd', 'e/1']) await put(key);
  const seen: (string | undefined)[][] = [];
  let token: string | undefined;
  do {
    const page = await client.send(
      new ListObjectsV2Command({ Bucket, Delimiter: '/', ...(token && { ContinuationToken: token }) }),
    );
    const { Contents: objects = [], CommonPrefixes: groups = [] } = page;
    seen.push([...objects.map(({ Key }) => Key), ...groups.map(({ Prefix }) => Prefix)]);
    token = page.NextContinuationToken;
  } while (token !== undefined);
  expect(seen).toEqual([['a', 'b/'], ['d', 'c/'], ['e/']]);
  const after = await client.send(new ListObjectsV2Command({ Bucket, StartAfter: 'c', MaxKeys: 1 }));
  expect([after.Contents?.[0]?.Key, after.KeyCount, after.IsTruncated]).toEqual(['c/1/x', 1, true]);
});

test('A part of an object, several deletions at once, and buckets that are there or not', async () => {
  const { s3, client, put } = await openS3();
  for (const key of ['007', 'a & <b>', 'c']) await put(key);
  const part = await client.send(new GetObjectCommand({ Bucket, Key: '007', Range: 'bytes=1-' }));
  expect([await part.Body?.transformToString(), part.ContentRange]).toEqual(['07', 'bytes 1-2/3']);
  const Objects = [{ Key: '007' }, { Key: 'a & <b>' }, { Key: 'none' }];
  const { Deleted } = await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
  expect(Deleted).toEqual(Objects);
  expect([...(s3.buckets.get(Bucket)?.keys() ?? [])]).toEqual(['c']);
  await expect(client.send(new HeadBucketCommand({ Bucket: 'other-bucket' }))).rejects.toThrow();
  await client.send(new CreateBucketCommand({ Bucket: 'other-bucket' }));
  await client.send(new HeadBucketCommand({ Bucket: 'other-bucket' }));
});

test('What is not signed or not known is refused', async () => {
  const { s3 } = await openS3();
  expect((await fetch(`${s3.url}/${Bucket}/a`)).status).toBe(403);
  expect((await fetch(`${s3.url}/${Bucket}?versioning`)).status).toBe(501);
});

test('A versioned bucket keeps what is written over and deleted, until the version itself is deleted', async () => {
  const { s3, client, put } = await openS3({ versioned: true, pageSize: 2 });
  for (const body of ['one', 'two', 'three']) await put('a', { Body: body });
  await put('b');
  await client.send(new DeleteObjectCommand({ Bucket, Key: 'a' }));
  expect([...(s3.buckets.get(Bucket)?.keys() ?? [])]).toEqual(['b']);
  const seen: unknown[][] = [];
  let markers: object | null = {};
  while (markers) {
    const page: ListObjectVersionsCommandOutput = await client.send(
      new ListObjectVersionsCommand({ Bucket, ...markers }),
    );
    for (const one of page.DeleteMarkers ?? []) seen.push([one.Key, one.VersionId, one.IsLatest, 'marker']);
    for (const one of page.Versions ?? []) seen.push([one.Key, one.VersionId, one.IsLatest, 'version']);
    const { NextKeyMarker: KeyMarker, NextVersionIdMarker: VersionIdMarker } = page;
    markers = page.IsTruncated ? { KeyMarker, VersionIdMarker } : null;
  }
  expect(seen).toEqual([
    ['a', 'v5', true, 'marker'],
    ['a', 'v3', false, 'version'],
    ['a', 'v2', false, 'version'],
    ['a', 'v1', false, 'version'],
    ['b', 'v4', true, 'version'],
  ]);
  const purge = (VersionId: string) =>
    client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'a', VersionId }] } }));
  await purge('v5');
  expect(s3.buckets.get(Bucket)?.get('a')?.body.toString()).toBe('three');
  for (const id of ['v1', 'v2', 'v3']) await purge(id);
  expect([...(s3.buckets.get(Bucket)?.keys() ?? [])]).toEqual(['b']);
});
