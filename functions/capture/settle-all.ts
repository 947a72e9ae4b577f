/**
 * Like `Promise.all`, but it waits until all promises have ended, even if one fails.
 * After it returns or throws, none of them still writes or counts.
 *
 * @throws the first failure
 */
export async function settleAll<const Running extends readonly unknown[]>(running: Running) {
  const failures: unknown[] = [];
  await Promise.all(
    running.map(async (one) => {
      try {
        await one;
      } catch (error) {
        failures.push(error);
      }
    }),
  );
  if (failures.length > 0) throw failures[0];
  return await Promise.all(running);
}

/** Reads that belong together: if one of them shows that the cut is useless, all of them are cancelled. */
export class Branch {
  readonly #parent: Branch | null;
  #isCancelled = false;

  constructor(parent: Branch | null = null) {
    this.#parent = parent;
  }

  cancel(): void {
    this.#isCancelled = true;
  }

  throwIfCancelled(): void {
    if (this.#isCancelled) throw new CancelledError();
    this.#parent?.throwIfCancelled();
  }
}

/** Another read of the same branch failed first. */
class CancelledError extends Error {
  override readonly name = 'CancelledError';
}
