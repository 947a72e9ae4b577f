import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { addDays, type Day, dayAt } from '../../functions/calendar/day.ts';
import { toEvent } from '../api/served.ts';
import type { S3Request } from '../aws/s3/s3-request.ts';
import { VersionedObjects } from '../aws/s3/versions.ts';
import { built, closeSurroundings, fresh, invoke, ORDINARY, surroundings } from '../bundles/surroundings.ts';
import { MEASURED_FILE, type Measured, type MeasuredDay, type MeasuredReading } from './measured.ts';

/** Yesterday: only a run for it reads the chats since midnight. */
const LAST: Day = addDays(dayAt(Date.now(), 'Asia/Ho_Chi_Minh'), -1);
/** The days that the last one looks back at, and one before them. */
const BEFORE = 8;
/** At which hour the simulated mornings are. */
const MORNING = 'T06:00:00+07:00';

type Around = Awaited<ReturnType<typeof surroundings>>;

interface Used {
  readonly invocations: number;
  readonly cpuMs: number;
  readonly keptBytes: number;
}
type Lines = readonly Readonly<Record<string, unknown>>[];

afterAll(closeSurroundings);

async function runDay(around: Around, day: Day) {
  const request = { run: `demo-${day}-1`, day, ...ORDINARY };
  const { ended, lines } = await fresh<{ status: string; steps: string[]; used: Used; answer: unknown }>(
    'run-durable.ts',
    built.functions.workflow,
    request,
    { ...around.environment, ...around.outside },
  );
  expect(ended).toMatchObject({ status: 'SUCCEEDED', answer: { state: 'reported' } });
  return { ...ended, lines };
}

/** The schedules' calls of a morning. */
async function callSmallOnes({ environment }: Around, day: Day): Promise<Lines> {
  const at = (input: unknown, hour: string) =>
    JSON.parse(String(input).replace('<aws.scheduler.scheduled-time>', `${day}T${hour}:00:00Z`));
  const start = await invoke(built.functions.start, [at(built.inputs.start, '23')], environment);
  const look = at(built.inputs.deadline, '23');
  const looks = await invoke(built.functions.deadline, [look, { ...look, again: true }], environment);
  return [...start.lines, ...looks.lines];
}

/** Reports a week of days, and counts what the last of them asks for. */
async function measure(chats: number): Promise<{ day: MeasuredDay; around: Around }> {
  let now = 0;
  // Past days change, so some rechecks read them again.
  const nights = { deaths: [], lockouts: [] };
  const around = await surroundings({ chats, nights, now: () => now }, true);
  const { s3, ses, secrets, events, simulator } = around;
  for (let back = BEFORE; back > 0; back -= 1) {
    const day = addDays(LAST, -back);
    now = Date.parse(`${addDays(day, 1)}${MORNING}`);
    await runDay(around, day);
  }
  now = Date.now();
  const before = {
    requests: s3.requests.length,
    versions: versionsOf(around).length,
    current: currentBytes(around),
    mails: ses.mails.length,
    reads: secrets.reads.length,
    events: events.events.length,
    asked: simulator.seen.requests,
  };
  const { steps, used, lines: ofWorkflow } = await runDay(around, LAST);
  const lines = [...ofWorkflow, ...(await callSmallOnes(around, LAST))];
  const written = bytesByPlace(
    versionsOf(around)
      .slice(before.versions)
      .map(({ key, object }) => [key, object?.body.length ?? 0]),
  );
  const current = currentBytes(around);
  const places = [...new Set([...Object.keys(current), ...Object.keys(written)])].toSorted();
  const mails = ses.mails.slice(before.mails);
  const day: MeasuredDay = {
    chats,
    s3: classed(s3.requests.slice(before.requests)),
    bytes: Object.fromEntries(
      places.map((place) => {
        const added = (current[place] ?? 0) - (before.current[place] ?? 0);
        return [place, { added, past: (written[place] ?? 0) - added }];
      }),
    ),
    // The workflow's own, one that begins it, and two that look for the report.
    invocations: used.invocations + 3,
    cpuMs: used.cpuMs,
    sourceRequests: simulator.seen.requests - before.asked,
    // The execution itself is one too.
    durable: { operations: steps.length + 1, bytes: used.keptBytes },
    logBytes: bytesOf(lines),
    metrics: distinctMetrics(lines),
    secretReads: secrets.reads.length - before.reads,
    mails: { count: mails.length, bytes: mails.reduce((sum, { raw }) => sum + raw.length, 0) },
    events: events.events.length - before.events,
  };
  return { day, around };
}

function versionsOf({ s3, bucket }: Around): VersionedObjects['versions'] {
  const objects = s3.buckets.get(bucket);
  if (!(objects instanceof VersionedObjects)) throw new Error('the lake keeps versions');
  return objects.versions;
}

function currentBytes({ objects }: Around): Record<string, number> {
  return bytesByPlace([...objects()].map(([key, { body }]) => [key, body.length]));
}

/** The first part of a key is the account, the second the place. */
function bytesByPlace(sizes: readonly (readonly [string, number])[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const [key, bytes] of sizes) {
    const place = key.split('/')[1] ?? '';
    sums[place] = (sums[place] ?? 0) + bytes;
  }
  return sums;
}

function classed(requests: readonly S3Request[]): MeasuredDay['s3'] {
  const isWrite = ({ operation }: S3Request): boolean => /^(Put|List|Create)/.test(operation);
  const isDelete = ({ operation }: S3Request): boolean => operation.startsWith('Delete');
  const writes = requests.filter(isWrite).length;
  const deletes = requests.filter(isDelete).length;
  return { writes, deletes, reads: requests.length - writes - deletes };
}

function bytesOf(lines: Lines): number {
  return Buffer.byteLength(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}

/** CloudWatch takes each name with each set of values of its dimensions for a metric of its own. */
function distinctMetrics(lines: Lines): number {
  const found = new Set<string>();
  for (const line of lines) {
    if (!line._aws) continue;
    const { CloudWatchMetrics: groups } = line._aws as {
      CloudWatchMetrics: { Dimensions: string[][]; Metrics: { Name: string }[] }[];
    };
    for (const { Dimensions: sets, Metrics: metrics } of groups) {
      for (const dimensions of sets) {
        const values = dimensions.toSorted().map((name) => `${name}=${line[name]}`);
        for (const { Name: name } of metrics) found.add([name, ...values].join(' '));
      }
    }
  }
  return found.size;
}

async function measureReading({ s3, environment }: Around): Promise<MeasuredReading> {
  const before = s3.requests.length;
  const event = toEvent({ path: `/reports/${LAST}` });
  // Of a function that is warm, as most are while a person reads.
  const { ended, lines } = await invoke<{ answer: { statusCode: number } }>(
    built.functions.api,
    [event, event],
    environment,
  );
  expect(ended.map(({ answer }) => answer.statusCode)).toEqual([200, 200]);
  return { s3Reads: (s3.requests.length - before) / 2, logBytes: bytesOf(lines) / 2 };
}

test('a week of days, of which the last is counted', async () => {
  const measured: { day: MeasuredDay; around: Around }[] = [];
  for (const chats of (process.env.CHATS ?? '1000,10000').split(',')) {
    measured.push(await measure(Number(chats)));
  }
  const code = Object.entries(built.functions).map(([part, { bundle }]) => {
    const text = ['', '.map'].map((end) => readFileSync(fileURLToPath(`${bundle}${end}`)));
    return [part, text.reduce((sum, bytes) => sum + gzipSync(bytes).length, 0)];
  });
  const [first] = measured;
  if (first === undefined) throw new Error('a number of chats is needed');
  const result: Measured = {
    days: measured.map(({ day }) => day),
    reading: await measureReading(first.around),
    code: Object.fromEntries(code),
  };
  writeFileSync(process.env.MEASURED ?? MEASURED_FILE, `${JSON.stringify(result, null, 2)}\n`);
});
