import type { Chat } from '../chat/chat.ts';
import type { Joined } from '../chat/joined-people.ts';
import { ratio } from './add-up.ts';
import { DistinctNumbers } from './distinct-numbers.ts';
import { SecondsHistogram } from './distribution.ts';
import { mapValues } from './map-values.ts';
import { COUNTS, type CountId, type Figures, TIMES, type TimeId } from './measures.ts';

/** What one chat adds to the figures of a set. It is found out once for all of them. */
export interface ChatFigures {
  readonly counts: readonly CountId[];
  /** Where the chat has a value. */
  readonly times: readonly ChatTime[];
  /** Whether it was answered within the service level. */
  readonly isWithin: boolean;
}

interface ChatTime {
  readonly id: TimeId;
  readonly seconds: number;
}

const ALL_COUNTS = Object.values(mapValues(COUNTS, ({ counts: isCounted }, id) => ({ id, isCounted })));
const ALL_TIMES = Object.values(mapValues(TIMES, ({ of }, id) => ({ id, of })));

export function figuresOf(chat: Chat, thresholdSeconds: number): ChatFigures {
  const counts: CountId[] = [];
  const times: ChatTime[] = [];
  let isWithin = false;
  for (const { id, isCounted } of ALL_COUNTS) if (isCounted(chat)) counts.push(id);
  for (const { id, of } of ALL_TIMES) {
    const seconds = of(chat);
    if (seconds === null) continue;
    times.push({ id, seconds });
    if (id === 'waitSeconds') isWithin = seconds <= thresholdSeconds;
  }
  return { counts, times, isWithin };
}

/** Gathers the figures of a set of chats, one chat at a time. */
export class FiguresTally {
  readonly #customers = new DistinctNumbers();
  readonly #counts = mapValues(COUNTS, () => 0);
  readonly #times = mapValues(TIMES, () => new SecondsHistogram());
  #chats = 0;
  #within = 0;

  /** @param customer the number that `People` gave the chat's customer */
  add(customer: number, { counts, times, isWithin }: ChatFigures): void {
    this.#customers.add(customer);
    this.#chats += 1;
    for (const id of counts) this.#counts[id] += 1;
    for (const { id, seconds } of times) this.#times[id].add(seconds);
    if (isWithin) this.#within += 1;
  }

  /** @param joined tells which customers are one person */
  toFigures(thresholdSeconds: number, joined: Pick<Joined, 'isAnyJoined' | 'personOf'>): Figures {
    const { answered, missed } = this.#counts;
    const share = (part: number) => ratio(part, answered + missed);
    return {
      chats: this.#chats,
      customers: joined.isAnyJoined
        ? this.#customers.sizeAs((node) => joined.personOf(node))
        : this.#customers.size,
      ...this.#counts,
      missedRate: share(missed),
      serviceLevel: { thresholdSeconds, within: this.#within, rate: share(this.#within) },
      ...mapValues(this.#times, (histogram) => histogram.toDistribution()),
    };
  }
}
