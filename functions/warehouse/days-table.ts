import { type Day, dayNumber } from '../calendar/day.ts';
import type { ChannelCoverage } from '../capture/coverage.ts';
import type { Channel } from '../chats/channel.ts';
import { CHAT_STATUSES } from '../chats/chat.ts';
import { COUNTS } from '../metrics/measures.ts';
import type { CountedBy } from '../metrics/recipe.ts';
import type { StatusCounts, Summary } from '../metrics/summary.ts';
import { toJsonText } from '../text/json.ts';
import { coverageColumns } from './metrics-table.ts';
import { type Column, columnsOf, type Table } from './table.ts';

/** As much of a report as says by what it was counted. */
interface CountedReport
  extends Pick<
    Summary,
    'timeZone' | 'generatedAt' | 'definitions' | 'filters' | 'looks' | 'revisions' | 'madeUpAt' | 'totals'
  > {
  readonly counted?: CountedBy;
}

/** How often a day's rows have changed, and when first and last. */
export interface DayChanges {
  readonly count: number;
  readonly firstAt: string;
  /** The sequence of the last, and when that was. */
  readonly last: string;
  readonly lastAt: string;
}

/** What one row of the table `days` is made of. */
export interface DayOfChannel {
  readonly day: Day;
  readonly channel: Channel;
  readonly state: 'proven' | 'partial' | 'unproven' | 'missing';
  /** Null where the channel was not asked for, as far as is known. */
  readonly coverage: ChannelCoverage | null;
  /** Null where no report is of the channel. */
  readonly figures: StatusCounts | null;
  /** Null where the day has none. */
  readonly report: CountedReport | null;
  /** When the last try that did not prove every channel was over; null where none is known, or the day is proven. */
  readonly triedAt: string | null;
  /** Null where none is known. */
  readonly changes: DayChanges | null;
}

const { always, perhaps } = columnsOf<DayOfChannel>();

const NO_REPORT = 'Null: the day has no report';

function figureColumn(name: keyof StatusCounts, comment: string): Column<DayOfChannel> {
  return perhaps(name, 'int64', `${comment}. Null: no report is of the channel`, ({ figures }) =>
    figures === null ? null : BigInt(figures[name]),
  );
}

const instant = (text: string | undefined | null): bigint | null => {
  const ms = text ? Date.parse(text) : Number.NaN;
  return Number.isNaN(ms) ? null : BigInt(ms) * 1_000n;
};

/** Which days there are, and what is known of each. */
export const DAYS_TABLE: Table<DayOfChannel> = {
  name: 'days',
  comment: [
    "A row per day and channel, from the lake's first day that was reported or tried to its last, whatever became of it: so that",
    'a day without rows is told from one without chats. A day that was never tried has a row for each channel of the day before.',
  ].join(' '),
  partitions: [{ name: 'month', type: 'string', comment: 'Of `dt`, as YYYY-MM' }],
  columns: [
    always('dt', 'date', "The day, by the account's wall clock", ({ day }) => dayNumber(day)),
    always('channel', 'string', 'livechat, messenger or zalo', ({ channel }) => channel),
    always(
      'state',
      'string',
      'Of the channel. proven: in the tables, where the day has a report; unproven: asked for, and in no table; missing: nothing is known of it',
      ({ coverage }) => coverage?.verdict ?? 'missing',
    ),
    always(
      'day_state',
      'string',
      'Of the day. proven; partial: it has a report of some of its channels; unproven: tried, and without a report; missing: not tried, or its report cannot be read',
      ({ state }) => state,
    ),
    perhaps(
      'reason',
      'string',
      'Why the channel is unproven, in a word; docs/runbook.md says what to do. Null: it is not, or the reason is not known',
      ({ coverage }) => coverage?.reason ?? null,
    ),
    perhaps(
      'is_final',
      'boolean',
      'Whether the day was read the last time. Null: it has no report, or is asked for once',
      ({ report }) => (report?.looks ? report.looks.state === 'final' : null),
    ),
    figureColumn('chats', 'answered + missed + other'),
    ...CHAT_STATUSES.map((status) => figureColumn(status, COUNTS[status].comment)),
    ...coverageColumns<DayOfChannel>('not known', ({ coverage }) => coverage),
    perhaps(
      'capture_id',
      'string',
      'The last capture of the channel that this tells of. Null: there is none',
      ({ coverage }) => coverage?.captureId ?? null,
    ),
    perhaps(
      'revision',
      'int32',
      "How often the day's rows were made or changed, the first time included. Null: not known, or they never were",
      ({ changes }) => changes?.count ?? null,
    ),
    perhaps(
      'corrections',
      'int32',
      `How often the channel's counts were others once it had been read again. ${NO_REPORT}`,
      ({ report, channel }) =>
        report && (report.revisions ?? []).filter((revision) => revision.channel === channel).length,
    ),
    perhaps(
      'first_made_at',
      'timestamp-utc',
      'When its rows were made first. Null: not known',
      ({ changes }) => instant(changes?.firstAt),
    ),
    perhaps(
      'last_change',
      'string',
      'The sequence of its last change. Null: not known',
      ({ changes }) => changes?.last ?? null,
    ),
    perhaps('last_change_at', 'timestamp-utc', 'When that was. Null: not known', ({ changes }) =>
      instant(changes?.lastAt),
    ),
    perhaps(
      'generated_at',
      'timestamp-utc',
      `When the last capture of its report had ended. ${NO_REPORT}`,
      ({ report }) => instant(report?.generatedAt),
    ),
    perhaps(
      'made_up_at',
      'timestamp-utc',
      'When the run of a later day made its report whole. Null: its own run did, or it has none',
      ({ report }) => instant(report?.madeUpAt),
    ),
    perhaps(
      'tried_at',
      'timestamp-utc',
      'When the last try that did not prove every channel was over. Null: the day is proven, or was not tried',
      ({ triedAt }) => instant(triedAt),
    ),
    perhaps(
      'definitions',
      'int32',
      `Which definitions its figures follow. ${NO_REPORT}`,
      ({ report }) => report?.definitions ?? null,
    ),
    perhaps(
      'time_zone',
      'string',
      `The account's, by its IANA name. ${NO_REPORT}`,
      ({ report }) => report?.timeZone ?? null,
    ),
    perhaps(
      'filters',
      'json',
      `What was asked for, CHAT_TYPE and CARESOFT_GROUPS, _SERVICES, _ASSIGNEES, as a JSON object. ${NO_REPORT}`,
      ({ report }) => report && toJsonText(report.filters),
    ),
    perhaps(
      'service_level_seconds',
      'int64',
      `SERVICE_LEVEL_SECONDS. ${NO_REPORT}`,
      ({ report }) => report && BigInt(report.totals.serviceLevel.thresholdSeconds),
    ),
    perhaps(
      'business_hours',
      'string',
      'BUSINESS_HOURS. Null: always open, or no report',
      ({ report }) => report?.counted?.businessHours ?? null,
    ),
    perhaps('reply_hours', 'json', `REPLY_HOURS, as a JSON object. ${NO_REPORT}`, ({ report }) =>
      report?.counted ? toJsonText(report.counted.replyHours) : null,
    ),
    perhaps(
      'contacts',
      'string',
      `CONTACTS: masked or full, in the report. ${NO_REPORT}`,
      ({ report }) => report?.counted?.contacts ?? null,
    ),
    perhaps(
      'last_look',
      'date',
      'The day whose run asks for it the last time, by LOOK_BACK. Null: it is asked for once, or has no report',
      ({ report }) => (report?.looks ? dayNumber(report.looks.last) : null),
    ),
  ],
};
