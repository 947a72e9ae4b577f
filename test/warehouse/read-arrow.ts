import { type Table, tableFromIPC } from '@uwdata/flechette';
import { readParquet } from 'parquet-wasm';

/** A Parquet file by arrow-rs, as it is compiled to WebAssembly: the strictest of the readers. */
export function readArrow(parquet: Uint8Array): Table {
  return tableFromIPC(readParquet(parquet).intoIPCStream(), { useBigInt: true });
}
