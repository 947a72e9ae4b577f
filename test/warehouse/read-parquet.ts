import { zstdDecompressSync } from 'node:zlib';
import { parquetReadObjects } from 'hyparquet';

/** The rows of a Parquet file by a second reader; a time as its microseconds. */
export async function readParquet(bytes: Uint8Array): Promise<Record<string, unknown>[]> {
  const micros = (value: bigint) => value;
  return await parquetReadObjects({
    file: new Uint8Array(bytes).buffer,
    compressors: { ZSTD: (input) => new Uint8Array(zstdDecompressSync(input)) },
    parsers: { timestampFromMicroseconds: micros } as never,
  });
}
