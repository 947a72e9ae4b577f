import { createHash } from 'node:crypto';

/** The identity as others may see it: the same person has the same key, and neither phone nor e-mail can be read off it. */
export function publicKey(identity: string, conversationId: string): string {
  const colon = identity.indexOf(':');
  const kind = identity.slice(0, colon);
  if (kind === 'id') return identity;
  if (kind === 'chat') return `chat:${conversationId}`;
  const hash = createHash('sha256').update(identity.slice(colon + 1));
  return `${kind}:${hash.digest('hex').slice(0, 16)}`;
}
