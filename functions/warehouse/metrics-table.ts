import { type ChannelCoverage, missingChannels } from '../capture/coverage.ts';
import { inChannelOrder } from '../chats/channel.ts';
import { DIMENSIONS, type DimensionId } from '../metrics/dimensions.ts';
import { type Figures, MEASURES, type Measure, mapValues } from '../metrics/measures.ts';
import type { FollowUp, KeyedFigures, MissCause, Summary } from '../metrics/summary.ts';
import { type Column, columnsOf, type Table } from './table.ts';

type CountName = {
  [Name in keyof ChannelCoverage]-?: ChannelCoverage[Name] extends number | null ? Name : never;
}[keyof ChannelCoverage];

/** The counts that prove a channel, in the order in which they add up. */
const COUNTS: readonly { readonly name: string; readonly comment: string; readonly count: CountName }[] = [
  {
    name: 'num_found_before',
    comment: "CareSoft's own count when the capture began",
    count: 'numFoundBefore',
  },
  { name: 'num_found_after', comment: 'The same at its end', count: 'numFoundAfter' },
  { name: 'rows_read', comment: 'Rows that came: unique + duplicate', count: 'rows' },
  { name: 'unique_rows', comment: 'Different rows: chats + rejected + outside the day', count: 'unique' },
  { name: 'duplicate_rows', comment: 'Rows that came again', count: 'duplicates' },
  { name: 'conflicting_rows', comment: 'Duplicates that say something else', count: 'conflicts' },
  { name: 'rejected_rows', comment: 'Rows without an id or a readable start', count: 'rejected' },
  { name: 'outside_day_rows', comment: 'Rows of the margin around the day', count: 'outsideDay' },
];

/** A column each. @param without what null says */
export function coverageColumns<Source>(
  without: string,
  of: (source: Source) => ChannelCoverage | null,
): Column<Source>[] {
  const { perhaps } = columnsOf<Source>();
  return COUNTS.map(({ name, comment, count }) =>
    perhaps(name, 'int64', `${comment}. Null: ${without}`, (source) => {
      const value = of(source)?.[count] ?? null;
      return value === null ? null : BigInt(value);
    }),
  );
}

/** As much of a row of `metrics` as tells whether it is the total, and of what. */
interface DayMetric {
  readonly dimension: string;
  readonly summary: Summary;
}

const dayColumns = columnsOf<DayMetric>();

function dayColumn(
  name: string,
  comment: string,
  of: (summary: Summary) => number | null,
): Column<DayMetric> {
  return dayColumns.perhaps(name, 'int64', comment, ({ dimension, summary }) => {
    const count = dimension === 'total' ? of(summary) : null;
    return count === null ? null : BigInt(count);
  });
}

const CAUSES: readonly (readonly [string, string, MissCause])[] = [
  ['missed_out_of_hours', 'Missed chats that began out of hours', 'outOfHours'],
  [
    'missed_agents_busy',
    'Of the others: those that began while each agent of that hour was in a chat',
    'agentsBusy',
  ],
  ['missed_left_early', 'Of the others: those that were left within 10 seconds', 'leftEarly'],
  ['missed_unknown', 'All other missed chats', 'unknown'],
];

const FOLLOWED: readonly (readonly [string, string, Exclude<keyof FollowUp, 'day' | 'generatedAt'>])[] = [
  [
    'followed_up_customers',
    'Customers whom the report of the day before named to be called back',
    'customers',
  ],
  ['followed_up_answered', 'Of those: had an answered chat on this day', 'answered'],
  ['followed_up_missed_again', 'Of those: had a missed chat on this day, and no answered one', 'missedAgain'],
  ['followed_up_silent', 'Of those: had no answered or missed chat on this day', 'silent'],
  [
    'followed_up_unrecognizable',
    'Of those: had left nothing by which they could be known again',
    'unrecognizable',
  ],
];

/** What is counted of a whole day, and of no part of it. `docs/figures.md` defines each. */
const WHOLE_DAY_COLUMNS: readonly Column<DayMetric>[] = [
  ...CAUSES.map(([name, comment, cause]) =>
    dayColumn(name, `${comment}. Null: the row is not the total`, ({ missCauses }) => missCauses[cause]),
  ),
  dayColumn(
    'recovered_customers',
    'Customers who were missed, and answered later on the day. Null: nobody counted them, or the row is not the total',
    ({ recovered }) => recovered,
  ),
  dayColumn(
    'callback_customers',
    'Customers to call back: missed, and not answered since. Null: the row is not the total',
    ({ callbacks }) => callbacks.length,
  ),
  ...FOLLOWED.map(([name, comment, part]) =>
    dayColumn(
      name,
      `${comment}. Null: the day before had no report, or the row is not the total`,
      ({ followUp }) => followUp?.[part] ?? null,
    ),
  ),
];

/** What the report's figures are divided by. */
type Division =
  | 'total'
  | 'channel'
  | 'hour'
  | (typeof DIMENSIONS)[DimensionId]['name']
  | 'channel_hour'
  | 'business_hours';

/** What one row of the table `metrics` is made of. */
export interface Metric {
  readonly dimension: Division;
  readonly key: string | null;
  readonly name: string | null;
  readonly figures: Figures;
  /** Of a channel; null for every other dimension. */
  readonly completeness: ChannelCoverage | null;
  readonly summary: Summary;
}

const { always, perhaps } = columnsOf<Metric>();

const LISTS = Object.values(DIMENSIONS);

function figureColumn({ column, type, isNullable, comment, of }: Measure): Column<Metric> {
  const valueIn = ({ figures }: Metric): bigint | number | null => {
    const value = of(figures);
    return value === null || type === 'double' ? value : BigInt(value);
  };
  return { name: column, type, nullable: isNullable, comment, of: valueIn };
}

/** The figures of the report, as they stand in `summary.json`. */
export const METRICS_TABLE: Table<Metric> = {
  name: 'metrics',
  comment: [
    'Every figure of the report, one row per dimension and key, as in `summary.json`; `docs/figures.md` defines each.',
    'The parts of each dimension add up to the total, customers and percentiles apart. Seconds are whole; nothing is',
    'rounded.',
  ].join(' '),
  partitions: [{ name: 'dt', type: 'date', comment: "The day, by the account's wall clock" }],
  columns: [
    always(
      'dimension',
      'string',
      `total, channel, hour, ${LISTS.map(({ name }) => name).join(', ')}, channel_hour, or, where BUSINESS_HOURS was set, business_hours`,
      ({ dimension }) => dimension,
    ),
    perhaps(
      'key',
      'string',
      `The channel, the hour as 00 to 23, ${LISTS.map(({ comment }) => comment).join(', ')}, channel and hour such as zalo 09, or inside or outside. Null: the chats that have none, and the total`,
      ({ key }) => key,
    ),
    perhaps(
      'name',
      'string',
      'What the agent or service is called. Null: not known, and for every other dimension',
      ({ name }) => name,
    ),
    ...MEASURES.map(figureColumn),
    ...WHOLE_DAY_COLUMNS,
    perhaps(
      'verdict',
      'string',
      'proven, of a channel; one without a row was not proven, or not asked for: see channels. Null: the row is not of a channel',
      ({ completeness }) => completeness?.verdict ?? null,
    ),
    ...coverageColumns<Metric>('the row is not of a channel', ({ completeness }) => completeness),
    perhaps(
      'capture_id',
      'string',
      "The capture that the channel's chats are of. Null: the row is not of a channel",
      ({ completeness }) => completeness?.captureId ?? null,
    ),
    always('time_zone', 'string', "The account's, by its IANA name", ({ summary }) => summary.timeZone),
    always(
      'definitions',
      'int32',
      "Which definitions the figures follow; raised when a figure's meaning changes",
      ({ summary }) => summary.definitions,
    ),
    perhaps(
      'is_final',
      'boolean',
      'Whether CareSoft is asked for the day no more; false: a later look may still change it. Null: days are asked for once',
      ({ summary }) => isFinal(summary),
    ),
    perhaps(
      'generated_at',
      'timestamp-utc',
      'When the last capture ended. Null: no channel was asked for',
      ({ summary }) => {
        const ms = Date.parse(summary.generatedAt);
        return Number.isNaN(ms) ? null : BigInt(ms) * 1_000n;
      },
    ),
    perhaps(
      'channels',
      'string',
      'The proven channels, which every figure of the day is of, with commas between. Null: the row is not the total',
      ({ dimension, summary }) => (dimension === 'total' ? summary.totals.channels.join() : null),
    ),
    perhaps(
      'missing_channels',
      'string',
      'The channels that were asked for and could not be proven, so that no figure is of them. Null: there is none, or the row is not the total',
      ({ dimension, summary }) =>
        (dimension === 'total' && missingChannels(summary.completeness).join()) || null,
    ),
  ],
};

/** Null where days are asked for once. */
export function isFinal({ looks }: Pick<Summary, 'looks'>): boolean | null {
  return looks ? looks.state === 'final' : null;
}

/** The rows of the table, in the order of the report. */
export function toMetrics(summary: Summary): Metric[] {
  const { totals, byChannel, byHour, byChannelHour, businessHours } = summary;
  const metric = (dimension: Division, figures: Figures, key: string | null): Metric => ({
    ...{ dimension, key, name: null, figures, completeness: null, summary },
  });
  const keyed = (dimension: Division, list: readonly KeyedFigures[]): Metric[] =>
    list.map((figures) => ({ ...metric(dimension, figures, figures.key), name: figures.name ?? null }));
  return [
    metric('total', totals, null),
    ...inChannelOrder(byChannel).map(([channel, figures]) => ({
      ...metric('channel', figures, channel),
      completeness: summary.completeness.channels[channel] ?? null,
    })),
    // Two digits, so that they are in order as text.
    ...byHour.map((figures) => metric('hour', figures, twoDigits(figures.hour))),
    ...Object.values(mapValues(DIMENSIONS, ({ name }, id) => keyed(name, summary[id]))).flat(),
    ...byChannelHour.map((figures) =>
      metric('channel_hour', figures, `${figures.channel} ${twoDigits(figures.hour)}`),
    ),
    ...(businessHours
      ? [
          metric('business_hours', businessHours.inside, 'inside'),
          metric('business_hours', businessHours.outside, 'outside'),
        ]
      : []),
  ];
}

function twoDigits(hour: number): string {
  return String(hour).padStart(2, '0');
}
