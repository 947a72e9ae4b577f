import { expect } from 'vitest';
import { CHANNELS } from '../../functions/chat/channel.ts';
import type { Summary } from '../../functions/measure/summary.ts';
import type { DayOutcome } from '../../functions/pipeline/daily-report.ts';
import { type RecomputeOptions, recompute } from '../recompute.ts';
import { AGENTS, SERVICES } from '../simulator/roster.ts';
import type { OneMachine } from './one-machine.ts';

const agentNames = new Map(AGENTS.filter(({ isListed }) => isListed).map(({ email, name }) => [email, name]));
const serviceNames = new Map(SERVICES.map(({ id, name }) => [String(id), name]));

/** Everything that is counted from rows, by a second and slower way, from the simulator's own rows. */
export function recomputed(
  { simulator }: OneMachine,
  day: string,
  order: 'newest-first' | 'oldest-first' = 'newest-first',
  changes: Partial<RecomputeOptions> = {},
) {
  const rowsByChannel = Object.fromEntries(
    CHANNELS.map((channel) => {
      const rows = simulator.rows(channel, day);
      return [channel, order === 'newest-first' ? rows.toReversed() : rows];
    }),
  );
  return recompute({
    day,
    timeZone: 'Asia/Ho_Chi_Minh',
    rowsByChannel,
    agentNames,
    serviceNames,
    ...changes,
  });
}

/** The report went out, and says what the recomputation says. */
export function expectSame(
  outcome: DayOutcome & { summary: Summary | null },
  { counts, ...figures }: ReturnType<typeof recompute>,
): void {
  if (outcome.summary === null) expect.unreachable(JSON.stringify(outcome.completeness));
  expect(outcome.summary).toMatchObject(figures);
  for (const channel of CHANNELS) {
    const { duplicates, conflicts, rejected, outsideDay } = counts[channel] ?? expect.unreachable();
    expect(outcome.summary.completeness.channels[channel]).toMatchObject({
      verdict: 'proven',
      duplicates,
      conflicts,
      rejected,
      // Rows of the seconds around the day are asked for too, and only the program sees them.
      outsideDay: expect.toSatisfy((found: number) => found >= outsideDay && found <= outsideDay + 4),
    });
  }
}
