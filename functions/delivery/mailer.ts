import { createHash } from 'node:crypto';
import type { Mailbox, Message } from '../report/mail-message.ts';
import { toJsonText } from '../text/write-json.ts';

/** The port for mail, and the bytes of a message as a mail. */

/** Sends a message to its one recipient. */
export interface Mailer {
  /** The name of the transport, which is part of the receipts' keys. */
  readonly name: string;
  /** Whether sending twice has the same effect as once. True for a file that is replaced, false for a mail. */
  readonly isRepeatable: boolean;
  /**
   * Sends the message, in several attempts if need be. The last attempt begins at most a minute after the call, because the
   * sender's claim may expire later.
   *
   * @returns the name of the message in the transport
   * @throws NotSentError if certainly nothing was sent; after any other error the message may be under way
   */
  send(message: Message): Promise<string>;
}

/** Certainly nothing was sent: the transport refused the message, or was not reached. */
export class NotSentError extends Error {
  override readonly name = 'NotSentError';
}

type Words = typeof import('nodemailer/lib/mime-funcs');

/** The longest encoded word in characters, by RFC 2047. */
const LONGEST_WORD = 75;
/** The bytes of text that such a word holds in base64. */
const MOST_BYTES = 45;

/** The message as a mail, RFC 5322 with CRLF. The same message always gives the same bytes. */
export async function toMime(message: Message): Promise<Uint8Array> {
  const { kind, day, from, to, subject, html, text, date, listId, unsubscribe, attachments } = message;
  const id = idOf(message);
  const domain = from.address.slice(from.address.lastIndexOf('@') + 1);
  // Few steps of a run send a mail.
  const { default: MailComposer } = await import('nodemailer/lib/mail-composer');
  const words = await import('nodemailer/lib/mime-funcs');
  const composer = new MailComposer({
    subject,
    text,
    html,
    // The library copies a text as it is, but formats a date.
    date: new Date(date),
    messageId: `<${day}.${kind}.${id}@${domain}>`,
    headers: {
      'X-Chat-Report': kind,
      // These stop out-of-office replies. Exchange obeys only the second. Reports of failed delivery still come.
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'OOF, AutoReply',
      'List-Id': `<${listId}>`,
      'List-Unsubscribe': `<${unsubscribe}>`,
    },
    attachments: attachments.map(({ name, type, content }) => ({
      filename: name,
      contentType: type,
      content: Buffer.from(content.buffer, content.byteOffset, content.byteLength),
    })),
    baseBoundary: id,
    newline: 'windows',
    textEncoding: 'quoted-printable',
    disableFileAccess: true,
    disableUrlAccess: true,
    xMailer: false,
  });
  const rest = await composer.compile().build();
  return Buffer.concat([Buffer.from(`${line('From', from, words)}\r\n${line('To', to, words)}\r\n`), rest]);
}

function line(header: string, { name, address }: Mailbox, words: Words): string {
  return name === null
    ? `${header}: ${address}`
    : words.foldLines(`${header}: ${phraseOf(name, words)} <${address}>`);
}

/**
 * A display name in ASCII. Some programs (Python before 3.12) show a blank between two encoded words. So the words are as long
 * as RFC 2047 allows, and a beginning in ASCII, such as an account's name, stays as it is. A longer name is split at its
 * blanks. The library would split inside a word.
 */
function phraseOf(name: string, { encodeWord, quoteString }: Words): string {
  if (/^[ -~]*$/.test(name)) return quoteString(name);
  const [, plain = '', rest = ''] = /^((?:[A-Za-z0-9-]+ )*)(.*)$/.exec(name) ?? [];
  const parts: string[] = [];
  for (const word of rest.split(/(?<= )/)) {
    const longer = `${parts.at(-1) ?? ''}${word}`;
    if (Buffer.byteLength(longer) <= MOST_BYTES) parts.splice(-1, 1, longer);
    else parts.push(word);
  }
  return plain + parts.map((part) => encodeWord(part, 'B', LONGEST_WORD)).join(' ');
}

/** A hash of the whole message. */
function idOf({ attachments, ...fields }: Message): string {
  const hash = createHash('sha256').update(toJsonText(fields));
  // Bytes would be ten times as long in JSON.
  for (const { name, type, content } of attachments) {
    hash.update(toJsonText([name, type, content.byteLength])).update(content);
  }
  return hash.digest('hex').slice(0, 32);
}
