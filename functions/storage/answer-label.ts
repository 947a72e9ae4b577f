/**
 * A packed answer says itself what it answers: its question stands where gzip keeps the name of the file that was
 * packed, and is passed over by all that unpacks it. So answers that lie in the lake without a manifest can be used.
 */
const HEADER_BYTES = 10;
const FLAGS = 3;
const HAS_NAME = 0x08;

/** @param packed a gzip file without a name in it @param label in ASCII, without control characters */
export function withLabel(packed: Uint8Array, label: string): Buffer {
  const header = Buffer.from(packed.subarray(0, HEADER_BYTES));
  header[FLAGS] = (header[FLAGS] ?? 0) | HAS_NAME;
  return Buffer.concat([header, Buffer.from(`${label}\0`, 'latin1'), packed.subarray(HEADER_BYTES)]);
}

/** @returns null where there is none */
export function labelOf(packed: Uint8Array): string | null {
  if (((packed[FLAGS] ?? 0) & HAS_NAME) === 0) return null;
  const end = packed.indexOf(0, HEADER_BYTES);
  return end < 0 ? null : Buffer.from(packed.subarray(HEADER_BYTES, end)).toString('latin1');
}
