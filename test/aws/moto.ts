import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';

/** A server of moto, which imitates the services of AWS. */
export interface Moto {
  /** `http://127.0.0.1:PORT`, without a slash at its end. */
  readonly url: string;
  close(): Promise<void>;
}

/** Whether moto_server is on the PATH. */
export function isMotoInstalled(): boolean {
  return findMoto() !== null;
}

/** Starts moto on a free port of 127.0.0.1. @returns null when it is not on the PATH; else, once it answers, where. */
export function startMoto(): Promise<Moto> | null {
  const program = findMoto();
  return program === null ? null : start(program);
}

function findMoto(): string | null {
  const places = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'moto_server'));
  const isProgram = (path: string): boolean => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  };
  return places.find(isProgram) ?? null;
}

async function start(program: string): Promise<Moto> {
  const child = spawn(program, ['-H', '127.0.0.1', '-p', '0'], { stdio: ['ignore', 'ignore', 'pipe'] });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const exited = once(child, 'exit');
  const said: string[] = [];
  const lines = createInterface({ input: child.stderr });
  const url = await new Promise<string>((resolve, reject) => {
    // It says where it listens once it does. What it says later, a line a request, is read so that the pipe never fills.
    lines.on('line', (line) => {
      said.push(line);
      const listening = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(line);
      if (listening?.[1]) resolve(listening[1]);
    });
    exited.then(() => reject(new Error(`moto_server ended:\n${said.join('\n')}`)), reject);
  });
  return {
    url,
    async close() {
      process.off('exit', kill);
      kill();
      await exited;
    },
  };
}
