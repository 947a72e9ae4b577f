import { LocalDurableTestRunner } from '@aws/durable-execution-sdk-js-testing';

/** What fake timers of `@sinonjs/fake-timers` carry. */
interface FakeClock {
  tick(ms: number): void;
  setTickMode(mode: { readonly mode: 'interval'; readonly delta: number }): void;
}

/**
 * Runs a built durable function to its end, waits skipped, in a process of its own.
 * Called with the bundle's address and the event as JSON; the last line on stdout is what came of it.
 */
const [bundle = '', event = ''] = process.argv.slice(2);
await LocalDurableTestRunner.setupTestEnvironment({ skipTime: true });
// The runner's fake time goes by as real time does, but in ticks of 20 ms. A request to S3 takes three timers, and so
// took three ticks; a run sends some 250 of them.
const { clock } = setTimeout as unknown as { readonly clock: FakeClock };
clock.setTickMode({ mode: 'interval', delta: 1 });
const { handler } = await import(bundle);
const runner = new LocalDurableTestRunner({
  handlerFunction: (...invocation) => {
    // The shortest wait is a second. The runner skips it without letting it go by, and each invocation would then
    // really wait for the lease of the one before to settle.
    clock.tick(1_000);
    return handler(...invocation);
  },
});
const execution = await runner.run({ payload: JSON.parse(event) });
const steps = execution.getOperations().map((operation) => operation.getName());
const status = execution.getStatus();
const isDone = status === 'SUCCEEDED';
const ended = JSON.stringify({
  status,
  steps,
  answer: isDone ? execution.getResult() : null,
  error: isDone ? null : execution.getError(),
});
process.stdout.write(`\n${ended}\n`, () => process.exit(0));
