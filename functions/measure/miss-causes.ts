import type { Chat } from '../chat/chat.ts';
import type { BusinessHours } from '../time/business-hours.ts';
import { AgentsAtWork } from './agents-at-work.ts';
import type { MissCause } from './summary.ts';

/** Whoever leaves so soon was not kept waiting. */
const LEFT_EARLY_SECONDS = 10;

/**
 * Finds why chats were probably missed, from nothing but the chats: out of hours; every agent who had to do with a chat
 * in that hour was in one in that minute; left at once; else it is not known. The first of these that holds is said.
 */
export class MissCauseTally {
  /** Of the same chats. */
  readonly agents: AgentsAtWork;
  readonly #hours: BusinessHours | null;
  /** Missed chats within the hours of business, by the minute, and those of them that left early. */
  readonly #missed = new Map<number, number>();
  readonly #leftEarly = new Map<number, number>();
  /** What was found of a minute, so that it is looked at once. */
  readonly #busy = new Map<number, boolean>();
  #outOfHours = 0;

  /** @param dayStart the day's first second, since 1970 */
  constructor(dayStart: number, hours: BusinessHours | null) {
    this.agents = new AgentsAtWork(dayStart);
    this.#hours = hours;
  }

  add(chat: Chat): void {
    this.agents.add(chat);
    if (chat.status !== 'missed') return;
    if (this.#isOutOfHours(chat)) {
      this.#outOfHours += 1;
      return;
    }
    const minute = this.agents.minuteOf(chat.startedAt.epochSeconds);
    this.#missed.set(minute, (this.#missed.get(minute) ?? 0) + 1);
    if (isLeftEarly(chat)) this.#leftEarly.set(minute, (this.#leftEarly.get(minute) ?? 0) + 1);
  }

  /** Once every chat was added. */
  toCauses(): Record<MissCause, number> {
    const causes = { outOfHours: this.#outOfHours, agentsBusy: 0, leftEarly: 0, unknown: 0 };
    for (const [minute, missed] of this.#missed) {
      if (this.#areAgentsBusy(minute)) causes.agentsBusy += missed;
      else {
        const leftEarly = this.#leftEarly.get(minute) ?? 0;
        causes.leftEarly += leftEarly;
        causes.unknown += missed - leftEarly;
      }
    }
    return causes;
  }

  /** Of a missed chat, once every chat was added. */
  causeOf(chat: Chat): MissCause {
    if (this.#isOutOfHours(chat)) return 'outOfHours';
    if (this.#areAgentsBusy(this.agents.minuteOf(chat.startedAt.epochSeconds))) return 'agentsBusy';
    return isLeftEarly(chat) ? 'leftEarly' : 'unknown';
  }

  #isOutOfHours({ startedAt }: Chat): boolean {
    return this.#hours !== null && !this.#hours.isOpen(startedAt.wallSeconds);
  }

  #areAgentsBusy(minute: number): boolean {
    const known = this.#busy.get(minute);
    if (known !== undefined) return known;
    const areBusy = this.agents.areAllInChat(minute);
    this.#busy.set(minute, areBusy);
    return areBusy;
  }
}

/** Zero is how CareSoft writes that it does not know. */
function isLeftEarly({ waitSeconds }: Chat): boolean {
  return waitSeconds !== null && waitSeconds > 0 && waitSeconds <= LEFT_EARLY_SECONDS;
}
