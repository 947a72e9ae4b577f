import { findMails, type MailContext } from '../text/contact-patterns.ts';
import { replaceInPlainForm } from '../text/plain-form.ts';

/** Makes texts and errors safe for logs and screens: without addresses and phone numbers of customers. */

/** The word "at" stands before a host in many errors. So it is no sign of an address here. */
const LOG: MailContext = { edges: `/"'`, hasWords: false };
/** Eight digits or more, with any spaces between them. Dates and ids of captures, which begin with a date, do not match. */
const PHONE_NUMBER = /(?!\d{4}-\d{2}-\d{2}|\d{8}T\d)(?<!\d[T-]?|-)\+?\d(?:[ .()_·•\p{Pd}]{0,3}\d){7,}(?!T)/gu;

/** Replaces e-mail addresses and phone numbers in a text that others wrote. */
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

/** An error in one line for the log, redacted. */
export function problemOf(error: unknown): string {
  return redact(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
}

/** A copy of an error that may be stored or shown: the same name, a redacted message, no cause. */
export function redactError(error: unknown): Error {
  const redacted = new Error(redact(error instanceof Error ? error.message : String(error)));
  if (error instanceof Error) redacted.name = error.name;
  return redacted;
}

/** The system's code of an error, such as ENOENT; null if it has none. */
export function errorCodeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}

/** The system's code of an error or of its causes, such as ECONNREFUSED; else the error's name. HTTP clients hide it in a cause. */
export function causeCodeOf(error: unknown): string {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const code = errorCodeOf(cause);
    if (code !== null) return code;
    // The fetch standard blocks some ports. That error has no code.
    if (cause.message === 'bad port') return 'EBADPORT';
  }
  return error instanceof Error ? error.name : 'unknown';
}
