import { createHash } from 'node:crypto';
import type { Message } from '../report/message.ts';
import { type Disk, openFolder } from '../storage/object-store.fs.ts';
import { type Mailer, toMime } from './mailer.ts';

/** File systems take 255 bytes, and the name of the file holds more than the recipient. */
const LONGEST_IN_NAME = 150;

/** Writes each message into a folder as a file that mail programs open, in place of one of the same report for the same recipient. */
export function openOutbox(folder: string, disk?: Disk): Mailer {
  const outbox = openFolder(folder, disk);
  return {
    name: 'outbox',
    isRepeatable: true,
    async send(message) {
      const name = outboxName(message);
      await outbox.put(name, await toMime(message));
      return name;
    },
  };
}

/** The file of a message in the outbox. */
export function outboxName({
  day,
  kind,
  only = [],
  to,
}: Pick<Message, 'day' | 'kind' | 'only' | 'to'>): string {
  // As recipients are told apart, and as a disk may tell files apart: without case.
  const address = to.address.toLowerCase();
  const safe = address.replaceAll(/[^a-z0-9@.+_-]/g, '_').slice(0, LONGEST_IN_NAME);
  // Two addresses that differ only in what a file name cannot hold must not become one file.
  const unlike = safe === address ? '' : `-${createHash('sha256').update(address).digest('hex').slice(0, 8)}`;
  return `${[day, kind, ...only, safe].join('-')}${unlike}.eml`;
}
