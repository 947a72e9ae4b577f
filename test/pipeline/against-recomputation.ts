import { expect } from 'vitest';
import { openZone } from '../../functions/calendar/time-zone.ts';
import { CHANNELS, type Channel } from '../../functions/chats/channel.ts';
import type { Summary } from '../../functions/metrics/summary.ts';
import type { DayOutcome } from '../../functions/pipeline/daily-run.ts';
import { DIALECT, toSearchParams } from '../../functions/sources/caresoft/dialect.ts';
import { AGENTS, SERVICES } from '../../functions/sources/caresoft/simulator/roster.ts';
import { daySlice, type FilteredStatus } from '../../functions/sources/source.ts';
import { type RecomputeOptions, recompute } from '../recompute.ts';
import type { OneMachine } from './one-machine.ts';

const ZONE = 'Asia/Ho_Chi_Minh';
const NO_FILTERS = { chatType: 'all', groups: [], services: [], assignees: [] } as const;
const agentNames = new Map(AGENTS.filter(({ isListed }) => isListed).map(({ email, name }) => [email, name]));
const serviceNames = new Map(SERVICES.map(({ id, name }) => [String(id), name]));

/** Everything that is counted from rows, by a second and slower way, from the simulator's own rows. */
export function recomputed(
  { simulator }: Pick<OneMachine, 'simulator'>,
  day: string,
  { before, ...changes }: Partial<RecomputeOptions> = {},
) {
  const ofEach = <Value>(read: (channel: Channel) => Value) =>
    Object.fromEntries(CHANNELS.map((channel) => [channel, read(channel)]));
  const reading = {
    dialect: DIALECT,
    zone: openZone(changes.timeZone ?? ZONE),
    clock: changes.clock ?? 'local',
  } as const;
  const find = (channel: Channel, status: FilteredStatus) => {
    const params = toSearchParams({ ...daySlice(day, channel, NO_FILTERS, reading), status });
    return simulator.heldFor({ params, number: Number.POSITIVE_INFINITY });
  };
  return recompute({
    day,
    timeZone: ZONE,
    rowsByChannel: ofEach((channel) => simulator.rows(channel, day)),
    foundByStatus: ofEach((channel) => ({
      answered: find(channel, 'answered'),
      missed: find(channel, 'missed'),
    })),
    agentNames,
    serviceNames,
    ...changes,
    ...(before && {
      before: { rowsByChannel: ofEach((channel) => simulator.rows(channel, before.day)), ...before },
    }),
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
