import { canonicalText } from '../chat/canonical-text.ts';
import type { Chat } from '../chat/chat.ts';
import type { BusinessHours } from '../time/business-hours.ts';
import type { MissCause } from './summary.ts';

/** Whoever leaves so soon was not kept waiting. */
const LEFT_EARLY_SECONDS = 10;
/** Of the longest day there is, whose clocks go back by two hours, and of one more, where all stands that comes later. */
const MINUTES = 27 * 60;

/** When an agent had to do with chats, in minutes since the day began. */
class AgentDay {
  readonly #inChat = new Uint8Array(MINUTES);
  readonly #activeHours = new Uint8Array(MINUTES / 60);

  noteActive(minute: number): void {
    this.#activeHours[Math.floor(minute / 60)] = 1;
  }

  /** Both ends count as within the chat. */
  noteInChat(from: number, to: number): void {
    this.#inChat.fill(1, from, to + 1);
    this.#activeHours.fill(1, Math.floor(from / 60), Math.floor(to / 60) + 1);
  }

  isActive(minute: number): boolean {
    return this.#activeHours[Math.floor(minute / 60)] === 1;
  }

  isInChat(minute: number): boolean {
    return this.#inChat[minute] === 1;
  }
}

/**
 * Finds why chats were probably missed, from nothing but the chats: out of hours; every agent who had to do with a chat
 * in that hour was in one in that minute; left at once; else it is not known. The first of these that holds is said.
 *
 * What is kept is a byte an agent and a minute, however many chats there are.
 */
export class MissCauseTally {
  readonly #dayStart: number;
  readonly #hours: BusinessHours | null;
  readonly #agents = new Map<string, AgentDay>();
  /** The same by each spelling of an address; null where that reads as nothing. */
  readonly #spellings = new Map<string, AgentDay | null>();
  /** Missed chats within the hours of business, by the minute, and those of them that left early. */
  readonly #missed = new Uint32Array(MINUTES);
  readonly #leftEarly = new Uint32Array(MINUTES);
  /** What was found of a minute, so that it is looked at once. */
  readonly #busy = new Map<number, boolean>();
  #outOfHours = 0;

  /** @param dayStart the day's first second, since 1970 */
  constructor(dayStart: number, hours: BusinessHours | null) {
    this.#dayStart = dayStart;
    this.#hours = hours;
  }

  add(chat: Chat): void {
    if (chat.status === 'answered') this.#addAnswered(chat);
    if (chat.status !== 'missed') return;
    if (this.#isOutOfHours(chat)) {
      this.#outOfHours += 1;
      return;
    }
    const minute = this.#minuteOf(chat.startedAt.epochSeconds);
    this.#missed[minute] = (this.#missed[minute] ?? 0) + 1;
    if (isLeftEarly(chat)) this.#leftEarly[minute] = (this.#leftEarly[minute] ?? 0) + 1;
  }

  #addAnswered({ agentEmail, startedAt, metAt, endedAt }: Chat): void {
    const agent = agentEmail === null ? null : this.#agentOf(agentEmail);
    if (agent === null) return;
    const [from, to] = [metAt?.epochSeconds ?? Number.NaN, endedAt?.epochSeconds ?? Number.NaN];
    if (startedAt.epochSeconds <= from && from <= to) {
      agent.noteInChat(this.#minuteOf(from), this.#minuteOf(to));
    } else {
      // Somebody was there; when they were in the chat is not known.
      agent.noteActive(this.#minuteOf(startedAt.epochSeconds));
    }
  }

  #agentOf(email: string): AgentDay | null {
    const known = this.#spellings.get(email);
    if (known !== undefined) return known;
    const canonical = canonicalText(email);
    const agent = canonical === '' ? null : (this.#agents.get(canonical) ?? new AgentDay());
    if (agent !== null) this.#agents.set(canonical, agent);
    this.#spellings.set(email, agent);
    return agent;
  }

  /** Once every chat was added. */
  toCauses(): Record<MissCause, number> {
    const causes = { outOfHours: this.#outOfHours, agentsBusy: 0, leftEarly: 0, unknown: 0 };
    for (const [minute, missed] of this.#missed.entries()) {
      if (missed === 0) continue;
      if (this.#areAgentsBusy(minute)) causes.agentsBusy += missed;
      else {
        const leftEarly = this.#leftEarly[minute] ?? 0;
        causes.leftEarly += leftEarly;
        causes.unknown += missed - leftEarly;
      }
    }
    return causes;
  }

  /** Of a missed chat, once every chat was added. */
  causeOf(chat: Chat): MissCause {
    if (this.#isOutOfHours(chat)) return 'outOfHours';
    if (this.#areAgentsBusy(this.#minuteOf(chat.startedAt.epochSeconds))) return 'agentsBusy';
    return isLeftEarly(chat) ? 'leftEarly' : 'unknown';
  }

  #isOutOfHours({ startedAt }: Chat): boolean {
    return this.#hours !== null && !this.#hours.isOpen(startedAt.wallSeconds);
  }

  #areAgentsBusy(minute: number): boolean {
    const known = this.#busy.get(minute);
    if (known !== undefined) return known;
    const active = [...this.#agents.values()].filter((agent) => agent.isActive(minute));
    const areBusy = active.length > 0 && active.every((agent) => agent.isInChat(minute));
    this.#busy.set(minute, areBusy);
    return areBusy;
  }

  /** Whatever strangers write, it is a minute of the day. */
  #minuteOf(epochSeconds: number): number {
    const minute = Math.floor((epochSeconds - this.#dayStart) / 60);
    return Math.min(Math.max(minute, 0), MINUTES - 1);
  }
}

/** Zero is how CareSoft writes that it does not know. */
function isLeftEarly({ waitSeconds }: Chat): boolean {
  return waitSeconds !== null && waitSeconds > 0 && waitSeconds <= LEFT_EARLY_SECONDS;
}
