import { createHmac, timingSafeEqual } from 'node:crypto';
import { type Day, isDay } from '../calendar/day.ts';
import type { MessageLink } from '../report/mail-message.ts';

/**
 * Share links: signed links in mails that open one report without a login, for seven days. And the signatures of the view
 * key, which sign sessions of the pages too.
 */

/** Where share links lead, and the key that signs them. */
export interface ShareLinks {
  /** The URL of the API without a slash at its end. */
  readonly url: string;
  /** Reads the present key. A new key ends all links of the old one. */
  readonly key: () => Promise<string>;
}

/** What a share link allows, and to whom. */
export interface ShareGrant {
  readonly account: string;
  readonly day: Day;
  /** The recipient's address. The link holds only its keyed hash. */
  readonly to: string;
  /** When the report's data was complete, ISO 8601. */
  readonly generatedAt: string;
}

/** Part of each signed text. So no signature of the key for another purpose is valid here. */
const VIEWING = 'chat-report/view/1';
const LIFETIME_MS = 7 * 86_400_000;
const RECIPIENT_HASH_LENGTH = 16;
/** In characters: 32 bytes in base64, as for VIEW_KEY. With a link, an attacker could find a shorter key by trying. */
const LEAST_KEY_LENGTH = 43;
const TOKEN = /^([A-Za-z0-9_-]{1,2000})\.([A-Za-z0-9_-]{43})$/;
const PAYLOAD = /^(\d{4}-\d{2}-\d{2})\.([0-9a-f]{16})\.(\d{1,12})$/;

/** The link into a report. It is valid for seven days after the data was complete. So each mail of a report has the same link. */
export function shareLink(grant: ShareGrant, url: string, key: string): MessageLink {
  const endsAt = Date.parse(grant.generatedAt) + LIFETIME_MS;
  return {
    url: `${url}/view/${makeShareToken(grant, endsAt, key)}`,
    until: new Date(endsAt).toISOString(),
  };
}

/**
 * The signed token of a share link.
 *
 * @param endsAt in milliseconds since 1970, rounded down to whole seconds
 * @throws Error if the key is too short
 */
export function makeShareToken(
  { account, day, to }: Omit<ShareGrant, 'generatedAt'>,
  endsAt: number,
  key: string,
): string {
  const text = `${day}.${hashRecipient(to, account, key)}.${Math.floor(endsAt / 1_000)}`;
  return signToken(text, { purpose: VIEWING, account }, key);
}

/**
 * The day whose report a token opens.
 *
 * @param recipients the present recipients of reports. A former recipient's links are invalid.
 * @param now in milliseconds since 1970
 * @returns null if the token is invalid or has expired
 * @throws Error if the key is too short
 */
export function readShareToken(
  token: string,
  { account, recipients, now }: { account: string; recipients: readonly string[]; now: number },
  key: string,
): Day | null {
  const text = readSignedToken(token, { purpose: VIEWING, account }, key) ?? '';
  const [, day = '', recipientHash = '', endsAtSeconds = ''] = PAYLOAD.exec(text) ?? [];
  if (!isDay(day) || Number(endsAtSeconds) * 1_000 <= now) return null;
  return recipients.some((to) => areEqual(recipientHash, hashRecipient(to, account, key))) ? day : null;
}

/** What a signature of the view key is for, and whose it is. One for something else is not valid. */
export interface SignedFor {
  /** Ends with a number, which is raised when the text gets another form. */
  readonly purpose: `chat-report/${string}/${number}`;
  readonly account: string;
}

/**
 * A text with its signature, in letters that an address and a cookie can hold. The text can be read by all.
 *
 * @throws Error if the key is too short
 */
export function signToken(text: string, signedFor: SignedFor, key: string): string {
  const payload = Buffer.from(text).toString('base64url');
  return `${payload}.${signatureOf(payload, signedFor, key)}`;
}

/**
 * The text of a token.
 *
 * @returns null if the token is not signed with this key, for this purpose and account
 * @throws Error if the key is too short
 */
export function readSignedToken(token: string, signedFor: SignedFor, key: string): string | null {
  const [, payload = '', signature = ''] = TOKEN.exec(token) ?? [];
  // Compares texts. Several base64 texts decode to the same bytes, and only one of them is valid.
  if (!areEqual(signature, signatureOf(payload, signedFor, key))) return null;
  return Buffer.from(payload, 'base64url').toString();
}

/**
 * The HMAC of a text: 43 letters, digits, `-` and `_`.
 *
 * @throws Error if the key is too short
 */
export function signatureOf(text: string, { purpose, account }: SignedFor, key: string): string {
  // The key may come from a secret that people edit. It must be as long as VIEW_KEY.
  if (key.length < LEAST_KEY_LENGTH) {
    throw new Error(`the view key has fewer than ${LEAST_KEY_LENGTH} letters and digits`);
  }
  return createHmac('sha256', key).update(`${purpose}\n${account}\n${text}`).digest('base64url');
}

function hashRecipient(to: string, account: string, key: string): string {
  const mac = createHmac('sha256', key).update(`${VIEWING}/recipient\n${account}\n${to.toLowerCase()}`);
  return mac.digest('hex').slice(0, RECIPIENT_HASH_LENGTH);
}

/** Takes the same time for each text of the same length. So its time says nothing about a valid signature. */
function areEqual(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}
