import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import pLimit from 'p-limit';
import * as z from 'zod';
import { countDays, type Day, dayAt, daysFrom, isDay } from '../calendar/day.ts';
import { CHANNELS, type Channel } from '../chats/channel.ts';
import { isUnderWay, type RunRecord, readRun } from '../pipeline/run-log.ts';
import { VENDOR } from '../sources/vendor.ts';
import { channel, defineRecord, type Found } from '../storage/json-record.ts';
import { requestKey, requestPrefix } from '../storage/layout.ts';
import { toJsonText } from '../text/write-json.ts';
import { type DAY_STATES, requestedDay } from './openapi.ts';
import type { ApiPorts } from './ports.ts';
import { Problem } from './route.ts';

/** A quarter of a year. */
const MOST_DAYS = 92;

/** A request in normal form: equal requests are equal values. */
export interface ReportRequest {
  /** Oldest first, without gaps. */
  readonly days: readonly Day[];
  /** Null for all channels of the account; otherwise in the order of `CHANNELS`. */
  readonly channels: readonly Channel[] | null;
  readonly refresh: boolean;
  readonly deliver: boolean;
}

/** The body of a request for reports. Days must be over, and channels must be among those of the account. */
export function reportRequestSchema({ account, clock }: Pick<ApiPorts, 'account' | 'clock'>) {
  const overDay = requestedDay.refine((text) => !isDay(text) || text < dayAt(clock.now(), account.timeZone), {
    error: `is not over yet in ${account.timeZone}`,
  });
  const itsChannel = channel.refine((name) => account.channels.includes(name), {
    error: `is none of the account's; it has ${account.channels.join(', ')}`,
  });
  const always = { when: () => true };
  const leavesOut = (names: readonly unknown[]): boolean =>
    account.channels.some((name) => !names.includes(name));
  return z
    .strictObject({
      day: overDay.optional().meta({ description: 'The day; or from and to' }),
      from: overDay.optional().meta({ description: 'The first of several days' }),
      to: overDay.optional().meta({ description: `The last of several days, at most ${MOST_DAYS}` }),
      channels: z.array(itsChannel).min(1, { error: 'names none' }).max(CHANNELS.length).optional().meta({
        description:
          "All channels of the account by default. A report of some channels stands beside the day's own, and names them",
      }),
      refresh: z
        .boolean()
        .default(false)
        .meta({ description: `Ask ${VENDOR} for all data again, also for proven data` }),
      deliver: z.boolean().default(false).meta({
        description: 'Mail the report to the configured recipients. No recipient gets a report twice',
      }),
    })
    .meta({ examples: [{ day: '2026-11-21' }, { from: '2026-11-01', to: '2026-11-21', channels: ['zalo'] }] })
    .refine((body) => namesDays(readFields(body)), {
      error: 'must have either day, or from and to',
      ...always,
    })
    .refine((body) => !isReversed(readFields(body)), { error: 'is after to', path: ['from'], ...always })
    .refine((body) => !isTooLong(readFields(body)), {
      error: `makes more than ${MOST_DAYS} days; ask for them in parts`,
      path: ['to'],
      ...always,
    })
    .transform(({ day, from = day, to = day, channels, refresh, deliver }): ReportRequest => {
      const named = CHANNELS.filter((name) => channels?.includes(name));
      const isAll = named.length === 0 || !leavesOut(named);
      const days = from === undefined || to === undefined ? [] : daysFrom(from, to);
      return { days, channels: isAll ? null : named, refresh, deliver };
    });
}

/** The fields of a body that may be wrong otherwise. For a body that is no object, only that is reported. */
interface Fields {
  readonly day?: unknown;
  readonly from?: unknown;
  readonly to?: unknown;
}

function readFields(body: unknown): Fields {
  const isObject = typeof body === 'object' && body !== null && !Array.isArray(body);
  return isObject ? body : { day: null };
}

function namesDays({ day, from, to }: Fields): boolean {
  return day === undefined ? from !== undefined && to !== undefined : from === undefined && to === undefined;
}

/** Compares days only. Other texts have a problem of their own. */
function isReversed({ from, to }: Fields): boolean {
  return isDayText(from) && isDayText(to) && from > to;
}

function isTooLong({ from, to }: Fields): boolean {
  return isDayText(from) && isDayText(to) && countDays(from, to) > MOST_DAYS;
}

function isDayText(value: unknown): value is Day {
  return typeof value === 'string' && isDay(value);
}

/** The same request within this time is a repetition. */
const SAME_FOR_MS = 600_000;

const ID = /^(?:k[0-9a-f]{24}|[0-9a-f]{16}-\d{6})$/;
const MOST_ATTEMPTS = 5;

const requestSchema = z.strictObject({
  schema: z.literal('chat-report/request/1'),
  id: z.string(),
  askedAt: z.iso.datetime(),
  channels: z.array(z.enum(CHANNELS)).nullable(),
  refresh: z.boolean(),
  deliver: z.boolean(),
  /** One run for each day. */
  runs: z.array(z.strictObject({ day: z.iso.date(), run: z.string() })).min(1),
});

const requests = defineRecord({ schema: requestSchema, key: requestKey, unreadable: 'null' });

/** A request as it is kept before its runs begin: `requests/<id>.json`. */
export type KeptRequest = Readonly<z.infer<typeof requestSchema>>;
type KeepPorts = Pick<ApiPorts, 'account' | 'lake' | 'clock'>;

/** A kept request, and whether it is new. */
export interface KeptOrFound {
  readonly request: KeptRequest;
  readonly isNew: boolean;
}

/**
 * Keeps a request, or finds the one that it repeats. With a key, that is the request with the same key. Without a key, it is one
 * with the same content, while its runs are at work and for ten minutes. Of several equal requests at once, one is kept, and the
 * others find it: a record is written only where none exists.
 *
 * @throws Problem where the key belongs to another body
 */
export async function keepRequest(
  asked: ReportRequest,
  key: string | null,
  ports: KeepPorts,
): Promise<KeptOrFound> {
  return key === null ? await keepByContent(asked, ports) : await keepByKey(asked, key, ports);
}

async function keepByKey(asked: ReportRequest, key: string, ports: KeepPorts): Promise<KeptOrFound> {
  const id = `k${digest([ports.account.name, key]).slice(0, 24)}`;
  const kept = await keepAs(id, asked, ports);
  if (kept) return { request: kept, isNew: true };
  const known = await findRequest(ports.lake, id);
  if (known.state === 'unreadable') {
    throw new Problem(422, 'What the Idempotency-Key was given to can no longer be read.', {
      errors: [
        { header: 'Idempotency-Key', detail: 'can no longer be looked up; give this request another' },
      ],
    });
  }
  if (known.state === 'read' && isSame(known.value, asked)) return { request: known.value, isNew: false };
  throw new Problem(422, 'The Idempotency-Key was given to another body already.', {
    errors: [{ header: 'Idempotency-Key', detail: 'belongs to another body; give each request its own' }],
  });
}

async function keepByContent(asked: ReportRequest, ports: KeepPorts): Promise<KeptOrFound> {
  const prefix = digest([ports.account.name, asked]).slice(0, 16);
  for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt += 1) {
    const last = await lastOf(prefix, ports);
    const known = last === 0 ? null : await requests.read(ports.lake, idOf(prefix, last));
    if (known && (await isCurrent(known, ports))) return { request: known, isNew: false };
    const kept = await keepAs(idOf(prefix, last + 1), asked, ports);
    if (kept) return { request: kept, isNew: true };
    // Another process was faster, and has kept an equal request.
  }
  throw new Error(`${MOST_ATTEMPTS} others in a row were faster to ask`);
}

async function keepAs(id: string, asked: ReportRequest, ports: KeepPorts): Promise<KeptRequest | null> {
  const { account, lake, clock } = ports;
  const request = toRecord(id, asked, account.name, clock.now());
  return (await requests.create(lake, id, request)) ? request : null;
}

/** Finds nothing for a text that is no id. */
export async function findRequest(lake: KeepPorts['lake'], id: string): Promise<Found<KeptRequest>> {
  return ID.test(id) ? await requests.find(lake, id) : { state: 'none' };
}

async function isCurrent(request: KeptRequest, ports: KeepPorts): Promise<boolean> {
  if (ports.clock.now() - Date.parse(request.askedAt) < SAME_FOR_MS) return true;
  const states = await statesOf(request, ports);
  return !states.every(({ state }) => isOver(state));
}

/** The number of the last request with the same content, from 1; 0 where there is none. Keys are listed in order. */
async function lastOf(prefix: string, { lake }: KeepPorts): Promise<number> {
  let last = 0;
  for await (const key of lake.list(requestPrefix(`${prefix}-`))) {
    const number = /-(\d{6})\.json$/.exec(key)?.[1];
    if (number !== undefined) last = Number(number);
  }
  return last;
}

function idOf(prefix: string, number: number): string {
  return `${prefix}-${String(number).padStart(6, '0')}`;
}

function toRecord(
  id: string,
  { days, channels, refresh, deliver }: ReportRequest,
  account: string,
  now: number,
): KeptRequest {
  return {
    schema: 'chat-report/request/1',
    id,
    askedAt: new Date(now).toISOString(),
    channels: channels && [...channels],
    refresh,
    deliver,
    runs: days.map((day) => ({ day, run: runOf(account, day, id) })),
  };
}

/** A name of at most 64 letters, digits and hyphens. Its end is longer than the number of an attempt, so it is never taken for one. */
function runOf(account: string, day: Day, id: string): string {
  return `${account}-${day}-${digest(id).slice(0, 12)}`;
}

function isSame(known: KeptRequest, { days, channels, refresh, deliver }: ReportRequest): boolean {
  const { runs, channels: itsChannels, refresh: itsRefresh, deliver: itsDeliver } = known;
  return isDeepStrictEqual(
    [runs.map(({ day }) => day), itsChannels, itsRefresh, itsDeliver],
    [days, channels, refresh, deliver],
  );
}

function digest(value: unknown): string {
  return createHash('sha256').update(toJsonText(value)).digest('hex');
}

const AT_ONCE = 8;

/** Begins runs of a request. A run has begun already where its name is in use: it does not begin again. */
export async function startRuns(
  { channels, refresh, deliver, runs: all }: KeptRequest,
  runs: readonly { readonly day: Day; readonly run: string }[],
  { launcher, log }: Pick<ApiPorts, 'launcher' | 'log'>,
): Promise<void> {
  const limit = pLimit(AT_ONCE);
  const request = {
    channels,
    refresh,
    resend: false,
    deliver,
    ...(all.length > 1 && { isOfRange: true as const }),
  };
  await limit.map(runs, async ({ day, run }) => {
    const outcome = await launcher.start({ run, day, ...request });
    if (outcome === 'taken') throw new Error(`${run} is the name of another request`);
    log.about({ run, day })({ event: 'run-requested' });
  });
}

export type DayState = (typeof DAY_STATES)[number];

export interface DayRun {
  readonly day: Day;
  readonly run: string;
  readonly state: DayState;
}

/** A run that has not begun within this time never will. */
const BEGINS_WITHIN_MS = 24 * 3_600_000;

const READ_AT_ONCE = 16;

/** The state of each day, oldest first. */
export async function statesOf(
  { askedAt, runs }: KeptRequest,
  { lake, clock }: Pick<ApiPorts, 'lake' | 'clock'>,
): Promise<DayRun[]> {
  const limit = pLimit(READ_AT_ONCE);
  const now = clock.now();
  return await limit.map(runs, async ({ day, run }) => {
    const record = await readRun(lake, run);
    return { day, run, state: stateOf(record, Date.parse(askedAt), now) };
  });
}

function stateOf(record: RunRecord | null, askedAt: number, now: number): DayState {
  if (record === null) return now - askedAt < BEGINS_WITHIN_MS ? 'accepted' : 'failed';
  if (record.state === 'interrupted') return 'failed';
  if (record.state !== 'running') return record.state;
  return isUnderWay(record, now) ? 'running' : 'failed';
}

export function isOver(state: DayState): boolean {
  return state !== 'accepted' && state !== 'running';
}
