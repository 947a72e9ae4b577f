/** What can be seen to be wrong with the text of any setting. The text itself may be a secret: it is not repeated. */

const QUOTES = `"'\`“”‘’`;
const QUOTED = new RegExp(`^[${QUOTES}].*[${QUOTES}]$|^[${QUOTES}]$`, 's');
const HALF_QUOTED = new RegExp(`^[${QUOTES}][^${QUOTES}]*$|^[^${QUOTES}]*[${QUOTES}]$`, 's');

/** In a setting of mail addresses. */
const NAME = /(?<!\\)"(?:[^"\\]|\\.)*"(?=\s*<[^<>]*@)/gs;

/** `<token>`, also within an address, or half of it. A mail address in angle brackets is none. */
const IN_ANGLES = /<[^<>@]*>|^<[^<>@]*$|^[^<>@]*>$/;
/** `{token}`, `${CARESOFT_TOKEN}`, `[token]`, `%TOKEN%`, `***`, as templates, documents and unread scripts leave them. */
const UNFILLED =
  /^(?:\$?\{+[^{}]*\}+|\[[^\]"@]*\]|\([a-z_ -]*\)|\$[a-z_]+|%[a-z_]+%|\.{3}|…|\*+|x{3,}|(?:change|replace)[-_ ]?me)$/i;
/** `your-token`, `YOUR_API_KEY_HERE`, and an address that ends so. */
const YOURS =
  /(?:^|\/)<?your[-_ ]?(?:[a-z]+[-_ ])?(?:account|bucket|domain|key|secret|token)(?:[-_ ]?here)?$/i;

/** Within an address these are meant to stay; what is said of `{ticket}` alone, its own setting says. */
const TICKET_MARK = /\{ticket(?:_id|_no)?\}/g;

export const PLACEHOLDER = 'is still the placeholder; put the value itself in its place';

/** @returns null where nothing is wrong with it, nor, in an address, with a part of its path */
export function explainText(text: string): string | null {
  const marked = text.replaceAll(TICKET_MARK, '0');
  const path = text.includes('://') ? (URL.parse(marked)?.pathname ?? '') : '';
  return [text, ...path.split('/').map(decode)].map(explainPart).find((says) => says !== null) ?? null;
}

function explainPart(text: string): string | null {
  if (QUOTED.test(text)) return 'has quotes around it; leave them out';
  if (HALF_QUOTED.test(text)) return 'has a quote at one end; leave it out';
  // The name of a sender may hold anything.
  const unnamed = text.replaceAll(NAME, '');
  const isPlaceholder =
    IN_ANGLES.test(withAngles(unnamed)) || [UNFILLED, YOURS].some((form) => form.test(unnamed));
  return isPlaceholder ? PLACEHOLDER : null;
}

function withAngles(text: string): string {
  return text.replaceAll(/%3C|&lt;/gi, '<').replaceAll(/%3E|&gt;/gi, '>');
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // With a stray percent sign it stands for itself.
    return part;
  }
}
