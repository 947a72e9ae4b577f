import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Runs against real sockets and child processes: a loaded machine may be slow without being wrong.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // Most of them wait for a socket or another process most of the time.
    maxWorkers: 4,
    coverage: {
      include: ['functions/**'],
      reporter: ['text-summary'],
      thresholds: { lines: 90 },
    },
  },
});
