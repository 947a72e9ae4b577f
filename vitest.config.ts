import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Runs against real sockets and child processes: a loaded machine may be slow without being wrong.
    testTimeout: 60_000,
    coverage: {
      include: ['functions/**'],
      reporter: ['text-summary'],
      thresholds: { lines: 90 },
    },
  },
});
