import { main } from './command-line.ts';

// A reader that has seen enough, such as head, is no reason to leave work undone.
process.stdout.on('error', () => {});
process.stderr.on('error', () => {});

const exitCode = await main(process.argv.slice(2), {
  environment: process.env,
  now: Date.now(),
  isWatched: process.stderr.isTTY,
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
});
// Ended by hand, once all is written: Node 24 has been seen to hang at exit with nothing left to do.
process.stdout.write('', () => process.exit(exitCode));
