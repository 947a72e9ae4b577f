import { performRun } from '../../functions/pipeline/daily-run.ts';
import { type DurableContext, inProcessContext } from '../../functions/pipeline/durable.ts';
import type { RunRequest } from '../../functions/pipeline/run-log.ts';
import type { Morning, Trouble } from './draw-month.ts';
import { openProcess, type Process, type World } from './open-process.ts';

const AGAIN_AFTER_MS = 600_000;
/** Lambda begins a dead invocation again. */
const INVOKED_AGAIN_MS = 60_000;
/** No execution has so many invocations, and a workflow that is never done is a fault. */
const MOST_INVOCATIONS = 600;
const QUIET: Trouble = { kind: 'none' };

/** What came of a run: what it threw where it did. */
export type RunEnd = 'done' | 'died' | { readonly threw: unknown };

/** One run of the daily report, with what befalls it. */
export async function runMorning(world: World, morning: Morning): Promise<RunEnd> {
  const { trouble, day } = morning;
  const deaths = trouble.kind === 'killed' ? [...trouble.atWrites] : [];
  if (world.month.ground === 'aws') return await execute(world, requestFor(day, 1), trouble, deaths);
  let end = await runOnce(world, requestFor(day, 1), trouble, deaths.shift() ?? null);
  for (let run = 2; end === 'died' && morning.isRunAgain; run += 1) {
    world.clock.pass(AGAIN_AFTER_MS);
    const death = deaths.shift() ?? null;
    end = await runOnce(world, requestFor(day, run), death === null ? QUIET : trouble, death);
  }
  return end;
}

function requestFor(day: string, attempt: number): RunRequest {
  const request = { day, channels: null, refresh: false, resend: false, deliver: true };
  return { run: `demo-${day}-${attempt}`, ...request };
}

async function runOnce(
  world: World,
  request: RunRequest,
  trouble: Trouble,
  death: number | null,
): Promise<RunEnd> {
  const process = openProcess(world, trouble, death);
  const ended = await Promise.race([
    outcomeOf(request, inProcessContext(world.clock), process),
    process.died.then((): RunEnd => 'died'),
  ]);
  process.end();
  return ended;
}

function outcomeOf(
  request: RunRequest,
  ground: DurableContext,
  { account, ports }: Process,
): Promise<RunEnd> {
  return performRun(request, ground, account, ports).then(
    (): RunEnd => 'done',
    (threw: unknown): RunEnd => ({ threw }),
  );
}

/**
 * An execution as Lambda has it: each wait ends an invocation, as does a death, and the next plays the workflow from
 * its beginning, with the results of the steps that are done.
 */
async function execute(
  world: World,
  request: RunRequest,
  trouble: Trouble,
  deaths: number[],
): Promise<RunEnd> {
  const { clock } = world;
  const kept = new Map<string, string>();
  for (let invocation = 0; invocation < MOST_INVOCATIONS; invocation += 1) {
    const death = deaths.shift() ?? null;
    const process = openProcess(world, trouble.kind === 'killed' && death === null ? QUIET : trouble, death);
    const { promise: suspended, resolve: suspend } = Promise.withResolvers<number>();
    const ended = await Promise.race([
      outcomeOf(request, remembering(kept, suspend), process),
      process.died.then((): RunEnd => 'died'),
      suspended,
    ]);
    process.end();
    if (typeof ended === 'number') clock.pass(ended * 1_000);
    else if (ended === 'died') clock.pass(INVOKED_AGAIN_MS);
    else return ended;
    // The writes of a run are counted, not those of an invocation.
    if (death !== null && ended !== 'died') deaths.unshift(Math.max(0, death - process.writes()));
  }
  return { threw: new Error(`the execution was not done after ${MOST_INVOCATIONS} invocations`) };
}

/** @param suspend is told how long to wait; the one who waits is never answered, as the invocation is over */
function remembering(kept: Map<string, string>, suspend: (seconds: number) => void): DurableContext {
  const wait = (name: string, seconds: number): Promise<void> => {
    if (kept.has(`wait ${name}`)) return Promise.resolve();
    kept.set(`wait ${name}`, '');
    suspend(seconds);
    return new Promise<never>(() => {});
  };
  return {
    wait,
    yieldNow: (name) => wait(name, 1),
    step: async (name, run, { attempts, firstDelaySeconds }) => {
      const before = kept.get(`step ${name}`);
      if (before !== undefined) return read(before);
      const tries = Number(kept.get(`tries ${name}`) ?? 0) + 1;
      try {
        const result = await run();
        kept.set(`step ${name}`, JSON.stringify({ result }));
      } catch (error) {
        if (tries >= attempts) {
          const message = error instanceof Error ? error.message : String(error);
          kept.set(`step ${name}`, JSON.stringify({ message }));
        } else {
          kept.set(`tries ${name}`, String(tries));
          await wait(`${name}, try ${tries + 1}`, firstDelaySeconds * 2 ** (tries - 1));
        }
      }
      return read(kept.get(`step ${name}`) ?? '{}');
    },
  };
}

/** @throws Error where the step did */
function read(text: string) {
  const { result, message } = JSON.parse(text);
  if (message !== undefined) throw new Error(message);
  return result;
}
