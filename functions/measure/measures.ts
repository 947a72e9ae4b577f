import * as z from 'zod';
import { BOUNDS } from '../chat/bounds.ts';
import type { Chat } from '../chat/chat.ts';
import { count, type Read } from '../storage/fields.ts';
import type { Moment } from '../time/zone.ts';
import { mapValues } from './map-values.ts';

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
