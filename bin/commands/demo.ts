import type { SettingProblem } from '../../functions/config/settings.ts';
import { type ExitCode, refuse, type Terminal } from '../terminal.ts';

/** `chat-report demo`: the main job for yesterday, against a simulated CareSoft, without any settings. */
export async function demo(
  flags: { readonly locale?: string | undefined },
  terminal: Terminal,
  problems: readonly SettingProblem[],
): Promise<ExitCode> {
  if (problems.length > 0) return refuse(terminal, problems);
  const [{ startSimulator }, { run }] = await Promise.all([
    import('../../functions/sources/caresoft/simulator/simulator.ts'),
    import('./run.ts'),
  ]);
  const simulator = await startSimulator();
  terminal.out('A simulated CareSoft is asked for yesterday. Nothing leaves this machine.\n\n');
  try {
    return await run(
      { ...flags, outbox: 'out/demo/outbox', lake: 'out/demo/lake', refresh: true },
      {
        ...terminal,
        environment: {
          CARESOFT_BASE_URL: simulator.baseUrl,
          CARESOFT_TOKEN: simulator.token,
          CARESOFT_REQUESTS_PER_SECOND: '12',
          MAIL_FROM: 'chat-report@example.com',
          MAIL_TO: 'manager@example.com',
          TARGET_MISSED_RATE: '8%',
          TICKET_URL: 'https://caresoft.example.com/ticket/{ticket_id}',
        },
      },
    );
  } finally {
    await simulator.close();
  }
}
