/** What can be seen to be wrong with the text of any setting, whatever it is for. The text itself may be a secret: it is not repeated. */

const QUOTES = `"'\`“”‘’`;
const QUOTED = new RegExp(`^[${QUOTES}].*[${QUOTES}]$|^[${QUOTES}]$`, 's');
const HALF_QUOTED = new RegExp(`^[${QUOTES}][^${QUOTES}]*$|^[^${QUOTES}]*[${QUOTES}]$`, 's');

/** `<token>`, also within an address. A mail address in angle brackets is none. */
const IN_ANGLES = /(?:<|%3C)[^<>@]*(?:>|%3E)/i;
/** `{token}`, `${CARESOFT_TOKEN}`, `[token]`, `$CARESOFT_TOKEN`, as templates and unread scripts leave them. */
const UNFILLED = /^(?:\$?\{+[^{}]*\}+|\[[^\]]*\]|\$[A-Za-z_]+|\.{3}|…|x{3,})$/i;
/** `your-token`, `YOUR_API_KEY_HERE`, and an address that ends so. */
const YOURS =
  /(?:^|\/)<?your[-_ ]?(?:[a-z]+[-_ ])?(?:account|bucket|domain|key|secret|token)(?:[-_ ]?here)?$/i;

/** @returns null where nothing is wrong with it */
export function explainText(text: string): string | null {
  if (QUOTED.test(text)) return 'has quotes around it; leave them out';
  if (HALF_QUOTED.test(text)) return 'has a quote at one end; leave it out';
  if (IN_ANGLES.test(text) || UNFILLED.test(text) || YOURS.test(text)) {
    return 'is still the placeholder; put the value itself in its place';
  }
  return null;
}
