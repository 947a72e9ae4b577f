import type { Chat } from '../chat/chat.ts';
import type { Joined } from '../chat/joined-people.ts';
import { People } from '../chat/people.ts';
import type { BusinessHours } from '../time/business-hours.ts';
import { MissCauseTally } from './miss-causes.ts';
import type { MissCause } from './summary.ts';

/** What is known of a chat only once all chats of its day were read. */
export interface DayFacts {
  /** Tells persons of the day apart: the key of the list of callbacks, with the channel where a chat stands for itself. */
  personOf(chat: Chat): string;
  /** Why it was probably missed; null of one that was not, and where it is not known what the hours of business were. */
  causeOf(chat: Chat): MissCause | null;
  /** Whether it began within the hours of business; null where none are set, or known. */
  isInBusinessHours(chat: Chat): boolean | null;
}

/** What they are told from. */
export interface Facts {
  readonly people: People;
  readonly joined: Joined;
  /** Null where it is not known what the hours of business were. */
  readonly causes: MissCauseTally | null;
  readonly businessHours: BusinessHours | null;
}

export function toDayFacts({ people, joined, causes, businessHours }: Facts): DayFacts {
  return {
    personOf: (chat) => joined.keyOf(joined.personOf(people.add(chat))),
    causeOf: (chat) => (chat.status === 'missed' && causes ? causes.causeOf(chat) : null),
    isInBusinessHours: ({ startedAt }) => businessHours?.isOpen(startedAt.wallSeconds) ?? null,
  };
}

/**
 * Goes through the chats of a day for nothing else.
 *
 * @param counting how its report was counted; null where that is not known
 */
export async function readDayFacts(
  pages: AsyncIterable<readonly Chat[]>,
  counting: { readonly dayStart: number; readonly businessHours: BusinessHours | null } | null,
): Promise<DayFacts> {
  const people = new People();
  const causes = counting && new MissCauseTally(counting.dayStart, counting.businessHours);
  for await (const page of pages) {
    for (const chat of page) {
      people.add(chat);
      causes?.add(chat);
    }
  }
  const businessHours = counting?.businessHours ?? null;
  return toDayFacts({ people, joined: people.join(), causes, businessHours });
}
