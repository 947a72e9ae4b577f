import { toJsonText } from '../chat/write-json.ts';
import { type Lake, readObject } from './lake.ts';

/** A kind of record in the lake: what it looks like, where it lies, and what one means that cannot be read. */
interface Definition<Of, Value> {
  /** A zod schema, or what throws as one does. */
  readonly schema: { parse(value: unknown): Value };
  /** Of `storage/keys.ts`. */
  readonly key: (of: Of) => string;
  /** `null`: as much as none. Otherwise nothing goes on without it, and this says why. */
  readonly unreadable: 'null' | ((key: string, cause: unknown) => Error);
  /** A byte order mark, which some editors write, is damage unless it is passed over. */
  readonly byteOrderMark?: 'passed-over';
}

/** What lies in the place of a record. */
export type Found<Value> =
  | { readonly state: 'none' }
  | { readonly state: 'read'; readonly value: Value; readonly bytes: Buffer }
  | Unreadable;

interface Unreadable {
  readonly state: 'unreadable';
  readonly key: string;
  readonly bytes: Buffer;
  /** What it says all the same; null where it is no JSON. */
  readonly json: unknown;
  readonly cause: unknown;
}

/** The one way to read and write a kind of record. Nothing else parses the lake's own JSON. */
export function defineRecord<Of, Value extends object>({
  schema,
  key: keyOf,
  unreadable,
  byteOrderMark,
}: Definition<Of, Value>) {
  const mark = byteOrderMark === 'passed-over' ? /^\uFEFF/ : '';

  async function findAt(lake: Pick<Lake, 'get'>, key: string): Promise<Found<Value>> {
    const bytes = await readObject(lake, key);
    if (bytes === null) return { state: 'none' };
    let json: unknown = null;
    try {
      json = JSON.parse(bytes.toString().replace(mark, ''));
      return { state: 'read', value: schema.parse(json), bytes };
    } catch (cause) {
      return { state: 'unreadable', key, bytes, json, cause };
    }
  }

  async function readAt(lake: Pick<Lake, 'get'>, key: string): Promise<Value | null> {
    const found = await findAt(lake, key);
    if (found.state === 'unreadable' && unreadable !== 'null') throw unreadable(key, found.cause);
    return found.state === 'read' ? found.value : null;
  }

  return {
    /** Tells none from one that cannot be read. */
    find: (lake: Pick<Lake, 'get'>, of: Of): Promise<Found<Value>> => findAt(lake, keyOf(of)),

    /** @returns null where there is none */
    read: (lake: Pick<Lake, 'get'>, of: Of): Promise<Value | null> => readAt(lake, keyOf(of)),

    /** All that a listing has, by their keys. @param isOne tells them from what else lies there */
    async *readAll(
      lake: Pick<Lake, 'get' | 'list'>,
      prefix: string,
      isOne: (key: string) => boolean = () => true,
    ): AsyncGenerator<readonly [key: string, value: Value]> {
      for await (const key of lake.list(prefix)) {
        const value = isOne(key) ? await readAt(lake, key) : null;
        if (value !== null) yield [key, value];
      }
    },

    async write(lake: Pick<Lake, 'put'>, of: Of, value: Value): Promise<void> {
      await lake.put(keyOf(of), toBytes(value));
    },

    /** Only where there is none. @returns whether it was written */
    create: (lake: Pick<Lake, 'putIfAbsent'>, of: Of, value: Value): Promise<boolean> =>
      lake.putIfAbsent(keyOf(of), toBytes(value)),
  };
}

/** JSON that a person can read. */
function toBytes(record: object): Uint8Array {
  return Buffer.from(`${toJsonText(record, 2)}\n`);
}
