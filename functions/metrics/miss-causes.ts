import type { BusinessHours } from '../calendar/business-hours.ts';
import { dayOf, hourOf, SECONDS_A_DAY, startOfDay } from '../calendar/day.ts';
import type { Moment, Zone } from '../calendar/time-zone.ts';
import type { Chat } from '../chats/chat.ts';
import { canonicalText } from '../text/bounds.ts';
import { ratio } from './rates.ts';
import type { MissCause, Workload } from './summary.ts';

/** Of the longest day there is, whose clocks go back by two hours, and of one more, where all stands that comes later. */
const MINUTES = 27 * 60;

/** What is known of an agent in a minute; each says what those before it say, and more. */
const ACTIVE = 1;
const IN_CHAT = 2;
/** In a chat at the first second of the minute. */
const IN_CHAT_ON_THE_MINUTE = 3;

/** A time within the day, in seconds since it began. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/** The work of all agents in an hour. */
interface HourOfWork {
  /** Who were active. */
  agents: number;
  /** On which an agent is in a chat: of each agent by themselves. */
  minutes: number;
  /** That are held on these minutes: one chat counts once on each. */
  chats: number;
}

/** When an agent had to do with chats, in minutes since the day began. */
class AgentDay {
  readonly #minutes = new Uint8Array(MINUTES);
  readonly #activeHours = new Uint8Array(MINUTES / 60);

  noteActive(minute: number): void {
    this.#raise(minute, ACTIVE);
    this.#activeHours[Math.floor(minute / 60)] = 1;
  }

  /** Both ends count as within the chat. */
  noteInChat({ from, to }: Span): void {
    const [first, last] = [minuteOf(from), minuteOf(to)];
    this.#minutes.fill(IN_CHAT_ON_THE_MINUTE, ...onTheMinute({ from, to }));
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

  /** @param hours what the clock says in each minute of the day */
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

/**
 * When which agents had to do with chats, from nothing but the answered chats of a day: who was active in an hour, whether
 * all of them were in a chat, and in how many at once.
 *
 * What is kept is a byte an agent and a minute, however many chats there are.
 */
export class AgentsAtWork {
  readonly #dayStart: number;
  readonly #agents = new Map<string, AgentDay>();
  /** The same by each spelling of an address; null where that reads as nothing. */
  readonly #spellings = new Map<string, AgentDay | null>();
  /** How many more chats are held on each full minute than on the one before it, by all agents together. */
  readonly #moreChats = new Int32Array(MINUTES + 1);

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
      const span = { from: from - this.#dayStart, to: to - this.#dayStart };
      agent.noteInChat(span);
      const [first, end] = onTheMinute(span);
      this.#moreChats[first] = (this.#moreChats[first] ?? 0) + 1;
      this.#moreChats[end] = (this.#moreChats[end] ?? 0) - 1;
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

  /** Once every chat was added, by the hours of the wall clock: one that happens twice is one hour. */
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

  /** What the clock says in each minute of the day, as they pass. */
  #hoursOfMinutes(zone: Zone): number[] {
    const first = zone.fromEpoch(this.#dayStart);
    const isSteady = offsetOf(first) === offsetOf(zone.fromEpoch(this.#dayStart + MINUTES * 60));
    // Asking the zone for each minute costs more than all the rest, and clocks change on two days a year.
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

function offsetOf({ wallSeconds, epochSeconds }: Moment): number {
  return wallSeconds - epochSeconds;
}

function minuteOf(seconds: number): number {
  return Math.min(Math.max(Math.floor(seconds / 60), 0), MINUTES - 1);
}

/** The minutes on whose first second a chat is held, from the first to before the second: one that ends then is not. */
function onTheMinute({ from, to }: Span): [first: number, end: number] {
  const place = (seconds: number) => Math.min(Math.max(Math.ceil(seconds / 60), 0), MINUTES);
  return [place(from), place(to)];
}

/** Whoever leaves so soon was not kept waiting. */
const LEFT_EARLY_SECONDS = 10;

/**
 * Finds why chats were probably missed, from nothing but the chats: out of hours; every agent who had to do with a chat
 * in that hour was in one in that minute; left at once; else it is not known. The first of these that holds is said.
 */
export class MissCauseAccumulator {
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
