import { type Answer, xmlAnswer } from './answer.ts';
import type { Objects, StoredObject } from './objects.ts';
import type { S3Request } from './s3-request.ts';

/** What was put under a key, or that it was deleted. */
interface Version {
  readonly id: string;
  readonly key: string;
  /** Null for the marker of a deletion. */
  readonly object: StoredObject | null;
}

/** The objects of a bucket that is versioned: nothing that was put is gone before its version is deleted. */
export class VersionedObjects extends Map<string, StoredObject> {
  /** The earliest first. */
  readonly versions: Version[] = [];
  #count = 0;

  override set(key: string, object: StoredObject): this {
    this.#add(key, object);
    return super.set(key, object);
  }

  override delete(key: string): boolean {
    this.#add(key, null);
    return super.delete(key);
  }

  deleteVersion(key: string, id: string): void {
    const at = this.versions.findIndex((version) => version.key === key && version.id === id);
    if (at >= 0) this.versions.splice(at, 1);
    const latest = this.latestOf(key)?.object;
    if (latest) super.set(key, latest);
    else super.delete(key);
  }

  latestOf(key: string): Version | undefined {
    return this.versions.findLast((version) => version.key === key);
  }

  #add(key: string, object: StoredObject | null): void {
    this.#count += 1;
    this.versions.push({ id: `v${this.#count}`, key, object });
  }
}

/** ListObjectVersions, the latest of each key first. @param pageSize how many entries a page has at most */
export function listVersions(objects: Objects, { bucket, query }: S3Request, pageSize: number): Answer {
  const prefix = query.get('prefix') ?? '';
  const [keyMarker, idMarker] = [query.get('key-marker'), query.get('version-id-marker')];
  const all = entriesOf(objects)
    .filter(({ key }) => key.startsWith(prefix))
    .sort((left, right) => Buffer.compare(Buffer.from(left.key), Buffer.from(right.key)));
  const start = all.findIndex(({ key, id }) => key === keyMarker && id === idMarker) + 1;
  const page = all.slice(start, start + pageSize);
  const last = page.at(-1);
  const isCut = start + page.length < all.length && last !== undefined;
  const toXml = ({ key, id, isLatest }: Entry) => ({ Key: key, VersionId: id, IsLatest: isLatest });
  return xmlAnswer({
    ListVersionsResult: {
      Name: bucket,
      Prefix: prefix,
      IsTruncated: isCut,
      ...(isCut && { NextKeyMarker: last.key, NextVersionIdMarker: last.id }),
      Version: page.filter(({ object }) => object !== null).map(toXml),
      DeleteMarker: page.filter(({ object }) => object === null).map(toXml),
    },
  });
}

type Entry = Version & { readonly isLatest: boolean };

function entriesOf(objects: Objects): Entry[] {
  if (objects instanceof VersionedObjects) {
    return objects.versions
      .toReversed()
      .map((version) => ({ ...version, isLatest: objects.latestOf(version.key) === version }));
  }
  return [...objects].map(([key, object]) => ({ id: 'null', key, object, isLatest: true }));
}
