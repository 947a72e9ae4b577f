import { LocalDurableTestRunner } from '@aws/durable-execution-sdk-js-testing';

let fakes: Pick<typeof globalThis, 'clearTimeout' | 'setImmediate' | 'setTimeout'> | null = null;

/** From now on a durable execution skips its waits and delays. Within a step time goes on as it does. */
export async function skipWaits(): Promise<void> {
  const { clearTimeout, setImmediate, setTimeout } = globalThis;
  await LocalDurableTestRunner.setupTestEnvironment({ skipTime: true });
  fakes = {
    clearTimeout: globalThis.clearTimeout,
    setImmediate: globalThis.setImmediate,
    setTimeout: globalThis.setTimeout,
  };
  // The library's fake ones go off every 20 ms, and a run goes through a hundred of them. No wait needs them: each ends
  // an invocation, and the library begins the next one at once.
  Object.assign(globalThis, { clearTimeout, setImmediate, setTimeout });
}

/** Puts all timers back. */
export async function endSkipping(): Promise<void> {
  // The library takes away only what it finds to be its own.
  Object.assign(globalThis, fakes);
  await LocalDurableTestRunner.teardownTestEnvironment();
}
