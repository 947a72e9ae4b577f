import type { Lake } from '../../functions/storage/object-store.ts';

export class DiedError extends Error {
  override readonly name = 'DiedError';
}

/** After so many writes the process is as good as dead; that others may ask is known at once where it is really gone. */
export function dyingAfter(writes: number, lake: Lake): Lake {
  let left = writes;
  const live = <Result>(key: string, work: () => Promise<Result>): Promise<Result> => {
    if (key.startsWith('lease/')) return work();
    left -= 1;
    return left < 0 ? Promise.reject(new DiedError()) : work();
  };
  return {
    ...lake,
    put: (key, body) => live(key, () => lake.put(key, body)),
    putIfAbsent: (key, body) => live(key, () => lake.putIfAbsent(key, body)),
    delete: (key) => live(key, () => lake.delete(key)),
  };
}
