import { dayNumber } from '../calendar/day.ts';
import { type Channel, inChannelOrder } from '../chats/channel.ts';
import { CHAT_STATUSES, type ChatStatus } from '../chats/chat.ts';
import { COUNTS } from '../metrics/measures.ts';
import type { Change, ChannelState } from '../storage/changes.ts';
import { columnsOf, type Table } from './table.ts';

/** The table `changes`: what happened to the rows of `chats` and `metrics` after they were first written. */

/** The source of one row. */
export interface ChangeRow {
  readonly change: Change;
  /** Null for a tombstone, and for a day without a report. */
  readonly channel: Channel | null;
  readonly was: ChannelState | null;
  readonly is: ChannelState | null;
  readonly tombstone: string | null;
}

const { required, nullable } = columnsOf<ChangeRow>();

function countColumns(name: 'chats' | ChatStatus, what: string) {
  const column = (suffix: string, comment: string, of: (row: ChangeRow) => ChannelState | null) =>
    nullable(`${name}${suffix}`, 'int64', comment, (row) => {
      const state = of(row);
      return state === null ? null : state[name];
    });
  return [
    column(
      '_before',
      `${what}, before the change. Null: the report did not have the channel`,
      ({ was }) => was,
    ),
    column('', `${what}, after the change. Null: the report does not have the channel`, ({ is }) => is),
  ];
}

/** One row for each changed channel or erased customer of a day. */
export const CHANGES_TABLE: Table<ChangeRow> = {
  name: 'changes',
  comment: [
    'The changes of the rows of `chats` and `metrics`. A change has one row per channel of the report, and one row for each customer',
    'who was erased from the day. A program that copies the tables remembers the greatest `sequence` that it has read. The next time',
    'it reads all days with a greater `sequence` again. A change can appear twice if its run stopped in that moment.',
  ].join(' '),
  partitions: [{ name: 'month', type: 'string', comment: 'The month of `changed_at`, as YYYY-MM' }],
  columns: [
    required(
      'sequence',
      'string',
      'The order of all changes, as text. The rows of one change have the same value',
      ({ change }) => change.sequence,
    ),
    required(
      'changed_at',
      'timestamp-utc',
      'When the change was recorded. Clocks of machines differ, so use sequence for the order',
      ({ change }) => Date.parse(change.at) * 1_000,
    ),
    required('dt', 'date', 'The day whose rows changed', ({ change }) => dayNumber(change.day)),
    required(
      'kind',
      'string',
      'made: first rows; made-up: first rows, by a later run; completed: a missing channel came; revised: new captures; rebuilt: same captures; erased; tombstone: a customer was erased from the day',
      ({ change, tombstone }) => (tombstone === null ? change.kind : 'tombstone'),
    ),
    nullable(
      'channel',
      'string',
      'livechat, messenger or zalo. Null: the row is a tombstone, or the day has no report',
      ({ channel }) => channel,
    ),
    nullable(
      'capture_id_before',
      'string',
      'The capture of the rows before the change. Null: there was none',
      ({ was }) => was?.captureId ?? null,
    ),
    nullable(
      'capture_id',
      'string',
      'The capture of the rows after the change. Null: there is none',
      ({ is }) => is?.captureId ?? null,
    ),
    ...countColumns('chats', 'answered + missed + other'),
    ...CHAT_STATUSES.flatMap((status) => countColumns(status, COUNTS[status].comment)),
    nullable(
      'verdict',
      'string',
      'The verdict of the report after the change: proven or partial. Null: there is no report',
      ({ change }) => change.verdict,
    ),
    nullable(
      'definitions',
      'int32',
      'The version of the definitions that the figures follow. Null: there is no report',
      ({ change }) => change.definitions,
    ),
    nullable(
      'customer_key_sha256',
      'string',
      'SHA-256 of the erased customer_key, in lower-case hex. Null: the row is no tombstone',
      ({ tombstone }) => tombstone,
    ),
  ],
};

/** The rows of several changes, in their order. */
export function toChangeRows(changes: readonly Change[]): ChangeRow[] {
  return changes.flatMap((change) => {
    const none = { change, channel: null, was: null, is: null, tombstone: null };
    const channels = inChannelOrder(change.channels).map(
      ([channel, states]): ChangeRow => ({ ...none, channel, ...states }),
    );
    const tombstones = (change.tombstones ?? []).map((tombstone): ChangeRow => ({ ...none, tombstone }));
    return [...(channels.length > 0 ? channels : [none]), ...tombstones];
  });
}
