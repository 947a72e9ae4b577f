import type { BusinessHours } from '../calendar/business-hours.ts';
import { dayOf, hourOf, SECONDS_A_DAY, startOfDay } from '../calendar/day.ts';
import type { Moment, Zone } from '../calendar/time-zone.ts';
import type { Chat } from '../chats/chat.ts';
import { canonicalText } from '../text/bounds.ts';
import { ratio } from './rates.ts';
import type { MissReason, Workload } from './summary.ts';

/** The probable reasons of missed chats, and the work of agents behind them. */

/**
 * Finds the probable reason of each missed chat, from the chats alone. The first that holds is taken: out of
 * hours; all agents of the hour were in a chat in that minute; the customer left at once; unknown.
 */
export class MissReasonAccumulator {
  /** From the same chats. */
  readonly agents: AgentsAtWork;
  readonly #hours: BusinessHours | null;
  /** How many missed chats have each note. */
  readonly #noted = new Map<number, number>();
  /** Whether all agents were busy, by minute, as a cache. */
  readonly #busy = new Map<number, boolean>();

  /**
   * @param dayStart the day's first second, since 1970
   * @param hours null where no business hours are set
   */
  constructor(dayStart: number, hours: BusinessHours | null) {
    this.agents = new AgentsAtWork(dayStart);
    this.#hours = hours;
  }

  add(chat: Chat): void {
    this.agents.add(chat);
    if (chat.status !== 'missed') return;
    const note = this.noteOf(chat);
    this.#noted.set(note, (this.#noted.get(note) ?? 0) + 1);
  }

  /**
   * What a missed chat itself says about its reason, as a number from 0. It stands for the chat until all chats of
   * the day are known.
   */
  noteOf(chat: Pick<Chat, 'startedAt' | 'waitSeconds'>): number {
    if (this.#hours !== null && !this.#hours.isOpen(chat.startedAt.wallSeconds)) return OUT_OF_HOURS;
    const minute = this.agents.minuteOf(chat.startedAt.epochSeconds);
    return OUT_OF_HOURS + 1 + 2 * minute + Number(isLeftEarly(chat));
  }

  /** Call it after the last chat. */
  toCounts(): Record<MissReason, number> {
    const counts = { outOfHours: 0, agentsBusy: 0, leftEarly: 0, unknown: 0 };
    for (const [note, missed] of this.#noted) counts[this.reasonOfNote(note)] += missed;
    return counts;
  }

  /** The reason of a missed chat. Call it after the last chat. */
  reasonOf(chat: Pick<Chat, 'startedAt' | 'waitSeconds'>): MissReason {
    return this.reasonOfNote(this.noteOf(chat));
  }

  /** Call it after the last chat. @param note as in {@link noteOf} */
  reasonOfNote(note: number): MissReason {
    if (note === OUT_OF_HOURS) return 'outOfHours';
    const [minute, hasLeftEarly] = [(note - OUT_OF_HOURS - 1) >> 1, (note - OUT_OF_HOURS - 1) & 1];
    if (this.#areAgentsBusy(minute)) return 'agentsBusy';
    return hasLeftEarly ? 'leftEarly' : 'unknown';
  }

  #areAgentsBusy(minute: number): boolean {
    const known = this.#busy.get(minute);
    if (known !== undefined) return known;
    const areBusy = this.agents.areAllInChat(minute);
    this.#busy.set(minute, areBusy);
    return areBusy;
  }
}

/** The first note. Each other note is a minute, and whether the customer left early. */
const OUT_OF_HOURS = 0;

/** A customer who leaves so soon did not really wait. */
const LEFT_EARLY_SECONDS = 10;

/** The source writes zero where it does not know the wait. */
function isLeftEarly({ waitSeconds }: Pick<Chat, 'waitSeconds'>): boolean {
  return waitSeconds !== null && waitSeconds > 0 && waitSeconds <= LEFT_EARLY_SECONDS;
}

/**
 * What the answered chats of a day say about the agents: who was active in an hour, whether all were in a chat,
 * and how many chats each had at once.
 *
 * It needs one byte per agent and minute, for any number of chats.
 */
export class AgentsAtWork {
  readonly #dayStart: number;
  readonly #agents = new Map<string, AgentDay>();
  /** The agent by spelling of the address, as a cache. Null where the text looks empty. */
  readonly #spellings = new Map<string, AgentDay | null>();
  /** By full minute: the change of the number of open chats since the minute before, over all agents. */
  readonly #moreChats = new Int32Array(MINUTES + 1);

  /** @param dayStart the day's first second, since 1970 */
  constructor(dayStart: number) {
    this.#dayStart = dayStart;
  }

  add({ status, agentEmail, startedAt, metAt, endedAt }: Chat): void {
    if (status !== 'answered') return;
    const agent = agentEmail === null ? null : this.#agentOf(agentEmail);
    if (agent === null) return;
    const from = metAt === null ? UNKNOWN : metAt.epochSeconds - this.#dayStart;
    const to = endedAt === null ? UNKNOWN : endedAt.epochSeconds - this.#dayStart;
    if (startedAt.epochSeconds - this.#dayStart <= from && from <= to) {
      agent.noteInChat(from, to);
      const [first, end] = [onTheMinute(from), onTheMinute(to)];
      this.#moreChats[first] = (this.#moreChats[first] ?? 0) + 1;
      this.#moreChats[end] = (this.#moreChats[end] ?? 0) - 1;
    } else {
      // The agent was there. The time of the chat is not known.
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

  /**
   * Whether at least one agent was active in the hour of that minute, and all active ones were in a chat. Call
   * it after the last chat.
   */
  areAllInChat(minute: number): boolean {
    const active = [...this.#agents.values()].filter((agent) => agent.isActiveInHourOf(minute));
    return active.length > 0 && active.every((agent) => agent.isInChat(minute));
  }

  /**
   * The minute of the day, counted from its first second. Times outside of the day give the first or the last
   * minute.
   */
  minuteOf(epochSeconds: number): number {
    return minuteOf(epochSeconds - this.#dayStart);
  }

  /** The work by hour of the clock. An hour that happens twice is one hour. Call it after the last chat. */
  toByHour(zone: Zone): Workload['byHour'] {
    const hours = this.#hoursOfMinutes(zone);
    const work = Array.from({ length: 24 }, () => ({ agents: 0, minutes: 0, chats: 0 }));
    let chats = 0;
    for (const [minute, hour] of hours.entries()) {
      chats += this.#moreChats[minute] ?? 0;
      const inHour = work[hour];
      if (inHour) inHour.chats += chats;
    }
    for (const agent of this.#agents.values()) agent.addTo(work, hours);
    return work.map((inHour, hour) => ({
      ...{ hour, agents: inHour.agents },
      chatsAtOnce: ratio(inHour.chats, inHour.minutes),
    }));
  }

  /** The hour on the clock, by minute of the day. */
  #hoursOfMinutes(zone: Zone): number[] {
    const first = zone.fromEpoch(this.#dayStart);
    const isSteady = offsetOf(first) === offsetOf(zone.fromEpoch(this.#dayStart + MINUTES * 60));
    // Asking the zone for every minute is slow, and clocks change on two days a year.
    const momentOf = (minute: number): Moment => {
      const epochSeconds = this.#dayStart + minute * 60;
      return isSteady
        ? { epochSeconds, wallSeconds: epochSeconds + offsetOf(first) }
        : zone.fromEpoch(epochSeconds);
    };
    const hours: number[] = [];
    const end = startOfDay(dayOf(first)) + SECONDS_A_DAY;
    for (let minute = 0; momentOf(minute).wallSeconds < end; minute += 1) {
      hours.push(hourOf(momentOf(minute)));
    }
    return hours;
  }
}

/** Earlier than every chat. */
const UNKNOWN = Number.MIN_SAFE_INTEGER;

/** The longest day has 26 hours, where clocks go back by two. The last hour holds everything later. */
const MINUTES = 27 * 60;

/** What is known of an agent in a minute. A greater value includes the smaller ones. */
const ACTIVE = 1;

const IN_CHAT = 2;

/** In a chat in the first second of the minute. */
const IN_CHAT_ON_THE_MINUTE = 3;

/** The work of all agents in one hour. */
interface HourOfWork {
  /** The number of active agents. */
  agents: number;
  /** Minutes with a chat, added up over the agents. */
  minutes: number;
  /** Chats in these minutes. A chat counts once per minute. */
  chats: number;
}

/** The minutes of one agent's day. */
class AgentDay {
  readonly #minutes = new Uint8Array(MINUTES);
  readonly #activeHours = new Uint8Array(MINUTES / 60);

  noteActive(minute: number): void {
    this.#raise(minute, ACTIVE);
    this.#activeHours[Math.floor(minute / 60)] = 1;
  }

  /** Both ends belong to the chat. They are in seconds since the day's start. */
  noteInChat(from: number, to: number): void {
    const [first, last] = [minuteOf(from), minuteOf(to)];
    this.#minutes.fill(IN_CHAT_ON_THE_MINUTE, onTheMinute(from), onTheMinute(to));
    this.#raise(first, IN_CHAT);
    this.#raise(last, IN_CHAT);
    this.#activeHours.fill(1, Math.floor(first / 60), Math.floor(last / 60) + 1);
  }

  isActiveInHourOf(minute: number): boolean {
    return this.#activeHours[Math.floor(minute / 60)] === 1;
  }

  isInChat(minute: number): boolean {
    return this.at(minute) >= IN_CHAT;
  }

  at(minute: number): number {
    return this.#minutes[minute] ?? 0;
  }

  /** @param hours the hour on the clock, by minute of the day */
  addTo(work: readonly HourOfWork[], hours: readonly number[]): void {
    const active = new Set<HourOfWork>();
    for (const [minute, hour] of hours.entries()) {
      const [inHour, known] = [work[hour], this.at(minute)];
      if (inHour === undefined || known === 0) continue;
      active.add(inHour);
      if (known === IN_CHAT_ON_THE_MINUTE) inHour.minutes += 1;
    }
    for (const inHour of active) inHour.agents += 1;
  }

  #raise(minute: number, to: number): void {
    this.#minutes[minute] = Math.max(this.at(minute), to);
  }
}

function offsetOf({ wallSeconds, epochSeconds }: Moment): number {
  return wallSeconds - epochSeconds;
}

function minuteOf(seconds: number): number {
  return Math.min(Math.max(Math.floor(seconds / 60), 0), MINUTES - 1);
}

/** The next full minute. From that of a chat's first second to before that of its last, full minutes are within the chat. */
function onTheMinute(seconds: number): number {
  return Math.min(Math.max(Math.ceil(seconds / 60), 0), MINUTES);
}
