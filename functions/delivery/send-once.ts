import { createHash } from 'node:crypto';
import pLimit from 'p-limit';
import * as z from 'zod';
import type { Clock } from '../calendar/clock.ts';
import type { Log } from '../observability/log.ts';
import type { Message } from '../report/mail-message.ts';
import { defineRecord } from '../storage/json-record.ts';
import { type ReportPlace, readSentKey, sentKey } from '../storage/layout.ts';
import type { Lake } from '../storage/object-store.ts';
import { type Mailer, NotSentError } from './mailer.ts';

/** Sends each message once, although runs can crash, repeat and overlap. Claims and receipts in the lake prevent a second mail. */

/** A claim without a receipt expires after this time. Its run has ended, and perhaps the mail was not sent. */
const CLAIM_LIFETIME_MS = 600_000;
/** A process must send within this time after its claim. */
const FRESH_CLAIM_MS = 60_000;
const RECEIPT_ATTEMPTS = 5;

const claimSchema = z.object({
  state: z.enum(['claimed', 'sent', 'not-sent']),
  run: z.string(),
  at: z.iso.datetime(),
});
type Claim = z.infer<typeof claimSchema>;

/** Claims by their keys. An unreadable one counts as expired. */
const claims = defineRecord({ schema: claimSchema, key: (key: string) => key, unreadable: 'null' });

export interface SendPorts {
  readonly mailer: Mailer;
  readonly lake: Lake;
  readonly clock: Clock;
  readonly log: Log;
}

export type Sending =
  | { readonly state: 'sent' }
  /** This run or an earlier one sent it before. */
  | { readonly state: 'already-sent' }
  /** A claim has no receipt: another run is sending, or it crashed, or the answer was lost. Nothing is known until the claim expires. */
  | { readonly state: 'claimed'; readonly isOwn: boolean; readonly freeInSeconds: number };

/**
 * Sends a message once. A repeatable mailer sends at once. Any other mailer needs a claim before and a receipt after.
 *
 * - A claim is a conditional write. So only one of several runs sends.
 * - A claim without a receipt expires after ten minutes. Then the message is sent again. So a mail comes twice only if the
 *   process or the lake fails between the transport's answer and the receipt, or if that answer is lost.
 * - If certainly nothing was sent, the next run can claim at once.
 * - An unreadable claim counts as expired, because a second mail is better than a morning without one.
 *
 * @param resend sends a message again that an earlier run sent
 */
export async function sendOnce(
  message: Message,
  { run, resend }: { readonly run: string; readonly resend: boolean },
  { mailer, lake, clock, log }: SendPorts,
): Promise<Sending> {
  if (mailer.isRepeatable) {
    await mailer.send(message);
    return { state: 'sent' };
  }
  for (let number = 1; ; ) {
    const key = claimKey(message, run, mailer, number);
    const known = await claims.find(lake, key);
    if (known.state === 'none') {
      const claim: Claim = { state: 'claimed', run, at: new Date(clock.now()).toISOString() };
      // Another run was faster. The loop reads its claim.
      if (!(await claims.create(lake, key, claim))) continue;
      return await sendClaimed(message, key, claim, { mailer, lake, clock });
    }
    if (known.state === 'unreadable') {
      const problem = 'it does not tell whether the mail was sent; the mail goes out under the next number';
      log({ event: 'file-unreadable', key, problem });
    } else {
      const blocked = judgeClaim(known.value, { run, resend }, clock);
      if (blocked !== null) return blocked;
    }
    number += 1;
  }
}

/** @returns null if the next number can be claimed */
function judgeClaim(
  { state, run, at }: Claim,
  request: { readonly run: string; readonly resend: boolean },
  clock: Clock,
): Sending | null {
  const isOwn = run === request.run;
  if (state === 'sent') return request.resend && !isOwn ? null : { state: 'already-sent' };
  if (state === 'not-sent') return null;
  const freeInMs = Date.parse(at) + CLAIM_LIFETIME_MS - clock.now();
  return freeInMs > 0 ? { state: 'claimed', isOwn, freeInSeconds: Math.ceil(freeInMs / 1_000) } : null;
}

async function sendClaimed(
  message: Message,
  key: string,
  claim: Claim,
  { mailer, lake, clock }: Omit<SendPorts, 'log'>,
): Promise<Sending> {
  const ageMs = clock.now() - Date.parse(claim.at);
  // The machine may have paused this process here. The claim may have expired, and another run may be sending.
  if (ageMs > FRESH_CLAIM_MS) {
    return { state: 'claimed', isOwn: true, freeInSeconds: Math.ceil(CLAIM_LIFETIME_MS / 1_000) };
  }
  try {
    await mailer.send(message);
  } catch (error) {
    // Certainly nothing was sent. So the next run need not wait.
    if (error instanceof NotSentError) await release(key, claim, { lake, clock });
    throw error;
  }
  const receipt: Claim = { ...claim, state: 'sent', at: new Date(clock.now()).toISOString() };
  for (let attempt = 1; ; attempt += 1) {
    try {
      await claims.write(lake, key, receipt);
      return { state: 'sent' };
    } catch (error) {
      // Without a receipt the next run would send the mail again.
      if (attempt >= RECEIPT_ATTEMPTS) throw error;
      await clock.sleep(1_000 * attempt);
    }
  }
}

/**
 * Marks the claim as not sent. The claim is not deleted: it may have expired, and another run may have sent under the next
 * number. A third run would find this number free and send again.
 */
async function release(
  key: string,
  claim: Claim,
  { lake, clock }: Pick<SendPorts, 'lake' | 'clock'>,
): Promise<void> {
  const released: Claim = { ...claim, state: 'not-sent', at: new Date(clock.now()).toISOString() };
  try {
    await claims.write(lake, key, released);
  } catch {
    // The claim expires by itself. An error here would hide why the mail was not sent.
  }
}

/** What is known of a mail to a recipient. */
export interface Receipt {
  readonly place: ReportPlace;
  readonly transport: string;
  readonly kind: Message['kind'];
  /** As {@link recipientHash} makes it. */
  readonly recipient: string;
  /** `claimed`: it was to be sent, and what came of it is not known. `unreadable`: the file tells nothing. */
  readonly state: Claim['state'] | 'unreadable';
  /** When that was. Null where the file tells nothing. */
  readonly at: string | null;
}

const RECEIPTS_AT_ONCE = 16;
const RECEIPT_NAME = /^(report|partial|notice)(?:-.+)?-([0-9a-f]{16})-\d+\.json$/;

/** Reads the claims and receipts among the keys of reports. Their order is that of the keys. */
export async function readReceipts(keys: readonly string[], lake: Pick<Lake, 'get'>): Promise<Receipt[]> {
  const found = await pLimit(RECEIPTS_AT_ONCE).map([...keys], async (key) => {
    const sent = readSentKey(key);
    const [, kind, recipient] = RECEIPT_NAME.exec(sent?.name ?? '') ?? [];
    if (sent === null || !isKind(kind) || recipient === undefined) return [];
    const claim = await claims.read(lake, key);
    const { state, at } = claim ?? { state: 'unreadable' as const, at: null };
    return [{ place: sent.place, transport: sent.transport, kind, recipient, state, at }];
  });
  return found.flat();
}

function isKind(text: string | undefined): text is Message['kind'] {
  return text === 'report' || text === 'partial' || text === 'notice';
}

/** The name of a recipient in keys: an address is in no key. Case makes no difference. */
export function recipientHash(address: string): string {
  return createHash('sha256').update(address.toLowerCase()).digest('hex').slice(0, 16);
}

/** Claims have numbers from 1. An expired or failed claim stays beside the next one; so does the receipt of a resent mail. */
function claimKey(message: Message, run: string, { name }: Mailer, number: number): string {
  const { kind, to } = message;
  const recipient = recipientHash(to.address);
  // A day has one report. But each run may have its own notice, with another reason.
  const subject = kind === 'notice' ? `${kind}-${run}` : kind;
  return sentKey(message, name, `${subject}-${recipient}-${number}.json`);
}
