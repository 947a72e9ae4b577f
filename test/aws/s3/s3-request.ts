import type { WholeRequest } from '../serve-locally.ts';
import { S3Error } from './answer.ts';

type Operation =
  | 'CreateBucket'
  | 'DeleteObject'
  | 'DeleteObjects'
  | 'GetObject'
  | 'HeadBucket'
  | 'HeadObject'
  | 'ListObjectVersions'
  | 'ListObjectsV2'
  | 'PutObject';

export interface S3Request {
  readonly operation: Operation;
  readonly bucket: string;
  /** Empty where the request is for the bucket. */
  readonly key: string;
  readonly query: URLSearchParams;
  readonly headers: WholeRequest['headers'];
}

/** Without what asks for something else, such as `?versioning`. */
const OPERATIONS: Readonly<Record<string, Operation>> = {
  'DELETE object': 'DeleteObject',
  'GET bucket list-type': 'ListObjectsV2',
  'GET bucket versions': 'ListObjectVersions',
  'GET object': 'GetObject',
  'HEAD bucket': 'HeadBucket',
  'HEAD object': 'HeadObject',
  'POST bucket delete': 'DeleteObjects',
  'PUT bucket': 'CreateBucket',
  'PUT object': 'PutObject',
};

const SELECTORS = [
  'acl',
  'delete',
  'list-type',
  'partNumber',
  'tagging',
  'uploadId',
  'uploads',
  'versionId',
  'versioning',
  'versions',
];

/**
 * Reads what is asked for, with the bucket in the path.
 *
 * @throws S3Error when it is nothing that the endpoint knows.
 */
export function readS3Request({ method, url, headers }: WholeRequest): S3Request {
  const [bucket = '', ...parts] = url.pathname.slice(1).split('/');
  const key = decodeURIComponent(parts.join('/'));
  const selectors = SELECTORS.filter((selector) => url.searchParams.has(selector));
  const form = [method, key === '' ? 'bucket' : 'object', ...selectors].join(' ');
  const operation = OPERATIONS[form];
  if (operation === undefined || headers['x-amz-copy-source'] !== undefined) {
    throw new S3Error('NotImplemented', `${form} is not known here`);
  }
  // In the headers, or in the address of what somebody may read for a while.
  const isPresigned = method === 'GET' && url.searchParams.has('X-Amz-Signature');
  if (!(isPresigned || headers.authorization?.startsWith('AWS4-HMAC-SHA256 '))) {
    throw new S3Error('AccessDenied', 'the request is not signed');
  }
  return { operation, bucket, key, query: url.searchParams, headers };
}
