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

/** The parts that speak to AWS and to the world, as the settings want them; credentials and Region come from the surroundings. */

export function openSecret(secret: Secret): TokenSource {
  return 'value' in secret ? fixedToken(secret.value) : openTokenSecret(secret);
}

/** Mail that really goes out, and whoever else is told. */
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

/** A secret is kept for five minutes; a key that was replaced signs, and opens, so much longer. */
function openViews(view: Settings['view']): ShareLinks | null {
  if (view === null) return null;
  const key = openSecret(view.key);
  return { url: view.url, key: () => key.read(false) };
}

/** Secrets Manager can make up the key itself, but not the letters that a key of Standard Webhooks begins with. */
function keyOf(key: Secret): () => Promise<string> {
  const source = openSecret(key);
  return async () => {
    const text = await source.read(false);
    return text.startsWith(KEY_PREFIX) ? text : `${KEY_PREFIX}${text}`;
  };
}
