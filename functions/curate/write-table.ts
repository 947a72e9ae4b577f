import { constants, zstdCompressSync } from 'node:zlib';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import { type Table, toParquetSchema } from './table.ts';

/** Named, so that a new default in Node changes no byte. Level 15 took fifteen times as long and saved a fourteenth. */
const COMPRESSION_LEVEL = 3;

/** How Thrift's compact protocol begins a list of structs that has none. */
const NO_STRUCTS = 0x0c;

/**
 * Writes one Parquet file, a row group at a time. The same rows in the same groups give the same bytes: nothing of the
 * time, the machine or a version is in it.
 */
export class TableWriter<Source> {
  readonly #table: Table<Source>;
  readonly #facts: Readonly<Record<string, string>>;
  readonly #bytes = new ByteWriter();
  readonly #parquet: ParquetWriter;

  /** @param facts what the file is to say of itself besides the table's name, as its key-value metadata. */
  constructor(table: Table<Source>, facts: Readonly<Record<string, string>> = {}) {
    this.#table = table;
    this.#facts = facts;
    this.#parquet = new ParquetWriter({
      writer: this.#bytes,
      schema: toParquetSchema(table),
      codec: 'ZSTD',
      compressors: { ZSTD: compress },
      createdBy: 'chat-report',
      kvMetadata: Object.entries({ table: table.name, ...facts }).map(([name, value]) => ({
        key: `chat-report.${name}`,
        value,
      })),
    });
  }

  /** Adds the rows as one row group, in their order; none is no group. */
  async addRowGroup(sources: readonly Source[]): Promise<void> {
    if (sources.length === 0) return;
    await this.#parquet.write({
      columnData: this.#table.columns.map(({ name, of }) => ({ name, data: sources.map(of) })),
      rowGroupSize: sources.length,
    });
  }

  /** The whole file; nothing can be added after. */
  async finish(): Promise<Uint8Array> {
    const bytes = await this.#write();
    // The library takes the type of a list from its first element, and so writes none for no row group. Strict readers
    // refuse the file.
    if (this.#parquet.row_groups.length === 0) bytes[await this.#findNoGroups(bytes)] = NO_STRUCTS;
    return bytes;
  }

  /** Where the list of row groups begins in a file without one: there a file with one is another. */
  async #findNoGroups(bytes: Uint8Array): Promise<number> {
    const other = new TableWriter(this.#table, this.#facts);
    other.#parquet.row_groups.push({ columns: [], total_byte_size: 0n, num_rows: 0n });
    const otherBytes = await other.#write();
    return bytes.findIndex((byte, at) => byte !== otherBytes[at]);
  }

  async #write(): Promise<Uint8Array> {
    await this.#parquet.finish();
    return this.#bytes.getBytes();
  }
}

function compress(bytes: Uint8Array): Uint8Array {
  return zstdCompressSync(bytes, { params: { [constants.ZSTD_c_compressionLevel]: COMPRESSION_LEVEL } });
}
