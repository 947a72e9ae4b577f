import { createHash } from 'node:crypto';
import type { Message } from '../report/mail-message.ts';
import { type Disk, openFolder } from '../storage/object-store.fs.ts';
import { type Mailer, toMime } from './mailer.ts';

/** The longest address in a file's name. File systems allow 255 bytes for the whole name. */
const LONGEST_IN_NAME = 150;

/**
 * A mailer that writes each message into a folder, as a file that mail programs can open. A message replaces an earlier one of
 * the same report for the same recipient.
 */
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

/** The file's name of a message in the outbox. */
export function outboxName({
  day,
  kind,
  only = [],
  to,
}: Pick<Message, 'day' | 'kind' | 'only' | 'to'>): string {
  // Case makes no difference between recipients, and on some disks none between files.
  const address = to.address.toLowerCase();
  const safe = address.replaceAll(/[^a-z0-9@.+_-]/g, '_').slice(0, LONGEST_IN_NAME);
  // Two addresses may differ only in characters that are replaced. The hash keeps their files apart.
  const suffix = safe === address ? '' : `-${createHash('sha256').update(address).digest('hex').slice(0, 8)}`;
  return `${[day, kind, ...only, safe].join('-')}${suffix}.eml`;
}
