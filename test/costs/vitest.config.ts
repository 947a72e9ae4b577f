import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** What `npm run costs -- --measure` runs. */
export default defineConfig({
  root: join(import.meta.dirname, '../..'),
  test: {
    pool: 'threads',
    globalSetup: ['test/setup/assembly.ts'],
    experimental: { viteModuleRunner: false, nodeLoader: false },
    // It takes as long as it takes.
    testTimeout: 0,
    hookTimeout: 0,
    include: ['test/costs/*.costs.ts'],
  },
});
