/** The text of a settings file: one setting a line, `NAME=value`. It is the form of an `.env` file. */

/** What is wrong with one line. The text of the line is not repeated: it may hold a token. */
interface LineProblem {
  readonly line: number;
  /** The name, where the line has one. */
  readonly name?: string;
  readonly says: string;
}

interface Entry {
  readonly value: string;
  /** From 1. */
  readonly line: number;
}

const LINE = /^(?:export\s+)?([^\s=]+)\s*=\s*(.*)$/su;
/** A key in base64 that stands alone may end so. Then its text must not be taken for a name, and shown. */
const BARE_KEY = /^(?!AWS_)(?=[^=]*[^A-Z_=])(?=[^=]*[^a-z_=])[A-Za-z\d+/_-]{16,}={1,2}$/;

/**
 * Reads the lines. Blank lines and lines that begin with `#` are comments. A value may stand in quotes: then a backslash
 * stands before a quote or backslash within double quotes. No variable is filled in, and no line goes on in the next.
 */
export function readSettingsText(text: string): {
  readonly entries: ReadonlyMap<string, Entry>;
  readonly problems: readonly LineProblem[];
} {
  const entries = new Map<string, Entry>();
  const problems: LineProblem[] = [];
  for (const [place, raw] of text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .entries()) {
    const line = place + 1;
    const trimmed = raw.trim();
    if (trimmed === '' || trimmed.startsWith('#')) continue;
    const [, name, written = ''] = (BARE_KEY.test(trimmed) ? null : LINE.exec(trimmed)) ?? [];
    if (name === undefined) {
      problems.push({ line, says: 'is no setting; write it as NAME=value, or begin the line with #' });
      continue;
    }
    const before = entries.get(name);
    if (before !== undefined) {
      problems.push({ line, name, says: `is set twice, in lines ${before.line} and ${line}; keep one` });
      continue;
    }
    const says = explainWritten(written);
    if (says !== null) problems.push({ line, name, says });
    entries.set(name, { line, value: unquote(written) ?? withoutSlip(written, says) });
  }
  return { entries, problems };
}

function explainWritten(written: string): string | null {
  if (unquote(written) !== null) return null;
  if (/\s#/u.test(written)) {
    return 'has a # after its value; put the comment on a line of its own, or the whole value in quotes';
  }
  return written.endsWith('\\') ? 'ends with a backslash; write the whole value on one line' : null;
}

/** The value that is meant, so that it is not told to be wrong as well. */
function withoutSlip(written: string, says: string | null): string {
  return says === null ? written : written.replace(/\s+#.*$|\s*\\$/su, '');
}

const DOUBLE = /^"((?:[^"\\]|\\.)*)"$/su;
const SINGLE = /^'([^']*)'$/su;

/** @returns null for a value that does not stand in quotes as a whole */
function unquote(written: string): string | null {
  const [, double] = DOUBLE.exec(written) ?? [];
  if (double !== undefined) return double.replaceAll(/\\(["\\])/gu, '$1');
  return SINGLE.exec(written)?.[1] ?? null;
}

/** Writes a line that is read as this value. A value has no line break. */
export function toSettingsLine(name: string, value: string): string {
  const isPlain = value === value.trim() && explainWritten(value) === null && unquote(value) === null;
  return `${name}=${isPlain ? value : `"${value.replaceAll(/["\\]/gu, String.raw`\$&`)}"`}`;
}

/** Where the values of the environment come from. */
export interface SettingsOrigin {
  /** As the user gave it. */
  readonly path: string;
  /** The lines of the names whose values come from it, from 1. Null for a file without lines of that form. */
  readonly lines: ReadonlyMap<string, number | null>;
  /** The account of `bin/accounts.ts` that they are of, where they are. */
  readonly account?: string;
  /** The places of values that come from elsewhere: the name of a stack. */
  readonly others?: ReadonlyMap<string, string>;
}

/** The name of a setting, and where the file sets it. */
export function locate(name: string, path: string, line: number | null): string {
  return `${name} (${path}${line === null ? '' : `:${line}`})`;
}
