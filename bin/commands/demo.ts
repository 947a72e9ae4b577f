import type { SettingProblem } from '../../functions/config/settings.ts';
import { VENDOR, VENDOR_SETTINGS } from '../../functions/sources/vendor.ts';
import { EXIT, type ExitCode, refuse, type Terminal } from '../terminal.ts';
import { nameCommand } from '../typed-commands.ts';

/** `chat-report demo`: reports yesterday of a simulated source, without any settings. */
export async function demo(
  flags: { readonly locale?: string | undefined },
  terminal: Terminal,
  misuse: readonly SettingProblem[],
): Promise<ExitCode> {
  if (misuse.length > 0) return refuse(terminal, misuse);
  terminal.out(`A simulated ${VENDOR} is asked for yesterday. Nothing leaves this machine.\n\n`);
  const [{ startSimulator }, { run }] = await Promise.all([
    import('../../functions/sources/caresoft/simulator/simulator.ts'),
    import('./run.ts'),
  ]);
  const simulator = await startSimulator();
  try {
    const exitCode = await run(
      { ...flags, outbox: 'out/demo/outbox', lake: 'out/demo/lake', refresh: true },
      {
        ...terminal,
        environment: {
          [VENDOR_SETTINGS.baseUrl]: simulator.baseUrl,
          [VENDOR_SETTINGS.token]: simulator.token,
          [VENDOR_SETTINGS.requestsPerSecond]: '12',
          MAIL_FROM: 'chat-report@example.com',
          MAIL_TO: 'manager@example.com',
          TARGET_MISSED_RATE: '8%',
          TICKET_URL: `https://${VENDOR.toLowerCase()}.example.com/ticket/{ticket_id}`,
        },
      },
    );
    if (exitCode !== EXIT.wrongUsage)
      terminal.out(`\nNext, with your own account: ${nameCommand(terminal)} init\n`);
    return exitCode;
  } finally {
    await simulator.close();
  }
}
