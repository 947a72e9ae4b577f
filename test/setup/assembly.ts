import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { serveLocally } from '../aws/serve-locally.ts';
import { bareNode } from '../lib/bare-node.ts';
import type { Answers, Asked } from './assembly-asked.ts';

const CHECKOUT = join(import.meta.dirname, '../..');
/** Two processes load CDK, which takes longer than most tests. */
const COMPILED = join(CHECKOUT, 'node_modules/.cache/chat-report');

type Answer = Answers[Asked['of']];

/**
 * Hands out what CDK makes of the stacks. Each assembly is made once for all suites of the run, whichever worker they
 * are in, and by a process of its own: CDK takes seconds, and cannot bundle in a worker's thread. Where no suite asks,
 * nothing is made.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const top = await mkdtemp(join(tmpdir(), 'chat-report-assemblies-'));
  const synthesizer = openSynthesizer(top);
  const made = new Map<string, Promise<Answer>>();
  const make = (asked: Asked): Promise<Answer> =>
    asked.of === 'command-line' ? synthesizeByCommandLine(top) : synthesizer.make(asked);

  const server = await serveLocally(async ({ body }, response) => {
    const text = body.toString();
    const making = made.get(text) ?? make(JSON.parse(text));
    made.set(text, making);
    try {
      const answer = JSON.stringify(await making);
      response.writeHead(200, { 'content-type': 'application/json' }).end(answer);
    } catch (error) {
      response.writeHead(500).end(String(error));
    }
  });
  project.provide('assemblies', server.url);

  const purge = async (): Promise<void> => {
    await synthesizer.close();
    // What is still being made when a run is broken off would go on writing into the folder.
    await Promise.allSettled(made.values());
    made.clear();
  };
  // The stacks may have changed since.
  project.onTestsRerun(purge);
  return async () => {
    await server.close();
    await purge();
    await rm(top, { recursive: true, force: true });
  };
}

/** Through the command line, as deployers do it. */
async function synthesizeByCommandLine(top: string): Promise<Answers['command-line']> {
  const out = await mkdtemp(join(top, 'out-'));
  const home = await mkdtemp(join(top, 'home-'));
  const command = join(CHECKOUT, 'node_modules/aws-cdk/bin/cdk');
  const args = [command, 'synth', '--quiet', '--no-notices', '--output', out];
  return { ended: await bareNode(args, CHECKOUT, { HOME: home, NODE_COMPILE_CACHE: COMPILED }), out };
}

/** The process in `assembly-synthesizer.ts`, from the first time that it is needed. */
function openSynthesizer(top: string) {
  const waiting = new Map<number, PromiseWithResolvers<Answer>>();
  let running: { readonly child: ChildProcess; readonly exit: Promise<unknown> } | null = null;

  function start(): NonNullable<typeof running> {
    const child = fork(new URL('./assembly-synthesizer.ts', import.meta.url), [top], {
      execArgv: [],
      env: { ...process.env, NODE_COMPILE_CACHE: COMPILED },
    });
    child.on('message', ({ id, made, problem }: { id: number; made: Answer; problem?: string }) => {
      if (problem === undefined) waiting.get(id)?.resolve(made);
      else waiting.get(id)?.reject(new Error(problem));
    });
    child.on('exit', (code, signal) => {
      for (const { reject } of waiting.values()) reject(new Error(`synthesizing ended by ${code ?? signal}`));
    });
    return { child, exit: once(child, 'exit') };
  }

  return {
    make(asked: Asked): Promise<Answer> {
      running ??= start();
      const id = waiting.size;
      const settled = Promise.withResolvers<Answer>();
      waiting.set(id, settled);
      running.child.send({ id, asked }, (error) => error && settled.reject(error));
      return settled.promise;
    },

    async close(): Promise<void> {
      running?.child.kill();
      await running?.exit;
      running = null;
    },
  };
}
