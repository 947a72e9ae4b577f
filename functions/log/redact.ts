import { findMails, type MailPlace } from '../chat/mails-in-text.ts';
import { replaceRead } from '../chat/plain-form.ts';

/** "At" is no sign in a log: errors come at a host. */
const LOG: MailPlace = { edges: `/"'`, hasWords: false };
/** Eight digits or more, however they are spaced; but no date, and no capture's id, which begins with one. */
const PHONE_NUMBER = /(?!\d{4}-\d{2}-\d{2}|\d{8}T\d)(?<!\d[T-]?|-)\+?\d(?:[ .()_·•\p{Pd}]{0,3}\d){7,}(?!T)/gu;

/** Takes mail addresses and phone numbers out of a text that others wrote. */
export function redact(text: string): string {
  const withoutMails = replaceRead(text, (form) =>
    findMails(form, LOG).map(({ from, to }) => ({ from, to, by: '‹address›' })),
  );
  return replaceRead(withoutMails, ({ cased }) =>
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
