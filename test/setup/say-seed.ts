import { SEED } from '../property.ts';

/** Said once before the tests, so that a failure can be repeated. */
export function setup(): void {
  process.stdout.write(`Property tests: SEED=${SEED}\n`);
}
