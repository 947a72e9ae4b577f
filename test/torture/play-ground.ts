import { onTestFinished } from 'vitest';
import { addDays } from '../../functions/calendar/day.ts';
import { openSes } from '../../functions/delivery/mailer.ses.ts';
import type { Mailer } from '../../functions/delivery/mailer.ts';
import { openOutbox } from '../../functions/delivery/outbox.fs.ts';
import { type DayOutcome, dailyReport } from '../../functions/pipeline/daily-run.ts';
import {
  type DurableContext,
  INTERACTIVE,
  inProcessContext,
  SCHEDULED,
} from '../../functions/pipeline/durable.ts';
import { parseFault } from '../../functions/sources/caresoft/simulator/fault.ts';
import { type Disk, openFolder } from '../../functions/storage/object-store.fs.ts';
import { newS3Client, openBucket } from '../../functions/storage/object-store.s3.ts';
import type { Lake } from '../../functions/storage/object-store.ts';
import { startS3 } from '../aws/s3-endpoint.ts';
import { startSes } from '../aws/ses-endpoint.ts';
import { drawShortestWaits } from '../aws/shortest-waits.ts';
import { DAY, IMPATIENT, oneMachine } from '../pipeline/one-machine.ts';
import { memoryLake } from '../web/memory-lake.ts';
import { badBucket } from './bad-bucket.ts';
import { badDisk } from './bad-disk.ts';
import type { Ground, Morning } from './draw-ground.ts';
import { DiedError, dyingAfter } from './dying.ts';
import { deriveAgain, faultsOfContent, faultsOfDay, faultsOfMail, isUnmade, seal } from './judge-ground.ts';
import { quickClock } from './quick-clock.ts';
import { watchMail } from './watched-mail.ts';

/** What is on the wire to CareSoft passes, however busy the machine is. */
const PATIENT = { ...IMPATIENT, giveUpAfterMs: 20_000, firstDelayMs: 5 };
const CREDENTIALS = { region: 'eu-west-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
/** On bad ground: much is waited for. */
const QUICK = 100;
/** After that a claim is given up. */
const LATER_MS = 660_000;
const HEALTHY_MORNINGS = 3;
const STALLED_MS = 400;
const PATIENT_SES_MS = 20_000;

/** What came of a day that was reported on bad ground, and then on healthy. */
export interface GroundOutcome {
  readonly state: 'right' | 'wrong' | 'lost' | 'doubled';
  readonly why: string;
  /** How many mornings ended without a report or a mail. */
  readonly failed: number;
  /** How many mails came twice as the contract allows. */
  readonly twice: number;
}

export async function playGround(ground: Ground): Promise<GroundOutcome> {
  const world = await openWorld(ground);
  const { clock, mail, problems } = world;
  let failed = 0;
  if (ground.isKnown) await world.run(addDays(DAY, -1), { isGood: true });
  for (const morning of ground.mornings) {
    const runs = Array.from({ length: morning.runs }, (_, place) =>
      world.run(DAY, { isGood: false, morning: place === 0 ? morning : { ...morning, death: null } }),
    );
    const outcomes = await Promise.all(runs);
    if (outcomes.some(isUnmade)) failed += 1;
    await world.judge(outcomes);
    clock.pass(LATER_MS);
  }
  await heal(world);
  const twice = mail.twice();
  const [wrong, lost] = [[...problems.wrong], [...problems.lost]];
  const state =
    wrong.length > 0 ? 'wrong' : lost.length > 0 ? 'lost' : twice.wrong.length > 0 ? 'doubled' : 'right';
  return { state, why: [...wrong, ...lost, ...twice.wrong].join('; '), failed, twice: twice.allowed };
}

/** On healthy ground all is made up, and then nothing is left to do. */
async function heal(world: World): Promise<void> {
  const { machine, mail, healthy, clock, problems } = world;
  let last: Ended | null = null;
  for (let morning = 1; morning <= HEALTHY_MORNINGS && (last === null || isUnmade(last)); morning += 1) {
    last = await world.run(DAY, { isGood: true });
    await world.judge([last]);
    clock.pass(LATER_MS);
  }
  if (last === null || last.state === 'failed' || isUnmade(last)) {
    problems.lost.add(`it does not heal: ${tell(last)}`);
    return;
  }
  for (const { address } of machine.compose().account.mail.to) {
    if (!(await world.hasReport(address))) problems.lost.add(`${address} got no report`);
  }
  for (const why of await faultsOfContent(healthy, mail)) problems.wrong.add(why);
  const before = [await seal(healthy), machine.simulator.seen.requests];
  await world.run(DAY, { isGood: true, looksBack: false });
  await deriveAgain(machine, healthy, last);
  const after = [await seal(healthy), machine.simulator.seen.requests];
  if (String(before) !== String(after)) problems.wrong.add('the same run again asks or changes something');
}

/** How a run ended: with an outcome, or with what it failed of. */
export type Ended = DayOutcome | { readonly state: 'failed'; readonly error: unknown };

function tell(ended: Ended | null): string {
  if (ended === null || !('error' in ended)) return JSON.stringify(ended);
  return ended.error instanceof Error ? String(ended.error.stack) : String(ended.error);
}

interface RunRequest {
  readonly isGood: boolean;
  readonly morning?: Morning;
  readonly looksBack?: boolean;
}

type World = Awaited<ReturnType<typeof openWorld>>;

async function openWorld(ground: Ground) {
  drawShortestWaits();
  const { chats, seed, cap, recipients } = ground;
  const to = ['a', 'b', 'c'].slice(0, recipients).map((name) => `${name}@example.com`);
  const simulated = { chats, seed, faults: [parseFault(`cap:${cap}`)] };
  const machine = await oneMachine(simulated, { MAIL_TO: to.join(), CONTACTS: 'full' }, PATIENT);
  const clock = quickClock();
  const ses = await startSes();
  onTestFinished(() => ses.close());
  let isGroundBad = false;
  const isBad = (): boolean => isGroundBad;
  // One disk for all that is written.
  const disk = ground.disk && badDisk(ground.disk, isBad);
  const lakes = await openLakes(ground, machine.lake, isBad, disk);
  const countOf = (address: string): number =>
    ses.mails.filter(({ destinations }) => destinations.includes(address)).length;
  const mail = watchMail(countOf, clock);
  const outbox = openOutbox(machine.outbox, disk ?? undefined);
  const mailer = (isGood: boolean): Mailer => {
    if (ground.hasOutbox) return outbox;
    const attemptMs = isGood || !ground.kind.includes('SES') ? PATIENT_SES_MS : STALLED_MS;
    const client = { endpoint: ses.url, ...CREDENTIALS };
    return mail.watch(openSes({ configurationSet: null, client, firstDelayMs: 1, attemptMs }));
  };
  const held = [...ground.ses];
  let runs = 0;
  const atWork = new Set<string>();

  /** One process, from its beginning to its end. */
  async function run(day: string, { isGood, morning, looksBack }: RunRequest): Promise<Ended> {
    runs += 1;
    const owner = `process-${runs}`;
    atWork.add(owner);
    if (isGood) held.push(...ses.faults.splice(0));
    else ses.faults.push(...held.splice(0));
    clock.setSpeed(isGood ? 1 : QUICK);
    isGroundBad = !isGood;
    const death = morning?.death ?? null;
    const open = mail.watchLake(lakes.open());
    const lake = death === null ? open : dyingAfter(death, open);
    const { account, ports } = machine.compose();
    const lease = {
      ...{ owner, ttlMs: 60_000, pollMs: 1_000, settleMs: 0, waitMs: Number.POSITIVE_INFINITY },
      isGone: (one: string) => !atWork.has(one),
      isUnreadableFree: lakes.isFolder,
    };
    const executionProfile = morning?.isPatient ? SCHEDULED : INTERACTIVE;
    const context: DurableContext = {
      ...inProcessContext(clock),
      wait: async (_name, seconds) => clock.pass(seconds * 1_000),
    };
    const input = { run: `run-${runs}`, day, since: null, resend: false, deliver: true };
    const changed = { ...ports, lake, clock, lease, executionProfile, mailer: mailer(isGood) };
    try {
      return await dailyReport(
        { ...input, ...(looksBack !== undefined && { looksBack }) },
        context,
        account,
        changed,
      );
    } catch (error) {
      return { state: 'failed', error: error instanceof DiedError ? 'it died' : error };
    } finally {
      atWork.delete(owner);
      if (atWork.size === 0) isGroundBad = false;
    }
  }

  const hasReport = async (address: string): Promise<boolean> => {
    if (!ground.hasOutbox) {
      return ses.mails.some(
        ({ destinations, raw }) => destinations.includes(address) && raw.includes('X-Chat-Report: report'),
      );
    }
    return (await machine.filesOf('outbox')).includes(`${DAY}-report-${address}.eml`);
  };
  const healthy = lakes.open();
  const problems = { wrong: new Set<string>(), lost: new Set<string>() };
  const judge = async (outcomes: readonly Ended[]): Promise<void> => {
    for (const one of await faultsOfDay(machine, healthy)) problems[one.state].add(one.why);
    const told = outcomes.flatMap((one) => ('deliveries' in one ? [one] : []));
    const unsent = ground.hasOutbox ? [] : faultsOfMail(machine, told, mail);
    for (const why of unsent) problems.lost.add(why);
  };
  return { machine, mail, clock, healthy, problems, run, hasReport, judge };
}

interface Lakes {
  readonly isFolder: boolean;
  /** As another process would. */
  open(): Lake;
}

async function openLakes(
  { bucket, isServed }: Ground,
  folder: string,
  isBad: () => boolean,
  disk: Disk | null,
): Promise<Lakes> {
  if (bucket !== null) {
    const faults = badBucket(bucket);
    const s3 = await startS3({ buckets: ['lake'], faults: (request) => (isBad() ? faults(request) : null) });
    const client = newS3Client({ endpoint: s3.url, ...CREDENTIALS });
    onTestFinished(async () => {
      client.destroy();
      await s3.close();
    });
    return { isFolder: false, open: () => openBucket({ bucket: 'lake', prefix: 'demo', client }) };
  }
  if (disk === null) {
    const memory = memoryLake();
    return { isFolder: false, open: () => memory };
  }
  const served = openFolder(folder, disk);
  return { isFolder: true, open: () => (isServed ? served : openFolder(folder, disk)) };
}
