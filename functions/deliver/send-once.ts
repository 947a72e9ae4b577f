import { createHash } from 'node:crypto';
import * as z from 'zod';
import { sentKey } from '../lake/keys.ts';
import { type Lake, readObject } from '../lake/lake.ts';
import { writeRecord } from '../lake/manifest.ts';
import type { Message } from '../report/message.ts';
import type { Clock } from '../time/clock.ts';
import { type Mailer, NotSentError } from './mailer.ts';

/** A claim without a receipt is given up after this: whoever made it is gone, and the mail may not be. */
export const CLAIM_LIVES_MS = 600_000;

const claimSchema = z.object({ state: z.enum(['claimed', 'sent']), run: z.string(), at: z.iso.datetime() });
type Claim = z.infer<typeof claimSchema>;

export interface SendPorts {
  readonly mailer: Mailer;
  readonly lake: Lake;
  readonly clock: Clock;
}

export type Sending =
  | { readonly state: 'sent' }
  /** Sent by this run or an earlier one; not sent again. */
  | { readonly state: 'already-sent' }
  /** Somebody else is about to send it, or died over it: nobody may know before the claim is given up. */
  | { readonly state: 'claimed'; readonly freeInSeconds: number };

/**
 * Sends a message once. Where sending twice is not the same as once, it is claimed before and receipted after: a
 * claim is a conditional write, so of several who try only one sends. What was claimed and not receipted is sent
 * again after ten minutes, so a mail comes twice only where the process died between the transport's yes and the
 * receipt.
 *
 * @param resend send even what has been sent, once for this run
 */
export async function sendOnce(
  message: Message,
  { run, resend }: { readonly run: string; readonly resend: boolean },
  ports: SendPorts,
): Promise<Sending> {
  const { mailer, lake, clock } = ports;
  if (mailer.isRepeatable) {
    await mailer.send(message);
    return { state: 'sent' };
  }
  for (let number = 1; ; number += 1) {
    const key = claimKey(message, mailer, number);
    const known = await readClaim(lake, key);
    if (known !== null) {
      const isOver = known.state === 'sent' && (!resend || known.run === run);
      if (isOver) return { state: 'already-sent' };
      const freeInMs = Date.parse(known.at) + CLAIM_LIVES_MS - clock.now();
      if (known.state === 'claimed' && freeInMs > 0) {
        return { state: 'claimed', freeInSeconds: Math.ceil(freeInMs / 1_000) };
      }
      continue;
    }
    const at = (): string => new Date(clock.now()).toISOString();
    const claim: Claim = { state: 'claimed', run, at: at() };
    // Another was faster: what they wrote says what to do.
    if (!(await lake.putIfAbsent(key, writeRecord(claim)))) {
      number -= 1;
      continue;
    }
    await mailer.send(message).catch(async (error: unknown) => {
      // Only where nothing is under way for certain need whoever tries next not wait.
      if (error instanceof NotSentError) await lake.delete(key);
      throw error;
    });
    await lake.put(key, writeRecord({ ...claim, state: 'sent', at: at() }));
    return { state: 'sent' };
  }
}

/** Claims are numbered: a claim that was given up, or a message sent anew, stays on file beside the next. */
function claimKey({ day, kind, to }: Message, { name }: Mailer, number: number): string {
  const recipient = createHash('sha256').update(to.toLowerCase()).digest('hex').slice(0, 16);
  return sentKey(day, name, `${kind}-${recipient}-${number}.json`);
}

async function readClaim(lake: Lake, key: string): Promise<Claim | null> {
  const bytes = await readObject(lake, key);
  return bytes && claimSchema.parse(JSON.parse(bytes.toString()));
}
