import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

/**
 * `npm run torture -- [--runs N] [--seed N] [--only N|KIND]`: captures a day from servers that are drawn, and reports one on
 * ground that is, and tells what came of them, by kind. `--only` plays one run of a seed again, by its number, or those
 * of the kinds that have these words in their names.
 */
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '300' },
    seed: { type: 'string', default: String(randomInt(2 ** 31)) },
    only: { type: 'string' },
  },
});
const { runs, seed, only } = values;
const numbers = [runs, seed].map(Number);
if (!numbers.every(Number.isSafeInteger)) throw new Error('--runs and --seed take whole numbers');

process.stdout.write(`Torture: --seed ${seed} --runs ${runs}\n`);
const config = join(import.meta.dirname, 'vitest.config.ts');
const child = spawn('vitest', ['run', '--config', config, '--reporter', 'dot'], {
  stdio: 'inherit',
  env: { ...process.env, RUNS: runs, SEED: seed, ...(only !== undefined && { ONLY: only }) },
});
const [code] = await once(child, 'exit');
if (code !== 0) process.stdout.write(`Torture failed: repeat it with --seed ${seed}\n`);
process.exit(code === 0 ? 0 : 1);
