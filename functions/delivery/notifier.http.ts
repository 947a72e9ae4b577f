import { createHash } from 'node:crypto';
import ky, { type KyInstance } from 'ky';
import pRetry from 'p-retry';
import pTimeout, { TimeoutError } from 'p-timeout';
import { Webhook } from 'standardwebhooks';
import { causeCodeOf } from '../observability/redact.ts';
import { toJsonText } from '../text/json.ts';
import { type Notifier, NotNotifiedError, type Told } from './notification.ts';

const ATTEMPT_MS = 15_000;
const RETRIES = 4;
const FIRST_DELAY_MS = 1_000;

export interface WebhookOptions {
  /** Where to post to. Whatever of it comes after the host may be a secret. */
  readonly url: string;
  /** Reads the key to sign with, `whsec_…`, of which the receiver has a copy. */
  readonly key: () => Promise<string>;
  /** One try, from connecting to the answer's headers. */
  readonly attemptMs?: number;
  /** The wait before the second try; it doubles, with jitter. */
  readonly firstDelayMs?: number;
}

/** The receiver may take it yet. */
class MayPassError extends NotNotifiedError {}

interface Delivery {
  readonly id: string;
  readonly body: string;
}

/**
 * A webhook after https://www.standardwebhooks.com, which receivers verify and drop repeats of with a library. The
 * same announcement has the same `webhook-id`, in whichever run it is made.
 *
 * @throws TypeError where the URL is none that can be posted to.
 */
export function openWebhook({
  url,
  key,
  attemptMs = ATTEMPT_MS,
  firstDelayMs = FIRST_DELAY_MS,
}: WebhookOptions): Notifier {
  const host = hostOf(url);
  const http = ky.create({
    headers: { 'content-type': 'application/json', 'user-agent': 'chat-report' },
    retry: 0,
    timeout: false,
    throwHttpErrors: false,
    // What is signed for one receiver is not for another.
    redirect: 'manual',
  });
  return {
    name: `webhook at ${host}`,
    async announce(told) {
      const webhook = openKey(await key());
      const delivery = toDelivery(told);
      await pRetry(
        async () => {
          const status = await post(http, { url, host, attemptMs }, sign(webhook, delivery));
          judge(status, host);
        },
        {
          retries: RETRIES,
          minTimeout: firstDelayMs,
          randomize: true,
          shouldRetry: ({ error }) => error instanceof MayPassError,
        },
      );
    },
  };
}

function hostOf(url: string): string {
  const { protocol, host, username, password } = URL.parse(url) ?? {};
  const isWeb = protocol === 'https:' || protocol === 'http:';
  // Not the URL itself: what is wrong with it may be next to a secret.
  if (!(isWeb && host) || username || password) {
    throw new TypeError('the address of a webhook is no plain http or https URL');
  }
  return host;
}

function openKey(key: string): Webhook {
  const text = key.trim();
  try {
    if (text.startsWith('whsec_')) return new Webhook(text);
  } catch {
    // The library's own error might quote the key.
  }
  throw new NotNotifiedError('the webhook’s key is none: it is whsec_ followed by base64');
}

/** Everything in it comes from what is told, so that what is told again is the same to the byte. */
function toDelivery(told: Told): Delivery {
  const { account, day } = told;
  const body = toJsonText({ ...headOf(told), data: told });
  const digest = createHash('sha256').update(`${account}\n${day}\n${body}`).digest('hex');
  return { id: `msg_${digest.slice(0, 32)}`, body };
}

function headOf(told: Told): { readonly type: string; readonly timestamp: string } {
  return told.schema === 'chat-report/published/1'
    ? { type: 'report.published', timestamp: told.generatedAt }
    : { type: 'day.changed', timestamp: told.at };
}

/** Anew for each try: receivers take no signature that is older than some minutes. */
function sign(webhook: Webhook, { id, body }: Delivery): { headers: Record<string, string>; body: string } {
  const now = new Date();
  return {
    headers: {
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
      'webhook-signature': webhook.sign(id, now, body),
    },
    body,
  };
}

async function post(
  http: KyInstance,
  { url, host, attemptMs }: { readonly url: string; readonly host: string; readonly attemptMs: number },
  request: { readonly headers: Record<string, string>; readonly body: string },
): Promise<number> {
  const attempt = new AbortController();
  try {
    // Not AbortSignal.timeout, which may never fire; see how CareSoft is asked.
    const answer = http.post(url, { ...request, signal: attempt.signal });
    const { status } = await pTimeout(Promise.resolve(answer), { milliseconds: attemptMs });
    return status;
  } catch (error) {
    const problem =
      error instanceof TimeoutError
        ? `gave no answer within ${attemptMs / 1_000} s`
        : `could not be reached, or broke off: ${causeCodeOf(error)}`;
    throw new MayPassError(`the webhook at ${host} ${problem}`, { cause: error });
  } finally {
    // What the answer says besides its status is not read.
    attempt.abort();
  }
}

function judge(status: number, host: string): void {
  if (status >= 200 && status < 300) return;
  const problem = `the webhook at ${host} answered HTTP ${status}`;
  if (status >= 500 || status === 429 || status === 408) throw new MayPassError(problem);
  if (status >= 300 && status < 400)
    throw new NotNotifiedError(`${problem}: a redirect, which is not followed`);
  throw new NotNotifiedError(status === 410 ? `${problem}: it is gone, take it from the settings` : problem);
}
