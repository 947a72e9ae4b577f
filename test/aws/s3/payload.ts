import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { WholeRequest } from '../serve-locally.ts';
import { S3Error } from './answer.ts';

/** What a request carries, taken out of its framing and found to be what was sent. */
export interface Payload {
  readonly bytes: Buffer;
  /** By the name of the header, such as `x-amz-checksum-crc32`. */
  readonly checksums: Readonly<Record<string, string>>;
}

const CHECKSUM = 'x-amz-checksum-';

/** In base64, by the ending of their headers. */
const ALGORITHMS: Readonly<Record<string, (bytes: Buffer) => string>> = {
  crc32(bytes) {
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32(bytes));
    return sum.toString('base64');
  },
  sha1: (bytes) => createHash('sha1').update(bytes).digest('base64'),
  sha256: (bytes) => createHash('sha256').update(bytes).digest('base64'),
};

/** @throws S3Error when a length, a hash or a checksum disagrees with the bytes. */
export function readPayload({ headers, body }: WholeRequest): Payload {
  const declared = String(headers['x-amz-content-sha256'] ?? 'UNSIGNED-PAYLOAD');
  const isFramed = declared.startsWith('STREAMING-');
  const { bytes, trailers } = isFramed ? decodeChunks(body) : { bytes: body, trailers: {} };
  const length = headers['x-amz-decoded-content-length'];
  if (isFramed && length !== undefined && Number(length) !== bytes.length)
    throw new S3Error('IncompleteBody');
  if (/^[0-9a-f]{64}$/.test(declared) && createHash('sha256').update(bytes).digest('hex') !== declared) {
    throw new S3Error('XAmzContentSHA256Mismatch');
  }
  const promised = headers['x-amz-trailer'];
  if (promised !== undefined && !(String(promised).toLowerCase() in trailers)) {
    throw new S3Error('InvalidRequest', `the trailer ${promised} is missing`);
  }
  const checksums: Record<string, string> = {};
  for (const [name, value] of Object.entries({ ...headers, ...trailers })) {
    if (!isChecksum(name)) continue;
    checkSum(name, String(value), bytes);
    checksums[name] = String(value);
  }
  return { bytes, checksums };
}

function isChecksum(name: string): boolean {
  return name.startsWith(CHECKSUM) && !['algorithm', 'mode', 'type'].includes(name.slice(CHECKSUM.length));
}

function checkSum(name: string, value: string, bytes: Buffer): void {
  const compute = ALGORITHMS[name.slice(CHECKSUM.length)];
  if (compute === undefined) throw new S3Error('NotImplemented', `${name} is not checked here`);
  if (compute(bytes) !== value) throw new S3Error('BadDigest', `${name} does not match what was received`);
}

/**
 * Takes bytes out of the framing `aws-chunked`: `SIZE[;extension]\r\nBYTES\r\n` for each chunk, an empty one at the
 * end, and trailers, `name:value\r\n`, before a last empty line.
 *
 * @throws S3Error when it is cut or not of that form.
 */
export function decodeChunks(framed: Buffer): { bytes: Buffer; trailers: Record<string, string> } {
  let at = 0;
  const readLine = (): string => {
    const end = framed.indexOf('\r\n', at);
    if (end < 0) throw new S3Error('IncompleteBody');
    const line = framed.toString('latin1', at, end);
    at = end + 2;
    return line;
  };
  const chunks: Buffer[] = [];
  for (let size = readSize(readLine()); size > 0; size = readSize(readLine())) {
    const chunk = framed.subarray(at, at + size);
    at += size;
    if (chunk.length < size || readLine() !== '') throw new S3Error('IncompleteBody');
    chunks.push(chunk);
  }
  const trailers: Record<string, string> = {};
  for (let line = readLine(); line !== ''; line = readLine()) {
    const [name = '', ...value] = line.split(':');
    trailers[name.trim().toLowerCase()] = value.join(':').trim();
  }
  if (at !== framed.length) throw new S3Error('IncompleteBody');
  return { bytes: Buffer.concat(chunks), trailers };
}

/** Of a chunk, in bytes. */
function readSize(line: string): number {
  const digits = /^([0-9a-fA-F]+)(;.*)?$/.exec(line)?.[1];
  if (digits === undefined) throw new S3Error('IncompleteBody');
  return Number.parseInt(digits, 16);
}
