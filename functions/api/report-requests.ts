import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import pLimit from 'p-limit';
import * as z from 'zod';
import { countDays, type Day, dayAt, daysFrom, isDay } from '../calendar/day.ts';
import { CHANNELS, type Channel } from '../chats/channel.ts';
import { LONGEST_RUN_MS, type RunRecord, readRun } from '../pipeline/run-log.ts';
import { channel, defineRecord, type Found } from '../storage/json-record.ts';
import { requestKey, requestPrefix } from '../storage/layout.ts';
import { toJsonText } from '../text/json.ts';
import type { DAY_STATES } from './openapi.ts';
import { askedDay } from './openapi.ts';
import type { OnDemandPorts } from './ports.ts';
import { Problem } from './route.ts';

/** A quarter of a year. */
const MOST_DAYS_ASKED = 92;

/** What is asked for, said in one way alone: two who ask for the same have the same. */
export interface ReportRequest {
  /** Oldest first, without a gap. */
  readonly days: readonly Day[];
  /** Null for all that the account has; else in their order. */
  readonly channels: readonly Channel[] | null;
  readonly refresh: boolean;
  readonly deliver: boolean;
}

/** The body that asks for reports: of days that are over, and of channels that the account has. */
export function openReportRequest({ account, clock }: Pick<OnDemandPorts, 'account' | 'clock'>) {
  const overDay = askedDay.refine((text) => !isDay(text) || text < dayAt(clock.now(), account.timeZone), {
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
      to: overDay.optional().meta({ description: `The last of several days, at most ${MOST_DAYS_ASKED}` }),
      channels: z.array(itsChannel).min(1, { error: 'names none' }).max(CHANNELS.length).optional().meta({
        description:
          "All of the account's by default. A report of some is made beside the day's own, and says what it is of",
      }),
      refresh: z
        .boolean()
        .default(false)
        .meta({ description: 'Ask CareSoft for everything anew, also for what is proven' }),
      deliver: z
        .boolean()
        .default(false)
        .meta({ description: 'Mail it to the configured recipients, who get no report twice' }),
    })
    .meta({ examples: [{ day: '2026-11-21' }, { from: '2026-11-01', to: '2026-11-21', channels: ['zalo'] }] })
    .refine((body) => namesDays(readFields(body)), {
      error: 'must have either day, or from and to',
      ...always,
    })
    .refine((body) => !isTurned(readFields(body)), { error: 'is after to', path: ['from'], ...always })
    .refine((body) => !isTooLong(readFields(body)), {
      error: `makes more than ${MOST_DAYS_ASKED} days; ask for them in parts`,
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

/** Of a body that may be wrong in any other way. Of what is no object at all, that is said and nothing else. */
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

/** Said of days alone: what is none is told of by itself. */
function isTurned({ from, to }: Fields): boolean {
  return isDayText(from) && isDayText(to) && from > to;
}

function isTooLong({ from, to }: Fields): boolean {
  return isDayText(from) && isDayText(to) && countDays(from, to) > MOST_DAYS_ASKED;
}

function isDayText(value: unknown): value is Day {
  return typeof value === 'string' && isDay(value);
}

/** Whoever asks for the same again within this is told of the same. */
const SAME_FOR_MS = 600_000;

const ID = /^(?:k[0-9a-f]{24}|[0-9a-f]{16}-\d{6})$/;
const FIRST_ATTEMPTS = 5;

const requestSchema = z.strictObject({
  schema: z.literal('chat-report/request/1'),
  id: z.string(),
  askedAt: z.iso.datetime(),
  channels: z.array(z.enum(CHANNELS)).nullable(),
  refresh: z.boolean(),
  deliver: z.boolean(),
  /** Each day is a run of its own. */
  runs: z.array(z.strictObject({ day: z.iso.date(), run: z.string() })).min(1),
});

const requests = defineRecord({ schema: requestSchema, key: requestKey, unreadable: 'null' });

/** What was asked for, as it is kept before anything is begun: `requests/<id>.json`. */
export type KeptRequest = Readonly<z.infer<typeof requestSchema>>;
type KeepPorts = Pick<OnDemandPorts, 'account' | 'lake' | 'clock'>;

/** What was asked for, and whether this is the first time. */
export interface Kept {
  readonly request: KeptRequest;
  readonly isNew: boolean;
}

/**
 * Keeps a request, or finds the one that it repeats: with a key, the one with the key; without, one for the same, as long
 * as that is at work, and for ten minutes after it was asked for. Of several who ask at once one keeps it, and the others
 * find it: the record is written only where there is none.
 *
 * @throws Problem where the key belongs to something else
 */
export async function keepRequest(asked: ReportRequest, key: string | null, ports: KeepPorts): Promise<Kept> {
  return key === null ? await keepBySameness(asked, ports) : await keepByKey(asked, key, ports);
}

async function keepByKey(asked: ReportRequest, key: string, ports: KeepPorts): Promise<Kept> {
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

async function keepBySameness(asked: ReportRequest, ports: KeepPorts): Promise<Kept> {
  const prefix = digest([ports.account.name, asked]).slice(0, 16);
  for (let attempt = 1; attempt <= FIRST_ATTEMPTS; attempt += 1) {
    const last = await lastOf(prefix, ports);
    const known = last === 0 ? null : await requests.read(ports.lake, idOf(prefix, last));
    if (known && (await isCurrent(known, ports))) return { request: known, isNew: false };
    const kept = await keepAs(idOf(prefix, last + 1), asked, ports);
    if (kept) return { request: kept, isNew: true };
    // Somebody was faster, and has kept what this one asks for.
  }
  throw new Error(`${FIRST_ATTEMPTS} others in a row were faster to ask`);
}

async function keepAs(id: string, asked: ReportRequest, ports: KeepPorts): Promise<KeptRequest | null> {
  const { account, lake, clock } = ports;
  const request = toRecord(id, asked, account.name, clock.now());
  return (await requests.create(lake, id, request)) ? request : null;
}

/** None, too, where it is no id at all. */
export async function findRequest(lake: KeepPorts['lake'], id: string): Promise<Found<KeptRequest>> {
  return ID.test(id) ? await requests.find(lake, id) : { state: 'none' };
}

async function isCurrent(request: KeptRequest, ports: KeepPorts): Promise<boolean> {
  if (ports.clock.now() - Date.parse(request.askedAt) < SAME_FOR_MS) return true;
  const states = await statesOf(request, ports);
  return !states.every(({ state }) => isOver(state));
}

/** The number of the last request for the same, from 1; 0 where there is none. They are kept in their order. */
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

/** At most 64 letters, digits and hyphens, whatever the account's name; no attempt's number is as long. */
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

/** Begins runs of a request; one that has begun already is not begun again, because its name is for one run for ever. */
export async function startRuns(
  { channels, refresh, deliver, runs: all }: KeptRequest,
  runs: readonly { readonly day: Day; readonly run: string }[],
  { launcher, log }: Pick<OnDemandPorts, 'launcher' | 'log'>,
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

/** Asked for so long ago, a run that has not begun never will. */
const BEGINS_WITHIN_MS = 24 * 3_600_000;

const READ_AT_ONCE = 16;

/** How far each day is, oldest first. */
export async function statesOf(
  { askedAt, runs }: KeptRequest,
  { lake, clock }: Pick<OnDemandPorts, 'lake' | 'clock'>,
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
  return now - Date.parse(record.startedAt) < LONGEST_RUN_MS ? 'running' : 'failed';
}

export function isOver(state: DayState): boolean {
  return state !== 'accepted' && state !== 'running';
}
