/** What came is no text in the charset that is told of it. The message says so. */
export class UnreadableTextError extends Error {
  override readonly name = 'UnreadableTextError';
}

const LONGEST_LABEL = 40;
const UTF_8 = 'utf-8';
/** Of single bytes: any bytes are a text in them, so that it shows nothing that a body can be read so. */
const SINGLE_BYTES = /^(windows-(874|125\d)|iso-8859-|koi8-|macintosh$|x-mac-|ibm866$)/;
const BYTE_ORDER_MARKS: ReadonlyMap<string, readonly number[]> = new Map([
  [UTF_8, [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
]);

/** The charset that a Content-Type tells, as it is written there; of several the first. Null where it tells none. */
export function toldCharset(contentType: string): string | null {
  const [, quoted, plain] = /;\s*charset\s*=\s*(?:"([^"]*)"|([^;,\s]*))/i.exec(contentType) ?? [];
  const label = (quoted ?? plain ?? '').replaceAll(/["']/g, '').trim();
  return label === '' ? null : label;
}

/** A body's text, and the charset that it is read in. */
export interface DecodedBody {
  readonly text: string;
  /** By its name in the WHATWG standard, such as `utf-8` or `windows-1252`. */
  readonly charset: string;
}

/**
 * The text of a body: in the charset that its byte order mark says, else in the one that is told, else in UTF-8. JSON is
 * UTF-8 (RFC 8259), so a body that holds letters beyond ASCII and is UTF-8 is read so where single bytes are told.
 *
 * @throws UnreadableTextError where the charset is none that is read, or the body is not in it: no letter is guessed
 */
export function decodeBody(body: Uint8Array, told: string | null): DecodedBody {
  const charset = markedCharset(body) ?? (told === null ? UTF_8 : nameOf(told));
  const asUtf8 = SINGLE_BYTES.test(charset) ? tryDecode(body, UTF_8) : null;
  if (asUtf8 !== null) return { text: asUtf8, charset: UTF_8 };
  const text = tryDecode(body, charset);
  if (text === null) throw new UnreadableTextError(`answered what is no text in ${charset}`);
  return { text, charset };
}

/** The text of a page that is kept. @param charset left out where it is UTF-8 */
export function decodeKept(body: Uint8Array, charset: string = UTF_8): string {
  // Not strictly: pages were kept before it was looked at.
  return new TextDecoder(charset).decode(body);
}

/** The same body in UTF-8. */
export function toUtf8(body: Uint8Array, charset: string = UTF_8): Uint8Array {
  return charset === UTF_8 ? body : Buffer.from(decodeKept(body, charset));
}

/**
 * What a page is read in of which nothing is written down, because its capture was cut off. In each charset of single bytes
 * what is ASCII is right: ids, telephone numbers, addresses.
 */
export function guessCharset(body: Uint8Array): string {
  const marked = markedCharset(body);
  if (marked !== null) return marked;
  // JSON begins with ASCII, of which one byte is 0 in UTF-16.
  if (body[1] === 0) return 'utf-16le';
  if (body[0] === 0) return 'utf-16be';
  return tryDecode(body, UTF_8) === null ? 'windows-1252' : UTF_8;
}

function markedCharset(body: Uint8Array): string | null {
  const marks = [...BYTE_ORDER_MARKS];
  return marks.find(([, mark]) => mark.every((byte, at) => body[at] === byte))?.[0] ?? null;
}

/** The standard takes these for windows-1252, and bytes beyond ASCII for letters of that. */
const ASCII = /^(us-)?ascii$/i;

/**
 * Those alone in which a byte below 128 is ASCII wherever it stands, and UTF-16: in the others a letter may hold a quotation
 * mark.
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
