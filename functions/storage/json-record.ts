import { toJsonText } from '../chat/write-json.ts';
import type { Read } from './fields.ts';
import { type Lake, readObject } from './lake.ts';

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
