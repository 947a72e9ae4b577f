import type { Secret, Settings } from '../config/account.ts';
import { openSes } from '../delivery/mailer.ses.ts';
import type { Mailer } from '../delivery/mailer.ts';
import type { Notifier } from '../delivery/notification.ts';
import { openEventBus } from '../delivery/notifier.eventbridge.ts';
import { openWebhook } from '../delivery/notifier.http.ts';
import type { ShareLinks } from '../delivery/share-link.ts';
import { openTokenSecret } from '../sources/caresoft/credentials.secrets.ts';
import { fixedToken, type TokenSource } from '../sources/caresoft/credentials.ts';

const KEY_PREFIX = 'whsec_';

export function openSecret(secret: Secret): TokenSource {
  return 'value' in secret ? fixedToken(secret.value) : openTokenSecret(secret);
}

/** The parts that send mail and announce reports. */
export function openSending({ mail, announce, view }: Pick<Settings, 'mail' | 'announce' | 'view'>): {
  readonly mailer: Mailer;
  readonly notifiers: readonly Notifier[];
  readonly views: ShareLinks | null;
} {
  const { eventBus, webhooks } = announce;
  const bus = eventBus === null ? [] : [openEventBus({ bus: eventBus })];
  const hooks = webhooks?.urls.map((url) => openWebhook({ url, key: keyOf(webhooks.key) })) ?? [];
  return { mailer: openSes(mail), notifiers: [...bus, ...hooks], views: openViews(view) };
}

/** A secret is cached for five minutes, so a replaced key works for five minutes longer. */
function openViews(view: Settings['view']): ShareLinks | null {
  if (view === null) return null;
  const key = openSecret(view.key);
  return { url: view.url, key: () => key.read(false) };
}

/** Secrets Manager can generate the key, but not the prefix that Standard Webhooks wants. */
function keyOf(key: Secret): () => Promise<string> {
  const source = openSecret(key);
  return async () => {
    const text = await source.read(false);
    return text.startsWith(KEY_PREFIX) ? text : `${KEY_PREFIX}${text}`;
  };
}
