import { domainToASCII } from 'node:url';
import emailAddresses from 'email-addresses';
import type { Mailbox } from '../report/mail-message.ts';

/** By RFC 5321. */
const LONGEST_ADDRESS = 254;
const LONGEST_LOCAL_PART = 64;
const LONGEST_NAME = 100;
/** A name in which each character is escaped, an address, and the signs around them. */
const LONGEST_TEXT = 2 * LONGEST_NAME + LONGEST_ADDRESS + 10;

const NO_ADDRESS = 'which is no mail address';
const WITH_A_NAME =
  '; a name with punctuation stands in quotes, as in "An, B." <an@example.com>, and one without as in An <an@example.com>';

/** A dot-atom of RFC 5322. SES does not support local parts in quotes. */
const LOCAL_PART = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])$/;
/** Letters of any script. `domainToASCII` understands more, such as percent-encoding, but a mail's domain has none. */
const LETTERS_OF_A_DOMAIN = /^[\p{L}\p{M}\p{N}.-]+$/u;

/** A quoted string. Without its second quote it ends with the text. */
const QUOTED = /"(?:[^"\\]|\\.?)*(?:"|$)/gs;

/** The mailboxes of a list, as text. Commas separate them, or semicolons as in Outlook. */
export function splitMailboxes(text: string): string[] {
  const parts = text.match(/(?:"(?:[^"\\]|\\.?)*(?:"|$)|“[^“”]*”|[^",;])+/gs) ?? [];
  return parts.map((part) => part.trim()).filter(Boolean);
}

/**
 * Reads one mailbox of RFC 5322. The domain comes in small letters and in ASCII, because AWS's policies compare it so.
 *
 * @returns a message for a text that is no mailbox. It begins with the text.
 */
export function readMailbox(text: string): Mailbox | { readonly says: string } {
  const holds = (what: string) => ({ says: `holds "${shortened(text)}", ${what}` });
  // A line break would begin another header.
  if (/[^\P{Cc}\t]/u.test(text)) return holds('with a line break or another control character in it');
  if (text.length > LONGEST_TEXT) return holds('which is too long');
  const parsed = emailAddresses.parseOneAddress({ input: inStandardForm(text), rfc6532: true });
  if (parsed?.type !== 'mailbox') return holds(explainUnparsed(text));
  // The library drops comments. Users mostly mean them as a part of the name.
  if (parsed.parts.comments.some(({ tokens }) => tokens.includes('('))) {
    return holds('with parentheses; a name that has some stands in quotes');
  }
  const name = wordsOf(parsed.parts.name?.tokens ?? '');
  const wrongName = explainName(name);
  if (wrongName !== null) return holds(wrongName);
  const domain = toAscii(parsed.domain);
  const wrongAddress = explainAddress(parsed.local, domain);
  if (wrongAddress !== null) return holds(wrongAddress);
  return { address: `${parsed.local}@${domain}`, name: name || null };
}

/** Undoes what phones, Word and mail programs write: round quotes, tabs, and the address in place of a name. */
function inStandardForm(text: string): string {
  const plain = text.replaceAll('\t', ' ').replace(/^ *“([^“”"\\]*)” *(?=<)/, '"$1" ');
  const [, name = '', address] = /^ *["']?([^\s<>"']+)["']? *<([^\s<>]+)> *$/.exec(plain) ?? [];
  return address !== undefined && name.toLowerCase() === address.toLowerCase() ? address : plain;
}

/** A name without its quotes, which may stand around a part of it. The library would also remove the blanks there. */
function wordsOf(phrase: string): string {
  const unquoted = phrase.replaceAll(QUOTED, (quoted) => quoted.slice(1, -1).replaceAll(/\\(.)/gsu, '$1'));
  return unquoted.replaceAll(/\s+/g, ' ').trim();
}

function toAscii(domain: string): string {
  const isForeign = /\P{ASCII}/u.test(domain) && LETTERS_OF_A_DOMAIN.test(domain);
  return isForeign ? domainToASCII(domain) : domain.toLowerCase();
}

function explainAddress(local: string, domain: string): string | null {
  const unseen = explainUnseen(local + domain);
  if (unseen !== null) return unseen;
  if (/\P{ASCII}/u.test(local)) return 'whose part before the @ is not ASCII; SES sends to no such address';
  if (local.length > LONGEST_LOCAL_PART) {
    return `whose part before the @ is longer than ${LONGEST_LOCAL_PART} characters`;
  }
  if (local.length + 1 + domain.length > LONGEST_ADDRESS) {
    return `whose address is longer than ${LONGEST_ADDRESS} characters`;
  }
  return LOCAL_PART.test(local) && DOMAIN.test(domain) ? null : NO_ADDRESS;
}

function explainName(name: string): string | null {
  if (name.length > LONGEST_NAME) return `whose name is longer than ${LONGEST_NAME} characters`;
  return name.includes('=?')
    ? 'whose name is encoded as in the source of a mail; write the name itself'
    : null;
}

function explainUnparsed(text: string): string {
  const outside = text.replaceAll(QUOTED, (quoted) => (/[^"]$|^"$/.test(quoted) ? '"' : ''));
  if (outside.includes('"')) return 'where a quote is opened and not closed';
  if ((outside.match(/[^\s@]@[^\s@]/g) ?? []).length > 1) {
    return `which is not one mail address but several${outside.includes(',') ? '' : ', with no comma between them'}`;
  }
  const [, before = ''] = /^([^@<>:]*:) *[^@<>]+@/.exec(outside) ?? [];
  if (before !== '') return `with "${before}" before the address; leave it out`;
  const [word = ''] = /\S*@\S*/.exec(outside) ?? [];
  return explainUnseen(word) ?? `${NO_ADDRESS}${word === outside ? '' : WITH_A_NAME}`;
}

/** An invisible character comes with text from a chat or a page. The address looks right. */
function explainUnseen(text: string): string | null {
  const code = /\p{Cf}/u.exec(text)?.[0].codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0');
  return code === undefined ? null : `with a character in the address that cannot be seen (U+${code})`;
}

function shortened(text: string): string {
  const line = text.slice(0, 200).replaceAll(/\p{Cc}+/gu, ' ');
  return text.length > 200 ? `${line}…` : line;
}
