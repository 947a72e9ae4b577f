import timers from 'node:timers';
import promises from 'node:timers/promises';
import type { DurableExecutionInvocationInput } from '@aws/durable-execution-sdk-js';
import { LocalDurableTestRunner } from '@aws/durable-execution-sdk-js-testing';

/** What fake timers of `@sinonjs/fake-timers` carry. */
interface FakeClock {
  tick(ms: number): number;
  setSystemTime(now: number): void;
  setTickMode(mode: { readonly mode: 'interval'; readonly delta: number }): void;
}

/**
 * Runs a built durable function to its end, in a process of its own. Each wait is skipped, and moves the clock.
 * Called with the bundle's address and the event as JSON; the last line on stdout is what came of it. In the variable
 * `BEGINS_AT` is when the function is called, ISO 8601; without it, now.
 */
const [bundle = '', event = ''] = process.argv.slice(2);
const { setTimeout, clearTimeout, setInterval, clearInterval } = globalThis;
const { setImmediate, clearImmediate, queueMicrotask } = globalThis;
const { nextTick, hrtime } = process;
const { promises: _, ...ofTimers } = timers;
const ofPromises = { ...promises };
await LocalDurableTestRunner.setupTestEnvironment({ skipTime: true });
const { clock } = globalThis.setTimeout as unknown as { readonly clock: FakeClock };
// Only the date is made up. With all that the runner makes up, each turn of a request waits for a tick of its clock.
Object.assign(globalThis, { setTimeout, clearTimeout, setInterval, clearInterval });
Object.assign(globalThis, { setImmediate, clearImmediate, queueMicrotask });
Object.assign(process, { nextTick, hrtime });
Object.assign(timers, ofTimers);
Object.assign(promises, ofPromises);
clock.setTickMode({ mode: 'interval', delta: 10 });
// The runner itself jumps to where a wait would have ended by the machine's clock.
const { tick } = clock;
clock.tick = (ms) => (ms < 1_000 ? tick(ms) : Date.now());
if (process.env.BEGINS_AT) clock.setSystemTime(Date.parse(process.env.BEGINS_AT));
const { handler } = await import(bundle);
const loaded = process.cpuUsage();
let invocations = 0;
const SHORTEST_WAIT_MS = 1_000;
/** The waits that have moved the clock. */
const over = new Set<string>();
const runner = new LocalDurableTestRunner({
  handlerFunction: (input, context) => {
    // The runner skips waits without letting their time go by.
    tick(SHORTEST_WAIT_MS);
    clock.setSystemTime(Date.now() + msOver(input) - SHORTEST_WAIT_MS);
    invocations += 1;
    return handler(input, context);
  },
});

/** The length of the wait that ended before an invocation. A step that is tried again waited for a second. */
function msOver({ InitialExecutionState }: DurableExecutionInvocationInput): number {
  const waits =
    InitialExecutionState.Operations?.filter(({ Id = '', Type }) => Type === 'WAIT' && !over.has(Id)) ?? [];
  const lengths = waits.map(({ Id = '', StartTimestamp: from, WaitDetails }) => {
    over.add(Id);
    const until = WaitDetails?.ScheduledEndTimestamp;
    return from && until ? Number(new Date(until)) - Number(new Date(from)) : 0;
  });
  return Math.max(SHORTEST_WAIT_MS, ...lengths);
}

const execution = await runner.run({ payload: JSON.parse(event) });
const { user, system } = process.cpuUsage(loaded);
const operations = execution.getOperations();
const steps = operations.map((operation) => operation.getName());
const waits = operations
  .filter((operation) => operation.getType() === 'WAIT')
  .map((operation) => [operation.getName(), operation.getWaitDetails()?.waitSeconds]);
const status = execution.getStatus();
const isDone = status === 'SUCCEEDED';
const ended = JSON.stringify({
  status,
  steps,
  waits,
  // What Lambda counts and is paid for.
  used: {
    invocations,
    cpuMs: Math.round((user + system) / 1_000),
    keptBytes: Buffer.byteLength(JSON.stringify(operations.map((operation) => operation.getOperationData()))),
  },
  answer: isDone ? execution.getResult() : null,
  error: isDone ? null : execution.getError(),
});
process.stdout.write(`\n${ended}\n`, () => process.exit(0));
