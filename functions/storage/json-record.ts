import * as z from 'zod';
import { CHANNELS } from '../chats/channel.ts';
import { toJsonText } from '../text/json.ts';
import { type Lake, readObject } from './object-store.ts';

/** The fields that records have in common. */

export const channel = z.enum(CHANNELS, { error: `can be ${CHANNELS.join(', ')}` });

export const count = z.int().nonnegative();

/** ISO 8601, in UTC or with an offset. */
export const instant = z.iso.datetime({ offset: true });

/** Whose chats, as CareSoft tells them apart. */
type ChatType = 'all' | 'inbound' | 'outbound';

/** What an account was asked for besides the day and the channel; an empty list is *all*. */
export const filters = z.looseObject({
  chatType: z.string<ChatType>(),
  groups: z.array(z.string()),
  services: z.array(z.string()),
  assignees: z.array(z.string()),
});
export type Filters = Read<z.infer<typeof filters>>;

/**
 * A record as those see it who read it: what its schema names, and nothing of it to be changed. It may hold more, which
 * is passed over.
 */
export type Read<Value> = Value extends readonly (infer Entry)[]
  ? readonly Read<Entry>[]
  : Value extends object
    ? { readonly [Key in keyof Value as IsUnnamed<Value, Key> extends true ? never : Key]: Read<Value[Key]> }
    : Value;

/** A loose object says of what it does not name that it is unknown. */
type IsUnnamed<Value, Key extends keyof Value> = string extends Key
  ? unknown extends Value[Key]
    ? true
    : false
  : false;

/** A kind of record in the lake: what it looks like, where it lies, and what one means that cannot be read. */
interface Definition<Of, Value> {
  /** A zod schema, or what throws as one does. */
  readonly schema: { parse(value: unknown): Value };
  /** Of `storage/keys.ts`. */
  readonly key: (of: Of) => string;
  /** `null`: as much as none. Otherwise nothing goes on without it, and this says why. */
  readonly unreadable: 'null' | ((key: string, cause: unknown) => Error);
  /** A byte order mark, which some editors write, is passed over; else it is damage. */
  readonly skipsMark?: true;
}

/** What lies in the place of a record. */
export type Found<Value> =
  | { readonly state: 'none' }
  | (Stored & { readonly state: 'read'; readonly value: Value })
  | (Stored & { readonly state: 'unreadable'; readonly cause: unknown });

interface Stored {
  readonly key: string;
  readonly bytes: Buffer;
  /** What it says, whether that is a record or not; null where it is no JSON. */
  readonly json: unknown;
}

/** The one way to read and write a kind of record. Nothing else parses the lake's own JSON. */
export function defineRecord<Of, Value extends object>(kind: Definition<Of, Value>) {
  const mark = kind.skipsMark ? /^\uFEFF/ : '';

  async function find(lake: Pick<Lake, 'get'>, key: string): Promise<Found<Value>> {
    const bytes = await readObject(lake, key);
    if (bytes === null) return { state: 'none' };
    let json: unknown = null;
    try {
      json = JSON.parse(bytes.toString().replace(mark, ''));
      return { state: 'read', key, bytes, json, value: kind.schema.parse(json) };
    } catch (cause) {
      return { state: 'unreadable', key, bytes, json, cause };
    }
  }

  async function read(lake: Pick<Lake, 'get'>, key: string): Promise<Value | null> {
    const found = await find(lake, key);
    if (found.state === 'unreadable' && kind.unreadable !== 'null') throw kind.unreadable(key, found.cause);
    return found.state === 'read' ? found.value : null;
  }

  return {
    /** Tells none from one that cannot be read. */
    find: (lake: Pick<Lake, 'get'>, of: Of) => find(lake, kind.key(of)),
    /** @returns null where there is none */
    read: (lake: Pick<Lake, 'get'>, of: Of) => read(lake, kind.key(of)),
    /** Each whose key begins and ends so, in the order of the keys. */
    async *readAll(lake: Pick<Lake, 'get' | 'list'>, prefix: string, end = ''): AsyncGenerator<Value> {
      for await (const key of lake.list(prefix)) {
        const value = key.endsWith(end) ? await read(lake, key) : null;
        if (value !== null) yield value;
      }
    },
    write: (lake: Pick<Lake, 'put'>, of: Of, value: Read<Value>) =>
      lake.put(kind.key(of), writeRecord(value)),
    /** Only where there is none. @returns whether it was written */
    create: (lake: Pick<Lake, 'putIfAbsent'>, of: Of, value: Read<Value>) =>
      lake.putIfAbsent(kind.key(of), writeRecord(value)),
  };
}

/** JSON that a person can read. */
export function writeRecord(record: object): Uint8Array {
  return Buffer.from(`${toJsonText(record, 2)}\n`);
}

type Picked<Of, Key extends keyof Of> = {
  [Name in keyof Pick<Of, Key>]: Exclude<Of[Name], undefined>;
};

/** These parts of a record, in the order in which they are named; what it does not have is left out. */
export function pick<Of extends object, Key extends keyof Of & string>(
  record: Of,
  keys: readonly Key[],
): Picked<Of, Key>;
export function pick(record: Readonly<Record<string, unknown>>, keys: readonly string[]): object {
  return Object.fromEntries(
    keys.flatMap((key) => (record[key] === undefined ? [] : [[key, record[key]] as const])),
  );
}
