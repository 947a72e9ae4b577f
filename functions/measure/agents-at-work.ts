import { canonicalText } from '../chat/canonical-text.ts';
import type { Chat } from '../chat/chat.ts';

/** Of the longest day there is, whose clocks go back by two hours, and of one more, where all stands that comes later. */
const MINUTES = 27 * 60;

/** A time within the day, in seconds since it began. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/** When an agent had to do with chats, in minutes since the day began. */
class AgentDay {
  readonly #inChat = new Uint8Array(MINUTES);
  readonly #activeHours = new Uint8Array(MINUTES / 60);

  noteActive(minute: number): void {
    this.#activeHours[Math.floor(minute / 60)] = 1;
  }

  /** Both ends count as within the chat. */
  noteInChat({ from, to }: Span): void {
    const [first, last] = [minuteOf(from), minuteOf(to)];
    this.#inChat.fill(1, first, last + 1);
    this.#activeHours.fill(1, Math.floor(first / 60), Math.floor(last / 60) + 1);
  }

  isActiveInHourOf(minute: number): boolean {
    return this.#activeHours[Math.floor(minute / 60)] === 1;
  }

  isInChat(minute: number): boolean {
    return this.#inChat[minute] === 1;
  }
}

/**
 * When which agents had to do with chats, from nothing but the answered chats of a day: who was active in an hour, and whether
 * all of them were in a chat.
 *
 * What is kept is a byte an agent and a minute, however many chats there are.
 */
export class AgentsAtWork {
  readonly #dayStart: number;
  readonly #agents = new Map<string, AgentDay>();
  /** The same by each spelling of an address; null where that reads as nothing. */
  readonly #spellings = new Map<string, AgentDay | null>();

  /** @param dayStart the day's first second, since 1970 */
  constructor(dayStart: number) {
    this.#dayStart = dayStart;
  }

  add({ status, agentEmail, startedAt, metAt, endedAt }: Chat): void {
    if (status !== 'answered') return;
    const agent = agentEmail === null ? null : this.#agentOf(agentEmail);
    if (agent === null) return;
    const [from, to] = [metAt?.epochSeconds ?? Number.NaN, endedAt?.epochSeconds ?? Number.NaN];
    if (startedAt.epochSeconds <= from && from <= to) {
      agent.noteInChat({ from: from - this.#dayStart, to: to - this.#dayStart });
    } else {
      // An agent was there; when they were in the chat is not known.
      agent.noteActive(this.minuteOf(startedAt.epochSeconds));
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

  /** Once every chat was added: whether each agent who was active in the hour of that minute was in a chat in it, and one was. */
  areAllInChat(minute: number): boolean {
    const active = [...this.#agents.values()].filter((agent) => agent.isActiveInHourOf(minute));
    return active.length > 0 && active.every((agent) => agent.isInChat(minute));
  }

  /** A minute of the day, counted from its first second as they passed, whatever strangers write. */
  minuteOf(epochSeconds: number): number {
    return minuteOf(epochSeconds - this.#dayStart);
  }
}

function minuteOf(seconds: number): number {
  return Math.min(Math.max(Math.floor(seconds / 60), 0), MINUTES - 1);
}
