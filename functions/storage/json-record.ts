import * as z from 'zod';
import { CHANNELS } from '../chats/channel.ts';
import { toJsonPieces } from '../text/write-json.ts';
import { type Lake, readObject } from './object-store.ts';

/**
 * JSON records in the lake: one way to declare, read and write them. Other code does not parse the lake's own JSON.
 *
 * First come the fields that several records have.
 */

export const channel = z.enum(CHANNELS, { error: `can be ${CHANNELS.join(', ')}` });

export const count = z.int().nonnegative();

/** An instant in ISO 8601, in UTC or with an offset. */
export const instant = z.iso.datetime({ offset: true });

/** Who began the chats, as the source names it. */
type ChatType = 'all' | 'inbound' | 'outbound';

/** The filters of an account's requests, besides the day and the channel. An empty list means *all*. */
export const filters = z.looseObject({
  chatType: z.string<ChatType>(),
  groups: z.array(z.string()),
  services: z.array(z.string()),
  assignees: z.array(z.string()),
});
export type Filters = Read<z.infer<typeof filters>>;

/** A record as its readers see it: read-only, with the fields of its schema. Other fields of the JSON are ignored. */
export type Read<Value> = Value extends readonly (infer Entry)[]
  ? readonly Read<Entry>[]
  : Value extends object
    ? { readonly [Key in keyof Value as IsUnnamed<Value, Key> extends true ? never : Key]: Read<Value[Key]> }
    : Value;

/** Whether a key is the index signature of a loose object, which stands for all other fields. */
type IsUnnamed<Value, Key extends keyof Value> = string extends Key
  ? unknown extends Value[Key]
    ? true
    : false
  : false;

/** A kind of record in the lake: its schema, its key, and what an unreadable one means. */
interface Definition<Of, Value> {
  /** A zod schema, or an object that throws like one. */
  readonly schema: { parse(value: unknown): Value };
  /** See `storage/layout.ts`. */
  readonly key: (of: Of) => string;
  /** `null`: an unreadable record counts as none. A function: reading throws the error that it returns. */
  readonly unreadable: 'null' | ((key: string, cause: unknown) => Error);
  /** Ignores a byte order mark, which some editors write. Otherwise the record counts as unreadable. */
  readonly skipsMark?: true;
}

/** The result of a read, which tells a missing record from an unreadable one. */
export type Found<Value> =
  | { readonly state: 'none' }
  | (Stored & { readonly state: 'read'; readonly value: Value })
  | (Stored & { readonly state: 'unreadable'; readonly cause: unknown });

interface Stored {
  readonly key: string;
  readonly bytes: Buffer;
  /** The parsed JSON, also if it does not match the schema; null if the bytes are no JSON. */
  readonly json: unknown;
}

/** Functions to read and write one kind of record. */
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
    /** Never throws for an unreadable record. */
    find: (lake: Pick<Lake, 'get'>, of: Of) => find(lake, kind.key(of)),
    /** @returns null if there is none, or if it is unreadable and counts as none */
    read: (lake: Pick<Lake, 'get'>, of: Of) => read(lake, kind.key(of)),
    /** All records whose keys have this prefix and this end, in the order of their keys. */
    async *readAll(lake: Pick<Lake, 'get' | 'list'>, prefix: string, end = ''): AsyncGenerator<Value> {
      for await (const key of lake.list(prefix)) {
        const value = key.endsWith(end) ? await read(lake, key) : null;
        if (value !== null) yield value;
      }
    },
    write: (lake: Pick<Lake, 'put'>, of: Of, value: Read<Value>) =>
      lake.put(kind.key(of), writeRecord(value)),
    /** Writes only if there is none. @returns whether it was written */
    create: (lake: Pick<Lake, 'putIfAbsent'>, of: Of, value: Read<Value>) =>
      lake.putIfAbsent(kind.key(of), writeRecord(value)),
  };
}

/** A record as indented JSON. */
export function writeRecord(record: object): Uint8Array {
  const pieces = Array.from(toJsonPieces(record, 2), (piece) => Buffer.from(piece));
  return Buffer.concat([...pieces, Buffer.from('\n')]);
}

type Picked<Of, Key extends keyof Of> = {
  [Name in keyof Pick<Of, Key>]: Exclude<Of[Name], undefined>;
};

/** The named fields of a record, in this order. Missing fields are left out. */
export function pick<Of extends object, Key extends keyof Of & string>(
  record: Of,
  keys: readonly Key[],
): Picked<Of, Key>;
export function pick(record: Readonly<Record<string, unknown>>, keys: readonly string[]): object {
  return Object.fromEntries(
    keys.flatMap((key) => (record[key] === undefined ? [] : [[key, record[key]] as const])),
  );
}
