import * as z from 'zod';
import type { Clock } from '../calendar/clock.ts';
import { channel, count, defineRecord } from './json-record.ts';
import { CHANGES_PREFIX, changeKey } from './layout.ts';
import type { Lake } from './object-store.ts';

/** What became of a day's rows. */
const CHANGE_KINDS = ['made', 'made-up', 'completed', 'revised', 'rebuilt', 'erased'] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

/** As a report was of a channel. */
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
  /** When it was written down. It says nothing of the order. */
  at: z.iso.datetime(),
  day: z.iso.date(),
  kind: z.enum(CHANGE_KINDS),
  /** Of the report that stands now; null where the day has none. */
  verdict: z.enum(['proven', 'partial']).nullable(),
  definitions: z.int().positive().nullable(),
  /** Those that the report is of or was of; null where it was not, or is not any more. */
  channels: z.partialRecord(
    channel,
    z.strictObject({ was: channelState.nullable(), is: channelState.nullable() }),
  ),
  /** Of the keys of customers who left the day with an erasure: SHA-256, in hex. Left out where no one did. */
  tombstones: z.array(z.string()).optional(),
});

/**
 * That rows of the tables `chats` and `metrics` of a day are others now, `changes/<sequence>.json`. It is put once and
 * never changed. It holds no personal data.
 */
export type Change = Readonly<z.infer<typeof schema>>;
export type ChannelState = Readonly<z.infer<typeof channelState>>;

/** Unreadable ones are passed over: a reader that misses one reads the day with the next change, or all with a new start. */
const changes = defineRecord({ schema, key: changeKey, unreadable: 'null' });

/** So many digits keep the sequence in order as text: a lease's number, and a place within it. */
const LEASE_DIGITS = 12;
const PLACE_DIGITS = 4;

const KEY = /^changes\/(\d{12,15}-\d{4,})\.json$/;

/** @param lease the number of the lease under which it is written @param place within that lease, from 1 */
export function toSequence(lease: number, place: number): string {
  return [String(lease).padStart(LEASE_DIGITS, '0'), String(place).padStart(PLACE_DIGITS, '0')].join('-');
}

/** @returns false where its place is taken */
export function keepChange(lake: Pick<Lake, 'putIfAbsent'>, change: Change): Promise<boolean> {
  return changes.create(lake, change.sequence, change);
}

/** @returns null where there is none, or one that cannot be read */
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

/** The lake in the hands of a lease's holder. What is derived is written through it alone, so that all changes stand in one order. */
export interface HeldLake extends Lake {
  /** The place of the next change: after those of all earlier holders, and before those of all later ones. */
  nextSequence(): string;
  /** Milliseconds since 1970. */
  now(): number;
}

/** The lake for as long as its lease is held: whoever lost it must change nothing more. */
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

/** The same, by the number of the lease. */
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
