import type { Lake } from '../storage/lake.ts';

/** A whole object of at most so many bytes; of a larger one no more is read. @returns null when there is none */
export async function readWithin(
  lake: Pick<Lake, 'get'>,
  key: string,
  mostBytes: number,
): Promise<Uint8Array<ArrayBuffer> | 'too-large' | null> {
  const stream = await lake.get(key);
  if (stream === null) return null;
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    bytes += chunk.byteLength;
    if (bytes > mostBytes) return 'too-large';
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
