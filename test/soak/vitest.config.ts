import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

const top = join(import.meta.dirname, '../..');
/** Of the quick ones: the others would take the time from the kills. */
const withProperties = globSync('test/**/*.test.ts', {
  cwd: top,
  exclude: ['**/*.{browser,http,process}.test.ts'],
}).filter((path) => /from '(\.\.?\/)+property\.ts'/.test(readFileSync(join(top, path), 'utf8')));

/** What `soak.ts` runs, one of the two at a time. */
export default defineConfig({
  root: top,
  test: {
    pool: 'threads',
    isolate: false,
    // It runs for as long as it is told to.
    testTimeout: 0,
    projects: [
      { extends: true, test: { name: 'properties', include: withProperties } },
      { extends: true, test: { name: 'kills', include: ['test/soak/*.soak.ts'] } },
    ],
  },
});
