import { once } from 'node:events';
import type { SettingProblem } from '../functions/config/settings.ts';
import { type Fault, parseFault } from '../functions/sources/caresoft/simulator/fault.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { formatError, refuse, type Terminal } from './terminal.ts';

export interface SimulateFlags {
  readonly port: string;
  readonly seed: string;
  readonly chats: string;
  readonly fault: readonly string[];
  readonly nights?: boolean;
}

/** `chat-report simulate`: serves the simulated CareSoft until it is interrupted. */
export async function simulate(
  flags: SimulateFlags,
  terminal: Terminal,
  unknownArguments: readonly SettingProblem[],
): Promise<ExitCode> {
  const problems = [...unknownArguments];
  const readNumber = (of: string, text: string, most: number): number => {
    if (!/^\d{1,10}$/.test(text) || Number(text) > most) {
      problems.push({ of, says: `is "${text}"; it is a whole number from 0 to ${most}` });
    }
    return Number(text);
  };
  const options = {
    port: readNumber('--port', flags.port, 65_535),
    seed: readNumber('--seed', flags.seed, 4_294_967_295),
    chats: readNumber('--chats', flags.chats, 10_000_000),
    faults: flags.fault.flatMap((text) => readFault(text, problems)),
    ...(flags.nights && { nights: {} }),
  };
  if (problems.length > 0) return refuse(terminal, problems);

  const { startSimulator } = await import('../functions/sources/caresoft/simulator/simulator.ts');
  try {
    const simulator = await startSimulator(options);
    terminal.out(
      `A simulated CareSoft is listening. In another terminal:\n\n` +
        `  export CARESOFT_BASE_URL=${simulator.baseUrl} CARESOFT_TOKEN=${simulator.token}\n` +
        `  npm run --silent chat-report -- run\n\nInterrupt to stop (Ctrl+C).\n`,
    );
    await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
    await simulator.close();
    return EXIT.done;
  } catch (error) {
    return refuse(terminal, [
      { of: '--port', says: `${flags.port} cannot be listened on (${formatError(error)})` },
    ]);
  }
}

function readFault(text: string, problems: SettingProblem[]): Fault[] {
  try {
    return [parseFault(text)];
  } catch (error) {
    problems.push({ of: '--fault', says: error instanceof Error ? error.message : String(error) });
    return [];
  }
}
