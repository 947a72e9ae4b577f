import { BOUNDS } from '../chat/bounds.ts';
import type { Chat } from '../chat/chat.ts';
import type { Joined } from '../chat/joined-people.ts';
import type { Moment } from '../time/zone.ts';
import { DistinctNumbers } from './distinct-numbers.ts';
import { SecondsHistogram } from './distribution.ts';
import type { Figures } from './summary.ts';

/** The seconds of one chat as the figures take them: null where the chat does not count for a figure. */
export interface ChatSeconds {
  readonly wait: number | null;
  readonly abandonWait: number | null;
  readonly handle: number | null;
  readonly duration: number | null;
}

/** `docs/figures.md` says which chats count for which figure, and what stands in for a value that is missing. */
export function secondsOf(chat: Chat): ChatSeconds {
  const { status, startedAt, metAt, endedAt } = chat;
  if (status === 'missed') {
    // A missed chat's 00:00:00 is how CareSoft writes that it has no value.
    const abandonWait = chat.waitSeconds === 0 ? null : chat.waitSeconds;
    return { wait: null, abandonWait, handle: null, duration: null };
  }
  if (status !== 'answered') return { wait: null, abandonWait: null, handle: null, duration: null };
  return {
    wait: chat.waitSeconds ?? between(startedAt, metAt),
    abandonWait: null,
    handle: chat.answerSeconds ?? between(metAt, endedAt),
    duration: chat.durationSeconds ?? between(startedAt, endedAt),
  };
}

function between(from: Moment | null, to: Moment | null): number | null {
  if (from === null || to === null) return null;
  const seconds = to.epochSeconds - from.epochSeconds;
  return seconds < 0 || seconds > BOUNDS.seconds ? null : seconds;
}

/** Gathers the figures of a set of chats, one chat at a time. */
export class FiguresTally {
  readonly #customers = new DistinctNumbers();
  readonly #wait = new SecondsHistogram();
  readonly #abandonWait = new SecondsHistogram();
  readonly #handle = new SecondsHistogram();
  readonly #duration = new SecondsHistogram();
  #answered = 0;
  #missed = 0;
  #other = 0;
  #within = 0;

  /** @param customer the number that `People` gave the chat's customer */
  add(status: Chat['status'], customer: number, seconds: ChatSeconds, thresholdSeconds: number): void {
    this.#customers.add(customer);
    if (status === 'answered') this.#answered += 1;
    else if (status === 'missed') this.#missed += 1;
    else this.#other += 1;
    if (seconds.wait !== null && seconds.wait <= thresholdSeconds) this.#within += 1;
    if (seconds.wait !== null) this.#wait.add(seconds.wait);
    if (seconds.abandonWait !== null) this.#abandonWait.add(seconds.abandonWait);
    if (seconds.handle !== null) this.#handle.add(seconds.handle);
    if (seconds.duration !== null) this.#duration.add(seconds.duration);
  }

  /** @param joined tells which customers are one person */
  toFigures(thresholdSeconds: number, joined: Pick<Joined, 'isAnyJoined' | 'personOf'>): Figures {
    const decided = this.#answered + this.#missed;
    return {
      chats: decided + this.#other,
      customers: joined.isAnyJoined
        ? this.#customers.sizeAs((node) => joined.personOf(node))
        : this.#customers.size,
      answered: this.#answered,
      missed: this.#missed,
      other: this.#other,
      missedRate: share(this.#missed, decided),
      serviceLevel: { thresholdSeconds, within: this.#within, rate: share(this.#within, decided) },
      waitSeconds: this.#wait.toDistribution(),
      abandonWaitSeconds: this.#abandonWait.toDistribution(),
      handleSeconds: this.#handle.toDistribution(),
      durationSeconds: this.#duration.toDistribution(),
    };
  }
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
