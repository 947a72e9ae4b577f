// Every Node from 18 on can read this file, as it can main.js.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

/** A wrong set-up ends as wrong usage does: nothing was done. */
const NO_NODE = 2;
/** A program that was sent a signal has begun to stop by then. */
const REACTION_MS = 200;

/**
 * Runs the program with the Node that is installed beside it, and passes signals on.
 *
 * @param main the program's first file
 * @param leastNode the major version that the program needs
 * @returns the exit code of the program; 2 without such a Node
 */
export async function startAgain(main, leastNode) {
  const node = findNode();
  if (node === null) return refuse(leastNode);
  const program = spawn(node, [main, ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM']) passOn(signal, program);
  try {
    const [code, signal] = await once(program, 'exit');
    // As a shell counts a signal.
    return code ?? 128 + constants.signals[signal];
  } catch {
    // This Node is made for another system, such as one with musl instead of glibc.
    return refuse(leastNode);
  }
}

/** @returns null where no package with a Node for this machine is installed */
function findNode() {
  try {
    return createRequire(import.meta.url).resolve(`node-${process.platform}-${process.arch}/bin/node`);
  } catch {
    return null;
  }
}

function refuse(leastNode) {
  process.stderr.write(
    `chat-report: Node ${process.versions.node} is too old; install Node ${leastNode} or later, or let npm install the optional dependencies.\n`,
  );
  return NO_NODE;
}

/**
 * A terminal, systemd and `timeout` send a signal to this process and to the program alike, and a second signal ends the
 * program at once. So the first one is passed on only if the program has not got it.
 */
function passOn(signal, program) {
  let isFirst = true;
  process.on(signal, async () => {
    const mayHaveIt = isFirst;
    isFirst = false;
    if (mayHaveIt) {
      await sleep(REACTION_MS);
      if (!isWaitingFor(signal, program)) return;
    }
    program.kill(signal);
  });
}

/** Node catches both signals from its start on. The program stops to catch them when it gets the first. */
function isWaitingFor(signal, { pid }) {
  try {
    const [, caught] = /^SigCgt:\s*([0-9a-f]+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    const bit = BigInt(constants.signals[signal] - 1);
    return ((BigInt(`0x${caught}`) >> bit) & 1n) === 1n;
  } catch {
    // The program has ended.
    return false;
  }
}
