import { type ChannelCoverage, missingChannels } from '../capture/coverage.ts';
import { inChannelOrder } from '../chats/channel.ts';
import { DIMENSIONS, type DimensionId } from '../metrics/dimensions.ts';
import { type Figures, MEASURES, type Measure, mapValues } from '../metrics/measures.ts';
import type { FollowUp, KeyedFigures, MissReason, Summary } from '../metrics/summary.ts';
import { type Column, columnsOf, type Table, toTimestamp } from './table.ts';

/** The table `metrics`: every figure of a report. */

type CountName = {
  [Name in keyof ChannelCoverage]-?: ChannelCoverage[Name] extends number | null ? Name : never;
}[keyof ChannelCoverage];

/** The counts that prove a channel. Their order shows how they add up. */
const COUNTS: readonly { readonly name: string; readonly comment: string; readonly count: CountName }[] = [
  {
    name: 'num_found_before',
    comment: "The source's own count at the start of the capture",
    count: 'numFoundBefore',
  },
  { name: 'num_found_after', comment: "The source's own count at its end", count: 'numFoundAfter' },
  { name: 'rows_read', comment: 'Rows received: unique + duplicate', count: 'rows' },
  { name: 'unique_rows', comment: 'Different rows: chats + rejected + outside the day', count: 'unique' },
  { name: 'duplicate_rows', comment: 'Rows received again', count: 'duplicates' },
  { name: 'conflicting_rows', comment: 'Duplicates with another content', count: 'conflicts' },
  { name: 'rejected_rows', comment: 'Rows without an id or a readable start', count: 'rejected' },
  { name: 'outside_day_rows', comment: 'Rows of the margin around the day', count: 'outsideDay' },
];

/** One column for each count. @param without the meaning of null */
export function coverageColumns<Source>(
  without: string,
  of: (source: Source) => ChannelCoverage | null,
): Column<Source>[] {
  const { nullable } = columnsOf<Source>();
  return COUNTS.map(({ name, comment, count }) =>
    nullable(name, 'int64', `${comment}. Null: ${without}`, (source) => of(source)?.[count] ?? null),
  );
}

/** The fields of a row's source that figures of the whole day need. */
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
  return dayColumns.nullable(name, 'int64', comment, ({ dimension, summary }) =>
    dimension === 'total' ? of(summary) : null,
  );
}

const REASONS: readonly (readonly [string, string, MissReason])[] = [
  ['missed_out_of_hours', 'Missed chats that started outside business hours', 'outOfHours'],
  [
    'missed_agents_busy',
    'Of the others: those that started while each agent of that hour was in a chat',
    'agentsBusy',
  ],
  ['missed_left_early', 'Of the others: those that the customer left within 10 seconds', 'leftEarly'],
  ['missed_unknown', 'All other missed chats', 'unknown'],
];

const FOLLOW_UPS: readonly (readonly [string, string, Exclude<keyof FollowUp, 'day' | 'generatedAt'>])[] = [
  ['followed_up_customers', 'Customers to call back by the report of the day before', 'customers'],
  ['followed_up_answered', 'Of those: customers with an answered chat on this day', 'answered'],
  [
    'followed_up_missed_again',
    'Of those: customers with a missed chat on this day, but no answered one',
    'missedAgain',
  ],
  ['followed_up_silent', 'Of those: customers not in contact on this day', 'silent'],
  ['followed_up_unrecognizable', 'Of those: customers who cannot be identified again', 'unrecognizable'],
];

/** Figures that only the row of the whole day has. `docs/figures.md` defines each. */
const WHOLE_DAY_COLUMNS: readonly Column<DayMetric>[] = [
  ...REASONS.map(([name, comment, cause]) =>
    dayColumn(name, `${comment}. Null: the row is not the total`, ({ missCauses }) => missCauses[cause]),
  ),
  dayColumn(
    'recovered_customers',
    'Customers with a missed chat and an answered one later on the day. Null: not counted, or the row is not the total',
    ({ recovered }) => recovered,
  ),
  dayColumn(
    'callback_customers',
    'Customers to call back: with a missed chat and no answered one since. Null: the row is not the total',
    ({ callbacks }) => callbacks.length,
  ),
  ...FOLLOW_UPS.map(([name, comment, part]) =>
    dayColumn(
      name,
      `${comment}. Null: the day before had no report, or the row is not the total`,
      ({ followUp }) => followUp?.[part] ?? null,
    ),
  ),
];

/** The dimensions of the report's figures. */
type Division =
  | 'total'
  | 'channel'
  | 'hour'
  | (typeof DIMENSIONS)[DimensionId]['name']
  | 'channel_hour'
  | 'business_hours';

/** The source of one row. */
export interface Metric {
  readonly dimension: Division;
  readonly key: string | null;
  readonly name: string | null;
  readonly figures: Figures;
  /** Null unless the row is of a channel. */
  readonly coverage: ChannelCoverage | null;
  readonly summary: Summary;
}

const { required, nullable } = columnsOf<Metric>();

const LISTS = Object.values(DIMENSIONS);

function figureColumn({ column, type, isNullable, comment, of }: Measure): Column<Metric> {
  return { name: column, type, nullable: isNullable, comment, of: ({ figures }) => of(figures) };
}

/** The figures of the report, as in `summary.json`. One row for each dimension and key. */
export const METRICS_TABLE: Table<Metric> = {
  name: 'metrics',
  comment: [
    'All figures of the report, as in `summary.json`: one row per dimension and key. `docs/figures.md` defines each figure.',
    'The rows of a dimension add up to the total, except customers and percentiles. Seconds are whole numbers. No figure is',
    'rounded.',
  ].join(' '),
  partitions: [{ name: 'dt', type: 'date', comment: "The day, by the account's wall clock" }],
  columns: [
    required(
      'dimension',
      'string',
      `total, channel, hour, ${LISTS.map(({ name }) => name).join(', ')}, channel_hour, and business_hours if BUSINESS_HOURS was set`,
      ({ dimension }) => dimension,
    ),
    nullable(
      'key',
      'string',
      `The channel, the hour as 00 to 23, ${LISTS.map(({ comment }) => comment).join(', ')}, channel and hour such as zalo 09, or inside or outside. Null: the total, and chats without a value`,
      ({ key }) => key,
    ),
    nullable(
      'name',
      'string',
      'The name of the agent or service. Null: not known, or another dimension',
      ({ name }) => name,
    ),
    ...MEASURES.map(figureColumn),
    ...WHOLE_DAY_COLUMNS,
    nullable(
      'verdict',
      'string',
      'proven, for a channel. A channel without a row was not proven or not captured; see missing_channels. Null: the row is not of a channel',
      ({ coverage }) => coverage?.verdict ?? null,
    ),
    ...coverageColumns<Metric>('the row is not of a channel', ({ coverage }) => coverage),
    nullable(
      'capture_id',
      'string',
      'The capture that has the chats of the channel. Null: the row is not of a channel',
      ({ coverage }) => coverage?.captureId ?? null,
    ),
    required(
      'time_zone',
      'string',
      "The account's time zone, by its IANA name",
      ({ summary }) => summary.timeZone,
    ),
    required(
      'definitions',
      'int32',
      'The version of the definitions that the figures follow. It is raised when the meaning of a figure changes',
      ({ summary }) => summary.definitions,
    ),
    nullable(
      'is_final',
      'boolean',
      'Whether the lookback window of the day is over. False: a later recheck may change the figures. Null: days are not rechecked',
      ({ summary }) => isFinal(summary),
    ),
    nullable(
      'generated_at',
      'timestamp-utc',
      'When the last capture ended. Null: no channel was captured',
      ({ summary }) => toTimestamp(summary.generatedAt),
    ),
    nullable(
      'channels',
      'string',
      'The proven channels, which all figures of the day are of, with commas between them. Null: the row is not the total',
      ({ dimension, summary }) => (dimension === 'total' ? summary.totals.channels.join() : null),
    ),
    nullable(
      'missing_channels',
      'string',
      'The channels that could not be proven. No figure counts their chats. Null: there is none, or the row is not the total',
      ({ dimension, summary }) =>
        (dimension === 'total' && missingChannels(summary.completeness).join()) || null,
    ),
  ],
};

/** Whether the lookback window of the day is over. Null if days are not rechecked. */
export function isFinal({ looks }: Pick<Summary, 'looks'>): boolean | null {
  return looks ? looks.state === 'final' : null;
}

/** The rows of a report, in its order. */
export function toMetrics(summary: Summary): Metric[] {
  const { totals, byChannel, byHour, byChannelHour, businessHours } = summary;
  const metric = (dimension: Division, figures: Figures, key: string | null): Metric => ({
    ...{ dimension, key, name: null, figures, coverage: null, summary },
  });
  const keyed = (dimension: Division, list: readonly KeyedFigures[]): Metric[] =>
    list.map((figures) => ({ ...metric(dimension, figures, figures.key), name: figures.name ?? null }));
  return [
    metric('total', totals, null),
    ...inChannelOrder(byChannel).map(([channel, figures]) => ({
      ...metric('channel', figures, channel),
      coverage: summary.completeness.channels[channel] ?? null,
    })),
    // Two digits keep hours in order as text.
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
