import { type ChannelCompleteness, missingChannels } from '../capture/completeness.ts';
import { inChannelOrder } from '../chat/channel.ts';
import { DIMENSIONS, type DimensionId } from '../measure/dimensions.ts';
import { mapValues } from '../measure/map-values.ts';
import { MEASURES, type Measure } from '../measure/measure-list.ts';
import type { Figures } from '../measure/measures.ts';
import type { KeyedFigures, Summary } from '../measure/summary.ts';
import { coverageColumns } from './coverage-columns.ts';
import { type Column, columnsOf, type Table } from './table.ts';
import { WHOLE_DAY_COLUMNS } from './whole-day-columns.ts';

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
  readonly completeness: ChannelCompleteness | null;
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
