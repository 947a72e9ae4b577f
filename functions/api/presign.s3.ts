import type { LakePlace } from '../storage/object-store.ts';
import type { Presigner } from './ports.ts';

const VALID_SECONDS = 300;

/** Presigned addresses of S3. They end with the credentials of this process, if those end first. */
export function openPresigner({ bucket, prefix }: Exclude<LakePlace, { folder: string }>): Presigner {
  return {
    async presign(key) {
      // Reports too large for an answer are rare. So the signer loads only for them.
      const { GetObjectCommand } = await import('@aws-sdk/client-s3');
      const { getSignedUrl } = await import('@aws-sdk/s3-request-presigner');
      const { newS3Client } = await import('../storage/object-store.s3.ts');
      const object = new GetObjectCommand({ Bucket: bucket, Key: prefix === '' ? key : `${prefix}/${key}` });
      return await getSignedUrl(newS3Client(), object, { expiresIn: VALID_SECONDS });
    },
  };
}
