import * as z from 'zod';
import type { Moment } from '../calendar/time-zone.ts';
import type { Chat } from '../chats/chat.ts';
import { VENDOR } from '../sources/vendor.ts';
import { count, type Read } from '../storage/json-record.ts';
import { BOUNDS } from '../text/bounds.ts';

/**
 * The figures as data: how each is counted, its name as a column, and its meaning.
 *
 * Other parts are made from them: the accumulators, the schema of the summary, the columns of `metrics` and of
 * the workbook, and the table of `docs/figures.md`.
 */

/**
 * The version of the definitions by which a summary is counted.
 *
 * Raise it when a figure changes its meaning, and when a figure or a list is added. Days of earlier versions
 * are then counted again. A new figure or list says `since`.
 */
export const DEFINITIONS = 4;

/** A figure or a list of figures. */
export interface Declaration {
  readonly comment: string;
  /**
   * The first definitions that have it. Summaries of earlier definitions lack it. Left out where every summary
   * has it.
   */
  readonly since?: number;
}

export interface Count extends Declaration {
  readonly counts: (chat: Chat) => boolean;
}

/** Figures that count chats. Each has its own name. */
export const COUNTS = {
  answered: { comment: 'Chats that an agent answered', counts: ({ status }) => status === 'answered' },
  missed: { comment: 'Chats that no agent answered', counts: ({ status }) => status === 'missed' },
  other: { comment: 'Chats of any other status', counts: ({ status }) => status === 'other' },
} as const satisfies Readonly<Record<string, Count>>;

export interface Time extends Declaration {
  /** Whole seconds. Null where the chat does not count. */
  readonly of: (chat: Chat) => number | null;
  /** How the value is found, for `docs/figures.md`. */
  readonly source: string;
  /** The meaning for one chat, for the table `chats`. */
  readonly inTable: string;
  /** The values that stand in the workbook, and the key of each title in the message catalogue. */
  readonly titles: Readonly<Partial<Record<'mean' | 'p50' | 'p90' | 'p95' | 'max', TimeTitle>>>;
}

type TimeTitle =
  | 'meanWait'
  | 'medianWait'
  | 'p90Wait'
  | 'meanAbandonWait'
  | 'abandonWait'
  | 'meanHandle'
  | 'p90Handle'
  | 'meanDuration'
  | 'p90Duration';

/** Durations. Each is a distribution over the chats that have a value. */
export const TIMES = {
  waitSeconds: {
    comment: 'the wait of answered chats',
    source: '`waitTime`; without a value, `meet_time` − `start_time`; else left out',
    inTable: `The wait as the figures take it: of an answered chat; where ${VENDOR} sent none, from start to answer. Null: not answered, or not known`,
    of: (chat) =>
      isAnswered(chat) ? (chat.waitSeconds ?? secondsBetween(chat.startedAt, chat.metAt)) : null,
    titles: { mean: 'meanWait', p50: 'medianWait', p90: 'p90Wait' },
  },
  abandonWaitSeconds: {
    comment: 'the wait of missed chats, above 0',
    source: '`waitTime`, where it is above 0',
    inTable: 'The wait of a missed chat, above 0. Null: not missed, or not known',
    // The source writes 00:00:00 for a missed chat without a value.
    of: ({ status, waitSeconds }) => (status === 'missed' && waitSeconds !== 0 ? waitSeconds : null),
    titles: { mean: 'meanAbandonWait', p50: 'abandonWait' },
  },
  handleSeconds: {
    comment: 'from answer to end, of answered chats',
    source: '`answer_time`; else `end_time` − `meet_time`; else left out',
    inTable: `From answer to end as the figures take it: of an answered chat; where ${VENDOR} sent none, by the two times. Null: not answered, or not known`,
    of: (chat) =>
      isAnswered(chat) ? (chat.answerSeconds ?? secondsBetween(chat.metAt, chat.endedAt)) : null,
    titles: { mean: 'meanHandle', p90: 'p90Handle' },
  },
  durationSeconds: {
    comment: 'the whole of answered chats, with the wait',
    source: '`chat_duration`, which includes the wait; else `end_time` − `start_time`; else left out',
    inTable: `The whole chat as the figures take it: of an answered chat; where ${VENDOR} sent none, from start to end. Null: not answered, or not known`,
    of: (chat) =>
      isAnswered(chat) ? (chat.durationSeconds ?? secondsBetween(chat.startedAt, chat.endedAt)) : null,
    titles: { mean: 'meanDuration', p90: 'p90Duration' },
  },
} as const satisfies Readonly<Record<string, Time>>;

type CountId = keyof typeof COUNTS;

type TimeId = keyof typeof TIMES;

function isAnswered({ status }: Chat): boolean {
  return status === 'answered';
}

function secondsBetween(from: Moment | null, to: Moment | null): number | null {
  if (from === null || to === null) return null;
  const seconds = to.epochSeconds - from.epochSeconds;
  return seconds < 0 || seconds > BOUNDS.seconds ? null : seconds;
}

type Fields<Of, Field extends z.ZodType> = {
  readonly [Id in keyof Of]: Of[Id] extends { readonly since: number } ? z.ZodExactOptional<Field> : Field;
};

/** One field per declaration. Summaries of earlier definitions may lack it. */
export function fieldsOf<Of extends Readonly<Record<string, Declaration>>, Field extends z.ZodType>(
  declared: Of,
  field: Field,
): Fields<Of, Field>;

export function fieldsOf(
  declared: Readonly<Record<string, Declaration>>,
  field: z.ZodType,
): Record<string, z.ZodType> {
  return mapValues(declared, ({ since }) =>
    since === undefined
      ? field
      : field.exactOptional().meta({ description: `Left out where definitions is below ${since}` }),
  );
}

const seconds = z.number().nonnegative().nullable();

/** In whole seconds. Percentiles are nearest-rank. Without a value, `sum` is 0 and the others are null. */
export const distribution = z
  .looseObject({
    count,
    sum: z.number().nonnegative(),
    mean: seconds,
    p50: seconds,
    p90: seconds,
    p95: seconds,
    max: seconds,
  })
  .meta({
    description: 'Of seconds; percentiles are nearest-rank. Without a value, sum is 0 and the rest null',
  });

export type Distribution = Read<z.infer<typeof distribution>>;

export const share = z
  .number()
  .min(0)
  .max(1)
  .nullable()
  .meta({ description: 'From 0 to 1; null where it is of nothing' });

/**
 * The figures of a set of chats; `docs/figures.md` defines each. Rates are shares from 0 to 1, and null for an
 * empty set.
 */
export const figures = z.looseObject({
  chats: count,
  customers: count,
  ...fieldsOf(COUNTS, count),
  missedRate: share,
  serviceLevel: z.looseObject({ thresholdSeconds: count, within: count, rate: share }),
  ...fieldsOf(TIMES, distribution),
});

export type Figures = Read<z.infer<typeof figures>>;

/** Figures added up from several sets. The number of different customers cannot be added up, so it is missing. */
export type AddedFigures = Omit<Figures, 'customers'>;

/** The key of a figure's title in the message catalogue. */
export type MeasureTitle = 'chats' | 'customers' | CountId | 'missedRate' | 'serviceLevel' | TimeTitle;

/** One number of the figures. */
export interface Measure {
  /** Its place in the figures of `summary.json`. */
  readonly path: string;
  readonly unit: 'count' | 'share' | 'seconds';
  /** Its name in the table `metrics`. */
  readonly column: string;
  readonly type: 'int64' | 'double';
  readonly isNullable: boolean;
  readonly comment: string;
  readonly of: (figures: Figures) => number | null;
  /** Left out where the workbook does not show it. */
  readonly title?: MeasureTitle;
  /** For a percentile: the number of values behind it. A percentile of few values says nothing. */
  readonly values?: (figures: Figures) => number;
}

/** All measures, in the order of the columns. */
export const MEASURES: readonly Measure[] = [
  countMeasure({ comment: 'answered + missed + other' }, 'chats'),
  countMeasure({ comment: 'How many different persons, over their ids' }, 'customers'),
  ...Object.values(mapValues(COUNTS, (count: Count, id) => countMeasure(count, id))),
  {
    path: 'missedRate',
    unit: 'share',
    column: 'missed_rate',
    type: 'double',
    isNullable: true,
    comment: 'missed ÷ (answered + missed), 0 to 1. Null: of nothing',
    of: ({ missedRate }) => missedRate,
    title: 'missedRate',
  },
  {
    path: 'serviceLevel.thresholdSeconds',
    unit: 'seconds',
    column: 'service_level_threshold_seconds',
    type: 'int64',
    isNullable: false,
    comment: 'The longest wait that is within the service level',
    of: ({ serviceLevel }) => serviceLevel.thresholdSeconds,
  },
  {
    path: 'serviceLevel.within',
    unit: 'count',
    column: 'service_level_within',
    type: 'int64',
    isNullable: false,
    comment: 'Answered chats whose wait is known and at most the threshold',
    of: ({ serviceLevel }) => serviceLevel.within,
  },
  {
    path: 'serviceLevel.rate',
    unit: 'share',
    column: 'service_level_rate',
    type: 'double',
    isNullable: true,
    comment: 'within ÷ (answered + missed), 0 to 1. Null: of nothing',
    of: ({ serviceLevel }) => serviceLevel.rate,
    title: 'serviceLevel',
  },
  ...Object.values(mapValues(TIMES, timeMeasures)).flat(),
];

/** Adds what null means for this figure. */
function withNull(comment: string, { since }: Declaration, also: readonly string[] = []): string {
  const meanings = [...also, ...(since === undefined ? [] : [`counted by definitions before ${since}`])];
  return meanings.length === 0 ? comment : `${comment}. Null: ${meanings.join(', or ')}`;
}

function countMeasure(count: Declaration, id: 'chats' | 'customers' | CountId): Measure {
  return {
    path: id,
    unit: 'count',
    column: toColumnName(id),
    type: 'int64',
    isNullable: count.since !== undefined,
    comment: withNull(count.comment, count),
    of: (figures) => figures[id] ?? null,
    title: id,
  };
}

function timeMeasures(time: Time, id: TimeId): Measure[] {
  const measure = (of: keyof Distribution, type: Measure['type'], comment: string): Measure => ({
    path: `${id}.${of}`,
    unit: of === 'count' ? 'count' : 'seconds',
    column: `${toColumnName(id)}_${of}`,
    type,
    isNullable: time.since !== undefined,
    comment: withNull(comment, time),
    of: (figures) => figures[id]?.[of] ?? null,
  });
  const value = (of: keyof Time['titles'], comment: string): Measure => ({
    ...measure(of, of === 'mean' ? 'double' : 'int64', comment),
    isNullable: true,
    comment: withNull(comment, time, ['no chat has a value']),
    ...(time.titles[of] && { title: time.titles[of] }),
    ...((of === 'p50' || of === 'p90') && { values: (figures) => figures[id]?.count ?? 0 }),
  });
  return [
    measure('count', 'int64', `How many chats have a value: ${time.comment}`),
    // Extreme values can add up to more than 64 bits hold. A report must not fail then.
    measure('sum', 'double', 'Their sum in seconds; 0 with no value'),
    value('mean', 'sum ÷ count'),
    value('p50', 'The median by nearest rank'),
    value('p90', 'The 90th percentile by nearest rank'),
    value('p95', 'The 95th percentile by nearest rank'),
    value('max', 'The greatest'),
  ];
}

/** The name as a column of the lake's tables: snake case. */
export function toColumnName(id: string): string {
  return id.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** A record with the same keys. `map` makes each value. */
export function mapValues<Key extends string, From, To>(
  record: Readonly<Record<Key, From>>,
  map: (value: From, key: Key) => To,
): Record<Key, To>;

export function mapValues(
  record: Readonly<Record<string, unknown>>,
  map: (value: unknown, key: string) => unknown,
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value, key)]));
}
