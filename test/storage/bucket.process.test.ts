import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { inspect } from 'node:util';
import { CreateBucketCommand, PutObjectCommand, type S3ClientConfig } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { systemClock } from '../../functions/calendar/clock.system.ts';
import { withLease } from '../../functions/storage/lease.ts';
import { newS3Client, openBucket } from '../../functions/storage/object-store.s3.ts';
import { type Lake, LakeError, readObject } from '../../functions/storage/object-store.ts';
import { isMotoInstalled, type Moto, startMoto } from '../aws/moto.ts';
import type { Fault } from '../aws/s3/fault.ts';
import { type LocalS3, startS3 } from '../aws/s3-endpoint.ts';
import { drawShortestWaits } from '../aws/shortest-waits.ts';
import { skippableTimers } from '../hand-clock.ts';
import { fc } from '../property.ts';
import { testLake } from './lake-contract.ts';

const BUCKET = 'some-company';
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
/**
 * For answers that stall within, which only a socket’s own timer ends: it can be made short, and not be skipped. Where
 * it is used a request that it ends too early is tried again, or meets the same fault.
 */
const STALLING = { requestTimeout: 60_000, throwOnRequestTimeout: true, socketTimeout: 250 };

beforeEach(drawShortestWaits);

function clientFor(endpoint: string, config: S3ClientConfig = {}) {
  const client = newS3Client({ endpoint, region: 'ap-southeast-1', credentials, ...config });
  onTestFinished(() => client.destroy());
  return client;
}

/** @param options as the endpoint's, and what differs in the client */
async function openLake(
  options: Parameters<typeof startS3>[0] & { prefix?: string; client?: S3ClientConfig } = {},
) {
  const { prefix = '', client: config, ...others } = options;
  const s3 = await startS3({ buckets: [BUCKET], ...others });
  onTestFinished(() => s3.close());
  const open = () => openBucket({ bucket: BUCKET, prefix, client: clientFor(s3.url, config) });
  const stored = (key: string) => s3.buckets.get(BUCKET)?.get(key);
  return { s3, open, lake: open(), stored };
}

/** As long as the program waits for an answer. It passes at once where none comes, or only after that. */
function skipWaitsForNoAnswer(s3: LocalS3): void {
  const pass = skippableTimers();
  s3.onFault = (fault) => {
    if (fault === 'no-answer' || (typeof fault === 'object' && 'delayMs' in fault)) pass(60_000);
  };
}

const bytes = (text: string): Uint8Array => Buffer.from(text);
const text = async (lake: Lake, key: string) => (await readObject(lake, key))?.toString() ?? null;
const keys = (lake: Lake, prefix: string) => Array.fromAsync(lake.list(prefix));

let moto: Promise<Moto> | null = null;
beforeAll(() => {
  // It starts while what does without it is tested.
  moto = startMoto();
  moto?.catch(() => {});
});
afterAll(async () => await (await moto)?.close());

testLake('a bucket', async () => (await openLake()).lake);
testLake(
  'a part of a bucket whose listings have short pages',
  async () => (await openLake({ prefix: 'companies/one', pageSize: 2 })).lake,
);

describe('a lake in a bucket', () => {
  test('says of each object what it is, and of a packed one no encoding', async () => {
    const { lake, stored } = await openLake();
    const types = {
      'a/manifest.json': 'application/json',
      'a/page-0001.json.gz': 'application/gzip',
      'a/chats.parquet': 'application/vnd.apache.parquet',
      'a/json': 'application/octet-stream',
    };
    for (const [key, contentType] of Object.entries(types)) {
      await lake.put(key, bytes('x'));
      await lake.putIfAbsent(`${key}/first/${key}`, bytes('x'));
      const expected = { contentType, contentEncoding: null };
      expect([stored(key), stored(`${key}/first/${key}`)]).toMatchObject([expected, expected]);
    }
    await lake.put('a/report.html', bytes('x'), 'text/html; charset=utf-8');
    expect(stored('a/report.html')).toMatchObject({ contentType: 'text/html; charset=utf-8' });
  });

  test('sends a checksum with every object', async () => {
    const { lake, stored } = await openLake();
    await lake.put('a', bytes('123456789'));
    // The check value of CRC-32, cbf43926.
    expect(stored('a')?.checksums).toEqual({ 'x-amz-checksum-crc32': 'y/Q5Jg==' });
  });

  test('keeps to its prefix, and does not list what is no key of a lake', async () => {
    const { lake, s3, stored } = await openLake({ prefix: 'a/b' });
    const client = clientFor(s3.url);
    for (const name of ['a/bc', 'a/b', 'a/b/', 'a/b/folder/', 'a/b//x', 'a/b/.hidden/x', 'b/x']) {
      await client.send(new PutObjectCommand({ Bucket: BUCKET, Key: name, Body: 'x' }));
    }
    await lake.put('own/x.json', bytes('own'));
    expect(stored('a/b/own/x.json')?.body.toString()).toBe('own');
    expect(await keys(lake, '')).toEqual(['own/x.json']);
    await expect(keys(lake, '../')).rejects.toThrow(RangeError);
    await expect(lake.delete('../bc')).rejects.toThrow(RangeError);
    expect(() => openBucket({ bucket: BUCKET, prefix: 'a/', client })).toThrow(RangeError);
  });

  test('lists whatever keys there are in order, over as many pages as it takes', async () => {
    const part = fc.stringMatching(/^[A-Za-z0-9 =&+%_~'()-][A-Za-z0-9 .=&+%_~'()<>"-]{0,4}$/);
    const key = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
    const { s3, open } = await openLake({ prefix: 'p', pageSize: 3 });
    const lake = open();
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(key, { maxLength: 12 }), key, async (names, other) => {
        s3.buckets.get(BUCKET)?.clear();
        await Promise.all(names.map((name) => lake.put(name, bytes(name))));
        expect(await keys(lake, '')).toEqual(names.toSorted());
        const start = other.slice(0, 1);
        expect(await keys(lake, start)).toEqual(names.filter((name) => name.startsWith(start)).toSorted());
        for (const name of names) expect(await text(lake, name)).toBe(name);
      }),
      { numRuns: 12 },
    );
    expect(s3.requests.some(({ query }) => query.has('continuation-token'))).toBe(true);
  });

  test('holds an object of some megabytes, also when the first try to write it breaks', async () => {
    const { lake, s3 } = await openLake();
    const body = randomBytes(5_000_000);
    s3.fail('PutObject', 'reset-before');
    await lake.put('large', body);
    expect((await readObject(lake, 'large'))?.equals(body)).toBe(true);
  });

  test('carries a lease that is held by one at a time', async () => {
    const { open, s3 } = await openLake({ prefix: 'a' });
    let inside = 0;
    let most = 0;
    let holds = 0;
    const contender = async (owner: string) => {
      const lake = open();
      const options = {
        owner,
        clock: systemClock,
        ttlMs: 60_000,
        pollMs: 5,
        settleMs: 0,
        waitMs: Number.POSITIVE_INFINITY,
      };
      for (let turn = 0; turn < 3; turn += 1) {
        const held = await withLease(lake, options, async () => {
          inside += 1;
          most = Math.max(most, inside);
          await delay(10);
          inside -= 1;
          holds += 1;
          return { result: 'done', lockout: null };
        });
        expect(held).toBe('done');
      }
    };
    s3.fail(
      'PutObject',
      'reset-after',
      'reset-before',
      { refusal: 'ConditionalRequestConflict' },
      'reset-after',
    );
    await Promise.all(['a', 'b', 'c', 'd', 'e'].map(contender));
    expect([most, holds]).toEqual([1, 15]);
  });
});

describe('a write that is told only once', () => {
  const brief: Fault[] = [
    'reset-before',
    'reset-after',
    'no-answer',
    { refusal: 'InternalError' },
    { refusalAfter: 'InternalError' },
    { refusal: 'ConditionalRequestConflict' },
    { refusal: 'PreconditionFailed' },
    { delayMs: 50 },
  ];

  test.each(brief.map((fault) => [fault]))(
    'is told true to the writer whose object it is, after %j',
    async (fault) => {
      const { lake, s3, stored } = await openLake();
      skipWaitsForNoAnswer(s3);
      s3.fail('PutObject', fault);
      expect(await lake.putIfAbsent('claim', bytes('ours'))).toBe(true);
      expect(stored('claim')?.body.toString()).toBe('ours');
      expect(s3.requests.filter(({ operation }) => operation === 'PutObject')).toHaveLength(2);
    },
  );

  test('is told false where another was before, after any of these', async () => {
    const { lake, open, s3, stored } = await openLake();
    skipWaitsForNoAnswer(s3);
    expect(await open().putIfAbsent('claim', bytes('theirs'))).toBe(true);
    s3.fail('PutObject', ...brief);
    const told = await Promise.all(brief.map(() => lake.putIfAbsent('claim', bytes('ours'))));
    expect(told).toEqual(brief.map(() => false));
    expect(stored('claim')?.body.toString()).toBe('theirs');
  });

  test('is told true also where several of its answers are lost', async () => {
    const { lake, s3 } = await openLake();
    s3.fail('PutObject', 'reset-after', { refusal: 'ConditionalRequestConflict' }, 'reset-after');
    s3.fail('HeadObject', 'reset-before', { refusal: 'InternalError' });
    expect(await lake.putIfAbsent('claim', bytes('ours'))).toBe(true);
  });

  test('is told false over an object that no writer has signed', async () => {
    const { lake, s3 } = await openLake();
    await lake.put('claim', bytes('plain'));
    s3.fail('PutObject', 'reset-before');
    expect(await lake.putIfAbsent('claim', bytes('ours'))).toBe(false);
  });

  test('is no answer but an error when the conflict does not end', async () => {
    const { lake } = await openLake({ faults: () => ({ refusal: 'ConditionalRequestConflict' }) });
    await expect(lake.putIfAbsent('claim', bytes('ours'))).rejects.toThrow(LakeError);
  });

  test('has one winner among twenty writers, whatever happens to their requests', async () => {
    const faults: (Fault | null)[] = [
      null,
      'reset-before',
      'reset-after',
      { refusal: 'InternalError' },
      { refusalAfter: 'InternalError' },
      { refusal: 'ConditionalRequestConflict' },
      { delayMs: 5 },
    ];
    const drawnFaults = fc.array(fc.constantFrom(...faults), { minLength: 60, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(drawnFaults, async (drawn) => {
        const { open, stored } = await openLake({
          // The last of the SDK's tries go well, or it would give up, which is not asked here.
          faults: ({ operation, headers }) =>
            operation === 'PutObject' && /attempt=[12];/.test(String(headers['amz-sdk-request']))
              ? (drawn.pop() ?? null)
              : null,
        });
        const writers = Array.from({ length: 20 }, (_, writer) =>
          open().putIfAbsent('claim', bytes(`${writer}`)),
        );
        const won = (await Promise.all(writers)).flatMap((first, writer) => (first ? [`${writer}`] : []));
        expect(won).toEqual([stored('claim')?.body.toString()]);
      }),
      { numRuns: 3 },
    );
  });
});

describe('a bucket that fails for the moment', () => {
  test.each([
    [{ refusal: 'SlowDown' }],
    [{ refusal: 'InternalError' }],
    ['reset-before'],
    ['reset-after'],
    ['no-answer'],
  ] satisfies [Fault][])('loses nothing to %j', async (fault) => {
    const { lake, s3 } = await openLake();
    skipWaitsForNoAnswer(s3);
    s3.fail('PutObject', fault);
    await lake.put('a', bytes('one'));
    s3.fail('GetObject', fault);
    s3.fail('ListObjectsV2', fault);
    expect(await Promise.all([text(lake, 'a'), keys(lake, '')])).toEqual(['one', ['a']]);
    s3.fail('DeleteObject', fault);
    await lake.delete('a');
    expect(await text(lake, 'a')).toBeNull();
  });

  test('is waited for where it is slow', async () => {
    const { lake, s3 } = await openLake();
    s3.fail('PutObject', { delayMs: 100 });
    s3.fail('GetObject', { delayMs: 100 });
    await lake.put('a', bytes('one'));
    expect(await text(lake, 'a')).toBe('one');
    expect(s3.requests).toHaveLength(2);
  });

  test.each(['cut-body', 'stalled-body'] as const)(
    'lists all the same when the first answers meet the fault %s',
    async (fault) => {
      const { lake, s3 } = await openLake({ pageSize: 2, client: { requestHandler: STALLING } });
      for (const key of ['a', 'b', 'c', 'd', 'e']) await lake.put(key, bytes(key));
      s3.fail('ListObjectsV2', fault);
      expect(await keys(lake, '')).toEqual(['a', 'b', 'c', 'd', 'e']);
    },
  );
});

describe('a bucket that fails', () => {
  const acts: [string, (lake: Lake) => Promise<unknown>][] = [
    ['put', (lake) => lake.put('a/b', bytes('x'))],
    ['putIfAbsent', (lake) => lake.putIfAbsent('a/b', bytes('x'))],
    ['get', (lake) => lake.get('a/b')],
    ['list', (lake) => keys(lake, '')],
    ['delete', (lake) => lake.delete('a/b')],
  ];

  test.each(['cut-body', 'stalled-body', 'altered-body'] as const)(
    'gives an error, not a shorter or another object, where an answer meets the fault %s',
    async (fault) => {
      let isFailing = true;
      const { lake, s3 } = await openLake({
        faults: ({ operation }) => (isFailing && operation === 'GetObject' ? fault : null),
        client: { requestHandler: STALLING },
      });
      const check = async (key: string, body: Buffer) => {
        await lake.put(key, body);
        await expect(readObject(lake, key)).rejects.toThrow(LakeError);
      };
      await Promise.all([check('small', randomBytes(1)), check('large', randomBytes(700_000))]);
      isFailing = false;
      const patient = openBucket({ bucket: BUCKET, prefix: '', client: clientFor(s3.url) });
      const lengths = ['small', 'large'].map(async (key) => (await readObject(patient, key))?.length);
      expect(await Promise.all(lengths)).toEqual([1, 700_000]);
    },
  );

  test('fails whoever reads, also where it broke before they began, and nobody else', async () => {
    const broken = ['cut-body', 'stalled-body', 'altered-body'] as const;
    let asked = 0;
    const { lake } = await openLake({
      faults: ({ operation }) => (operation === 'GetObject' ? (broken[asked++ % 3] ?? null) : null),
      client: { requestHandler: STALLING },
    });
    await lake.put('a', randomBytes(100_000));
    const streams = await Promise.all(Array.from({ length: 5 }, () => lake.get('a')));
    await delay(STALLING.socketTimeout * 1.5);
    for (const stream of streams.slice(0, 3)) {
      await expect(Array.fromAsync(stream ?? [])).rejects.toThrow(LakeError);
    }
  });

  test('is not held up by objects that nobody reads', async () => {
    // A socket that is not read is let go after this; one that is read is never so slow.
    const { lake } = await openLake({ client: { requestHandler: { ...STALLING, socketTimeout: 500 } } });
    await lake.put('a', randomBytes(200_000));
    // More than the connections that a client opens at once.
    for (let turn = 0; turn < 60; turn += 1) expect(await lake.get('a')).not.toBeNull();
    expect((await readObject(lake, 'a'))?.length).toBe(200_000);
  });

  test('says so when no answer comes to any try', async () => {
    const { lake, s3 } = await openLake({ faults: () => 'no-answer' });
    skipWaitsForNoAnswer(s3);
    for (const [, act] of acts) await expect(act(lake)).rejects.toThrow(LakeError);
    expect(s3.requests).toHaveLength(5 * acts.length);
  });

  test.each(acts)('is named where it is not there, or not to be used: %s', async (_name, act) => {
    const { s3, lake } = await openLake({ faults: () => ({ refusal: 'AccessDenied' }) });
    await expect(act(lake)).rejects.toThrow(/the bucket some-company: access is denied$/);
    const other = openBucket({ bucket: 'not-there', prefix: '', client: clientFor(s3.url) });
    s3.fail(s3.requests.at(-1)?.operation ?? 'PutObject', { refusal: 'NoSuchBucket' });
    await expect(act(other)).rejects.toThrow(/the bucket not-there: there is no such bucket$/);
  });

  test('is named where nothing answers, with what went wrong', async () => {
    const { s3, lake } = await openLake();
    await s3.close();
    const failed: unknown = await lake.put('a', bytes('x')).catch((error: unknown) => error);
    expect(failed).toMatchObject({
      name: 'LakeError',
      message: expect.stringMatching(/^cannot write a to the bucket some-company: .*ECONNREFUSED/),
      cause: { code: 'ECONNREFUSED' },
    });
  });

  test('tells missing credentials and a missing region, and no secret', async () => {
    const missing = Object.assign(new Error('Could not load'), { name: 'CredentialsProviderError' });
    const without = await openLake({ client: { credentials: () => Promise.reject(missing) } });
    await expect(without.lake.put('a', bytes('x'))).rejects.toThrow(/: no AWS credentials: Could not load$/);

    for (const name of ['AWS_REGION', 'AWS_DEFAULT_REGION', 'AWS_PROFILE']) vi.stubEnv(name, undefined);
    for (const name of ['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE']) vi.stubEnv(name, '/nowhere');
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });
    const client = newS3Client({ endpoint: without.s3.url, credentials });
    const nowhere = openBucket({ bucket: BUCKET, prefix: '', client });
    await expect(nowhere.put('a', bytes('x'))).rejects.toThrow(/: no AWS region is set$/);

    const secrets = { accessKeyId: 'test', secretAccessKey: 'never-told', sessionToken: 'neither-this' };
    const refused = await openLake({
      faults: () => ({ refusal: 'AccessDenied' }),
      client: { credentials: secrets },
    });
    const error: unknown = await refused.lake.get('a').catch((reason: unknown) => reason);
    expect(inspect(error, { depth: 20 })).not.toMatch(/never-told|neither-this/);
  });

  test('is found by the endpoint in the environment, with its name in the path', async () => {
    const { s3 } = await openLake();
    vi.stubEnv('AWS_ENDPOINT_URL_S3', s3.url);
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });
    const client = newS3Client({ region: 'ap-southeast-1', credentials });
    onTestFinished(() => client.destroy());
    await openBucket({ bucket: BUCKET, prefix: '', client }).put('a', bytes('x'));
    expect([...(s3.buckets.get(BUCKET)?.keys() ?? [])]).toEqual(['a']);
  });
});

describe.skipIf(!isMotoInstalled())(
  isMotoInstalled() ? 'against moto' : 'against moto, which is not on the PATH',
  () => {
    let opened = 0;
    const open = async () => {
      const client = clientFor((await moto)?.url ?? '');
      opened += 1;
      const bucket = `company-${opened}`;
      const CreateBucketConfiguration = { LocationConstraint: 'ap-southeast-1' } as const;
      await client.send(new CreateBucketCommand({ Bucket: bucket, CreateBucketConfiguration }));
      return openBucket({ bucket, prefix: opened % 2 === 0 ? 'a/b' : '', client });
    };
    // Each of moto's threads looks whether there is an object and then puts its own, without a lock: of six writers at
    // once two are the first about once in 750 times.
    testLake('a bucket of moto', open, { isRacy: true });
  },
);
