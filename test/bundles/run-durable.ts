import { LocalDurableTestRunner } from '@aws/durable-execution-sdk-js-testing';

/**
 * Runs a built durable function to its end, waits skipped, in a process of its own.
 * Called with the bundle's address and the event as JSON; the last line on stdout is what came of it.
 */
const [bundle = '', event = ''] = process.argv.slice(2);
await LocalDurableTestRunner.setupTestEnvironment({ skipTime: true });
const { handler } = await import(bundle);
const runner = new LocalDurableTestRunner({ handlerFunction: handler });
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
