import { once } from 'node:events';
import type { SettingProblem } from '../../functions/config/settings.ts';
import {
  FAULTS,
  type Fault,
  type FaultHelp,
  parseFault,
} from '../../functions/sources/caresoft/simulator/fault.ts';
import { EXIT, type ExitCode, formatError, refuse, type Terminal } from '../terminal.ts';

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

  const { startSimulator } = await import('../../functions/sources/caresoft/simulator/simulator.ts');
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

const WIDEST = 40;

/** The faults there are, for the help text of `simulate`. */
export function describeFaults(): string {
  const honest = FAULTS.filter((fault) => fault.honest);
  const others = FAULTS.filter((fault) => !fault.honest);
  return [
    'Faults that an honest server has too: its day has to be proven all the same',
    ...honest.map(describe),
    '',
    'Faults of servers that go wrong or move while they are read: a day is proven, or said not to be',
    ...others.map(describe),
  ].join('\n');
}

/** What goes on between one run and the next, for the help text of `simulate`. */
export function describeNights(): string {
  return [
    'With --nights, drawn from the seed',
    '  at each midnight, on days of the last eight: chats arrive late, missed ones become answered and back, with or',
    '  without a count that tells, chats that were open end, and a few vanish',
    '  a channel may be dead, until soon after the morning or for up to three days, for all that is asked or for one',
    '  day: refused in words, HTTP 500, counts that disagree with the rows, bodies that end half way',
    '  the account may be locked out over a morning, from 05:00 on',
  ].join('\n');
}

function describe({ forms, meaning }: FaultHelp): string {
  const lines: string[] = [];
  for (const form of forms) {
    const longer = lines.length > 0 ? `${lines.at(-1)} | ${form}` : form;
    if (longer.length <= WIDEST) lines.splice(-1, 1, longer);
    else lines.push(form);
  }
  const last = `  ${(lines.pop() ?? '').padEnd(WIDEST)}  ${meaning}`;
  return [...lines.map((line) => `  ${line} |`), last].join('\n');
}
