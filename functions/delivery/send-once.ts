import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { Clock } from '../calendar/clock.ts';
import type { Log } from '../observability/log.ts';
import type { Message } from '../report/message.ts';
import { defineRecord } from '../storage/json-record.ts';
import { sentKey } from '../storage/layout.ts';
import type { Lake } from '../storage/object-store.ts';
import { type Mailer, NotSentError } from './mailer.ts';

/** A claim without a receipt is given up after this: whoever made it is gone, and the mail may not be. */
const CLAIM_LIVES_MS = 600_000;
/** A claim that is older was not made just now. */
const FRESH_CLAIM_MS = 60_000;
const RECEIPT_ATTEMPTS = 5;

const claimSchema = z.object({
  state: z.enum(['claimed', 'sent', 'not-sent']),
  run: z.string(),
  at: z.iso.datetime(),
});
type Claim = z.infer<typeof claimSchema>;

/** By their keys. One that cannot be read counts as given up. */
const claims = defineRecord({ schema: claimSchema, key: (key: string) => key, unreadable: 'null' });

export interface SendPorts {
  readonly mailer: Mailer;
  readonly lake: Lake;
  readonly clock: Clock;
  readonly log: Log;
}

export type Sending =
  | { readonly state: 'sent' }
  /** Sent by this run or an earlier one; not sent again. */
  | { readonly state: 'already-sent' }
  /** Another run is about to send it, or died over it, or what came of it was lost on the way: it is not known before the claim is given up. */
  | { readonly state: 'claimed'; readonly isOwn: boolean; readonly freeInSeconds: number };

/**
 * Sends a message once. Where sending twice is not the same as once, it is claimed before and receipted after: a
 * claim is a conditional write, so of several who try only one sends. What was claimed and not receipted is sent
 * again after ten minutes, so a mail can come twice only where, between the transport's yes and the receipt, the
 * process died or the lake could not be written to, or where the yes itself was lost on the way. What was certainly
 * not sent may be claimed again at once. A claim that cannot be read was left by a crash, or damaged since: it counts as
 * given up, because a mail that comes twice is worth more than a morning without one.
 *
 * @param resend send even what has been sent, once for this run
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
      // Where another was faster, what they wrote says what to do.
      if (!(await claims.create(lake, key, claim))) continue;
      return await sendClaimed(message, key, claim, { mailer, lake, clock });
    }
    if (known.state === 'unreadable') {
      const problem = 'it does not tell whether the mail was sent; the mail goes out under the next number';
      log({ event: 'file-unreadable', key, problem });
    } else {
      const standing = judgeClaim(known.value, { run, resend }, clock);
      if (standing !== null) return standing;
    }
    number += 1;
  }
}

/** @returns null when the claim does not stand in the way of another */
function judgeClaim(
  { state, run, at }: Claim,
  asked: { readonly run: string; readonly resend: boolean },
  clock: Clock,
): Sending | null {
  const isOwn = run === asked.run;
  if (state === 'sent') return asked.resend && !isOwn ? null : { state: 'already-sent' };
  if (state === 'not-sent') return null;
  const freeInMs = Date.parse(at) + CLAIM_LIVES_MS - clock.now();
  return freeInMs > 0 ? { state: 'claimed', isOwn, freeInSeconds: Math.ceil(freeInMs / 1_000) } : null;
}

async function sendClaimed(
  message: Message,
  key: string,
  claim: Claim,
  { mailer, lake, clock }: Omit<SendPorts, 'log'>,
): Promise<Sending> {
  const ageMs = clock.now() - Date.parse(claim.at);
  // A process that was stopped right here may have been given up meanwhile, and another may be sending.
  if (ageMs > FRESH_CLAIM_MS) {
    return { state: 'claimed', isOwn: true, freeInSeconds: Math.ceil(CLAIM_LIVES_MS / 1_000) };
  }
  try {
    await mailer.send(message);
  } catch (error) {
    // Only where nothing is under way for certain need whoever tries next not wait.
    if (error instanceof NotSentError) await release(key, claim, { lake, clock });
    throw error;
  }
  const receipt: Claim = { ...claim, state: 'sent', at: new Date(clock.now()).toISOString() };
  for (let attempt = 1; ; attempt += 1) {
    try {
      await claims.write(lake, key, receipt);
      return { state: 'sent' };
    } catch (error) {
      // Without it the mail would go out once more.
      if (attempt >= RECEIPT_ATTEMPTS) throw error;
      await clock.sleep(1_000 * attempt);
    }
  }
}

/**
 * Writes on the claim that it came to nothing. It stays on file: where it was given up meanwhile, and another has sent
 * under the next number, whoever found this number free would send once more.
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
    // The claim stands, and is given up in time. Why the mail was not sent is what there is to be told.
  }
}

/** Claims are numbered: one that was given up or came to nothing, or a message sent anew, stays on file beside the next. */
function claimKey(message: Message, run: string, { name }: Mailer, number: number): string {
  const { kind, to } = message;
  const recipient = createHash('sha256').update(to.address.toLowerCase()).digest('hex').slice(0, 16);
  // A report is of the day, and so is a partial one; a notice is of the run that could not make one, and the next run's
  // may say otherwise.
  const of = kind === 'notice' ? `${kind}-${run}` : kind;
  return sentKey(message, name, `${of}-${recipient}-${number}.json`);
}
