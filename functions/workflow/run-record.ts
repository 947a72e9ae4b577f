import * as z from 'zod';
import { runKey } from '../lake/keys.ts';
import { type Lake, readObject } from '../lake/lake.ts';
import { writeRecord } from '../lake/manifest.ts';
import type { Log } from '../log/log.ts';
import { problemOf, redactError } from '../log/redact.ts';
import type { Clock } from '../time/clock.ts';
import { type Context, REPEATABLE } from './context.ts';

const stepSchema = z.strictObject({
  name: z.string(),
  startedAt: z.iso.datetime(),
  ms: z.int(),
  outcome: z.enum(['done', 'failed']),
  problem: z.string().optional(),
});

const runSchema = z.strictObject({
  schema: z.literal('chat-report/run/1'),
  id: z.string(),
  day: z.iso.date(),
  state: z.enum(['running', 'reported', 'unproven', 'failed']),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
  versions: z.record(z.string(), z.string()),
  steps: z.array(stepSchema),
});

/** What a run has done so far: `runs/<id>.json`. */
type RunRecord = Readonly<z.infer<typeof runSchema>>;

export interface RecordPorts {
  readonly lake: Lake;
  readonly clock: Clock;
  readonly log: Log;
  /** Of the program and of what it runs on. */
  readonly versions: Readonly<Record<string, string>>;
}

/**
 * The same ground, with each step written down when it ends; within the step, so that a replay writes nothing. What a
 * step fails with is kept by the ground, so it leaves without what others wrote into it.
 */
export function recording(
  context: Context,
  run: { readonly id: string; readonly day: string },
  ports: RecordPorts,
): Context {
  const { clock, log } = ports;
  return {
    step: (name, work, retry) =>
      context.step(
        name,
        async () => {
          const startedAt = clock.now();
          const note = (outcome: 'done' | 'failed', problem?: string): Promise<void> =>
            update(run, ports, (record) => ({
              ...record,
              steps: [
                ...record.steps,
                { name, ...timed(startedAt, clock), outcome, ...(problem && { problem }) },
              ],
            }));
          try {
            const result = await work();
            log({ event: 'step-done', step: name, ms: clock.now() - startedAt });
            await note('done');
            return result;
          } catch (error) {
            log({ event: 'step-failed', step: name, ms: clock.now() - startedAt, problem: problemOf(error) });
            await note('failed', problemOf(error));
            throw redactError(error);
          }
        },
        retry,
      ),
    wait: (name, seconds) => context.wait(name, seconds),
  };
}

/** Writes down that the run began, or how it ended, and says so; each in a step of its own. */
export function noteRun(
  ground: Context,
  run: { readonly id: string; readonly day: string },
  state: RunRecord['state'],
  ports: RecordPorts,
): Promise<void> {
  const isOver = state !== 'running';
  const note = (): Promise<void> => {
    ports.log(isOver ? { event: 'run-ended', state } : { event: 'run-started' });
    const endedAt = isOver ? new Date(ports.clock.now()).toISOString() : null;
    return update(run, ports, (record) => ({ ...record, state, endedAt }));
  };
  return ground.step(isOver ? 'end' : 'begin', note, REPEATABLE);
}

/** The report does not depend on it: a record that cannot be written is said, and missing. */
async function update(
  { id, day }: { readonly id: string; readonly day: string },
  { lake, clock, versions, log }: RecordPorts,
  change: (record: RunRecord) => RunRecord,
): Promise<void> {
  const begun: RunRecord = {
    schema: 'chat-report/run/1',
    id,
    day,
    state: 'running',
    startedAt: new Date(clock.now()).toISOString(),
    endedAt: null,
    versions,
    steps: [],
  };
  try {
    const bytes = await readObject(lake, runKey(id));
    const record = bytes === null ? begun : runSchema.parse(JSON.parse(bytes.toString()));
    await lake.put(runKey(id), writeRecord(change(record)));
  } catch (error) {
    log({ event: 'record-failed', problem: problemOf(error) });
  }
}

function timed(startedAt: number, clock: Clock): { startedAt: string; ms: number } {
  return { startedAt: new Date(startedAt).toISOString(), ms: clock.now() - startedAt };
}
