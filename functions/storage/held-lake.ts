import type { Lake } from './lake.ts';

/** The lake for as long as its lease is held: whoever lost it must change nothing more. */
export function heldLake(lake: Lake, signal: AbortSignal): Lake {
  return {
    get: (key) => lake.get(key),
    list: (prefix) => lake.list(prefix),
    async put(key, body) {
      signal.throwIfAborted();
      await lake.put(key, body);
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
