import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { pick, share } from '../../functions/sources/caresoft/simulator/draw.ts';

/**
 * `npm run soak -- [--seconds N] [--seed N]`: draws what the tests have fixed. For a third of the time the property
 * tests, with another seed and under another time zone each round; then runs that are killed at any line.
 */
const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '600' },
    seed: { type: 'string', default: String(randomInt(2 ** 31)) },
  },
});
const [seconds, seed] = [Number(values.seconds), Number(values.seed)];
if (!(Number.isSafeInteger(seed) && seconds > 0)) throw new Error('--seconds and --seed take whole numbers');

const ZONES = [
  'UTC',
  'America/New_York',
  'Asia/Ho_Chi_Minh',
  'Europe/Berlin',
  'Pacific/Apia',
  'Asia/Kathmandu',
];
const startedAt = Date.now();
const secondsLeft = (): number => seconds - (Date.now() - startedAt) / 1_000;

async function run(project: string, environment: Readonly<Record<string, string>>): Promise<void> {
  const told = Object.entries(environment).map((pair) => pair.join('='));
  process.stdout.write(`Soak: ${project}, ${told.join(' ')}\n`);
  const config = join(import.meta.dirname, 'vitest.config.ts');
  const child = spawn('vitest', ['run', '--config', config, '--project', project, '--reporter', 'dot'], {
    stdio: 'inherit',
    env: { ...process.env, ...environment },
  });
  const [code] = await once(child, 'exit');
  if (code === 0) return;
  process.stdout.write(`Soak failed: repeat it with --seed ${seed}\n`);
  process.exit(1);
}

process.stdout.write(`Soak: --seed ${seed} --seconds ${seconds}\n`);
for (let round = 0; round === 0 || secondsLeft() > (seconds * 2) / 3; round += 1) {
  const TZ = pick(ZONES, share(seed, round));
  await run('properties', { SEED: String((seed + round) % 2 ** 31), TZ });
}
await run('kills', { SEED: String(seed), SECONDS: String(Math.ceil(Math.max(seconds / 3, secondsLeft()))) });
