import { createHash } from 'node:crypto';
import type { Clock } from '../../functions/calendar/clock.ts';
import { type Mailer, NotSentError } from '../../functions/delivery/mailer.ts';
import type { Message } from '../../functions/report/mail-message.ts';
import type { Lake } from '../../functions/storage/object-store.ts';

/** One call of the mailer, as its caller had it. */
interface Sent {
  readonly message: Message;
  /** When it was called, in milliseconds since 1970. */
  readonly at: number;
  /** How many mails came of it. */
  readonly taken: number;
  readonly told: 'yes' | 'no' | 'unclear';
  /** Whether the lake said that the receipt was written. */
  isReceipted: boolean;
}

export interface WatchedMail {
  readonly sends: readonly Sent[];
  watch(mailer: Mailer): Mailer;
  /** The lake, by which it is seen which receipts are written. */
  watchLake(lake: Lake): Lake;
  /** Mails that came twice: whether the contract allows it. */
  twice(): { readonly allowed: number; readonly wrong: readonly string[] };
}

/** For so long a claim without a receipt keeps others from sending. */
const CLAIM_LIVES_MS = 600_000;

/** @param countOf how many mails have come for this address */
export function watchMail(countOf: (address: string) => number, clock: Pick<Clock, 'now'>): WatchedMail {
  const sends: Sent[] = [];
  return {
    sends,
    watch: (mailer) => ({
      ...mailer,
      async send(message) {
        const [before, at] = [countOf(message.to.address), clock.now()];
        const note = (told: Sent['told']): void => {
          const taken = countOf(message.to.address) - before;
          sends.push({ message, at, taken, told, isReceipted: false });
        };
        try {
          const id = await mailer.send(message);
          note('yes');
          return id;
        } catch (error) {
          note(error instanceof NotSentError ? 'no' : 'unclear');
          throw error;
        }
      },
    }),
    watchLake: (lake) => ({
      ...lake,
      async put(key, body) {
        await lake.put(key, body);
        if (!(key.includes('/sent/') && Buffer.from(body).includes('"sent"'))) return;
        const isOf = ({ message }: Sent): boolean => key.includes(`-${hashOf(message.to.address)}-`);
        const last = sends.findLast((sent) => sent.told === 'yes' && isOf(sent));
        if (last) last.isReceipted = true;
      },
    }),
    twice() {
      const wrong: string[] = [];
      let allowed = 0;
      const reports = sends.filter(({ message }) => message.kind !== 'notice');
      const whose = ({ message }: Sent): string => `${message.to.address} of ${message.day}, ${message.kind}`;
      for (const [address, all] of Map.groupBy(reports, whose)) {
        const came = all.filter(({ taken }) => taken > 0);
        const found = came.flatMap((one, place) => whyWrong(one, came[place + 1]) ?? []);
        wrong.push(...found.map((one) => `${address}, came again: ${one}`));
        if (found.length === 0) allowed += Math.max(0, came.length - 1);
      }
      return { allowed, wrong };
    },
  };
}

/** Why a mail should have come once, or not again; null where the contract allows it, or it did not. */
function whyWrong({ taken, told, isReceipted, at }: Sent, next: Sent | undefined): string | null {
  if (taken > 1) return `${taken} mails of one call`;
  if (next === undefined) return null;
  if (told === 'no') return 'it was said not to be sent';
  if (isReceipted) return 'there was a receipt';
  return next.at - at < CLAIM_LIVES_MS ? 'its claim was not given up yet' : null;
}

/** As a claim names its recipient. */
function hashOf(address: string): string {
  return createHash('sha256').update(address.toLowerCase()).digest('hex').slice(0, 16);
}
