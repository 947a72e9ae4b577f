import { createHash } from 'node:crypto';
import { inflateRawSync } from 'node:zlib';
import { toJsonText } from '../../chat/write-json.ts';

/**
 * What a workbook was made of, as a property of the document: whoever has another one of the same need not make it anew,
 * and nobody takes it for one of something else.
 */
export const FINGERPRINT = 'chat-report';

/** The part of the file in which such properties stand. */
const PROPERTIES = 'docProps/custom.xml';
/** What an archive without a comment ends with, and how long that is. */
const [END, END_LENGTH] = [0x06054b50, 22] as const;
const WITH_CHATS = 'chats-';
const WITHOUT = 'no-chats-';

export function fingerprintOf(of: unknown, hasChats: boolean): string {
  const hash = createHash('sha256').update(toJsonText(of)).digest('hex');
  return `${hasChats ? WITH_CHATS : WITHOUT}${hash}`;
}

/** @returns null for what is no workbook of this program */
export function readFingerprint(file: Uint8Array): string | null {
  try {
    const properties = readPart(Buffer.from(file.buffer, file.byteOffset, file.byteLength), PROPERTIES);
    return new RegExp(`name="${FINGERPRINT}".*?<vt:lpwstr>([a-z0-9-]+)<`, 's').exec(properties)?.[1] ?? null;
  } catch {
    return null;
  }
}

/** Whether it lists chats, and so may name anybody who wrote that day; of what cannot be told, it may be. */
export function mayListChats(file: Uint8Array): boolean {
  return readFingerprint(file)?.startsWith(WITHOUT) !== true;
}

/** One file of a ZIP archive, found by its entry in the directory at the end. */
function readPart(zip: Buffer, name: string): string {
  if (zip.readUInt32LE(zip.length - END_LENGTH) !== END) throw new Error('the archive was cut short');
  const entry = zip.lastIndexOf(name) - 46;
  const [length, start] = [zip.readUInt32LE(entry + 20), zip.readUInt32LE(entry + 42)];
  const from = start + 30 + zip.readUInt16LE(start + 26) + zip.readUInt16LE(start + 28);
  return inflateRawSync(zip.subarray(from, from + length)).toString();
}
