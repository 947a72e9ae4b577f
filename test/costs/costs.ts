import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readCounted } from './count-resources.ts';
import { describeCosts, describeLimits, renewCosts } from './describe-costs.ts';
import { readMeasured } from './measured.ts';

/**
 * `npm run costs -- [--measure]`: prints what a deployment costs and which limits it reaches. `UPDATE=1` writes both into
 * docs/deploy.md. `--measure` first reports a week of days against servers that play AWS, which takes minutes.
 */
const { values } = parseArgs({
  options: {
    measure: { type: 'boolean', default: false },
  },
});
if (values.measure) {
  const config = join(import.meta.dirname, 'vitest.config.ts');
  const child = spawn('vitest', ['run', '--config', config], { stdio: 'inherit' });
  const [code] = await once(child, 'exit');
  if (code !== 0) process.exit(1);
}
const [measured, counted] = [readMeasured(), readCounted()];
process.stdout.write(`${describeCosts(measured, counted)}\n${describeLimits(measured, counted)}`);
if (process.env.UPDATE) {
  const path = join(import.meta.dirname, '../../docs/deploy.md');
  writeFileSync(path, renewCosts(readFileSync(path, 'utf8'), measured, counted));
}
