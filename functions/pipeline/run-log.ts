import * as z from 'zod';
import type { Clock } from '../calendar/clock.ts';
import { addDays, type Day, dayAt, isDay } from '../calendar/day.ts';
import { type Coverage, recordedCoverage } from '../capture/coverage.ts';
import { CHANNELS } from '../chats/channel.ts';
import type { Log } from '../observability/log.ts';
import { problemOf, redactError } from '../observability/redact.ts';
import { channel, defineRecord, type Read } from '../storage/json-record.ts';
import { RUNS_PREFIX, runKey } from '../storage/layout.ts';
import type { Lake } from '../storage/object-store.ts';
import { type DurableContext, LONGEST_RUN_MS, REPEATABLE } from './durable.ts';

/** Runs: how they are requested and started, and the record of each. */

/** The input of the workflow. The same name always comes with the same request. */
export const runRequestSchema = z.strictObject({
  run: z.string(),
  day: z.string().refine(isDay),
  /** Null for all channels of the account. */
  channels: z.array(z.enum(CHANNELS)).min(1).readonly().nullable(),
  refresh: z.boolean(),
  resend: z.boolean(),
  /** Whether recipients get the report or the notice. */
  deliver: z.boolean(),
  /** Requested together with other days. Such a run does not repair earlier days and makes no later attempts. */
  isOfRange: z.literal(true).optional(),
});

export type RunRequest = Readonly<z.infer<typeof runRequestSchema>>;

/** Starts runs. A name is for one run for ever. */
export interface Launcher {
  /**
   * Resolves once the run is accepted, not at its end. A repeated request for the same run starts nothing.
   *
   * @returns `taken` where the name belongs to another request: then nothing starts
   */
  start(request: RunRequest): Promise<'started' | 'taken'>;
}

/**
 * The run that an event asks for. An event of the schedule asks for yesterday, by its planned time.
 *
 * A name is for one run for ever, so a repeated event starts one run. A request without `attempt` gets a new
 * name, because a failed run keeps the old one.
 *
 * @param now in milliseconds since 1970
 * @throws WrongRequestError with all problems of the event
 */
export function readRunRequest(event: unknown, { account, timeZone }: RunOwner, now: number): RunRequest {
  const scheduled = scheduledSchema.safeParse(event);
  if (scheduled.success) {
    const day = dayBefore(scheduled.data.scheduledTime, timeZone);
    return { run: `${account}-${day}-1`, day, ...ORDINARY };
  }
  const asked = askedSchema.safeParse(event);
  if (!asked.success) {
    const problems = asked.error.issues.map(({ path, message }) => `${path.join('.') || 'event'} ${message}`);
    throw new WrongRequestError(problems.join('; '));
  }
  const { day, attempt, refresh, resend } = asked.data;
  if (day >= dayAt(now, timeZone)) throw new WrongRequestError(`day ${day} is not over yet in ${timeZone}`);
  const which = attempt ?? `at-${Math.floor(now / 1_000).toString(36)}`;
  return { run: `${account}-${day}-${which}`, day, ...ORDINARY, refresh, resend };
}

/** The whole day, mailed. The order of the fields stays: to AWS, a name belongs to one text of a request. */
const ORDINARY = { channels: null, refresh: false, resend: false, deliver: true } as const;

/** The run that the freshness check starts where the day has neither a report nor a run at work. There is one a day. */
export function checkRequest(account: string, day: Day): RunRequest {
  return { run: `${account}-${day}-check`, day, ...ORDINARY };
}

/** An event of the schedule: the planned time, also where it comes late. */
export const scheduledSchema = z.strictObject({ scheduledTime: z.iso.datetime({ offset: true }) });

/** A request by a person. `attempt` is for clients who want a second call to mean the same run. */
const askedSchema = z.strictObject({
  day: z.string().refine(isDay, { error: 'is no day, written YYYY-MM-DD' }),
  attempt: z.int().min(1).max(999).optional(),
  refresh: z.boolean().default(false),
  resend: z.boolean().default(false),
});

/** The day before an instant, ISO 8601, in the zone. */
export function dayBefore(instant: string, timeZone: string): Day {
  return addDays(dayAt(Date.parse(instant), timeZone), -1);
}

/** The account of the runs, and the zone in which its days end. */
export interface RunOwner {
  readonly account: string;
  readonly timeZone: string;
}

/** The event starts no run. */
export class WrongRequestError extends Error {
  override readonly name = 'WrongRequestError';

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    // A stack trace does not help: the request is wrong, not the code.
    this.stack = `${this.name}: ${message}`;
  }
}

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
  /** The channels of the run, where they are not all of the account's. */
  only: z.array(channel).readonly().optional(),
  /** `interrupted`: the process was asked to end. A run that was killed still says `running`. */
  state: z.enum(['running', 'reported', 'partial', 'unproven', 'failed', 'interrupted']),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
  versions: z.record(z.string(), z.string()),
  steps: z.array(stepSchema),
  /** Set where a channel could not be proven. Without a report, nothing else says why. */
  completeness: recordedCoverage.optional(),
});

const runs = defineRecord({ schema: runSchema, key: runKey, unreadable: 'null' });

/** The progress of a run: `runs/<id>.json`. */
export type RunRecord = Read<z.infer<typeof runSchema>>;

/** The run of a record. */
type RunName = Pick<RunRecord, 'id' | 'day' | 'only'>;

export interface RecordPorts {
  readonly lake: Lake;
  readonly clock: Clock;
  readonly log: Log;
  /** The versions of the program and of its platform. */
  readonly versions: Readonly<Record<string, string>>;
}

/**
 * A durable context that records each step at its end. It records within the step, so a replay writes nothing.
 * The context keeps errors, so their texts are redacted first.
 */
export function recordSteps(context: DurableContext, run: RunName, ports: RecordPorts): DurableContext {
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
 * Records and logs that the run began, or how it ended. Each is a step of its own.
 *
 * @returns when, in milliseconds since 1970
 */
export function noteRun(
  durable: DurableContext,
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
  if (state === 'running') return durable.step('begin', begin, REPEATABLE);
  const end = async (): Promise<number> => {
    const now = ports.clock.now();
    const endedAt = new Date(now).toISOString();
    const why = completeness === undefined || completeness.verdict === 'proven' ? {} : { completeness };
    const { startedAt } = await update(run, ports, (record) => ({ ...record, state, endedAt, ...why }));
    const { only } = run;
    ports.log({ event: 'run-ended', state, ms: now - Date.parse(startedAt), ...(only && { only }) });
    return now;
  };
  return durable.step('end', end, REPEATABLE);
}

/**
 * Changes the record. A record that cannot be written only goes to the log, because the report does not depend
 * on it.
 *
 * @returns the record as it should be now
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

/** Who asks for a run. `request`: the function that starts runs, on AWS. */
export type RunOrigin = 'schedule' | 'freshness-check' | 'request' | 'api' | 'command-line' | 'unknown';

/** What the name of a run tells. */
export interface ReadRunName {
  readonly id: string;
  readonly day: Day;
  readonly origin: RunOrigin;
  /** When the run was asked for, in milliseconds since 1970. Null where the name does not tell. */
  readonly askedAt: number | null;
}

const RUN_NAME = /^(?:.*-)?(\d{4}-\d{2}-\d{2})-([^/]+)$/;
/** The start of a run of the command line, as a capture spells an instant. */
const AT_TERMINAL = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})(\d{3})Z-[0-9a-f]+$/;

/** @returns null for a name that holds no day */
export function readRunName(id: string): ReadRunName | null {
  const [, day, end = ''] = RUN_NAME.exec(id) ?? [];
  return day === undefined ? null : { id, day, ...originOf(end) };
}

function originOf(end: string): Pick<ReadRunName, 'origin' | 'askedAt'> {
  const [, year, month, date, hour, minute, second, ms] = AT_TERMINAL.exec(end) ?? [];
  if (year !== undefined) {
    const iso = `${year}-${month}-${date}T${hour}:${minute}:${second}.${ms}Z`;
    return { origin: 'command-line', askedAt: Date.parse(iso) };
  }
  const [, seconds] = /^at-([0-9a-z]+)$/.exec(end) ?? [];
  if (seconds !== undefined) return { origin: 'request', askedAt: Number.parseInt(seconds, 36) * 1_000 };
  // A request for attempt 1 is the run of the schedule.
  if (end === '1') return { origin: 'schedule', askedAt: null };
  if (end === 'check') return { origin: 'freshness-check', askedAt: null };
  if (/^\d{1,3}$/.test(end)) return { origin: 'request', askedAt: null };
  return { origin: /^[0-9a-f]{12}$/.test(end) ? 'api' : 'unknown', askedAt: null };
}

/** The names of all runs, in the order of their keys. */
export async function listRuns(lake: Pick<Lake, 'list'>): Promise<ReadRunName[]> {
  const found: ReadRunName[] = [];
  for await (const key of lake.list(RUNS_PREFIX)) {
    const name = key.endsWith('.json') ? readRunName(key.slice(RUNS_PREFIX.length, -'.json'.length)) : null;
    if (name !== null) found.push(name);
  }
  return found;
}

/** Whether a run is at work, or waits to go on, as far as its record tells. @param now in milliseconds since 1970 */
export function isUnderWay(
  { state, startedAt }: Pick<RunRecord, 'state' | 'startedAt'>,
  now: number,
): boolean {
  return state === 'running' && now - Date.parse(startedAt) <= LONGEST_RUN_MS;
}

/** @returns null where the run has not begun, or its record cannot be read */
export function readRun(lake: Pick<Lake, 'get'>, id: string): Promise<RunRecord | null> {
  return runs.read(lake, id);
}

function timed(startedAt: number, clock: Clock): { startedAt: string; ms: number } {
  return { startedAt: new Date(startedAt).toISOString(), ms: clock.now() - startedAt };
}
