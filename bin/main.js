#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

// Node strips the types from each source file and compiles it. The cache keeps the result for the next start. This file
// is plain JavaScript: files that load before the cache is on are not kept. All works without a writable folder, too.
enableCompileCache(join(import.meta.dirname, '../node_modules/.cache/chat-report'));
const { main } = await import('./chat-report.ts');

// A reader such as head may close its end early. The work goes on all the same.
process.stdout.on('error', () => {});
process.stderr.on('error', () => {});

const exitCode = await main(process.argv.slice(2), {
  environment: process.env,
  now: Date.now(),
  isWatched: process.stderr.isTTY,
  usualSettings: 'chat-report.env',
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
});
// Node 24 has been seen to hang at exit with nothing left to do. So the process ends itself, once all is written.
process.stdout.write('', () => process.exit(exitCode));
