import { createHash } from 'node:crypto';
import MailComposer from 'nodemailer/lib/mail-composer';
import type { Message } from '../report/message.ts';

/**
 * The message as it goes over the wire, RFC 5322 with CRLF. The same message gives the same bytes, so that writing
 * it again changes nothing.
 */
export async function toMime(message: Message): Promise<Uint8Array> {
  const { kind, day, from, to, subject, html, text, date } = message;
  const id = createHash('sha256').update(JSON.stringify(message)).digest('hex').slice(0, 32);
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
    },
    baseBoundary: id,
    newline: 'windows',
    textEncoding: 'quoted-printable',
    disableFileAccess: true,
    disableUrlAccess: true,
    xMailer: false,
  });
  return await composer.compile().build();
}
