import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { constants, gunzip, gzip } from 'node:zlib';
import type { Channel } from '../chat/channel.ts';
import { decodeKept } from '../chat/charset.ts';
import { chatsSchema } from '../chat/contract.ts';
import { parseExactJson } from '../chat/exact-json.ts';
import type { Day } from '../time/report-day.ts';
import { capturePrefix, MANIFEST_NAME, pageName, rawChannelPrefix } from './keys.ts';
import { type Lake, readObject } from './lake.ts';
import { type Manifest, type ManifestPage, manifests } from './manifest.ts';

const unpack = promisify(gunzip);
const pack = promisify(gzip);

/** A raw file that is not what its manifest says: cut short, altered or gone. */
export class DamagedCaptureError extends Error {
  override readonly name = 'DamagedCaptureError';
  readonly channel: Channel;

  constructor(message: string, options: ErrorOptions & { readonly channel: Channel }) {
    super(message, options);
    this.channel = options.channel;
  }
}

/** Every capture of a channel and day, the earliest first. What has no readable manifest is none. */
export function findCaptures(
  lake: Pick<Lake, 'get' | 'list'>,
  day: Day,
  channel: Channel,
): AsyncGenerator<Manifest> {
  return manifests.readAll(lake, rawChannelPrefix(day, channel), `/${MANIFEST_NAME}`);
}

/**
 * The rows of one page of a capture, superseded ones too.
 *
 * @throws DamagedCaptureError when it is not, to the byte, what was received.
 */
export async function readKeptPage(
  lake: Pick<Lake, 'get'>,
  day: Day,
  channel: Channel,
  captureId: string,
  page: Pick<ManifestPage, 'page' | 'sha256' | 'charset'>,
): Promise<readonly unknown[]> {
  return await readPageOf(lake, channel, capturePrefix(day, channel, captureId), page);
}

/** The same of a capture by where it lies. @throws DamagedCaptureError */
export async function readPageOf(
  lake: Pick<Lake, 'get'>,
  channel: Channel,
  prefix: string,
  page: Pick<ManifestPage, 'page' | 'sha256' | 'charset'>,
): Promise<readonly unknown[]> {
  const key = `${prefix}${pageName(page.page)}`;
  const packed = await readObject(lake, key);
  if (packed === null) throw new DamagedCaptureError(`${key} is missing`, { channel });
  try {
    const body = await unpack(packed);
    if (sha256(body) !== page.sha256) throw new Error('the hash differs');
    return readRows(body, page.charset);
  } catch (error) {
    throw new DamagedCaptureError(`${key} is not what was received`, { channel, cause: error });
  }
}

/** Level 1: at a day of a million chats the higher levels cost more time than everything else together. */
export function packPage(body: Uint8Array): Promise<Buffer> {
  return pack(body, { level: constants.Z_BEST_SPEED });
}

/** @returns null where the bytes are no packed file, or not a whole one */
export async function unpackPage(packed: Uint8Array): Promise<Buffer | null> {
  return await unpack(packed).catch(() => null);
}

/** The rows of a page's body, as they were read when it came. @param charset left out where it is UTF-8 @throws where it is none */
export function readRows(body: Uint8Array, charset?: string): readonly unknown[] {
  return readAnswer(body, charset).chats;
}

/** The same, and how many CareSoft counted. @throws where it is none */
export function readAnswer(body: Uint8Array, charset?: string) {
  return chatsSchema.parse(parseExactJson(decodeKept(body, charset)));
}

/** In lower-case hex. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
