import type { Summary } from '../../functions/metrics/summary.ts';

export type Earlier = 1 | 2 | 3;

/** As an earlier version wrote it: without what came later, and with other figures of the same chats. */
export function summaryAsOf(
  definitions: Earlier,
  { totals, firstGeneratedAt, toldAt, workload, ...whole }: Summary,
) {
  const summary = {
    ...whole,
    callbacks: whole.callbacks.map(({ agent, ticketId, ...callback }) => callback),
  };
  const { replyHours, byChannelHour, businessHours, missCauses, recovered, followUp, ...earliest } = summary;
  const others = { ...totals, missed: totals.missed - 1, answered: totals.answered + 1 };
  const { channels, ...unnamed } = others;
  return definitions === 1
    ? { ...earliest, totals: unnamed, definitions }
    : { ...summary, totals: others, definitions };
}
