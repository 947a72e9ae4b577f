import * as z from 'zod';
import type { Moment } from '../calendar/time-zone.ts';
import type { Chat } from '../chats/chat.ts';
import { count, type Read } from '../storage/json-record.ts';
import { BOUNDS } from '../text/bounds.ts';

/** A record with the same keys, and what is made of each value. */
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

/**
 * The figures as data: how each is counted, what it is called where it is a column, and what it means. From here come the
 * tallies, the schema of the summary, the columns of `metrics` and of the workbook, and the table of `docs/figures.md`.
 */

/**
 * By which definitions a summary was counted. Raised when a figure changes its meaning, and with each figure or list that is
 * added: days of earlier ones are counted again, and what is newer than they are says `since`.
 */
export const DEFINITIONS = 4;

/** A figure or a list of figures. */
export interface Declared {
  readonly comment: string;
  /** The definitions that brought it: a summary of earlier ones has none. Left out where each summary has it. */
  readonly since?: number;
}

export interface Count extends Declared {
  readonly counts: (chat: Chat) => boolean;
}

/** So many of the chats. Each is a figure of its own name. */
export const COUNTS = {
  answered: { comment: 'Chats that an agent answered', counts: ({ status }) => status === 'answered' },
  missed: { comment: 'Chats that nobody answered', counts: ({ status }) => status === 'missed' },
  other: { comment: 'Chats of any other status', counts: ({ status }) => status === 'other' },
} as const satisfies Readonly<Record<string, Count>>;

export interface Time extends Declared {
  /** Whole seconds; null where the chat does not count. */
  readonly of: (chat: Chat) => number | null;
  /** How they are found, for `docs/figures.md`. */
  readonly source: string;
  /** Of one chat, for the table `chats`. */
  readonly inTable: string;
  /** What stands in the workbook, and what it is called among the words of a language. */
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

/** How long something took, as a distribution over the chats that have a value. */
export const TIMES = {
  waitSeconds: {
    comment: 'the wait of answered chats',
    source: '`waitTime`; without a value, `meet_time` − `start_time`; else left out',
    inTable:
      'The wait as the figures take it: of an answered chat; where CareSoft sent none, from start to answer. Null: not answered, or not known',
    of: (chat) =>
      isAnswered(chat) ? (chat.waitSeconds ?? secondsBetween(chat.startedAt, chat.metAt)) : null,
    titles: { mean: 'meanWait', p50: 'medianWait', p90: 'p90Wait' },
  },
  abandonWaitSeconds: {
    comment: 'the wait of missed chats, above 0',
    source: '`waitTime`, where it is above 0',
    inTable: 'The wait of a missed chat, above 0. Null: not missed, or not known',
    // A missed chat's 00:00:00 is how CareSoft writes that it has no value.
    of: ({ status, waitSeconds }) => (status === 'missed' && waitSeconds !== 0 ? waitSeconds : null),
    titles: { mean: 'meanAbandonWait', p50: 'abandonWait' },
  },
  handleSeconds: {
    comment: 'from answer to end, of answered chats',
    source: '`answer_time`; else `end_time` − `meet_time`; else left out',
    inTable:
      'From answer to end as the figures take it: of an answered chat; where CareSoft sent none, by the two times. Null: not answered, or not known',
    of: (chat) =>
      isAnswered(chat) ? (chat.answerSeconds ?? secondsBetween(chat.metAt, chat.endedAt)) : null,
    titles: { mean: 'meanHandle', p90: 'p90Handle' },
  },
  durationSeconds: {
    comment: 'the whole of answered chats, with the wait',
    source: '`chat_duration`, which includes the wait; else `end_time` − `start_time`; else left out',
    inTable:
      'The whole chat as the figures take it: of an answered chat; where CareSoft sent none, from start to end. Null: not answered, or not known',
    of: (chat) =>
      isAnswered(chat) ? (chat.durationSeconds ?? secondsBetween(chat.startedAt, chat.endedAt)) : null,
    titles: { mean: 'meanDuration', p90: 'p90Duration' },
  },
} as const satisfies Readonly<Record<string, Time>>;

export type CountId = keyof typeof COUNTS;
export type TimeId = keyof typeof TIMES;

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

/** A field each, which summaries of earlier definitions may lack. */
export function fieldsOf<Of extends Readonly<Record<string, Declared>>, Field extends z.ZodType>(
  declared: Of,
  field: Field,
): Fields<Of, Field>;
export function fieldsOf(
  declared: Readonly<Record<string, Declared>>,
  field: z.ZodType,
): Record<string, z.ZodType> {
  return mapValues(declared, ({ since }) =>
    since === undefined
      ? field
      : field.exactOptional().meta({ description: `Left out where definitions is below ${since}` }),
  );
}

const seconds = z.number().nonnegative().nullable();

/** Values are whole seconds; percentiles are nearest-rank. With no value, `sum` is 0 and the rest is null. */
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

/** The figures of a set of chats. `docs/figures.md` defines each. Rates are shares from 0 to 1, null when of nothing. */
export const figures = z.looseObject({
  chats: count,
  customers: count,
  ...fieldsOf(COUNTS, count),
  missedRate: share,
  serviceLevel: z.looseObject({ thresholdSeconds: count, within: count, rate: share }),
  ...fieldsOf(TIMES, distribution),
});
export type Figures = Read<z.infer<typeof figures>>;

/** Those of several channels, added up from each: how many different customers there are, they do not tell. */
export type AddedFigures = Omit<Figures, 'customers'>;

/** What a figure is called in the workbook, by its place among the words of a language. */
export type MeasureTitle = 'chats' | 'customers' | CountId | 'missedRate' | 'serviceLevel' | TimeTitle;

/** One number of the figures. */
export interface Measure {
  /** Where it stands in the figures of `summary.json`. */
  readonly path: string;
  readonly unit: 'count' | 'share' | 'seconds';
  /** In the table `metrics`. */
  readonly column: string;
  readonly type: 'int64' | 'double';
  readonly isNullable: boolean;
  readonly comment: string;
  readonly of: (figures: Figures) => number | null;
  /** Left out where it does not stand in the workbook. */
  readonly title?: MeasureTitle;
  /** Of a percentile, how many values it is of: of few it says nothing. */
  readonly values?: (figures: Figures) => number;
}

/** In the order of the columns. */
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

/** What null says of a figure that came with later definitions, where it says something else too. */
function withNull(comment: string, { since }: Declared, also: readonly string[] = []): string {
  const says = [...also, ...(since === undefined ? [] : [`counted by definitions before ${since}`])];
  return says.length === 0 ? comment : `${comment}. Null: ${says.join(', or ')}`;
}

function countMeasure(count: Declared, id: 'chats' | 'customers' | CountId): Measure {
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
    // Wild values can add up to more than 64 bits hold, and a report must not fail over them.
    measure('sum', 'double', 'Their sum in seconds; 0 with no value'),
    value('mean', 'sum ÷ count'),
    value('p50', 'The median by nearest rank'),
    value('p90', 'The 90th percentile by nearest rank'),
    value('p95', 'The 95th percentile by nearest rank'),
    value('max', 'The greatest'),
  ];
}

/** In the tables of the lake. */
export function toColumnName(id: string): string {
  return id.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
