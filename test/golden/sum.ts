import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { unzip } from '../report/open-workbook.ts';

/**
 * What a file says, to be summed. What zlib packed (pages of raw, workbooks) is unpacked: how small zlib gets it differs
 * from one kind of processor to the other. Parquet is as it lies there, since zstd packs it the same everywhere.
 */
export function plainOf(path: string, packed: Uint8Array): Buffer {
  const bytes = Buffer.from(packed);
  if (path.endsWith('.gz')) return gunzipSync(bytes);
  if (path.endsWith('.xlsx')) return Buffer.from(partsOf(bytes));
  if (path.endsWith('.eml')) return Buffer.from(withUnpacked(bytes.toString('latin1')), 'latin1');
  return bytes;
}

/** Each part of a workbook in its order. */
function partsOf(workbook: Buffer): string {
  return [...unzip(workbook)].map(([name, bytes]) => `${name} ${sha256(bytes)}\n`).join('');
}

const WORKBOOK =
  /(Content-Type: application\/vnd\.openxmlformats-officedocument\.spreadsheetml\.sheet[\s\S]*?\r\n\r\n)([\w+/=\r\n]+)/;

/** The workbook in the mail by its parts; and without the mail's id, which is of all its bytes. */
function withUnpacked(mail: string): string {
  if (!WORKBOOK.test(mail)) return mail;
  const [, id] = /^Message-ID: <.*\.([0-9a-f]{32})@/im.exec(mail) ?? [];
  if (id === undefined) throw new Error('the mail has no id');
  return mail
    .replace(WORKBOOK, (_all, head: string, packed: string) => head + partsOf(Buffer.from(packed, 'base64')))
    .replaceAll(id, 'id');
}

export function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** A line a file, in ascending order of their paths. */
export function toLines(sums: ReadonlyMap<string, string>): string {
  const paths = [...sums.keys()].sort();
  return paths.map((path) => `${sums.get(path)}  ${path}\n`).join('');
}
