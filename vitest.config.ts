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
const OUTSIDE = 'test/**/*.{browser,days,http,process}.test.ts';
const BROWSER = 'test/**/*.browser.test.ts';
/** Their runner cannot be set up twice in one worker: the second time it waits for real. */
const DURABLE = 'test/pipeline/durable*.days.test.ts';

/** The project whose files share workers, which is nearly all. */
const SHARED = 'shared';

/** What mostly waits for another process or for a retry, and what mostly works: of each the longest first. */
const WAITING = ['/bundles/', '/command-line/', '/faults.days', '/failing-aws.', '/inputs/'];
const ORDER = [...WAITING, '/erasure/', '.days.', '.process.', '.http.', ''];

/**
 * One that waits beside one that works, so that no core is idle, and the short ones last. Before them come the other
 * projects' few: a worker is stopped where the next file in the queue is of another project than its own, and what it
 * has imported and compiled is lost.
 */
class WaitingBesideWorking extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number =>
      ORDER.findIndex((part) => moduleId.includes(part));
    const sorted = (await super.sort(files)).toSorted((one, other) => place(one) - place(other));
    const apart = sorted.filter(({ project }) => project.name !== SHARED);
    const shared = sorted.filter(({ project }) => project.name === SHARED);
    const waiting = shared.filter((file) => place(file) < WAITING.length);
    const working = shared.filter((file) => place(file) >= WAITING.length);
    const inTurn = shared.flatMap((_file, at) => [
      ...waiting.slice(at, at + 1),
      ...working.slice(at, at + 1),
    ]);
    return [...apart, ...inTurn];
  }
}

/** What cannot share workers: each project has its own. */
const APART = [
  { extends: true as const, test: { name: 'durable', include: [DURABLE], isolate: true } },
  // A project of its own: its browser is started only when one of these files is to run.
  {
    extends: true as const,
    test: { name: 'browser', include: [BROWSER], globalSetup: ['test/setup/browser.ts'] },
  },
];

/** `--mode quick` leaves out what is outside: as a project of its own it would have workers of its own. */
export default defineConfig(({ mode }) => ({
  test: {
    globalSetup: ['test/setup/say-seed.ts'],
    // Files share a worker, and with it what they import: loading it for each cost a third of the time.
    pool: 'threads',
    isolate: false,
    // Node runs the sources as they are, here as for users; what it compiled it keeps, and all workers and runs share.
    experimental: { viteModuleRunner: false, nodeLoader: false },
    env: { NODE_COMPILE_CACHE: join(import.meta.dirname, 'node_modules/.cache/chat-report') },
    // More than there are cores, since many of them wait for a socket or another process most of the time. Each imports and
    // compiles the program for itself, so that six took an eighth more CPU than three.
    maxWorkers: 4,
    // Only what hangs reaches this, however busy the machine is.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    sequence: { sequencer: WaitingBesideWorking },
    coverage: {
      enabled: process.env.CI === 'true',
      include: ['functions/**'],
      reporter: ['text-summary'],
      thresholds: { lines: 96 },
    },
    projects: [
      {
        extends: true,
        test: {
          name: SHARED,
          include: ['test/**/*.test.ts'],
          exclude: mode === 'quick' ? [OUTSIDE] : [BROWSER, DURABLE],
          globalSetup: ['test/setup/assembly.ts'],
        },
      },
      ...(mode === 'quick' ? [] : APART),
    ],
  },
}));
