import { createHash } from 'node:crypto';
import MailComposer from 'nodemailer/lib/mail-composer';
import { encodeWord, foldLines, quoteString } from 'nodemailer/lib/mime-funcs';
import type { Mailbox, Message } from '../report/message.ts';
import { toJsonText } from '../text/json.ts';

/** A way to get a message to its one recipient. */
export interface Mailer {
  /** Of the transport, as its receipts are filed. */
  readonly name: string;
  /** Whether the same message sent twice is the same as sent once: a file that is written again, but not a mail. */
  readonly isRepeatable: boolean;
  /**
   * Where the message is tried several times, none begins more than a minute after the call: whoever claimed it may
   * be given up by then.
   *
   * @returns the name under which the message can be found where it went.
   * @throws NotSentError where that is certain; after any other error the message may be under way.
   */
  send(message: Message): Promise<string>;
}

/** The transport refused the message, so that it is certain that nothing was sent. */
export class NotSentError extends Error {
  override readonly name = 'NotSentError';
}

const LONGEST_WORD = 75;
/** In base64 as many as an encoded word of that length holds. */
const MOST_BYTES = 45;

/**
 * The message as it goes over the wire, RFC 5322 with CRLF. The same message gives the same bytes, so that writing
 * it again changes nothing.
 */
export async function toMime(message: Message): Promise<Uint8Array> {
  const { kind, day, from, to, subject, html, text, date, listId, unsubscribe, attachments } = message;
  const id = idOf(message);
  const domain = from.address.slice(from.address.lastIndexOf('@') + 1);
  const composer = new MailComposer({
    subject,
    text,
    html,
    // As a text it would be written as it stands.
    date: new Date(date),
    messageId: `<${day}.${kind}.${id}@${domain}>`,
    headers: {
      'X-Chat-Report': kind,
      // Keep out-of-office replies from coming back every morning; Exchange heeds the second. That a mail could not be
      // delivered is still told.
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
  return Buffer.concat([Buffer.from(`${line('From', from)}\r\n${line('To', to)}\r\n`), rest]);
}

function line(header: string, { name, address }: Mailbox): string {
  return name === null ? `${header}: ${address}` : foldLines(`${header}: ${phraseOf(name)} <${address}>`);
}

/**
 * A name in ASCII. There are programs (Python before 3.12) that show a blank between two encoded words. So it is one of the
 * greatest length that RFC 2047 allows, and none for what is ASCII at the beginning, such as an account's name; what is
 * longer is parted at its blanks, not within a word as the composer would do.
 */
function phraseOf(name: string): string {
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

/** Of all that the message says. */
function idOf({ attachments, ...said }: Message): string {
  const hash = createHash('sha256').update(toJsonText(said));
  // As JSON a file of megabytes would be ten times as long.
  for (const { name, type, content } of attachments) {
    hash.update(toJsonText([name, type, content.byteLength])).update(content);
  }
  return hash.digest('hex').slice(0, 32);
}
