import { canonicalText } from '../chat/canonical-text.ts';
import type { Chat } from '../chat/chat.ts';
import type { BusinessHours } from '../time/business-hours.ts';
import type { Workload } from './summary.ts';

/** Counts missed chats that no agent was given: those under no key in the list of agents. */
export class UnassignedTally {
  readonly #hours: BusinessHours | null;
  #missed = 0;
  #inside = 0;

  constructor(hours: BusinessHours | null) {
    this.#hours = hours;
  }

  add({ status, agentEmail, startedAt }: Chat): void {
    if (status !== 'missed' || hasAgent(agentEmail)) return;
    this.#missed += 1;
    if (this.#hours?.isOpen(startedAt.wallSeconds)) this.#inside += 1;
  }

  toUnassigned(): Workload['unassigned'] {
    return { missed: this.#missed, missedInside: this.#hours && this.#inside };
  }
}

/** What reads as nothing is no address. */
function hasAgent(email: string | null): email is string {
  return email !== null && canonicalText(email) !== '';
}
