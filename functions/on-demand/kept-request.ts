import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { CHANNELS } from '../chat/channel.ts';
import { toJsonText } from '../chat/write-json.ts';
import { defineRecord, type Found } from '../storage/json-record.ts';
import { requestKey, requestPrefix } from '../storage/keys.ts';
import type { Day } from '../time/report-day.ts';
import type { OnDemandPorts } from './ports.ts';
import { Problem } from './problem.ts';
import type { ReportRequest } from './report-request.ts';
import { isOver, statesOf } from './run-states.ts';

/** Whoever asks for the same again within this is told of the same. */
const SAME_FOR_MS = 600_000;

const ID = /^(?:k[0-9a-f]{24}|[0-9a-f]{16}-\d{6})$/;
const FIRST_TRIES = 5;

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
  for (let attempt = 1; attempt <= FIRST_TRIES; attempt += 1) {
    const last = await lastOf(prefix, ports);
    const known = last === 0 ? null : await requests.read(ports.lake, idOf(prefix, last));
    if (known && (await isCurrent(known, ports))) return { request: known, isNew: false };
    const kept = await keepAs(idOf(prefix, last + 1), asked, ports);
    if (kept) return { request: kept, isNew: true };
    // Somebody was faster, and has kept what this one asks for.
  }
  throw new Error(`${FIRST_TRIES} others in a row were faster to ask`);
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
