import type { Day } from '../../functions/calendar/day.ts';
import type { Channel } from '../../functions/chats/channel.ts';
import { type Receipt, recipientHash } from '../../functions/delivery/send-once.ts';
import type { DayRecord } from '../../functions/pipeline/day-record.ts';
import type { Mailbox, MessageKind } from '../../functions/report/mail-message.ts';

/** The mails of a day, from their receipts and from the record of the day. */

/** All mails of a day in a few numbers. */
export interface MailStatus {
  /**
   * `mail`: it was sent, to some recipients at least. `files`: it was written into an outbox. `later-mail`: the mail of a later day
   * tells of the day.
   */
  readonly by: 'mail' | 'files' | 'later-mail';
  /** What was sent last: the report, a partial one, or a notice in its place. */
  readonly kind: MessageKind;
  /** When the first recipient had it; null where none is known to have it. */
  readonly at: string | null;
  /** The recipients who have it. Null where it has no receipts. */
  readonly sent: number | null;
  /** The recipients who certainly have it not. */
  readonly failed: number;
  /** The recipients of whom it is not known. */
  readonly unknown: number;
  /** All recipients: those of the settings, or else those with a receipt. Null where neither is known. */
  readonly recipients: number | null;
}

/** One mail to one recipient. */
export interface MailToOne {
  readonly kind: MessageKind;
  /** The channels of its report where it is not the day's own; null for the day's own. */
  readonly only: readonly Channel[] | null;
  /** Null where the settings do not name the recipient any more: receipts hold no address. */
  readonly to: string | null;
  readonly transport: string;
  readonly state: Receipt['state'];
  readonly at: string | null;
}

/** The kinds of mails, the most complete first. */
const KINDS: readonly MessageKind[] = ['report', 'partial', 'notice'];

/**
 * @param recipients those of the settings; null where the settings name none
 * @returns null where no mail of the day is known
 */
export function toMailStatus(
  day: Day,
  receipts: readonly Receipt[],
  record: DayRecord | null,
  recipients: readonly Mailbox[] | null,
): MailStatus | null {
  const own = receipts.filter(({ place }) => place.day === day && place.only === undefined);
  const kind = KINDS.find((one) => own.some((receipt) => receipt.kind === one));
  const known = recipients?.length ?? null;
  if (kind === undefined) return withoutReceipts(record, known);
  const mails = lastOfEach(own.filter((receipt) => receipt.kind === kind));
  const sent = mails.filter(({ state }) => state === 'sent');
  const failed = mails.filter(({ state }) => state === 'not-sent').length;
  const [at = null] = sent.flatMap((receipt) => receipt.at ?? []).toSorted();
  return {
    ...{ by: 'mail', kind, at, sent: sent.length, failed },
    unknown: mails.length - sent.length - failed,
    recipients: Math.max(known ?? 0, mails.length),
  };
}

function withoutReceipts(record: DayRecord | null, recipients: number | null): MailStatus | null {
  const { mailed, madeUp } = record ?? {};
  const none = { sent: null, failed: 0, unknown: 0, recipients };
  const at = mailed?.full ?? mailed?.partial;
  if (at !== undefined) return { by: 'files', kind: mailed?.full ? 'report' : 'partial', at, ...none };
  return madeUp === undefined ? null : { by: 'later-mail', kind: 'report', at: madeUp, ...none };
}

/** Each mail to each recipient, in the order of their keys. */
export function toMails(receipts: readonly Receipt[], recipients: readonly Mailbox[] | null): MailToOne[] {
  const addresses = new Map((recipients ?? []).map(({ address }) => [recipientHash(address), address]));
  return lastOfEach(receipts).map(({ place, transport, kind, recipient, state, at }) => ({
    ...{ kind, only: place.only ?? null, to: addresses.get(recipient) ?? null, transport, state, at },
  }));
}

/** A mail may have several receipts. One that says `sent` counts, otherwise the last one. */
function lastOfEach(receipts: readonly Receipt[]): Receipt[] {
  const mails = Map.groupBy(receipts, ({ place, transport, kind, recipient }) =>
    [place.only?.join(), transport, kind, recipient].join('/'),
  );
  return [...mails.values()].flatMap((of) => of.findLast(({ state }) => state === 'sent') ?? of.at(-1) ?? []);
}
