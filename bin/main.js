#!/usr/bin/env node
// Every Node from 18 on can read this file: an older one starts the program again with the right one. The default import
// is for them, since they lack some names in it.
import { existsSync } from 'node:fs';
import module from 'node:module';
import { fileURLToPath } from 'node:url';

const LEAST_NODE = 24;

async function start() {
  const here = (path) => fileURLToPath(new URL(path, import.meta.url));
  // Node strips the types from each source file and compiles it. The cache keeps the result for the next start. This file
  // is plain JavaScript: files that load before the cache is on are not kept. All works without a writable folder, too.
  module.enableCompileCache(here('../node_modules/.cache/chat-report'));
  // A checkout has the sources. A package has the bundle, because Node strips no types below node_modules.
  const isCheckout = existsSync(here('chat-report.ts'));
  const { main } = await import(isCheckout ? './chat-report.ts' : '../dist/chat-report.js');

  // A reader such as head may close its end early. The work goes on all the same. A full disk loses the result.
  let lost = null;
  process.stdout.on('error', (error) => {
    if (error.code !== 'EPIPE') lost = error.code;
  });
  process.stderr.on('error', () => {});

  const exitCode = await main(process.argv.slice(2), {
    environment: process.env,
    now: Date.now(),
    isWatched: process.stderr.isTTY,
    columns: process.stderr.columns,
    usualSettings: 'chat-report.env',
    // Opening stdin costs time. Only a command that asks does so.
    stdio: () => ({ input: process.stdin, output: process.stderr }),
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
  });
  await new Promise((resolve) => process.stdout.write('', resolve));
  if (lost === null) return exitCode;
  process.stderr.write(`chat-report: the result could not be written to stdout (${lost}); make room there\n`);
  return exitCode === 0 ? 1 : exitCode;
}

async function startWithNewerNode() {
  const { startAgain } = await import('./older-node.js');
  return await startAgain(fileURLToPath(import.meta.url), LEAST_NODE);
}

const isOld = Number.parseInt(process.versions.node, 10) < LEAST_NODE;
const exitCode = await (isOld ? startWithNewerNode() : start());
// Node 24 has been seen to hang at exit with nothing left to do. So the process ends itself, once all is written.
process.stdout.write('', () => process.exit(exitCode));
