import type { EarlierDay } from './baselines.ts';
import { medianOf } from './median.ts';

/** How many agents are usually active in an hour of the day, and how many chats each holds at once. */
interface UsualWorkload {
  readonly agents: number;
  /** Null where it is known of too few days. */
  readonly chatsAtOnce: number | null;
}

/** With fewer days to go by nothing is said. */
const LEAST_DAYS = 3;

/**
 * The medians over the earlier days on which an agent was active in that hour: a day that was closed then says nothing of
 * what is usual. Null where there are too few.
 */
export function usualWorkload(history: readonly EarlierDay[], hour: number): UsualWorkload | null {
  const worked = history.flatMap(({ workload }) => {
    const agents = workload?.agents[hour] ?? 0;
    return agents > 0 ? [{ agents, chatsAtOnce: workload?.chatsAtOnce[hour] ?? null }] : [];
  });
  const agents = medianOfEnough(worked.map((day) => day.agents));
  const chatsAtOnce = medianOfEnough(worked.flatMap((day) => day.chatsAtOnce ?? []));
  return agents === null ? null : { agents, chatsAtOnce };
}

function medianOfEnough(values: readonly number[]): number | null {
  return values.length < LEAST_DAYS ? null : medianOf(values);
}
