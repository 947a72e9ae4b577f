import type { Chat } from '../chat/chat.ts';
import { publicKey } from './customer-identity.ts';
import type { FollowUp, Summary } from './summary.ts';

/** Whom the report of the day before named to be called back. */
export type Followed = Pick<Summary, 'day' | 'generatedAt'> & {
  /** Of the customers, as `callbacks` has them. */
  readonly keys: readonly string[];
};

export function toFollowed({ day, generatedAt, callbacks }: Summary): Followed {
  return { day, generatedAt, keys: callbacks.map(({ customer }) => customer.key) };
}

/** Whether a follow-up is of the customers whom this report named. @param callbacks how many they were */
export function isFollowUpOf(
  followUp: FollowUp | null,
  before: (Pick<Summary, 'day' | 'generatedAt'> & { readonly callbacks: number }) | null,
): boolean {
  if (followUp === null || before === null) return followUp === before;
  return (
    followUp.day === before.day &&
    followUp.generatedAt === before.generatedAt &&
    followUp.customers === before.callbacks
  );
}

/** Who left nothing but one chat has a key that no other chat can have. */
function isRecognizable(key: string): boolean {
  return !key.startsWith('chat:');
}

/** Watches a day's chats for the customers who were to be called back. */
export class FollowUpTally {
  readonly #followed: Followed;
  readonly #keys: ReadonlySet<string>;
  /** Hashing each customer's phone is worth it only where somebody is sought by a hash. */
  readonly #kinds: ReadonlySet<string>;
  /** By the number that stands for the customer: whether they were answered. */
  readonly #seen = new Map<number, boolean>();
  /** By the same, of those who are known by a hash: whether they are sought, so that each is hashed once. */
  readonly #sought = new Map<number, boolean>();

  constructor(followed: Followed) {
    this.#followed = followed;
    this.#keys = new Set(followed.keys.filter(isRecognizable));
    this.#kinds = new Set([...this.#keys].map(kindOf));
  }

  add({ status }: Chat, identity: string, customer: number): void {
    if (status === 'other' || !this.#isFollowed(identity, customer)) return;
    this.#seen.set(customer, this.#seen.get(customer) === true || status === 'answered');
  }

  #isFollowed(identity: string, customer: number): boolean {
    const kind = kindOf(identity);
    if (!this.#kinds.has(kind)) return false;
    if (kind === 'id') return this.#keys.has(identity);
    const isSought = this.#sought.get(customer) ?? this.#keys.has(publicKey(identity, ''));
    this.#sought.set(customer, isSought);
    return isSought;
  }

  toFollowUp(): FollowUp {
    const { day, generatedAt, keys } = this.#followed;
    const answered = [...this.#seen.values()].filter(Boolean).length;
    const missedAgain = this.#seen.size - answered;
    return {
      ...{ day, generatedAt, customers: keys.length, answered, missedAgain },
      silent: this.#keys.size - this.#seen.size,
      unrecognizable: keys.filter((key) => !isRecognizable(key)).length,
    };
  }
}

function kindOf(key: string): string {
  return key.slice(0, key.indexOf(':'));
}
