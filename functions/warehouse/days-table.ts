import { type Day, dayNumber } from '../calendar/day.ts';
import type { ChannelCoverage } from '../capture/coverage.ts';
import type { Channel } from '../chats/channel.ts';
import { CHAT_STATUSES } from '../chats/chat.ts';
import { COUNTS } from '../metrics/measures.ts';
import type { CountedBy } from '../metrics/recipe.ts';
import type { StatusCounts, Summary } from '../metrics/summary.ts';
import { toJsonText } from '../text/write-json.ts';
import { coverageColumns, isFinal } from './metrics-table.ts';
import { type Column, columnsOf, type Table, toTimestamp } from './table.ts';

/** The table `days`: which days the lake has, and what is known of each channel. */

/** The fields of a report that the table needs. */
interface CountedReport
  extends Pick<
    Summary,
    'timeZone' | 'generatedAt' | 'definitions' | 'filters' | 'looks' | 'revisions' | 'madeUpAt' | 'totals'
  > {
  readonly counted?: CountedBy;
}

/** How often a day's rows changed, with the first and the last change. */
export interface DayChanges {
  readonly count: number;
  readonly firstAt: string;
  /** The sequence of the last change. */
  readonly last: string;
  readonly lastAt: string;
}

/** The source of one row. */
export interface DayOfChannel {
  readonly day: Day;
  readonly channel: Channel;
  readonly state: 'proven' | 'partial' | 'unproven' | 'missing';
  /** Null if no capture of the channel is known. */
  readonly coverage: ChannelCoverage | null;
  /** Null if no report has the channel. */
  readonly figures: StatusCounts | null;
  /** Null if the day has none. */
  readonly report: CountedReport | null;
  /** End of the last attempt that did not prove every channel. Null if none is known, or the day is proven. */
  readonly triedAt: string | null;
  /** Null if none is known. */
  readonly changes: DayChanges | null;
}

const { required, nullable } = columnsOf<DayOfChannel>();

const NO_REPORT = 'Null: the day has no report';

function figureColumn(name: keyof StatusCounts, comment: string): Column<DayOfChannel> {
  return nullable(name, 'int64', `${comment}. Null: no report has the channel`, ({ figures }) =>
    figures === null ? null : figures[name],
  );
}

/** One row for each day and channel. */
export const DAYS_TABLE: Table<DayOfChannel> = {
  name: 'days',
  comment: [
    "One row per day and channel, from the lake's first reported or attempted day to its last. So a query can tell a day without a",
    'report from a day without chats. A day that was never attempted has a row for each channel of the day before.',
  ].join(' '),
  partitions: [{ name: 'month', type: 'string', comment: 'The month of `dt`, as YYYY-MM' }],
  columns: [
    required('dt', 'date', "The day, by the account's wall clock", ({ day }) => dayNumber(day)),
    required('channel', 'string', 'livechat, messenger or zalo', ({ channel }) => channel),
    required(
      'state',
      'string',
      'The state of the channel. proven: it is in the tables if the day has a report; unproven: its capture failed, and it is in no table; missing: nothing is known',
      ({ coverage }) => coverage?.verdict ?? 'missing',
    ),
    required(
      'day_state',
      'string',
      'The state of the day. proven: its report has all channels; partial: its report has some channels; unproven: attempted, but without a report; missing: not attempted, or its report is unreadable',
      ({ state }) => state,
    ),
    nullable(
      'reason',
      'string',
      'The reason why the channel is unproven, in one word; docs/runbook.md says what to do. Null: it is not unproven, or the reason is not known',
      ({ coverage }) => coverage?.reason ?? null,
    ),
    nullable(
      'is_final',
      'boolean',
      'Whether the lookback window of the day is over. Null: the day has no report, or is not rechecked',
      ({ report }) => report && isFinal(report),
    ),
    figureColumn('chats', 'answered + missed + other'),
    ...CHAT_STATUSES.map((status) => figureColumn(status, COUNTS[status].comment)),
    ...coverageColumns<DayOfChannel>('not known', ({ coverage }) => coverage),
    nullable(
      'capture_id',
      'string',
      'The last known capture of the channel. Null: there is none',
      ({ coverage }) => coverage?.captureId ?? null,
    ),
    nullable(
      'revision',
      'int32',
      "How often the day's rows were written or changed, with the first time. Null: not known, or never",
      ({ changes }) => changes?.count ?? null,
    ),
    nullable(
      'corrections',
      'int32',
      `How often a recheck changed the counts of the channel. ${NO_REPORT}`,
      ({ report, channel }) =>
        report && (report.revisions ?? []).filter((revision) => revision.channel === channel).length,
    ),
    nullable(
      'first_made_at',
      'timestamp-utc',
      'When the rows of the day were first written. Null: not known',
      ({ changes }) => toTimestamp(changes?.firstAt),
    ),
    nullable(
      'last_change',
      'string',
      'The sequence of the last change of the day. Null: not known',
      ({ changes }) => changes?.last ?? null,
    ),
    nullable(
      'last_change_at',
      'timestamp-utc',
      'When the last change of the day was recorded. Null: not known',
      ({ changes }) => toTimestamp(changes?.lastAt),
    ),
    nullable(
      'generated_at',
      'timestamp-utc',
      `When the last capture of the report ended. ${NO_REPORT}`,
      ({ report }) => toTimestamp(report?.generatedAt),
    ),
    nullable(
      'made_up_at',
      'timestamp-utc',
      "When a later day's run completed the report. Null: the day's own run did, or there is no report",
      ({ report }) => toTimestamp(report?.madeUpAt),
    ),
    nullable(
      'tried_at',
      'timestamp-utc',
      'When the last attempt ended that did not prove every channel. Null: the day is proven, or was not attempted',
      ({ triedAt }) => toTimestamp(triedAt),
    ),
    nullable(
      'definitions',
      'int32',
      `The version of the definitions that the figures follow. ${NO_REPORT}`,
      ({ report }) => report?.definitions ?? null,
    ),
    nullable(
      'time_zone',
      'string',
      `The account's time zone, by its IANA name. ${NO_REPORT}`,
      ({ report }) => report?.timeZone ?? null,
    ),
    nullable(
      'filters',
      'json',
      `The filters of the settings as a JSON object: type of chat, groups, services, assignees. ${NO_REPORT}`,
      ({ report }) => report && toJsonText(report.filters),
    ),
    nullable(
      'service_level_seconds',
      'int64',
      `The setting SERVICE_LEVEL_SECONDS. ${NO_REPORT}`,
      ({ report }) => report?.totals.serviceLevel.thresholdSeconds ?? null,
    ),
    nullable(
      'business_hours',
      'string',
      'The setting BUSINESS_HOURS. Null: always open, or the day has no report',
      ({ report }) => report?.counted?.businessHours ?? null,
    ),
    nullable('reply_hours', 'json', `The setting REPLY_HOURS as a JSON object. ${NO_REPORT}`, ({ report }) =>
      report?.counted ? toJsonText(report.counted.replyHours) : null,
    ),
    nullable(
      'contacts',
      'string',
      `The setting CONTACTS, for the report: masked or full. ${NO_REPORT}`,
      ({ report }) => report?.counted?.contacts ?? null,
    ),
    nullable(
      'last_look',
      'date',
      'The day whose run rechecks it for the last time, by LOOK_BACK. Null: it is not rechecked, or has no report',
      ({ report }) => (report?.looks ? dayNumber(report.looks.last) : null),
    ),
  ],
};
