import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import { defineRecord } from '../storage/json-record.ts';
import { ERASED_KEY_KEY, ERASED_PREFIX, erasureKey } from '../storage/keys.ts';
import type { Lake } from '../storage/lake.ts';
import { KeepOut } from './keep-out.ts';

const KEY_BYTES = 32;
/** Passed over, it would let a person back in. */
const MENDING = 'put it back from a backup, or nothing more can be captured (docs/erase.md)';

const keySchema = z.strictObject({
  schema: z.literal('chat-report/erasure-key/1'),
  /** In base64. */
  key: z.base64(),
});

const erasureSchema = z.strictObject({
  schema: z.literal('chat-report/erasure/1'),
  at: z.iso.datetime(),
  /** `begun` until nobody is left in any layer; whoever erases next goes on with it. */
  state: z.enum(['begun', 'done']),
  /** The days that are not known to be done. */
  days: z.array(z.iso.date()),
  /** Of each day who leaves it, by the tombstones of their keys; left out once it is done. */
  leaving: z.record(z.iso.date(), z.array(z.string())).optional(),
  values: z.array(z.strictObject({ hash: z.hex(), customer: z.string(), given: z.boolean() })),
});

/** One erasure: `erased/<id>.json`. */
export type Erasure = Readonly<z.infer<typeof erasureSchema>>;

/** The list is there and cannot be read: nobody may go on as if there were none. */
class KeptListError extends Error {
  override readonly name = 'KeptListError';
}

const unreadable = (key: string, cause: unknown) =>
  new KeptListError(`${key}, which tells who was erased, cannot be read; ${MENDING}`, { cause });
const erasures = defineRecord({ schema: erasureSchema, key: erasureKey, unreadable });
const keys = defineRecord({ schema: keySchema, key: (key: typeof ERASED_KEY_KEY) => key, unreadable });

/** Who is kept out; null where nobody ever was erased. @throws KeptListError */
export async function readKeepOut(lake: Pick<Lake, 'get' | 'list'>): Promise<KeepOut | null> {
  const values = [...(await readErasures(lake)).values()].flatMap((erasure) => erasure.values);
  return values.length === 0 ? null : new KeepOut(await readKey(lake), values);
}

/** Every erasure there was, by its id. @throws KeptListError */
export async function readErasures(lake: Pick<Lake, 'get' | 'list'>): Promise<Map<string, Erasure>> {
  const found = new Map<string, Erasure>();
  for await (const key of lake.list(ERASED_PREFIX)) {
    if (key === ERASED_KEY_KEY || !key.endsWith('.json')) continue;
    const id = key.slice(ERASED_PREFIX.length, -'.json'.length);
    found.set(id, there(await erasures.read(lake, id), key));
  }
  return found;
}

export function writeErasure(lake: Pick<Lake, 'put'>, id: string, erasure: Erasure): Promise<void> {
  return erasures.write(lake, id, erasure);
}

/** The lake's key, made where there is none yet. */
export async function makeKey(lake: Lake): Promise<Uint8Array> {
  const record = { schema: 'chat-report/erasure-key/1' as const, key: newKey().toString('base64') };
  // Of two at once the first one's holds.
  await keys.create(lake, ERASED_KEY_KEY, record);
  return await readKey(lake);
}

export function newKey(): Buffer {
  return randomBytes(KEY_BYTES);
}

/** @throws KeptListError also where there is none: what is hashed could never be found again. */
export async function readKey(lake: Pick<Lake, 'get'>): Promise<Uint8Array> {
  const { key } = there(await keys.read(lake, ERASED_KEY_KEY), ERASED_KEY_KEY);
  return Buffer.from(key, 'base64');
}

function there<Value>(value: Value | null, key: string): Value {
  if (value !== null) return value;
  throw new KeptListError(`${key}, which tells who was erased, is missing; ${MENDING}`);
}
