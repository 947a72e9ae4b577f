import { findMails, type MailContext } from '../text/contact-patterns.ts';
import { replaceInPlainForm } from '../text/plain-form.ts';

/** "At" is no sign in a log: errors come at a host. */
const LOG: MailContext = { edges: `/"'`, hasWords: false };
/** Eight digits or more, however they are spaced; but no date, and no capture's id, which begins with one. */
const PHONE_NUMBER = /(?!\d{4}-\d{2}-\d{2}|\d{8}T\d)(?<!\d[T-]?|-)\+?\d(?:[ .()_·•\p{Pd}]{0,3}\d){7,}(?!T)/gu;

/** Takes mail addresses and phone numbers out of a text that others wrote. */
export function redact(text: string): string {
  const withoutMails = replaceInPlainForm(text, (form) =>
    findMails(form, LOG).map(({ from, to }) => ({ from, to, by: '‹address›' })),
  );
  return replaceInPlainForm(withoutMails, ({ cased }) =>
    Array.from(cased.matchAll(PHONE_NUMBER), ({ 0: number, index }) => {
      return { from: index, to: index + number.length, by: '‹number›' };
    }),
  );
}

/** An error in one line, as it may be logged. */
export function problemOf(error: unknown): string {
  return redact(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
}

/** The same error for whoever keeps or shows it, without what others wrote into it. */
export function redactError(error: unknown): Error {
  const redacted = new Error(redact(error instanceof Error ? error.message : String(error)));
  if (error instanceof Error) redacted.name = error.name;
  return redacted;
}

/** The system's own code of an error, such as ENOENT; null when it has none. */
export function errorCodeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}

/** The system's own code, such as ECONNREFUSED, which HTTP clients hide in the cause; else the error's name. */
export function causeCodeOf(error: unknown): string {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const code = errorCodeOf(cause);
    if (code !== null) return code;
    // What the fetch standard keeps for others has no code.
    if (cause.message === 'bad port') return 'EBADPORT';
  }
  return error instanceof Error ? error.name : 'unknown';
}
