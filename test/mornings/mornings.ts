import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

/**
 * `npm run mornings -- [--seeds N] [--days N] [--seed N] [--ground laptop|aws]`: plays months of daily runs, each seed on a
 * laptop and on AWS, and tells what came of them. `--seed 7 --seeds 1` plays one again.
 */
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '20' },
    days: { type: 'string', default: '30' },
    seed: { type: 'string', default: String(randomInt(2 ** 31)) },
    ground: { type: 'string', default: '' },
  },
});
const { seeds, days, seed, ground } = values;
if (![seeds, days, seed].map(Number).every(Number.isSafeInteger)) {
  throw new Error('--seeds, --days and --seed take whole numbers');
}
if (!['', 'laptop', 'aws'].includes(ground)) throw new Error('--ground is laptop or aws');

process.stdout.write(`Mornings: --seed ${seed} --seeds ${seeds} --days ${days}\n`);
const config = join(import.meta.dirname, 'vitest.config.ts');
const child = spawn('vitest', ['run', '--config', config, '--reporter', 'dot', ...(ground ? [ground] : [])], {
  stdio: 'inherit',
  env: { ...process.env, SEED: seed, SEEDS: seeds, DAYS: days },
});
const [code] = await once(child, 'exit');
if (code !== 0) process.stdout.write(`Mornings failed: repeat them with --seed ${seed}\n`);
process.exit(code === 0 ? 0 : 1);
