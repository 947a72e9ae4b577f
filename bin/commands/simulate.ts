import { once } from 'node:events';
import type { SettingProblem } from '../../functions/config/settings.ts';
import {
  FAULTS,
  type Fault,
  type FaultHelp,
  parseFault,
} from '../../functions/sources/caresoft/simulator/fault.ts';
import { VENDOR, VENDOR_SETTINGS } from '../../functions/sources/vendor.ts';
import { announce, EXIT, type ExitCode, refuse, type Terminal } from '../terminal.ts';

export interface SimulateFlags {
  readonly port: string;
  readonly seed: string;
  readonly chats: string;
  readonly fault: readonly string[];
  readonly nights?: boolean;
}

/** `chat-report simulate`: serves a simulated source until it is interrupted. */
export async function simulate(
  flags: SimulateFlags,
  terminal: Terminal,
  misuse: readonly SettingProblem[],
): Promise<ExitCode> {
  // Help loads this file, and must not wait for what reads settings.
  const { explainPort, readNumber } = await import('../options.ts');
  const port = readNumber('--port', flags.port, 65_535);
  const seed = readNumber('--seed', flags.seed, 4_294_967_295);
  const chats = readNumber('--chats', flags.chats, 10_000_000);
  const { faults, problems: wrongFaults } = readFaults(flags.fault);
  const problems = [...misuse, ...port.problems, ...seed.problems, ...chats.problems, ...wrongFaults];
  if (problems.length > 0) return refuse(terminal, problems);

  announce(terminal, `starting a simulated ${VENDOR}`);
  const { startSimulator } = await import('../../functions/sources/caresoft/simulator/simulator.ts');
  try {
    const simulator = await startSimulator({
      ...{ port: port.value, seed: seed.value, chats: chats.value, faults },
      ...(flags.nights && { nights: {} }),
    });
    const { baseUrl, token } = VENDOR_SETTINGS;
    // Who reads the address may interrupt at once.
    const interrupted = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
    terminal.out(
      `A simulated ${VENDOR} is listening. In another terminal:\n\n` +
        `  export ${baseUrl}=${simulator.baseUrl} ${token}=${simulator.token}\n` +
        `  npx chat-report run\n\nInterrupt to stop (Ctrl+C).\n`,
    );
    await interrupted;
    await simulator.close();
    return EXIT.done;
  } catch (error) {
    const says = `${flags.port} ${explainPort(error)}`;
    return refuse(terminal, [{ of: '--port', says }]);
  }
}

function readFaults(texts: readonly string[]): { faults: Fault[]; problems: SettingProblem[] } {
  const faults: Fault[] = [];
  const problems: SettingProblem[] = [];
  for (const text of texts) {
    try {
      faults.push(parseFault(text));
    } catch (error) {
      problems.push({ of: '--fault', says: error instanceof Error ? error.message : String(error) });
    }
  }
  return { faults, problems };
}

const WIDEST = 40;

/** What may change between one run and the next, and all faults, for help. */
export function describeSimulation(): string {
  return `${describeNights()}\n\n${describeFaults()}`;
}

function describeFaults(): string {
  const honest = FAULTS.filter((fault) => fault.honest);
  const others = FAULTS.filter((fault) => !fault.honest);
  return [
    'Faults that an honest server has, too. Its days are proven all the same:',
    ...honest.map(describeFault),
    '',
    'Faults of servers that go wrong, or change while they are read. A day is proven, or reported as not proven:',
    ...others.map(describeFault),
  ].join('\n');
}

function describeNights(): string {
  return [
    'With --nights, drawn from the seed:',
    '  At each midnight, days of the last eight change: chats arrive late, missed chats become answered and back, with',
    '  or without a count that shows it, open chats end, and a few chats vanish.',
    '  A channel may be dead until soon after the morning, or for up to three days. It may be dead for all requests or',
    '  for one day: refused in words, HTTP 500, counts that disagree with the rows, answers that end half way.',
    '  The account may be locked out over a morning, from 05:00 on.',
  ].join('\n');
}

function describeFault({ forms, meaning }: FaultHelp): string {
  const lines: string[] = [];
  for (const form of forms) {
    const longer = lines.length > 0 ? `${lines.at(-1)} | ${form}` : form;
    if (longer.length <= WIDEST) lines.splice(-1, 1, longer);
    else lines.push(form);
  }
  const last = `  ${(lines.pop() ?? '').padEnd(WIDEST)}  ${meaning}`;
  return [...lines.map((line) => `  ${line} |`), last].join('\n');
}
