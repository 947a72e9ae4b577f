import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

// The workers are busy beside each other already: helpers that collect garbage only take turns with them. Most of it
// dies young, so that there is less to collect where the young space is large.
for (const flag of ['--single-threaded-gc', '--min-semi-space-size=16', '--max-semi-space-size=64']) {
  setFlagsFromString(flag);
}

/** What a test file needs beside this process and the simulator is told by its name: see docs/testing.md. */
const BROWSER = 'test/**/*.browser.test.ts';
const OUTSIDE = 'test/**/*.{days,http,process}.test.ts';
/** Their runner cannot be set up twice in one worker: the second time it waits for real. */
const DURABLE = 'test/pipeline/durable*.days.test.ts';

/** What mostly waits for another process or for a retry, and what mostly works: of each the longest first. */
const WAITING = ['/bundles/', '/durable.', '/command-line/', '/faults.days', '/failing-aws.', '/inputs/'];
const ORDER = [...WAITING, '/erase/', '.browser.', '.days.', '.process.', '.http.', ''];

/** One that waits beside one that works, so that no core is idle, and the short ones last. */
class WaitingBesideWorking extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number =>
      ORDER.findIndex((part) => moduleId.includes(part));
    const sorted = (await super.sort(files)).toSorted((one, other) => place(one) - place(other));
    const waiting = sorted.filter((file) => place(file) < WAITING.length);
    const working = sorted.filter((file) => place(file) >= WAITING.length);
    return sorted.flatMap((_file, at) => [...waiting.slice(at, at + 1), ...working.slice(at, at + 1)]);
  }
}

export default defineConfig({
  test: {
    globalSetup: ['test/setup/say-seed.ts'],
    // Files share a worker, and with it what they import: loading it for each cost a third of the time.
    pool: 'threads',
    isolate: false,
    // Node runs the sources as they are, here as for users; what it compiled it keeps, and all workers and runs share.
    experimental: { viteModuleRunner: false, nodeLoader: false },
    env: { NODE_COMPILE_CACHE: join(import.meta.dirname, 'node_modules/.cache/chat-report') },
    // More than there are cores: many of them wait for a socket or another process most of the time.
    maxWorkers: 6,
    testTimeout: 30_000,
    hookTimeout: 30_000,
    sequence: { sequencer: WaitingBesideWorking },
    coverage: {
      enabled: process.env.CI === 'true',
      include: ['functions/**'],
      reporter: ['text-summary'],
      thresholds: { lines: 96 },
    },
    projects: [
      { extends: true, test: { name: 'quick', include: ['test/**/*.test.ts'], exclude: [OUTSIDE, BROWSER] } },
      {
        extends: true,
        test: {
          name: 'outside',
          include: [OUTSIDE],
          exclude: [DURABLE],
          globalSetup: ['test/setup/assembly.ts'],
        },
      },
      { extends: true, test: { name: 'durable', include: [DURABLE], isolate: true } },
      // A project of its own: its browser is started only when one of these files is to run.
      {
        extends: true,
        test: { name: 'browser', include: [BROWSER], globalSetup: ['test/setup/browser.ts'] },
      },
    ],
  },
});
