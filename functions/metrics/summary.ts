import * as z from 'zod';
import { type Day, isDay } from '../calendar/day.ts';
import { isZone } from '../calendar/time-zone.ts';
import {
  type Coverage,
  coverageSchema,
  reportedChannelSchema,
  reportedCoverage,
} from '../capture/coverage.ts';
import { CHANNELS, type Channel } from '../chats/channel.ts';
import { channel, count, instant, type Read } from '../storage/json-record.ts';
import { isRecord } from '../text/json.ts';
import { DIMENSIONS, type Dimension } from './dimensions.ts';
import { DEFINITIONS, fieldsOf, figures, mapValues } from './measures.ts';
import { recipeShape } from './recipe.ts';

/**
 * The contents of a `summary.json`, in one place: its description in the API, the check of a file, and the
 * types of its parts. It may grow, so readers ignore unknown fields.
 */

export const day = z
  .string({ error: 'is no day, written YYYY-MM-DD' })
  .refine(isDay, { error: 'is no day, written YYYY-MM-DD' })
  .meta({ format: 'date', examples: ['2026-11-21'], description: "A day of the account's time zone" });

const seconds = z.number().nonnegative().nullable();
const text = z.string().nullable();

const hour = z.int().min(0).max(23);
const totals = z.looseObject({
  channels: z.array(channel).meta({ description: 'The proven channels, which they are of' }),
  ...figures.shape,
});
/** The figures of one agent, group, service or page. The row with `key` null holds the chats without one. */
const keyedFigures = z.looseObject({ key: text, name: z.string().exactOptional(), ...figures.shape });
export type KeyedFigures = Read<z.infer<typeof keyedFigures>>;
const list = z.array(keyedFigures);

/** For what `definitions` 2 added. Earlier reports stay in the lake as they are, and are sent so. */
const FROM_TWO = 'Left out where definitions is 1';

/** The probable reasons of a missed chat; `docs/figures.md` explains each. */
export const MISS_REASONS = ['outOfHours', 'agentsBusy', 'leftEarly', 'unknown'] as const;
export type MissReason = (typeof MISS_REASONS)[number];
const missReason = z.enum(MISS_REASONS);

/** A customer, as a report names them. */
const customer = z.looseObject({
  /** `id:…`, `phone:<hash>`, `email:<hash>` or `chat:<conversation_id>`. The same person has the same key. */
  key: z.string(),
  name: text,
  phone: text,
  email: text,
});
export type Customer = Read<z.infer<typeof customer>>;

/** The agent who was given a chat. */
export const callbackAgent = z.looseObject({ email: z.string(), name: text });
export type CallbackAgent = Read<z.infer<typeof callbackAgent>>;

const storedCallback = z.looseObject({
  customer,
  channels: z.array(channel),
  /** Missed chats of the day. */
  attempts: count,
  firstMissedAt: instant,
  lastMissedAt: instant,
  replyBy: instant
    .nullable()
    .exactOptional()
    .meta({
      description: `Until when they can be answered where they wrote; null where that does not end. ${FROM_TWO}`,
    }),
  lastChannel: channel.exactOptional().meta({ description: `Of the last missed chat. ${FROM_TWO}` }),
  waitedSeconds: seconds.exactOptional().meta({
    description: `In the last missed chat; null where it is not known. ${FROM_TWO}`,
  }),
  cause: missReason.exactOptional().meta({ description: `Of the last missed chat. ${FROM_TWO}` }),
  agent: callbackAgent.nullable().exactOptional().meta({
    description:
      'Whom the last missed chat was given to; null where to no agent. Null, or left out, where definitions is below 4',
  }),
  ticketId: text.exactOptional().meta({
    description: 'Of its ticket; null where it has none. Null, or left out, where definitions is below 4',
  }),
  ticketNo: text,
  conversationId: z.string(),
});
/** A customer who was missed and not answered since. Times are in the account's zone, ISO 8601 with an offset. */
export const callback = storedCallback.required();
export type Callback = Read<z.infer<typeof callback>>;

/**
 * By hour of the clock: the active agents, and how many chats each had. And the missed chats that no agent was
 * given.
 */
const workload = z.looseObject({
  byHour: z
    .array(
      z.looseObject({
        hour,
        agents: count.meta({ description: 'Active in the hour: an answered chat of theirs touches it' }),
        chatsAtOnce: z.number().min(1).nullable().meta({
          description:
            'How many chats an agent who is in one holds at once, looked at on every full minute; null where no agent is in a chat then',
        }),
      }),
    )
    .length(24),
  unassigned: z.looseObject({
    missed: count.meta({ description: 'Missed chats that no agent was given' }),
    missedInside: count.nullable().meta({
      description: 'Those of them inside the hours of business; null where none are set',
    }),
  }),
});
export type Workload = Read<z.infer<typeof workload>>;

/**
 * What happened to the customers whom the report of the day before named to be called back. The parts add up to
 * `customers`.
 */
const followUp = z.looseObject({
  day: day.meta({ description: 'Whose report named them to be called back' }),
  generatedAt: instant.meta({ description: 'Of that report' }),
  customers: count.meta({ description: 'answered + missedAgain + silent + unrecognizable' }),
  /** Had an answered chat on this day. */
  answered: count,
  /** Had only missed chats on this day. */
  missedAgain: count,
  /** Not in contact: had no answered or missed chat on this day. */
  silent: count,
  /** Unidentifiable: had left no identifier. */
  unrecognizable: count,
});
export type FollowUp = Read<z.infer<typeof followUp>>;

/** The chats of a channel or of a whole day, by status. */
const statusCounts = z.looseObject({ chats: count, answered: count, missed: count, other: count });
export type StatusCounts = Read<z.infer<typeof statusCounts>>;

/** A later capture of a channel found other counts. */
const restatement = z.looseObject({ at: instant, channel, was: statusCounts, is: statusCounts });
export type Restatement = Read<z.infer<typeof restatement>>;

/** A later capture changed who is to be called back, over all channels. */
const callbackChange = z.looseObject({ at: instant, added: z.array(customer), gone: z.array(customer) });
export type CallbackChange = Read<z.infer<typeof callbackChange>>;

/** A day in the lookback window is provisional until its last recheck. */
const rechecks = z.looseObject({
  state: z.enum(['provisional', 'final']),
  last: day.meta({ description: 'The day whose run asks for it the last time' }),
});
export type Rechecks = Read<z.infer<typeof rechecks>>;

/** A `summary.json` of these definitions or of earlier ones. */
export const storedSummary = z
  .looseObject({
    schema: z.literal('chat-report/1'),
    day,
    only: z.array(channel).exactOptional().meta({
      description:
        'The channels that it is of, where they were asked for alone; left out where it is of the day',
    }),
    timeZone: z.string().refine(isZone),
    /** When the last capture ended. */
    generatedAt: instant,
    firstGeneratedAt: instant.exactOptional().meta({
      description: 'When its data was complete as it was reported first; left out where that is generatedAt',
    }),
    toldAt: instant
      .exactOptional()
      .meta({ description: 'Up to when its own mail tells of other days; left out where none is known' }),
    madeUpAt: instant
      .exactOptional()
      .meta({ description: 'When the run of a later day made it whole; left out where its own run did' }),
    definitions: count,
    /** The id of the reference data: the names of agents and services. Null where there is none. */
    directoryId: text,
    ...recipeShape,
    replyHours: recipeShape.replyHours
      .exactOptional()
      .meta({ description: `For how many hours customers can be answered. ${FROM_TWO}` }),
    completeness: coverageSchema.extend({
      verdict: coverageSchema.shape.verdict.meta({
        description: 'partial: some channels could not be proven, and no figure is of them',
      }),
      channels: z.partialRecord(channel, reportedChannelSchema),
    }),
    looks: rechecks.exactOptional().meta({
      description: 'Whether it is asked for again; left out where days are asked for once',
    }),
    revisions: z.array(restatement).exactOptional().meta({
      description: 'Where a channel turned out otherwise than it had been read before, oldest first',
    }),
    callbackChanges: z.array(callbackChange).exactOptional().meta({
      description:
        'Where others were to be called back once a channel had been read again, oldest first: who was to be called from then on, and who no longer was. Left out where there is none',
    }),
    totals,
    byChannel: z.partialRecord(channel, figures).meta({ description: 'The proven channels' }),
    byHour: z.array(z.looseObject({ hour, ...figures.shape })).length(24),
    ...fieldsOf(DIMENSIONS, list),
    byChannelHour: z
      .array(z.looseObject({ channel, hour, ...figures.shape }))
      .exactOptional()
      .meta({ description: `The hours of each channel that have a chat. ${FROM_TWO}` }),
    lastStartedAt: z.partialRecord(channel, instant).exactOptional().meta({
      description: 'When the last chat of each channel that has one began; left out before it was told',
    }),
    businessHours: z
      .looseObject({ hours: z.string(), inside: figures, outside: figures })
      .nullable()
      .exactOptional()
      .meta({ description: `Null where no hours of business are set. ${FROM_TWO}` }),
    missCauses: z
      .looseObject({ outOfHours: count, agentsBusy: count, leftEarly: count, unknown: count })
      .exactOptional()
      .meta({ description: `Missed chats by their probable cause. ${FROM_TWO}` }),
    workload: workload
      .nullable()
      .exactOptional()
      .meta({ description: 'Null, or left out, where definitions is below 4' }),
    recovered: count
      .nullable()
      .exactOptional()
      .meta({ description: `Customers who were missed, and answered later on the day. ${FROM_TWO}` }),
    callbacks: z.array(storedCallback),
    followUp: followUp
      .nullable()
      .exactOptional()
      .meta({
        description: `Null where the day before had no report of the same channels and filters. ${FROM_TWO}`,
      }),
  })
  .meta({ description: 'The report of a day as figures: `summary.json` of the lake. Nothing is rounded' });

/** A summary that was upgraded to these definitions, as far as possible. */
const summary = storedSummary
  .extend({
    completeness: reportedCoverage,
    ...mapValues(DIMENSIONS, () => list),
    callbacks: z.array(callback),
  })
  .required({
    replyHours: true,
    byChannelHour: true,
    businessHours: true,
    missCauses: true,
    workload: true,
    recovered: true,
    followUp: true,
  });

/** A day's report as a value. Every format is rendered from it. Nothing is rounded. */
export type Summary = Read<z.infer<typeof summary>>;

/** A day without any proven channel. It has no figure. */
export interface Unproven {
  readonly day: Day;
  /** As in {@link Summary}. */
  readonly only?: readonly Channel[] | undefined;
  readonly completeness: Coverage;
  /** Later days that were requested, but not asked for the same reason. Oldest first. */
  readonly unasked?: readonly Day[];
}

/** A newer version wrote the summary, by definitions that this one does not know. */
export class NewerSummaryError extends Error {
  override readonly name = 'NewerSummaryError';
}

const SCHEMA: Summary['schema'] = 'chat-report/1';
const KNOWN_DEFINITIONS = Array.from({ length: DEFINITIONS }, (_, place) => place + 1);

/** The definitions that added other parts than figures and lists. */
const [SECOND, FOURTH] = [2, 4];

/** Without the callbacks: there can be a hundred thousand, and their schema is slower than reading them. */
const counted = summary.omit({ callbacks: true });

/**
 * Reads a parsed `summary.json`. Fields that earlier definitions lack get empty values, as far as possible.
 *
 * @throws NewerSummaryError where a newer version wrote it
 * @throws TypeError where it is cut short, altered, or no summary
 */
export function parseSummary(value: unknown): Summary {
  if (!isRecord(value)) throw new TypeError('it is no summary');
  if (isNewer(value)) throw new NewerSummaryError('a newer program wrote it');
  const upgraded = upgrade(withChannels(value));
  if (!isSummary(upgraded)) throw new TypeError('it is no summary');
  return upgraded;
}

/** Recognizes files of a newer version. Otherwise they would count as damaged and would be overwritten. */
function isNewer({ schema, definitions }: Readonly<Record<string, unknown>>): boolean {
  if (schema !== SCHEMA) return typeof schema === 'string' && schema.startsWith('chat-report/');
  return definitions !== undefined && !KNOWN_DEFINITIONS.some((known) => known === definitions);
}

/** Before partial reports existed, totals covered every channel of the summary and did not name them. */
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

/** A list that came with later definitions is empty. */
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

/** The same check as by the schema, in a twentieth of the time. */
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
    MISS_REASONS.some((one) => one === cause) &&
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
