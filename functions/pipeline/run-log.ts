import * as z from 'zod';
import type { Clock } from '../calendar/clock.ts';
import { addDays, type Day, dayAt, isDay } from '../calendar/day.ts';
import { type Coverage, recordedCoverage } from '../capture/coverage.ts';
import { CHANNELS } from '../chats/channel.ts';
import type { Log } from '../observability/log.ts';
import { problemOf, redactError } from '../observability/redact.ts';
import { channel, defineRecord, type Read } from '../storage/json-record.ts';
import { runKey } from '../storage/layout.ts';
import type { Lake } from '../storage/object-store.ts';
import { type Context, REPEATABLE } from './durable.ts';

/** No run is at work for longer; an execution may take twelve hours. */
export const LONGEST_RUN_MS = 13 * 3_600_000;

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
  /** The channels that it was for, where they were not all of the account's. */
  only: z.array(channel).readonly().optional(),
  /** `interrupted`: its process was told to end. One that was killed still says that it is running. */
  state: z.enum(['running', 'reported', 'partial', 'unproven', 'failed', 'interrupted']),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
  versions: z.record(z.string(), z.string()),
  steps: z.array(stepSchema),
  /** Of a day of which a channel could not be proven: without a report nothing else says why. */
  completeness: recordedCoverage.optional(),
});

const runs = defineRecord({ schema: runSchema, key: runKey, unreadable: 'null' });

/** What a run has done so far: `runs/<id>.json`. */
export type RunRecord = Read<z.infer<typeof runSchema>>;

/** Which run a record is of. */
type RunName = Pick<RunRecord, 'id' | 'day' | 'only'>;

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
export function recording(context: Context, run: RunName, ports: RecordPorts): Context {
  const { clock, log } = ports;
  return {
    step: (name, work, retry) =>
      context.step(
        name,
        async () => {
          const startedAt = clock.now();
          const note = (outcome: 'done' | 'failed', problem?: string): Promise<RunRecord> =>
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
    yieldNow: (name) => context.yieldNow(name),
  };
}

/**
 * Writes down that the run began, or how it ended, and says so; each in a step of its own.
 *
 * @returns when, in milliseconds since 1970
 */
export function noteRun(
  ground: Context,
  run: RunName,
  state: RunRecord['state'],
  ports: RecordPorts,
  completeness?: Coverage,
): Promise<number> {
  const begin = async (): Promise<number> => {
    const now = ports.clock.now();
    ports.log({ event: 'run-started' });
    await update(run, ports, (record) => ({ ...record, state, endedAt: null }));
    return now;
  };
  if (state === 'running') return ground.step('begin', begin, REPEATABLE);
  const end = async (): Promise<number> => {
    const now = ports.clock.now();
    const endedAt = new Date(now).toISOString();
    const why = completeness === undefined || completeness.verdict === 'proven' ? {} : { completeness };
    const { startedAt } = await update(run, ports, (record) => ({ ...record, state, endedAt, ...why }));
    const { only } = run;
    ports.log({ event: 'run-ended', state, ms: now - Date.parse(startedAt), ...(only && { only }) });
    return now;
  };
  return ground.step('end', end, REPEATABLE);
}

/**
 * The report does not depend on it: a record that cannot be written is said, and missing.
 *
 * @returns the record as it should stand now
 */
async function update(
  { id, day, only }: RunName,
  { lake, clock, versions, log }: RecordPorts,
  change: (record: RunRecord) => RunRecord,
): Promise<RunRecord> {
  const begun: RunRecord = {
    schema: 'chat-report/run/1',
    id,
    day,
    ...(only && { only }),
    state: 'running',
    startedAt: new Date(clock.now()).toISOString(),
    endedAt: null,
    versions,
    steps: [],
  };
  try {
    const known = await runs.find(lake, id);
    if (known.state === 'unreadable') {
      const problem = 'it is damaged; the record of the run is begun again';
      log({ event: 'file-unreadable', key: known.key, problem });
    }
    const record = change(known.state === 'read' ? known.value : begun);
    await runs.write(lake, id, record);
    return record;
  } catch (error) {
    log({ event: 'record-failed', problem: problemOf(error) });
    return change(begun);
  }
}

/** @returns null when the run has not begun, or what stands there is no record */
export function readRun(lake: Pick<Lake, 'get'>, id: string): Promise<RunRecord | null> {
  return runs.read(lake, id);
}

function timed(startedAt: number, clock: Clock): { startedAt: string; ms: number } {
  return { startedAt: new Date(startedAt).toISOString(), ms: clock.now() - startedAt };
}

/** What the workflow is started with. The same name is always started with the same request. */
export const runRequestSchema = z.strictObject({
  run: z.string(),
  day: z.string().refine(isDay),
  /** Null for all that the account has. */
  channels: z.array(z.enum(CHANNELS)).min(1).readonly().nullable(),
  refresh: z.boolean(),
  resend: z.boolean(),
  /** Whether the recipients get what comes of it. */
  deliver: z.boolean(),
  /** Asked for together with other days: such a run makes none of them right, nor waits for a next try. */
  isOfRange: z.literal(true).optional(),
});
export type RunRequest = Readonly<z.infer<typeof runRequestSchema>>;

/** From the schedule: the time it was due, whenever it came. */
export const scheduledSchema = z.strictObject({ scheduledTime: z.iso.datetime({ offset: true }) });

/** From a person: a day and, for whoever wants a second call to be the same run, which attempt at it this is. */
const askedSchema = z.strictObject({
  day: z.string().refine(isDay, { error: 'is no day, written YYYY-MM-DD' }),
  attempt: z.int().min(1).max(999).optional(),
  refresh: z.boolean().default(false),
  resend: z.boolean().default(false),
});

/** The event is none that starts a run. */
export class WrongRequestError extends Error {
  override readonly name = 'WrongRequestError';

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    // Whoever reads it has nothing to look for in the code.
    this.stack = `${this.name}: ${message}`;
  }
}

/** Whose runs they are, and in which zone a day ends. */
export interface RunsOf {
  readonly account: string;
  readonly timeZone: string;
}

/**
 * The run that an event asks for: yesterday's where it comes from the schedule, as of the time that was due. A name is
 * for one run for ever, so an event that comes twice starts one. Whoever asks without a number wants another try, and
 * gets it: a run that has failed would answer to its old name.
 *
 * @param now in milliseconds since 1970
 * @throws WrongRequestError that says all that is wrong
 */
export function readRunRequest(event: unknown, { account, timeZone }: RunsOf, now: number): RunRequest {
  const scheduled = scheduledSchema.safeParse(event);
  if (scheduled.success) {
    const day = dayBefore(scheduled.data.scheduledTime, timeZone);
    return { run: `${account}-${day}-1`, day, channels: null, refresh: false, resend: false, deliver: true };
  }
  const asked = askedSchema.safeParse(event);
  if (!asked.success) {
    const problems = asked.error.issues.map(({ path, message }) => `${path.join('.') || 'event'} ${message}`);
    throw new WrongRequestError(problems.join('; '));
  }
  const { day, attempt, refresh, resend } = asked.data;
  if (day >= dayAt(now, timeZone)) throw new WrongRequestError(`day ${day} is not over yet in ${timeZone}`);
  const which = attempt ?? `at-${Math.floor(now / 1_000).toString(36)}`;
  return { run: `${account}-${day}-${which}`, day, channels: null, refresh, resend, deliver: true };
}

/** The day before an instant, ISO 8601, in the zone. */
export function dayBefore(instant: string, timeZone: string): Day {
  return addDays(dayAt(Date.parse(instant), timeZone), -1);
}

/** Begins runs. A name is for one run for ever. */
export interface Launcher {
  /**
   * Resolves once the run is sure to come, not when it has ended. Asked for the same run again it begins none.
   *
   * @returns `taken` when the name belongs to another request, so that this one begins nothing
   */
  start(request: RunRequest): Promise<'started' | 'taken'>;
}
