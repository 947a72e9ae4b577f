import type { Message } from '../report/message.ts';

/** A way to get a message to its one recipient. */
export interface Mailer {
  /** @returns where the message can be found, or the name under which it was accepted. */
  send(message: Message): Promise<string>;
}
