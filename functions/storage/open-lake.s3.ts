import { openBucket } from './bucket.s3.ts';
import { openFolder } from './folder.fs.ts';
import type { Lake, LakePlace } from './lake.ts';

export function openLakeAt(place: LakePlace): Lake {
  return 'folder' in place ? openFolder(place.folder) : openBucket(place);
}
