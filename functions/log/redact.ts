const MAIL_ADDRESS = /[^\s@<>"'/]+@[^\s@<>"'/]+/g;
const PHONE_NUMBER = /\+?\d(?:[ .()-]?\d){7,}/g;

/** Takes mail addresses and phone numbers out of a text that others wrote. */
export function redact(text: string): string {
  return text.replaceAll(MAIL_ADDRESS, '‹address›').replaceAll(PHONE_NUMBER, '‹number›');
}

/** An error in one line, as it may be logged. */
export function problemOf(error: unknown): string {
  return redact(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
}
