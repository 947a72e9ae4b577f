import { dayNumber } from '../calendar/day.ts';
import { type Channel, inChannelOrder } from '../chats/channel.ts';
import { CHAT_STATUSES, type ChatStatus } from '../chats/chat.ts';
import { COUNTS } from '../metrics/measures.ts';
import type { Change, ChannelState } from '../storage/changes.ts';
import { columnsOf, type Table } from './table.ts';

/** What one row of the table `changes` is made of. */
export interface ChangeRow {
  readonly change: Change;
  /** Null where it is of a day without a report, or a tombstone. */
  readonly channel: Channel | null;
  readonly was: ChannelState | null;
  readonly is: ChannelState | null;
  readonly tombstone: string | null;
}

const { always, perhaps } = columnsOf<ChangeRow>();

function countColumns(name: 'chats' | ChatStatus, what: string) {
  const column = (suffix: string, comment: string, of: (row: ChangeRow) => ChannelState | null) =>
    perhaps(`${name}${suffix}`, 'int64', comment, (row) => {
      const state = of(row);
      return state === null ? null : BigInt(state[name]);
    });
  return [
    column('_before', `${what}, as the report was before. Null: it was not of the channel`, ({ was }) => was),
    column('', `${what}, from then on. Null: the report is not of the channel any more`, ({ is }) => is),
  ];
}

/** That the rows of a day became others. */
export const CHANGES_TABLE: Table<ChangeRow> = {
  name: 'changes',
  comment: [
    'Each change of the rows of `chats` and `metrics`, a row per channel of its report, and a row for each customer who left a',
    'day with an erasure. Whoever has copied the tables reads again the days that have a greater `sequence` than the last that',
    'they know. One whose run was stopped in that moment can stand here twice.',
  ].join(' '),
  partitions: [{ name: 'month', type: 'string', comment: 'Of `changed_at`, as YYYY-MM' }],
  columns: [
    always(
      'sequence',
      'string',
      'The order of all changes, as text. Equal in the rows of one change',
      ({ change }) => change.sequence,
    ),
    always(
      'changed_at',
      'timestamp-utc',
      'When it was written down; by a clock that may err, so that the order is that of sequence',
      ({ change }) => BigInt(Date.parse(change.at)) * 1_000n,
    ),
    always('dt', 'date', 'The day whose rows are others', ({ change }) => dayNumber(change.day)),
    always(
      'kind',
      'string',
      'made; made-up: by the run of a later day, or after its own mail; completed: by a channel that was missing; revised: of other captures; rebuilt: of the same; erased; tombstone: a customer left the day',
      ({ change, tombstone }) => (tombstone === null ? change.kind : 'tombstone'),
    ),
    perhaps(
      'channel',
      'string',
      'livechat, messenger or zalo. Null: a tombstone, or a day without a report',
      ({ channel }) => channel,
    ),
    perhaps(
      'capture_id_before',
      'string',
      'The capture that the rows were of. Null: there was none',
      ({ was }) => was?.captureId ?? null,
    ),
    perhaps(
      'capture_id',
      'string',
      'The capture that they are of. Null: there is none',
      ({ is }) => is?.captureId ?? null,
    ),
    ...countColumns('chats', 'answered + missed + other'),
    ...CHAT_STATUSES.flatMap((status) => countColumns(status, COUNTS[status].comment)),
    perhaps(
      'verdict',
      'string',
      'Of the report from then on: proven or partial. Null: there is none',
      ({ change }) => change.verdict,
    ),
    perhaps(
      'definitions',
      'int32',
      'Which definitions its figures follow. Null: there is no report',
      ({ change }) => change.definitions,
    ),
    perhaps(
      'customer_key_sha256',
      'string',
      'Of a tombstone: SHA-256 of the customer_key that left the day, in lower-case hex. Null: no tombstone',
      ({ tombstone }) => tombstone,
    ),
  ],
};

/** The rows of some changes, in their order. */
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
