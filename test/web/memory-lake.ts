import type { HeldLake } from '../../functions/storage/changes.ts';
import { assertKey } from '../../functions/storage/object-store.ts';
import { nextSequenceOf } from '../held.ts';

/** A lake that is gone with the test, and knows what was read of it. Who has it may write to it as under its last lease. */
export interface MemoryLake extends HeldLake {
  readonly reads: string[];
  write(key: string, value: unknown): void;
  /** Another lake that holds the same now. */
  copy(): MemoryLake;
}

export function memoryLake(held: Iterable<readonly [string, Uint8Array]> = []): MemoryLake {
  const objects = new Map(held);
  const reads: string[] = [];
  const keep = (key: string, body: Uint8Array): void => {
    assertKey(key);
    objects.set(key, Buffer.from(body));
  };
  return {
    now: () => Date.now(),
    nextSequence: () => nextSequenceOf(objects.keys()),
    reads,
    write(key, value) {
      objects.set(key, Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)));
    },
    copy: () => memoryLake(objects),
    async put(key, body) {
      keep(key, body);
    },
    async putIfAbsent(key, body) {
      if (objects.has(key)) return false;
      keep(key, body);
      return true;
    },
    async get(key) {
      assertKey(key);
      reads.push(key);
      const body = objects.get(key);
      return body === undefined ? null : chunksOf(body);
    },
    async *list(prefix) {
      yield* [...objects.keys()].filter((key) => key.startsWith(prefix)).sort();
    },
    async delete(key) {
      objects.delete(key);
    },
  };
}

async function* chunksOf(body: Uint8Array): AsyncGenerator<Uint8Array> {
  yield body;
}
