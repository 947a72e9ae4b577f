import type { Summary } from './summary.ts';
import { withKnownRates } from './unknown-status.ts';

/** What programs are told of a day, in a list of days, an event, and as metrics: no rate where it is not known. */
export function headlineFigures(day: Pick<Summary, 'totals' | 'byChannel'>) {
  const { totals, byChannel } = withKnownRates(day);
  const { chats, customers, answered, missed, other, missedRate, serviceLevel } = totals;
  const serviceLevelRate = serviceLevel.rate;
  return { figures: { chats, customers, answered, missed, other, missedRate, serviceLevelRate }, byChannel };
}
