import {
  DeleteObjectsCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandInput,
  type ListObjectVersionsCommandOutput,
  type ObjectIdentifier,
  type S3Client,
} from '@aws-sdk/client-s3';
import { type BucketOptions, newS3Client, reasonOf } from './bucket.s3.ts';
import { LakeError } from './lake-error.ts';
import type { PastVersions } from './past-versions.ts';

/** As many as S3 deletes at once. */
const AT_ONCE = 1_000;

/**
 * The older versions of a lake's objects, in a bucket that keeps them; in another there is nothing to forget. It needs
 * `s3:ListBucketVersions` and `s3:DeleteObjectVersion`, which no function of ours has.
 */
export function openBucketVersions({ bucket, prefix, client = newS3Client() }: BucketOptions): PastVersions {
  const root = prefix === '' ? '' : `${prefix}/`;
  return {
    async forget(start) {
      const past: ObjectIdentifier[] = [];
      const markers: ObjectIdentifier[] = [];
      try {
        for await (const page of listVersions(client, { Bucket: bucket, Prefix: `${root}${start}` })) {
          const { Versions: versions = [], DeleteMarkers: deleted = [] } = page;
          past.push(...versions.filter(({ IsLatest }) => !IsLatest).map(identify));
          markers.push(...deleted.map(identify));
        }
        // Versions first: without its marker, the last version of what was deleted would be there again.
        await remove(client, bucket, past);
        await remove(client, bucket, markers);
      } catch (error) {
        const why = `cannot forget older versions in the bucket ${bucket}: ${reasonOf(error)}`;
        throw new LakeError(why, { cause: error });
      }
      return past.length;
    },
  };
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

async function remove(client: S3Client, bucket: string, objects: readonly ObjectIdentifier[]): Promise<void> {
  for (let from = 0; from < objects.length; from += AT_ONCE) {
    const Objects = objects.slice(from, from + AT_ONCE);
    const { Errors: errors = [] } = await client.send(
      new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } }),
    );
    const [first] = errors;
    // A refusal comes within an answer that is itself none, so it says nothing by its status.
    if (first) throw new Error(first.Code === 'AccessDenied' ? 'access is denied' : `${first.Code}`);
  }
}
