import { mapValues } from './map-values.ts';
import {
  COUNTS,
  type Count,
  type CountId,
  type Declared,
  type Distribution,
  type Figures,
  type MeasureTitle,
  TIMES,
  type Time,
  type TimeId,
} from './measures.ts';

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
