import { main } from '../../bin/chat-report.ts';
import type { Terminal } from '../../bin/terminal.ts';

/** The CareSoft of a test bears any rate, and each wait between two calls is waited by hundreds of tests. */
const AT_ONCE = { requestsPerSecond: 500, settleMs: 0 };

/**
 * Calls `chat-report` in this process: all of it but the process, which costs a test the most.
 *
 * @param person what is typed, or who answers
 */
export async function call(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  more: Partial<Terminal> = {},
): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const said = { out: '', err: '' };
  const code = await main(args, {
    environment,
    now: Date.now(),
    isWatched: false,
    pace: AT_ONCE,
    ...more,
    out: (text) => {
      said.out += text;
    },
    err: (text) => {
      said.err += text;
    },
  });
  return { code, ...said };
}
