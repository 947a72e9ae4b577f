/**
 * Where everything is kept: a folder, or a bucket. Keys are `/`-separated paths without `.` or `..` parts.
 * A reader sees a whole object or none, whatever happens to the writer.
 */
export interface Lake {
  /** Writes an object, in place of one that may be there. @param contentType where the ending of its key does not tell it */
  put(key: string, body: Uint8Array, contentType?: string): Promise<void>;
  /** Writes an object only where there is none. @returns whether it was written; of several writers at once, one is told true. */
  putIfAbsent(key: string, body: Uint8Array): Promise<boolean>;
  /** @returns the object's bytes as they come, or null when there is none. */
  get(key: string): Promise<AsyncIterable<Uint8Array> | null>;
  /** @returns the keys that start with the prefix, in ascending order of their code units. */
  list(prefix: string): AsyncIterable<string>;
  /** Removes an object; none there is no error. */
  delete(key: string): Promise<void>;
}

/** Where a lake is: a folder, or a bucket and the prefix of its keys, without a slash at its end. */
export type LakePlace =
  | { readonly folder: string }
  | { readonly bucket: string; readonly prefix: string; readonly uri: string };

/** A whole object in memory; null when there is none. For what is known to be small. */
export async function readObject(lake: Pick<Lake, 'get'>, key: string): Promise<Buffer | null> {
  const stream = await lake.get(key);
  if (stream === null) return null;
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** @throws RangeError when the key could name anything outside the lake. */
export function assertKey(key: string): void {
  const parts = key.split('/');
  if (
    parts.some((part) => part === '' || part.startsWith('.') || part.includes('\\') || part.includes('\0'))
  ) {
    throw new RangeError(`"${key}" is no key of the lake`);
  }
}

/** The lake could not do what was asked of it; says where, what and why in words for a person. The cause has the rest. */
export class LakeError extends Error {
  override readonly name: string = 'LakeError';
}

/** The lake is not for this account, or not for this version of the program: nothing at all is written into it. */
export class LakeRefusedError extends LakeError {
  override readonly name = 'LakeRefusedError';
}

/** The report that is to be made is there already, of a newer program. */
export class NewerReportError extends LakeError {
  override readonly name = 'NewerReportError';
}

/** A lake that remembers what was written over and deleted. */
export interface ObjectVersions {
  /** Forgets for good what is no longer there, of every key that begins so. @returns how many versions that were */
  purge(prefix: string): Promise<number>;
}
