import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandInput,
  type ListObjectVersionsCommandOutput,
  NoSuchKey,
  type ObjectIdentifier,
  PutObjectCommand,
  paginateListObjectsV2,
  S3Client,
  type S3ClientConfig,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { NodeHttpHandler, type NodeHttpHandlerOptions } from '@smithy/node-http-handler';
import { errorCodeOf } from '../observability/redact.ts';
import { openFolder } from './object-store.fs.ts';
import { assertKey, type Lake, LakeError, type LakePlace, type ObjectVersions } from './object-store.ts';

/** The lake in an S3 bucket, its older versions, and the S3 client that both use. */

/** Opens a lake in a folder or a bucket. */
export function openLakeAt(place: LakePlace): Lake {
  return 'folder' in place ? openFolder(place.folder) : openBucket(place);
}

export interface BucketOptions {
  readonly bucket: string;
  /** The prefix of the lake's keys without a slash at its end; empty for the whole bucket. */
  readonly prefix: string;
  readonly client?: S3Client;
}

/**
 * A lake in an S3 bucket, or below a prefix of it. Each function repeats requests that fail for the moment. After the last
 * attempt it throws a LakeError.
 *
 * @throws RangeError if the prefix is no valid key, for example because it ends with a slash
 */
export function openBucket({ bucket, prefix, client = newS3Client() }: BucketOptions): Lake {
  if (prefix !== '') assertKey(prefix);
  const root = prefix === '' ? '' : `${prefix}/`;
  const objectAt = (key: string) => {
    assertKey(key);
    return { Bucket: bucket, Key: `${root}${key}` };
  };
  const failure = (act: string, error: unknown) =>
    new LakeError(`cannot ${act} the bucket ${bucket}: ${reasonOf(error)}`, { cause: error });

  return {
    async put(key, body, contentType = typeOfKey(key)) {
      const object = { ...objectAt(key), Body: body, ContentType: contentType };
      try {
        await client.send(new PutObjectCommand(object));
      } catch (error) {
        throw failure(`write ${key} to`, error);
      }
    },

    async putIfAbsent(key, body) {
      const object = { ...objectAt(key), Body: body, ContentType: typeOfKey(key) };
      try {
        return await putFirst(client, object);
      } catch (error) {
        throw failure(`write ${key} to`, error);
      }
    },

    async get(key) {
      const object = objectAt(key);
      try {
        const { Body: body } = await client.send(new GetObjectCommand(object));
        if (!(body instanceof Readable)) throw new TypeError('the answer has no body that can be read');
        // The connection may break before a reader comes, or without any. An unhandled error would end the process.
        body.on('error', () => {});
        return readBody(body, (error) => failure(`read ${key} to its end from`, error));
      } catch (error) {
        if (error instanceof NoSuchKey) return null;
        throw failure(`read ${key} from`, error);
      }
    },

    async *list(start) {
      const folder = start.slice(0, start.lastIndexOf('/') + 1);
      if (folder !== '') assertKey(folder.slice(0, -1));
      const query = { Bucket: bucket, Prefix: `${root}${start}` };
      try {
        // S3 lists in the order of UTF-8 bytes. For ASCII keys that is the order of code units.
        for await (const { Contents: objects = [] } of paginateListObjectsV2({ client }, query)) {
          // Other programs leave other objects: the console creates an empty one for each folder.
          yield* objects.map(({ Key: name = '' }) => name.slice(root.length)).filter(isKey);
        }
      } catch (error) {
        throw failure('list', error);
      }
    },

    async delete(key) {
      const object = objectAt(key);
      try {
        await client.send(new DeleteObjectCommand(object));
      } catch (error) {
        throw failure(`delete ${key} from`, error);
      }
    },
  };
}

/**
 * The older versions of a lake's objects. A bucket without versioning has none. The caller needs `s3:ListBucketVersions` and
 * `s3:DeleteObjectVersion`. The deployed functions do not have these permissions.
 */
export function openBucketVersions({
  bucket,
  prefix,
  client = newS3Client(),
}: BucketOptions): ObjectVersions {
  const root = prefix === '' ? '' : `${prefix}/`;
  return {
    async purge(start) {
      const past: ObjectIdentifier[] = [];
      const markers: ObjectIdentifier[] = [];
      try {
        for await (const page of listVersions(client, { Bucket: bucket, Prefix: `${root}${start}` })) {
          const { Versions: versions = [], DeleteMarkers: deleted = [] } = page;
          past.push(...versions.filter(({ IsLatest }) => !IsLatest).map(identify));
          markers.push(...deleted.map(identify));
        }
        // Versions first. Without its delete marker, the last version of a deleted object would become current again.
        await remove(client, bucket, past);
        await remove(client, bucket, markers);
      } catch (error) {
        const problem = `cannot delete older versions in the bucket ${bucket}: ${reasonOf(error)}`;
        throw new LakeError(problem, { cause: error });
      }
      return past.length;
    },
  };
}

const ATTEMPTS = 5;
const RETRY_POLICY: NodeHttpHandlerOptions = {
  connectionTimeout: 5_000,
  /** From the first byte sent to the first received. */
  requestTimeout: 60_000,
  throwOnRequestTimeout: true,
  /** Time without a byte in either direction. It ends an answer that stalls or is not read. */
  socketTimeout: 20_000,
};

/**
 * An S3 client that repeats requests that fail for the moment, and ends requests that stall. Credentials and region come
 * from the environment.
 *
 * @param config overrides the defaults
 */
export function newS3Client(config: S3ClientConfig = {}): S3Client {
  const { AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL } = process.env;
  return new S3Client({
    maxAttempts: ATTEMPTS,
    retryStrategy: eachAttempted(ATTEMPTS),
    requestHandler: new NodeHttpHandler(RETRY_POLICY),
    // Substitutes for AWS rarely have a host name for each bucket.
    forcePathStyle: Boolean(config.endpoint ?? AWS_ENDPOINT_URL_S3 ?? AWS_ENDPOINT_URL),
    ...config,
  });
}

/** What any call to AWS needs and the environment lacks, each as a message. Empty if nothing is missing. */
export async function findMissingForAws(): Promise<string[]> {
  const { region, credentials } = newS3Client().config;
  const missing = async (get: () => Promise<unknown>, message: string): Promise<string[]> => {
    try {
      await get();
      return [];
    } catch {
      return [message];
    }
  };
  return [
    ...(await missing(region, 'no AWS Region is set; set AWS_REGION')),
    ...(await missing(credentials, 'no AWS credentials were found; set AWS_PROFILE or sign in')),
  ];
}

/** Attempts of a conditional write that meets another one, and the longest pause between them. */
const CONFLICT_ATTEMPTS = 10;
const CONFLICT_PAUSE_MS = 250;

interface NewObject {
  readonly Bucket: string;
  readonly Key: string;
  readonly Body: Uint8Array;
  readonly ContentType: string;
}

/**
 * Writes an object if there is none. After a lost answer the SDK repeats the write, and S3 refuses it because of the first
 * one. So each writer puts its name into the metadata, and a refused writer reads whose object it is.
 */
async function putFirst(client: S3Client, object: NewObject): Promise<boolean> {
  const writer = randomUUID();
  const put = { ...object, IfNoneMatch: '*', Metadata: { writer } };
  for (let attempt = 1; ; attempt += 1) {
    try {
      await client.send(new PutObjectCommand(put));
      return true;
    } catch (error) {
      const isRefused = statusOf(error) === 412;
      // 409 decides nothing: another write to the same key is under way.
      const isOpen = isRefused || statusOf(error) === 409;
      if (!isOpen || attempt === CONFLICT_ATTEMPTS) throw error;
      const owner = isRefused ? await writerOf(client, object) : null;
      if (owner !== null) return owner === writer;
      await sleep(Math.random() * CONFLICT_PAUSE_MS);
    }
  }
}

/** The writer of an object: empty if it has no name, null if there is no object. */
async function writerOf(client: S3Client, { Bucket, Key }: NewObject): Promise<string | null> {
  try {
    const { Metadata: metadata } = await client.send(new HeadObjectCommand({ Bucket, Key }));
    return metadata?.writer ?? '';
  } catch (error) {
    if (statusOf(error) === 404) return null;
    throw error;
  }
}

/** The SDK checks length and checksum of the stream. A difference ends it with an error. */
async function* readBody(body: Readable, explain: (error: unknown) => Error): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw explain(error);
  }
}

function isKey(key: string): boolean {
  try {
    assertKey(key);
    return true;
  } catch {
    return false;
  }
}

/**
 * Packed JSON is a gzip file, without a Content-Encoding. Query engines unpack a key that ends with `.gz`. A Content-Encoding
 * would make an HTTP client unpack it first.
 */
const TYPES: Readonly<Record<string, string>> = {
  '.json': 'application/json',
  '.json.gz': 'application/gzip',
  '.parquet': 'application/vnd.apache.parquet',
};

/** The media type by the ending of a key. */
function typeOfKey(key: string): string {
  const known = Object.entries(TYPES).find(([ending]) => key.endsWith(ending));
  return known?.[1] ?? 'application/octet-stream';
}

const REASONS: Readonly<Record<string, string>> = {
  NoSuchBucket: 'there is no such bucket',
  PermanentRedirect: 'it is in another AWS region than the one that is set',
  ExpiredToken: 'the AWS credentials have expired',
  InvalidAccessKeyId: 'the AWS credentials are not accepted',
  InvalidToken: 'the AWS credentials are not accepted',
  SignatureDoesNotMatch: 'the AWS credentials are not accepted',
};

/** The reason of an error, in words for a person. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const known = REASONS[error.name];
  if (known !== undefined) return known;
  if (statusOf(error) === 403) return 'access is denied';
  if (error.name.endsWith('ProviderError')) return `no AWS credentials: ${error.message}`;
  if (error.message === 'Region is missing') return 'no AWS region is set';
  return error.message || errorCodeOf(error) || error.name;
}

/** The HTTP status of the last answer; null if there was none. */
function statusOf(error: unknown): number | null {
  return error instanceof S3ServiceException ? (error.$metadata.httpStatusCode ?? null) : null;
}

async function* listVersions(
  client: S3Client,
  query: ListObjectVersionsCommandInput,
): AsyncGenerator<ListObjectVersionsCommandOutput> {
  let next: Partial<ListObjectVersionsCommandInput> | null = {};
  while (next) {
    const page: ListObjectVersionsCommandOutput = await client.send(
      new ListObjectVersionsCommand({ ...query, ...next }),
    );
    yield page;
    const { IsTruncated: isCut, NextKeyMarker: KeyMarker, NextVersionIdMarker: VersionIdMarker } = page;
    next = isCut ? { KeyMarker, VersionIdMarker } : null;
  }
}

function identify({ Key = '', VersionId }: { Key?: string | undefined; VersionId?: string | undefined }) {
  return { Key, VersionId };
}

/** The most objects that S3 deletes in one request. */
const DELETES_AT_ONCE = 1_000;

async function remove(client: S3Client, bucket: string, objects: readonly ObjectIdentifier[]): Promise<void> {
  for (let from = 0; from < objects.length; from += DELETES_AT_ONCE) {
    const Objects = objects.slice(from, from + DELETES_AT_ONCE);
    const { Errors: errors = [] } = await client.send(
      new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } }),
    );
    const [first] = errors;
    // The answer has status 200 even if S3 refuses an object.
    if (first) throw new Error(first.Code === 'AccessDenied' ? 'access is denied' : `${first.Code}`);
  }
}

type Strategy = Extract<
  NonNullable<S3ClientConfig['retryStrategy']>,
  { readonly acquireInitialRetryToken: unknown }
>;
type Token = Awaited<ReturnType<Strategy['acquireInitialRetryToken']>>;

const FIRST_DELAY_MS = 100;
const FIRST_DELAY_THROTTLED_MS = 500;
const LONGEST_DELAY_MS = 20_000;

/**
 * A retry strategy with a fixed number of attempts for each request. The SDK's own strategy also has a budget that all
 * requests share. If one request in five fails, the budget is soon used up, and later requests are not repeated at all.
 */
function eachAttempted(attempts: number): Strategy {
  return {
    acquireInitialRetryToken: async () => tokenOf(0, 0),
    refreshRetryTokenForRetry(token, { errorType, retryAfterHint }) {
      const count = token.getRetryCount() + 1;
      const isThrottled = errorType === 'THROTTLING';
      if (count >= attempts || !(isThrottled || errorType === 'TRANSIENT')) {
        return Promise.reject(new Error('it is not repeated'));
      }
      const first = isThrottled ? FIRST_DELAY_THROTTLED_MS : FIRST_DELAY_MS;
      const hinted = retryAfterHint === undefined ? 0 : retryAfterHint.getTime() - Date.now();
      const drawn = Math.random() * Math.min(LONGEST_DELAY_MS, first * 2 ** (count - 1));
      return Promise.resolve(tokenOf(count, Math.min(LONGEST_DELAY_MS, Math.max(drawn, hinted))));
    },
    recordSuccess: () => {},
  };
}

function tokenOf(count: number, delayMs: number): Token {
  return { getRetryCount: () => count, getRetryDelay: () => delayMs };
}

const VALID_SECONDS = 300;

/**
 * Addresses of objects that work for five minutes, with GET and without a signature. They end with the credentials of this
 * process, if those end first.
 */
export function openPresigner({ bucket, prefix }: BucketOptions): { presign(key: string): Promise<string> } {
  return {
    async presign(key) {
      // Reports too large for an answer are rare. So the signer loads only for them.
      const { getSignedUrl } = await import('@aws-sdk/s3-request-presigner');
      const object = new GetObjectCommand({ Bucket: bucket, Key: prefix === '' ? key : `${prefix}/${key}` });
      return await getSignedUrl(newS3Client(), object, { expiresIn: VALID_SECONDS });
    },
  };
}
