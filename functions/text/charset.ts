import { isUtf8 } from 'node:buffer';

/** Reads the bodies of HTTP answers as text. An answer names its charset, but the name can be missing or wrong. */

/** The body is no text in its charset. The message names the charset. */
export class UnreadableTextError extends Error {
  override readonly name = 'UnreadableTextError';
}

/** A body's text, and the charset that was used to read it. */
export interface DecodedBody {
  readonly text: string;
  /** By its name in the WHATWG Encoding Standard, such as `utf-8` or `windows-1252`. */
  readonly charset: string;
}

/** The charset that a Content-Type declares, as written there. The first of several; null if there is none. */
export function declaredCharset(contentType: string): string | null {
  const [, quoted, plain] = /;\s*charset\s*=\s*(?:"([^"]*)"|([^;,\s]*))/i.exec(contentType) ?? [];
  const label = (quoted ?? plain ?? '').replaceAll(/["']/g, '').trim();
  return label === '' ? null : label;
}

/**
 * The text of a body. The charset comes from the byte order mark, else from the header, else it is UTF-8.
 *
 * JSON is UTF-8 (RFC 8259). So a valid UTF-8 body is read as UTF-8 even if the header declares a charset of single bytes.
 *
 * @param declared see {@link declaredCharset}
 * @throws UnreadableTextError if the charset is not supported, or the body is invalid in it. No letter is guessed.
 */
export function decodeBody(body: Uint8Array, declared: string | null): DecodedBody {
  const charset = markedCharset(body) ?? (declared === null ? UTF_8 : nameOf(declared));
  const asUtf8 = SINGLE_BYTES.test(charset) ? tryDecode(body, UTF_8) : null;
  if (asUtf8 !== null) return { text: asUtf8, charset: UTF_8 };
  const text = tryDecode(body, charset);
  if (text === null) throw new UnreadableTextError(`answered what is no text in ${charset}`);
  return { text, charset };
}

/** The text of a stored page. @param charset left out for UTF-8 */
export function decodeStored(body: Uint8Array, charset: string = UTF_8): string {
  // Early versions stored pages without a check. So an invalid byte is no error here.
  return new TextDecoder(charset).decode(body);
}

/** The same body in UTF-8. */
export function toUtf8(body: Uint8Array, charset: string = UTF_8): Uint8Array {
  return charset === UTF_8 ? body : Buffer.from(decodeStored(body, charset));
}

/**
 * The likely charset of a stored page without a record, because its capture was interrupted. ASCII is right in each
 * charset of single bytes: ids, telephone numbers, addresses.
 */
export function guessCharset(body: Uint8Array): string {
  const marked = markedCharset(body);
  if (marked !== null) return marked;
  // JSON begins with an ASCII character. In UTF-16 one of its two bytes is 0.
  if (body[1] === 0) return 'utf-16le';
  if (body[0] === 0) return 'utf-16be';
  return isUtf8(body) ? UTF_8 : 'windows-1252';
}

const UTF_8 = 'utf-8';
/** Any bytes are valid in these charsets. So a body that can be decoded proves nothing. */
const SINGLE_BYTES = /^(windows-(874|125\d)|iso-8859-|koi8-|macintosh$|x-mac-|ibm866$)/;
/** The Encoding Standard reads this label as windows-1252. A body with this label is more likely UTF-8. */
const ASCII = /^(us-)?ascii$/i;
/** Characters of a label in a message. */
const LONGEST_LABEL = 40;
const BYTE_ORDER_MARKS: ReadonlyMap<string, readonly number[]> = new Map([
  [UTF_8, [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
]);

function markedCharset(body: Uint8Array): string | null {
  const marks = [...BYTE_ORDER_MARKS];
  return marks.find(([, mark]) => mark.every((byte, at) => body[at] === byte))?.[0] ?? null;
}

/**
 * Supported are UTF-16 and the charsets in which a byte below 128 is always ASCII. In all others a letter may contain the
 * byte of a quotation mark.
 */
function nameOf(label: string): string {
  const name = ASCII.test(label) ? UTF_8 : encodingOf(label);
  if (name !== null && (/^utf-/.test(name) || SINGLE_BYTES.test(name))) return name;
  throw new UnreadableTextError(
    `answered in the charset "${label.slice(0, LONGEST_LABEL)}", which is not read`,
  );
}

function encodingOf(label: string): string | null {
  try {
    return new TextDecoder(label).encoding;
  } catch {
    return null;
  }
}

function tryDecode(body: Uint8Array, charset: string): string | null {
  try {
    return new TextDecoder(charset, { fatal: true }).decode(body);
  } catch {
    return null;
  }
}
