const MAIL_ADDRESS = /[^\s@<>"'/]+@[^\s@<>"'/]+/g;
/** Eight digits or more, however they are spaced; but no date, and no capture's id, which begins with one. */
const PHONE_NUMBER = /(?!\d{4}-\d{2}-\d{2}|\d{8}T\d)(?<!\d[T-]?|-)\+?\d(?:[ .()-]{0,3}\d){7,}(?!T)/g;

/** Takes mail addresses and phone numbers out of a text that others wrote. */
export function redact(text: string): string {
  // Digits and blanks have other forms, which look the same.
  const plain = text.normalize('NFKC');
  return plain.replaceAll(MAIL_ADDRESS, '‹address›').replaceAll(PHONE_NUMBER, '‹number›');
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
