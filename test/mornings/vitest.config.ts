import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** What `mornings.ts` runs. */
export default defineConfig({
  root: join(import.meta.dirname, '../..'),
  test: {
    pool: 'threads',
    isolate: false,
    // It takes as long as it takes.
    testTimeout: 0,
    include: ['test/mornings/*.mornings.ts'],
  },
});
