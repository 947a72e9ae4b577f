import type { LakePlace } from '../storage/object-store.ts';
import type { Presigner } from './ports.ts';

const GOOD_FOR_SECONDS = 300;

/** Addresses of S3's own, signed in the name of whoever runs this: they are no good for longer than their credentials. */
export function openPresigner({ bucket, prefix }: Exclude<LakePlace, { folder: string }>): Presigner {
  return {
    async presign(key) {
      // A report that is too large for an answer is rare: nothing else waits for what signs it.
      const { GetObjectCommand } = await import('@aws-sdk/client-s3');
      const { getSignedUrl } = await import('@aws-sdk/s3-request-presigner');
      const { newS3Client } = await import('../storage/object-store.s3.ts');
      const object = new GetObjectCommand({ Bucket: bucket, Key: prefix === '' ? key : `${prefix}/${key}` });
      return await getSignedUrl(newS3Client(), object, { expiresIn: GOOD_FOR_SECONDS });
    },
  };
}
