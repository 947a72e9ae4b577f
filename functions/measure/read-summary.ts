import { CHANNELS } from '../chat/channel.ts';
import { isRecord } from '../chat/exact-json.ts';
import { DIMENSIONS, type Dimension } from './dimensions.ts';
import { DEFINITIONS } from './measures.ts';
import { type Callback, MISS_CAUSES, type Summary, summary } from './summary.ts';

/** A newer program wrote it, by definitions that this one does not know. */
export class NewerSummaryError extends Error {
  override readonly name = 'NewerSummaryError';
}

const SCHEMA: Summary['schema'] = 'chat-report/1';
const KNOWN_DEFINITIONS = Array.from({ length: DEFINITIONS }, (_, place) => place + 1);

/** Those that brought parts beside figures and lists. */
const [SECOND, FOURTH] = [2, 4];

/** All but the callbacks, of which there can be a hundred thousand: looking at each by its schema takes longer than reading it. */
const counted = summary.omit({ callbacks: true });

/**
 * The summary that a parsed `summary.json` is. One of earlier definitions gets what they did not have, as far as that is
 * nothing.
 *
 * @throws NewerSummaryError
 * @throws TypeError where it was cut short, altered, or never was one
 */
export function parseSummary(value: unknown): Summary {
  if (!isRecord(value)) throw new TypeError('it is no summary');
  if (isNewer(value)) throw new NewerSummaryError('a newer program wrote it');
  const upgraded = upgrade(withChannels(value));
  if (!isSummary(upgraded)) throw new TypeError('it is no summary');
  return upgraded;
}

/** What calls itself ours and this program could not have written: to take it for damaged would be to write over it. */
function isNewer({ schema, definitions }: Readonly<Record<string, unknown>>): boolean {
  if (schema !== SCHEMA) return typeof schema === 'string' && schema.startsWith('chat-report/');
  return definitions !== undefined && !KNOWN_DEFINITIONS.some((known) => known === definitions);
}

/** Before there were partial reports, totals were of every channel that a summary has, and did not name them. */
function withChannels(value: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { totals, byChannel } = value;
  if (!(isRecord(totals) && isRecord(byChannel)) || totals.channels !== undefined) return value;
  return { ...value, totals: { channels: CHANNELS.filter((channel) => byChannel[channel]), ...totals } };
}

function upgrade(value: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const isSince = (definitions: number) => Number(value.definitions) >= definitions;
  const withSecond = isSince(SECOND) ? withLists(value) : upgradeFirst(withLists(value));
  return isSince(FOURTH) ? withSecond : upgradeThird(withSecond);
}

function upgradeFirst(value: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { totals, callbacks } = value;
  const missed = isRecord(totals) ? totals.missed : null;
  return {
    ...value,
    ...{ replyHours: {}, byChannelHour: [], businessHours: null, recovered: null, followUp: null },
    missCauses: { outOfHours: 0, agentsBusy: 0, leftEarly: 0, unknown: missed },
    callbacks: Array.isArray(callbacks) ? callbacks.map(upgradeCallback) : callbacks,
  };
}

function upgradeThird(value: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { workload = null, callbacks } = value;
  const whole = (callback: unknown) =>
    isRecord(callback)
      ? { ...callback, agent: callback.agent ?? null, ticketId: callback.ticketId ?? null }
      : callback;
  return { ...value, workload, callbacks: Array.isArray(callbacks) ? callbacks.map(whole) : callbacks };
}

/** A list that came with later definitions has no rows. */
function withLists(value: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const lacking = Object.entries<Dimension>(DIMENSIONS).filter(
    ([id, { since = 1 }]) => since > Number(value.definitions) && value[id] === undefined,
  );
  return lacking.length === 0 ? value : { ...value, ...Object.fromEntries(lacking.map(([id]) => [id, []])) };
}

function upgradeCallback(callback: unknown): unknown {
  if (!isRecord(callback)) return callback;
  const [lastChannel]: unknown[] = Array.isArray(callback.channels) ? callback.channels : [];
  return { ...callback, lastChannel, ...{ waitedSeconds: null, cause: 'unknown', replyBy: null } };
}

function isSummary(
  value: Readonly<Record<string, unknown>>,
): value is Readonly<Record<string, unknown>> & Summary {
  const { callbacks } = value;
  return Array.isArray(callbacks) && callbacks.every(isCallback) && counted.safeParse(value).success;
}

/** The same as by its schema, in a twentieth of the time. */
export function isCallback(value: unknown): value is Callback {
  if (!isRecord(value)) return false;
  const { customer, channels, attempts, firstMissedAt, lastMissedAt, replyBy, lastChannel } = value;
  const { waitedSeconds, cause, agent, ticketId, ticketNo, conversationId } = value;
  return (
    isRecord(customer) &&
    typeof customer.key === 'string' &&
    [customer.name, customer.phone, customer.email, ticketId, ticketNo].every(isTextOrNull) &&
    Array.isArray(channels) &&
    channels.every(isChannel) &&
    typeof attempts === 'number' &&
    Number.isSafeInteger(attempts) &&
    attempts >= 0 &&
    isInstant(firstMissedAt) &&
    isInstant(lastMissedAt) &&
    (replyBy === null || isInstant(replyBy)) &&
    isChannel(lastChannel) &&
    (waitedSeconds === null || (typeof waitedSeconds === 'number' && waitedSeconds >= 0)) &&
    MISS_CAUSES.some((one) => one === cause) &&
    (agent === null || (isRecord(agent) && typeof agent.email === 'string' && isTextOrNull(agent.name))) &&
    typeof conversationId === 'string'
  );
}

const isTextOrNull = (value: unknown): boolean => value === null || typeof value === 'string';
const isChannel = (value: unknown): boolean => CHANNELS.some((channel) => channel === value);

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

function isInstant(value: unknown): boolean {
  return typeof value === 'string' && INSTANT.test(value) && !Number.isNaN(Date.parse(value));
}
