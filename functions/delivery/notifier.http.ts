import { createHash } from 'node:crypto';
import ky, { type KyInstance } from 'ky';
import pRetry from 'p-retry';
import pTimeout, { TimeoutError } from 'p-timeout';
import { Webhook } from 'standardwebhooks';
import { causeCodeOf } from '../observability/redact.ts';
import { toJsonText } from '../text/write-json.ts';
import { type Notification, type Notifier, NotNotifiedError } from './notification.ts';

const ATTEMPT_MS = 15_000;
const RETRIES = 4;
const FIRST_DELAY_MS = 1_000;

export interface WebhookOptions {
  /** The receiver's address. The part after the host may be a secret. */
  readonly url: string;
  /** Reads the signing key, `whsec_…`. The receiver has the same key. */
  readonly key: () => Promise<string>;
  /** The time limit of one attempt, from the connection to the headers of the answer. */
  readonly attemptMs?: number;
  /** The delay before the second attempt. It doubles, with jitter. */
  readonly firstDelayMs?: number;
}

/** The receiver failed for the moment. A later attempt may succeed. */
class MayPassError extends NotNotifiedError {}

interface Delivery {
  readonly id: string;
  readonly body: string;
}

/**
 * Sends notifications to a webhook after https://www.standardwebhooks.com. Receivers have libraries that verify signatures and
 * drop repetitions. The same notification has the same `webhook-id` in each run.
 *
 * @throws TypeError if the URL is no plain http or https URL
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
    // A signed request is for this receiver only.
    redirect: 'manual',
  });
  return {
    name: `webhook at ${host}`,
    async notify(notification) {
      const webhook = openKey(await key());
      const delivery = toDelivery(notification);
      await pRetry(
        async () => {
          const status = await post(http, { url, host, attemptMs }, sign(webhook, delivery));
          checkStatus(status, host);
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
  // The message does not quote the URL, because it may hold a secret.
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
    // The library's own error may quote the key.
  }
  throw new NotNotifiedError('the webhook’s key is none: it is whsec_ followed by base64');
}

/** The id and the body depend on the notification only. So a repetition is equal to the byte. */
function toDelivery(notification: Notification): Delivery {
  const { account, day } = notification;
  const body = toJsonText({ ...headOf(notification), data: notification });
  const digest = createHash('sha256').update(`${account}\n${day}\n${body}`).digest('hex');
  return { id: `msg_${digest.slice(0, 32)}`, body };
}

function headOf(notification: Notification): { readonly type: string; readonly timestamp: string } {
  return notification.schema === 'chat-report/published/1'
    ? { type: 'report.published', timestamp: notification.generatedAt }
    : { type: 'day.changed', timestamp: notification.at };
}

/** Each attempt has its own signature. Receivers refuse one that is some minutes old. */
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
    // AbortSignal.timeout may never fire; the client of the source explains why.
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
    // Only the status counts. This drops the rest of the answer.
    attempt.abort();
  }
}

/** @throws NotNotifiedError for any status but 2xx */
function checkStatus(status: number, host: string): void {
  if (status >= 200 && status < 300) return;
  const problem = `the webhook at ${host} answered HTTP ${status}`;
  if (status >= 500 || status === 429 || status === 408) throw new MayPassError(problem);
  if (status >= 300 && status < 400)
    throw new NotNotifiedError(`${problem}: a redirect, which is not followed`);
  throw new NotNotifiedError(status === 410 ? `${problem}: it is gone, take it from the settings` : problem);
}
