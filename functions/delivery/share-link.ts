import { createHmac, timingSafeEqual } from 'node:crypto';
import { type Day, isDay } from '../calendar/day.ts';
import type { MessageLink } from '../report/mail-footer.ts';

/** Where links into reports lead to, and what they are signed with. */
export interface ShareLinks {
  /** Of the API, without a slash at its end. */
  readonly url: string;
  /** The key as it is now: when it is replaced, the links that it signed are dead. */
  readonly key: () => Promise<string>;
}

/** Whose link it is, and into what. */
export interface ShareGrant {
  readonly account: string;
  readonly day: Day;
  /** The recipient's address. It is not in the link, only what it comes to under the key. */
  readonly to: string;
  /** When the report's data was complete, ISO 8601. */
  readonly generatedAt: string;
}

/** A signature is for this and nothing else that the key may ever sign. */
const PURPOSE = 'chat-report/view/1';
const LIVES_MS = 7 * 86_400_000;
const MARK_LENGTH = 16;
/** As VIEW_KEY is read: 32 bytes in base64. Who has a link to a shorter key can find that by trying. */
const LEAST_KEY_LENGTH = 43;
const TOKEN = /^([A-Za-z0-9_-]{1,200})\.([A-Za-z0-9_-]{43})$/;
const PAYLOAD = /^(\d{4}-\d{2}-\d{2})\.([0-9a-f]{16})\.(\d{1,12})$/;

/** The same for the same report: it is good for seven days from when the data was complete, not from when it is mailed. */
export function shareLink(grant: ShareGrant, url: string, key: string): MessageLink {
  const endsAt = Date.parse(grant.generatedAt) + LIVES_MS;
  return {
    url: `${url}/view/${makeShareToken(grant, endsAt, key)}`,
    until: new Date(endsAt).toISOString(),
  };
}

/**
 * @param endsAt in milliseconds since 1970; the token is good until the whole second before
 * @throws where the key is too short to be one
 */
export function makeShareToken(
  { account, day, to }: Omit<ShareGrant, 'generatedAt'>,
  endsAt: number,
  key: string,
): string {
  const text = `${day}.${markOf(to, account, key)}.${Math.floor(endsAt / 1_000)}`;
  const payload = Buffer.from(text).toString('base64url');
  return `${payload}.${sign(payload, account, key)}`;
}

/**
 * The day whose report may be seen with a token.
 *
 * @param recipients who gets reports now: whoever is none any more has no use for an old link either
 * @param now in milliseconds since 1970
 * @returns null for whatever is wrong with it
 * @throws where the key is too short to be one
 */
export function readShareToken(
  token: string,
  { account, recipients, now }: { account: string; recipients: readonly string[]; now: number },
  key: string,
): Day | null {
  const [, payload = '', signature = ''] = TOKEN.exec(token) ?? [];
  // As text, not as the bytes it stands for: several texts stand for the same bytes.
  if (!areSame(signature, sign(payload, account, key))) return null;
  const text = Buffer.from(payload, 'base64url').toString();
  const [, day = '', mark = '', endsAtSeconds = ''] = PAYLOAD.exec(text) ?? [];
  if (!isDay(day) || Number(endsAtSeconds) * 1_000 <= now) return null;
  return recipients.some((to) => areSame(mark, markOf(to, account, key))) ? day : null;
}

function sign(payload: string, account: string, key: string): string {
  // Whoever puts another text into the secret is asked for as much as whoever sets VIEW_KEY.
  if (key.length < LEAST_KEY_LENGTH) {
    throw new Error(`the key of the links has fewer than ${LEAST_KEY_LENGTH} letters and digits`);
  }
  return createHmac('sha256', key).update(`${PURPOSE}\n${account}\n${payload}`).digest('base64url');
}

function markOf(to: string, account: string, key: string): string {
  const mac = createHmac('sha256', key).update(`${PURPOSE}/recipient\n${account}\n${to.toLowerCase()}`);
  return mac.digest('hex').slice(0, MARK_LENGTH);
}

function areSame(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}
