import { readFile } from 'node:fs/promises';
import { text as readAll } from 'node:stream/consumers';
import { errorCodeOf } from '../functions/observability/redact.ts';
import type { Terminal } from './terminal.ts';

const STDIN = '-';

/**
 * The token that a file holds alone, or that is piped to stdin.
 *
 * @param path `-` for stdin
 * @returns what is wrong with it. No message repeats what the file holds
 */
export async function readTokenFile(
  path: string,
  { stdio }: Pick<Terminal, 'stdio'>,
): Promise<{ readonly token: string } | { readonly says: string }> {
  const place = path === STDIN ? 'stdin' : `"${path}"`;
  let content: string;
  try {
    if (path !== STDIN) content = await readFile(path, 'utf8');
    else {
      const input = stdio?.().input;
      if (input === undefined || input.isTTY) {
        return { says: 'is -, but nothing is piped to stdin; name a file, or pipe the token in' };
      }
      content = await readAll(input);
    }
  } catch (error) {
    return {
      says: `is ${place}, which cannot be read (${errorCodeOf(error)}); name a file that holds the token`,
    };
  }
  const token = cleanToken(content);
  if (token === '') return { says: `is ${place}, which is empty; it holds the token alone` };
  return /[\r\n]/u.test(token)
    ? { says: `is ${place}, which holds more than one line; it holds the token alone` }
    : { token };
}

/** A token as a person copies it: with blanks, quotes, or the word that stands before it in a request. */
export function cleanToken(text: string): string {
  return text
    .replace(/^\uFEFF/u, '')
    .trim()
    .replace(/^(["'])(.*)\1$/su, '$2')
    .trim()
    .replace(/^Bearer\s+/iu, '');
}
