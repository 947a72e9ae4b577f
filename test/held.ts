import { type HeldLake, toSequence, underLease } from '../functions/storage/changes.ts';
import type { Lake } from '../functions/storage/object-store.ts';

/** The lake as it is in the hands of who had its last lease: for what is called in a test by itself. */
export async function held(lake: Lake): Promise<HeldLake> {
  const numbers = (await Array.fromAsync(lake.list('lease/'))).map((key) =>
    Number(/(\d+)\.json$/.exec(key)?.[1]),
  );
  return underLease(lake, new AbortController().signal, Math.max(0, ...numbers), { now: () => Date.now() });
}

/** The same of a lake whose keys are at hand. */
export function nextSequenceOf(keys: Iterable<string>): string {
  const all = [...keys];
  const lease = Math.max(0, ...all.map((key) => Number(/^lease\/(\d+)\.json$/.exec(key)?.[1] ?? 0)));
  const taken = all.filter((key) => key.startsWith(`changes/${toSequence(lease, 1).split('-')[0]}-`));
  return toSequence(lease, taken.length + 1);
}
