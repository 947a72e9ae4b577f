import { createHash } from 'node:crypto';
import MailComposer from 'nodemailer/lib/mail-composer';
import { toJsonText } from '../chat/write-json.ts';
import type { Message } from '../report/message.ts';

/**
 * The message as it goes over the wire, RFC 5322 with CRLF. The same message gives the same bytes, so that writing
 * it again changes nothing.
 */
export async function toMime(message: Message): Promise<Uint8Array> {
  const { kind, day, from, to, subject, html, text, date, unsubscribe, attachments } = message;
  const id = idOf(message);
  const composer = new MailComposer({
    from,
    to,
    subject,
    text,
    html,
    date,
    messageId: `<${day}.${kind}.${id}@${from.slice(from.lastIndexOf('@') + 1)}>`,
    headers: {
      'X-Chat-Report': kind,
      // Keeps out-of-office replies from coming back every morning.
      'Auto-Submitted': 'auto-generated',
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
  return await composer.compile().build();
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
