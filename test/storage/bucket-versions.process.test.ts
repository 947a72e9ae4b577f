import {
  CreateBucketCommand,
  type DeleteMarkerEntry,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  type ObjectVersion,
  PutBucketVersioningCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { newS3Client, openBucket, openBucketVersions } from '../../functions/storage/object-store.s3.ts';
import { LakeError } from '../../functions/storage/object-store.ts';
import { isMotoInstalled, type Moto, startMoto } from '../aws/moto.ts';
import { startS3 } from '../aws/s3-endpoint.ts';

const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };

function clientFor(endpoint: string): S3Client {
  const client = newS3Client({ endpoint, region: 'us-east-1', credentials });
  onTestFinished(() => client.destroy());
  return client;
}

async function allVersions(client: S3Client, Bucket: string) {
  const [left, markers] = [[] as ObjectVersion[], [] as DeleteMarkerEntry[]];
  let next: object | null = {};
  while (next) {
    const page: ListObjectVersionsCommandOutput = await client.send(
      new ListObjectVersionsCommand({ Bucket, ...next }),
    );
    left.push(...(page.Versions ?? []));
    markers.push(...(page.DeleteMarkers ?? []));
    const { NextKeyMarker: KeyMarker, NextVersionIdMarker: VersionIdMarker } = page;
    next = page.IsTruncated ? { KeyMarker, VersionIdMarker } : null;
  }
  return { left, markers };
}

function testVersions(open: () => Promise<{ client: S3Client; bucket: string }>): void {
  test('forgets what was written over and deleted below a prefix, and nothing else', async () => {
    const { client, bucket } = await open();
    const lake = openBucket({ bucket, prefix: 'one', client });
    const other = openBucket({ bucket, prefix: 'two', client });
    for (const body of ['a', 'b', 'c']) {
      for (const key of ['dt=1/x', 'dt=1/gone', 'dt=10/x']) await lake.put(key, Buffer.from(body));
      await other.put('dt=1/x', Buffer.from(body));
    }
    await lake.delete('dt=1/gone');
    const versions = openBucketVersions({ bucket, prefix: 'one', client });
    expect(await versions.purge('dt=1/')).toBe(5);
    expect(await versions.purge('dt=1/')).toBe(0);
    const { left, markers } = await allVersions(client, bucket);
    const count = (key: string) => left.filter(({ Key }) => Key === key).length;
    expect(['one/dt=1/x', 'one/dt=1/gone', 'one/dt=10/x', 'two/dt=1/x'].map(count)).toEqual([1, 0, 3, 3]);
    expect(markers).toEqual([]);
    expect(await Array.fromAsync(lake.list(''))).toEqual(['dt=1/x', 'dt=10/x']);
  });
}

describe('the older versions of a bucket', () => {
  testVersions(async () => {
    const s3 = await startS3({ buckets: ['lake'], versioned: true, pageSize: 2 });
    onTestFinished(() => s3.close());
    return { client: clientFor(s3.url), bucket: 'lake' };
  });

  test('are none in one that keeps none', async () => {
    const s3 = await startS3({ buckets: ['lake'] });
    onTestFinished(() => s3.close());
    const place = { bucket: 'lake', prefix: '', client: clientFor(s3.url) };
    await openBucket(place).put('a', Buffer.from('x'));
    expect(await openBucketVersions(place).purge('a')).toBe(0);
    expect(await Array.fromAsync(openBucket(place).list(''))).toEqual(['a']);
  });

  test('are not forgotten in silence where that is not allowed', async () => {
    const s3 = await startS3({ buckets: ['lake'], versioned: true });
    onTestFinished(() => s3.close());
    s3.fail('ListObjectVersions', { refusal: 'AccessDenied' });
    const versions = openBucketVersions({ bucket: 'lake', prefix: '', client: clientFor(s3.url) });
    await expect(versions.purge('a')).rejects.toThrow(LakeError);
    await expect(versions.purge('a')).resolves.toBe(0);
  });
});

describe.skipIf(!isMotoInstalled())(
  isMotoInstalled() ? 'against moto' : 'against moto, which is not on the PATH',
  () => {
    let moto: Moto | null = null;
    beforeAll(async () => {
      moto = await startMoto();
    });
    afterAll(() => moto?.close());
    testVersions(async () => {
      const client = clientFor(moto?.url ?? '');
      await client.send(new CreateBucketCommand({ Bucket: 'lake' }));
      const VersioningConfiguration = { Status: 'Enabled' } as const;
      await client.send(new PutBucketVersioningCommand({ Bucket: 'lake', VersioningConfiguration }));
      return { client, bucket: 'lake' };
    });
  },
);
