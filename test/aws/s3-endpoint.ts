import type { ServerResponse } from 'node:http';
import { type Answer, emptyAnswer, errorAnswer, S3Error } from './s3/answer.ts';
import { answerWith, type Fault } from './s3/fault.ts';
import { listObjects } from './s3/listing.ts';
import { deleteObjects, getObject, type Objects, putObject } from './s3/objects.ts';
import { readPayload } from './s3/payload.ts';
import { readS3Request, type S3Request } from './s3/s3-request.ts';
import { listVersions, VersionedObjects } from './s3/versions.ts';
import { serveLocally, type WholeRequest } from './serve-locally.ts';

interface S3Options {
  /** Are there from the start. */
  readonly buckets?: readonly string[];
  /** How many entries a page of a listing has at most; 1,000 unless told, as S3 has. */
  readonly pageSize?: number;
  /** Whether what is written over or deleted is kept as an older version; not so unless told. */
  readonly versioned?: boolean;
  /** Told of each request, says what goes wrong with it; null for nothing. */
  readonly faults?: (request: S3Request) => Fault | null;
}

export interface LocalS3 {
  /** `http://127.0.0.1:PORT`, without a slash at its end; buckets are in the path. */
  readonly url: string;
  /** What is stored, by bucket and key. */
  readonly buckets: ReadonlyMap<string, Objects>;
  /** Every request that was understood, the earliest first; also those that a fault met. */
  readonly requests: readonly S3Request[];
  /** The next requests for the operation meet these faults, one each, before those of the options. */
  fail(operation: S3Request['operation'], ...faults: readonly Fault[]): void;
  /** Told of each fault once it is met, before anything comes of it. */
  onFault: (fault: Fault) => void;
  close(): Promise<void>;
}

/**
 * What this project uses of S3, over HTTP on 127.0.0.1: objects, conditional writes, checksums and listings behave
 * as S3's do. Signatures are asked for and not checked. What is not known here is refused, not taken for something else.
 */
export async function startS3(options: S3Options = {}): Promise<LocalS3> {
  const { pageSize = 1_000, versioned = false, faults = () => null } = options;
  const newBucket = (): Objects => (versioned ? new VersionedObjects() : new Map());
  const buckets = new Map<string, Objects>(options.buckets?.map((bucket) => [bucket, newBucket()]));
  const requests: S3Request[] = [];
  const planned: { readonly operation: S3Request['operation']; readonly fault: Fault }[] = [];

  function faultFor(request: S3Request): Fault | null {
    const next = planned.findIndex(({ operation }) => operation === request.operation);
    if (next < 0) return faults(request);
    return planned.splice(next, 1)[0]?.fault ?? null;
  }

  async function answer(whole: WholeRequest, response: ServerResponse): Promise<void> {
    const isHead = whole.method === 'HEAD';
    const request = orRefusal(() => readS3Request(whole));
    if ('status' in request) return await answerWith(null, () => request, response, isHead);
    requests.push(request);
    const act = () => orRefusal(() => perform(buckets, request, whole, pageSize));
    const fault = faultFor(request);
    if (fault !== null) s3.onFault(fault);
    await answerWith(fault, act, response, isHead);
  }

  const server = await serveLocally(answer);
  const s3: LocalS3 = {
    ...server,
    buckets,
    requests,
    fail: (operation, ...list) => planned.push(...list.map((fault) => ({ operation, fault }))),
    onFault: () => {},
  };
  return s3;
}

function perform(
  buckets: Map<string, Objects>,
  request: S3Request,
  whole: WholeRequest,
  pageSize: number,
): Answer {
  const { operation, bucket } = request;
  const objects = buckets.get(bucket);
  if (operation === 'CreateBucket') {
    if (objects) throw new S3Error('BucketAlreadyOwnedByYou');
    buckets.set(bucket, new Map());
    return emptyAnswer(200, { location: `/${bucket}` });
  }
  if (!objects) throw new S3Error('NoSuchBucket');
  return ACTS[operation](objects, request, whole, pageSize);
}

type Act = (objects: Objects, request: S3Request, whole: WholeRequest, pageSize: number) => Answer;

const ACTS: Readonly<Record<Exclude<S3Request['operation'], 'CreateBucket'>, Act>> = {
  DeleteObject(objects, { key }) {
    objects.delete(key);
    return emptyAnswer(204);
  },
  DeleteObjects: (objects, _request, whole) => deleteObjects(objects, readPayload(whole)),
  GetObject: getObject,
  HeadBucket: () => emptyAnswer(200),
  HeadObject: getObject,
  ListObjectVersions: (objects, request, _whole, pageSize) => listVersions(objects, request, pageSize),
  ListObjectsV2: (objects, request, _whole, pageSize) => listObjects(objects, request, pageSize),
  PutObject: (objects, request, whole) => putObject(objects, request, readPayload(whole)),
};

function orRefusal<Result>(act: () => Result): Result | Answer {
  try {
    return act();
  } catch (error) {
    if (error instanceof S3Error) return errorAnswer(error);
    throw error;
  }
}
