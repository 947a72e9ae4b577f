import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildSync } from 'esbuild';
import { memoryVariables } from '../../lib/memory-variables.ts';
import { describeBench, renewBench } from './describe-bench.ts';
import {
  BENCH_FILE,
  type BenchId,
  DAY_STAGES,
  ERASURE_LAKE,
  ERASURE_STAGES,
  LIMITED,
  LIMITED_MEGABYTES,
  type MeasuredBench,
  type MeasuredLake,
  type MeasuredStage,
  readBench,
  type Sample,
} from './measured.ts';

/**
 * `npm run bench -- [--size 10k,100k,1m] [--runs 5] [--only figures,tables]`: measures each stage of a day, and what it is
 * held against. It prints the table, and writes it into measured.json unless `--only` leaves stages out. `UPDATE=1` writes
 * docs/performance.md too. `--stored` measures nothing.
 *
 * The first run makes the lakes in the system's temporary folder, which takes minutes for a million chats.
 */
const { values } = parseArgs({
  options: {
    size: { type: 'string', default: '10k,100k' },
    runs: { type: 'string', default: '5' },
    only: { type: 'string' },
    stored: { type: 'boolean', default: false },
  },
});

/** Below so many chats a stage is over before Node has compiled the code: it is repeated. */
const SMALL_LAKE = 50_000;
const REPEATED = 5;

interface Task {
  readonly chats: number;
  readonly folder: string;
  readonly stages: readonly BenchId[];
  readonly times: number;
  /** Of all rounds. */
  readonly samples: Map<BenchId, Measured[]>;
  rounds: number;
}

type Measured = Sample & Pick<MeasuredStage, 'toFloor'>;

function readSizes(text: string): number[] {
  const units: Readonly<Record<string, number>> = { '': 1, k: 1_000, m: 1_000_000 };
  const sizes = text.split(',').map((size) => {
    const [, digits, unit = ''] = /^(\d+)([km]?)$/i.exec(size) ?? [];
    return Number(digits) * (units[unit.toLowerCase()] ?? Number.NaN);
  });
  if (!sizes.every((size) => size > 0)) throw new Error('--size takes numbers of chats, such as 10k,1m');
  return sizes.toSorted((one, other) => one - other);
}

function readStages(text: string | undefined): readonly BenchId[] {
  const known = [...DAY_STAGES, ...ERASURE_STAGES];
  const asked = text?.split(',') ?? known;
  const others = asked.filter((name) => !known.some((id) => id === name));
  if (others.length > 0) throw new Error(`--only knows no ${others.join()}, but ${known.join()}`);
  return known.filter((id) => asked.includes(id));
}

const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

/** Runs a file with this Node. @returns what it prints */
async function call(
  path: string,
  args: readonly (string | number)[],
  variables: Readonly<Record<string, string>> = {},
): Promise<string> {
  const child = spawn(process.execPath, [path, ...args.map(String)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...variables },
  });
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${path} ${args.join(' ')} failed`);
  return out;
}

/** What is deployed is a bundle. Node would otherwise hold its own compiler for TypeScript, and compile while it is measured. */
function bundleStages(): string {
  const top = join(import.meta.dirname, '../..');
  buildSync({
    absWorkingDir: top,
    entryPoints: ['test/bench/run-stage.ts'],
    // Libraries that are not in the bundle are looked for from there.
    outdir: 'node_modules/.cache/bench',
    outExtension: { '.js': '.mjs' },
    external: ['@duckdb/node-api'],
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    banner: {
      js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
    },
    logLevel: 'error',
  });
  return join(top, 'node_modules/.cache/bench/run-stage.mjs');
}

async function openTasks(asked: readonly BenchId[]): Promise<Task[]> {
  const tasks: Task[] = [];
  const add = async (lake: string | number, chats: number, all: readonly BenchId[]): Promise<void> => {
    // Each stage is held against the first one.
    const stages = all.filter((id, at) => at === 0 || asked.includes(id));
    if (stages.length < 2 && !asked.includes(stages[0] ?? 'floor')) return;
    const folder = await call(join(import.meta.dirname, 'make-lake.ts'), [lake]);
    tasks.push({
      chats,
      folder,
      stages,
      times: chats < SMALL_LAKE ? REPEATED : 1,
      samples: new Map(),
      rounds: 0,
    });
  };
  for (const chats of readSizes(values.size)) await add(chats, chats, DAY_STAGES);
  await add('erase', ERASURE_LAKE.chats, ERASURE_STAGES);
  return tasks;
}

/** Other work on the machine makes all CPU dearer, now more, now less. So the floor is measured again before each stage. */
async function playRound(task: Task, round: number, stages: string): Promise<void> {
  const [floor = 'floor', ...others] = task.stages;
  const play = async (stage: BenchId): Promise<Sample> =>
    JSON.parse(
      await call(
        stages,
        [stage, task.folder, task.times],
        LIMITED.includes(stage) ? memoryVariables(LIMITED_MEGABYTES) : {},
      ),
    );
  const add = (stage: BenchId, sample: Sample, floorSeconds: number): void => {
    const { cpuSeconds, peakMb } = sample;
    const told = `${cpuSeconds.toFixed(2)} s, ${(cpuSeconds / floorSeconds).toFixed(1)} floors, ${Math.round(peakMb)} MB`;
    say(`round ${round}, ${task.chats} chats: ${stage} ${told}`);
    const samples = task.samples.get(stage) ?? [];
    samples.push({ ...sample, toFloor: cpuSeconds / floorSeconds });
    task.samples.set(stage, samples);
  };
  for (const stage of others.length > 0 ? others : [floor]) {
    const before = await play(floor);
    add(floor, before, before.cpuSeconds);
    if (stage !== floor) add(stage, await play(stage), before.cpuSeconds);
  }
  task.rounds = round;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

const rounded = (value: number): number => Number(value.toPrecision(3));

function sumUp({ chats, stages, samples, rounds }: Task): MeasuredLake {
  return {
    chats,
    measuredOn: new Date().toISOString().slice(0, 10),
    node: process.version,
    cores: availableParallelism(),
    rounds,
    stages: stages.map((stage) => {
      const of = (name: keyof Measured): number =>
        rounded(median((samples.get(stage) ?? []).map((sample) => sample[name])));
      return { stage, cpuSeconds: of('cpuSeconds'), toFloor: of('toFloor'), peakMb: of('peakMb') };
    }),
  };
}

async function measure(): Promise<MeasuredBench> {
  const tasks = await openTasks(readStages(values.only));
  const stages = bundleStages();
  let measured: MeasuredBench = { lakes: [], erasure: null, coldStarts: [] };
  for (let round = 1; round <= Number(values.runs); round += 1) {
    for (const task of tasks) await playRound(task, round, stages);
    const [erasure = null] = tasks.filter(isErasure).map(sumUp);
    measured = { ...measured, lakes: tasks.filter((task) => !isErasure(task)).map(sumUp), erasure };
    // A run that is stopped leaves the rounds that are done.
    if (values.only === undefined) store(measured);
  }
  if (values.only !== undefined) return measured;
  // It loads the CDK, so it comes last: a process begins with the peak of memory of the one that started it.
  const { measureColdStarts } = await import('./cold-start.ts');
  measured = { ...measured, coldStarts: await measureColdStarts() };
  store(measured);
  return measured;
}

function isErasure({ stages }: Task): boolean {
  return stages[0] === ERASURE_STAGES[0];
}

/** Sizes that are not measured now stay as they were. */
function store(measured: MeasuredBench): void {
  const stored = existsSync(BENCH_FILE) ? readBench() : { lakes: [], erasure: null, coldStarts: [] };
  const kept = stored.lakes.filter(({ chats }) => !measured.lakes.some((lake) => lake.chats === chats));
  const merged: MeasuredBench = {
    lakes: [...kept, ...measured.lakes].toSorted((one, other) => one.chats - other.chats),
    erasure: measured.erasure ?? stored.erasure,
    coldStarts: measured.coldStarts.length > 0 ? measured.coldStarts : stored.coldStarts,
  };
  writeFileSync(BENCH_FILE, `${JSON.stringify(merged, null, 2)}\n`);
}

if (!(Number(values.runs) >= 1)) throw new Error('--runs takes a number from 1');
const measured = values.stored ? readBench() : await measure();
process.stdout.write(describeBench(measured));
if (process.env.UPDATE) {
  const path = join(import.meta.dirname, '../../docs/performance.md');
  writeFileSync(path, renewBench(readFileSync(path, 'utf8'), readBench()));
}
