import { type BenchId, type OpenedStage, type Sample, YARDSTICK_TITLES } from './measured.ts';

/**
 * `node run-stage.ts <stage> <lake> <times>`: prints the CPU of the work and the peak of this process's memory, as JSON.
 *
 * A small lake is worked through several times, because one time is over before Node has compiled the code. The CPU is then
 * the median. The peak is always that of the first time.
 */
const [stage = '', lake = '', times = '1'] = process.argv.slice(2);

async function open(id: BenchId): Promise<OpenedStage> {
  // A yardstick loads nothing of the program, and the program nothing of DuckDB.
  if (id in YARDSTICK_TITLES) {
    const { YARDSTICKS } = await import('./yardsticks.ts');
    return await YARDSTICKS[id as keyof typeof YARDSTICKS](lake);
  }
  const { STAGES } = await import('./stages.ts');
  return await STAGES[id as keyof typeof STAGES](lake);
}

const seconds: number[] = [];
let peakMb = 0;
for (let time = 0; time < Number(times); time += 1) {
  const { work, clear } = await open(stage as BenchId);
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  seconds.push((user + system) / 1e6);
  if (time === 0) peakMb = process.resourceUsage().maxRSS / 1_024;
  await clear?.();
}
const cpuSeconds = seconds.toSorted((one, other) => one - other)[seconds.length >> 1] ?? Number.NaN;
const sample: Sample = { cpuSeconds, peakMb };
process.stdout.write(`${JSON.stringify(sample)}\n`, () => process.exit());
