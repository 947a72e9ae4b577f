/**
 * Makes texts of strangers safe to show. Names, pages and tickets may hold line breaks, control characters, halves of
 * characters, or marks that turn the direction of a whole line.
 */

/** The text without characters that no document may hold. Line breaks and tabs stay. */
export function forbiddenRemoved(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cc}\t\n]|\p{Noncharacter_Code_Point}/gu, '');
}

/** Words of Latin letters with single blanks between them, as most texts are. They are one line already. */
const PLAIN_LINE = /^[!-~À-ɏẠ-ỹ]+(?: [!-~À-ɏẠ-ỹ]+)*$/u;

/** The text on one line, as a header or a table cell may hold it. */
export function oneLine(text: string): string {
  if (PLAIN_LINE.test(text)) return text;
  return text
    .toWellFormed()
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .replace(/[\p{Bidi_Control}\p{Noncharacter_Code_Point}]/gu, '')
    .trim();
}

/** One line of at most `length` characters. A longer text ends in `…`. */
export function clipped(text: string, length: number): string {
  // A character is at most two units, and a line of strangers may be megabytes long.
  const line = oneLine(text.slice(0, length * 4));
  const characters = [...line];
  const whole = characters.length <= length && text.length <= length * 4;
  return whole
    ? line
    : `${characters
        .slice(0, length - 1)
        .join('')
        .trimEnd()}…`;
}

/** A sentence as it stands after a colon: its first letter is small. */
export function withinSentence(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}

/** A phrase as it begins a sentence: its first letter is capital. */
export function capitalized(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** Enough for a letter of a name. Escaped signs and emoji take more. */
const BYTES_A_LETTER = 2;
/** A short name is never cut for its bytes. */
const LEAST_BYTES = 40;

/** {@link clipped}, and cut to the bytes that a mail has room for. Null where nothing is visible. */
export function visible(text: string | null | undefined, length: number): string | null {
  if (text === null || text === undefined) return null;
  const most = Math.max(LEAST_BYTES, BYTES_A_LETTER * length);
  const line = withinBytes(clipped(text, length), most);
  return /[\p{L}\p{N}\p{P}\p{S}]/u.test(line) ? line : null;
}

/** The line, or as much of it as fits. */
function withinBytes(line: string, most: number): string {
  if (bytesOf(line) <= most) return line;
  let room = most - bytesOf('…');
  let end = 0;
  for (const character of line) {
    room -= bytesOf(character);
    if (room < 0) break;
    end += character.length;
  }
  return `${line.slice(0, end).trimEnd()}…`;
}

/** The size of the escaped line in HTML. */
function bytesOf(line: string): number {
  return Buffer.byteLength(line.replace(/[&<>"']/g, '&#38;'));
}

export function withAccount(text: string, account: string | null): string {
  return account === null ? text : `${text} · ${account}`;
}

/** The account in ASCII, for names of files and lists. `ACCOUNT` allows these characters alone. */
export function inAscii(account: string): string {
  return account
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, '-')
    .slice(0, 40);
}
