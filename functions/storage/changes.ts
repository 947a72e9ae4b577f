import * as z from 'zod';
import type { Clock } from '../calendar/clock.ts';
import { channel, count, defineRecord } from './json-record.ts';
import { CHANGES_PREFIX, changeKey } from './layout.ts';
import type { Lake } from './object-store.ts';

/**
 * Changes of a day's rows in the tables `chats` and `metrics`. Each change has a record, `changes/<sequence>.json`. Readers
 * who copy the tables learn from it which days to read again.
 */

/** How a day's rows changed. `docs/lake.md` explains each kind. */
const CHANGE_KINDS = ['made', 'made-up', 'completed', 'revised', 'rebuilt', 'erased'] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

/** A channel in a report: its capture and its counts. */
const channelState = z.strictObject({
  captureId: z.string().nullable(),
  chats: count,
  answered: count,
  missed: count,
  other: count,
});

const schema = z.strictObject({
  schema: z.literal('chat-report/change/1'),
  sequence: z.string(),
  /** When the record was written. The order of changes is that of `sequence`, because clocks differ. */
  at: z.iso.datetime(),
  day: z.iso.date(),
  kind: z.enum(CHANGE_KINDS),
  /** Of the report after the change; null if the day has none. */
  verdict: z.enum(['proven', 'partial']).nullable(),
  definitions: z.int().positive().nullable(),
  /** Each channel before and after the change; null if the report did not have it then. */
  channels: z.partialRecord(
    channel,
    z.strictObject({ was: channelState.nullable(), is: channelState.nullable() }),
  ),
  /** SHA-256 of the keys of erased customers, in hex. Left out if there are none. */
  tombstones: z.array(z.string()).optional(),
});

/** The record of a change. It is written once and never changed. It holds no personal data. */
export type Change = Readonly<z.infer<typeof schema>>;
export type ChannelState = Readonly<z.infer<typeof channelState>>;

/** Unreadable ones are ignored. A reader that misses one gets the day with its next change. */
const changes = defineRecord({ schema, key: changeKey, unreadable: 'null' });

/** Widths of the two numbers in a sequence. They keep sequences in order as text. */
const LEASE_DIGITS = 12;
const PLACE_DIGITS = 4;

const KEY = /^changes\/(\d{12,15}-\d{4,})\.json$/;

/** @param lease the number of the writer's lease @param place the change's number within that lease, from 1 */
export function toSequence(lease: number, place: number): string {
  return [String(lease).padStart(LEASE_DIGITS, '0'), String(place).padStart(PLACE_DIGITS, '0')].join('-');
}

/** @returns false if there is a change with this sequence already */
export function createChange(lake: Pick<Lake, 'putIfAbsent'>, change: Change): Promise<boolean> {
  return changes.create(lake, change.sequence, change);
}

/** @returns null if it is missing or unreadable */
export function readChange(lake: Pick<Lake, 'get'>, sequence: string): Promise<Change | null> {
  return changes.read(lake, sequence);
}

/** The sequences of all changes, in order. */
export async function listChanges(lake: Pick<Lake, 'list'>): Promise<string[]> {
  const found: string[] = [];
  for await (const key of lake.list(CHANGES_PREFIX)) {
    const sequence = KEY.exec(key)?.[1];
    if (sequence !== undefined) found.push(sequence);
  }
  return found;
}

/** The lake while this process holds its lease. All derived data is written through it, so all changes have one order. */
export interface HeldLake extends Lake {
  /** The sequence of the next change: after all changes of earlier holders, before all of later holders. */
  nextSequence(): string;
  /** Milliseconds since 1970. */
  now(): number;
}

/** The lake with writes that throw the signal's reason after the lease is lost. */
export function heldLake(lake: Lake, signal: AbortSignal): Lake {
  return {
    get: (key) => lake.get(key),
    list: (prefix) => lake.list(prefix),
    async put(...object) {
      signal.throwIfAborted();
      await lake.put(...object);
    },
    async putIfAbsent(key, body) {
      signal.throwIfAborted();
      return await lake.putIfAbsent(key, body);
    },
    async delete(key) {
      signal.throwIfAborted();
      await lake.delete(key);
    },
  };
}

/** The same with sequences for changes. @param number the lease's number */
export function underLease(
  lake: Lake,
  signal: AbortSignal,
  number: number,
  clock: Pick<Clock, 'now'>,
): HeldLake {
  let changes = 0;
  return {
    ...heldLake(lake, signal),
    now: () => clock.now(),
    nextSequence() {
      changes += 1;
      return toSequence(number, changes);
    },
  };
}
