import type { Message } from '../report/message.ts';

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
