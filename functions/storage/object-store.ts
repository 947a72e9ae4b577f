/** The lake as a port: what the program asks of a folder or a bucket. */

/**
 * The store of all data: a folder or a bucket. Keys are paths with `/` between their parts; no part begins with a dot.
 * A reader sees a whole object or none, also while a writer works or after it crashes.
 */
export interface Lake {
  /** Writes an object, or replaces it. @param contentType left out if the ending of the key implies it */
  put(key: string, body: Uint8Array, contentType?: string): Promise<void>;
  /** Writes an object only if there is none. @returns whether it was written. Of several writers at once, one gets true. */
  putIfAbsent(key: string, body: Uint8Array): Promise<boolean>;
  /** @returns the bytes of an object as a stream, or null if there is none */
  get(key: string): Promise<AsyncIterable<Uint8Array> | null>;
  /** @returns the keys with this prefix, in ascending order of their code units */
  list(prefix: string): AsyncIterable<string>;
  /** Removes an object. A missing object is no error. */
  delete(key: string): Promise<void>;
}

/** Where a lake is: a folder, or a bucket and the prefix of its keys without a slash at its end. */
export type LakePlace =
  | { readonly folder: string }
  | { readonly bucket: string; readonly prefix: string; readonly uri: string };

/** The older versions of a lake's objects, in a bucket that keeps them. */
export interface ObjectVersions {
  /** Deletes all versions that are no longer current, of each key with this prefix. @returns how many versions */
  purge(prefix: string): Promise<number>;
}

/** Reads a whole object into memory; null if there is none. For small objects only. */
export async function readObject(lake: Pick<Lake, 'get'>, key: string): Promise<Buffer | null> {
  const stream = await lake.get(key);
  if (stream === null) return null;
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  const [first] = chunks;
  return first && chunks.length === 1
    ? Buffer.from(first.buffer, first.byteOffset, first.length)
    : Buffer.concat(chunks);
}

/** @throws RangeError if the key could name something outside the lake */
export function assertKey(key: string): void {
  const parts = key.split('/');
  if (
    parts.some((part) => part === '' || part.startsWith('.') || part.includes('\\') || part.includes('\0'))
  ) {
    throw new RangeError(`"${key}" is no key of the lake`);
  }
}

/** The lake failed. The message says where, what and why in words for a person. The cause has the details. */
export class LakeError extends Error {
  override readonly name: string = 'LakeError';
}

/** The lake belongs to another account or a newer version of the program. Nothing is written to it. */
export class LakeRefusedError extends LakeError {
  override readonly name = 'LakeRefusedError';
}

/** A newer version of the program has already written this report. */
export class NewerReportError extends LakeError {
  override readonly name = 'NewerReportError';
}
