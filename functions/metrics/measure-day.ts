import type { BusinessHours } from '../calendar/business-hours.ts';
import { hourOf } from '../calendar/day.ts';
import { openZone, toZonedIso } from '../calendar/time-zone.ts';
import { CHANNELS, type Channel } from '../chats/channel.ts';
import type { Chat } from '../chats/chat.ts';
import { type JoinedPeople, People } from '../chats/people.ts';
import { canonicalText } from '../text/bounds.ts';
import { FiguresAccumulator, figuresOf, Groups, NamedGroups } from './aggregate.ts';
import { AgentNames, CallbackAccumulator } from './callbacks.ts';
import { DIMENSIONS, type Dimension } from './dimensions.ts';
import { type Followed, FollowUpAccumulator } from './follow-up.ts';
import { maskLists } from './masking.ts';
import { mapValues } from './measures.ts';
import { MissCauseAccumulator } from './miss-causes.ts';
import { businessHoursOf, type Recipe } from './recipe.ts';
import type { MissCause, Summary, Workload } from './summary.ts';

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
interface Facts {
  readonly people: People;
  readonly joined: JoinedPeople;
  /** Null where it is not known what the hours of business were. */
  readonly causes: MissCauseAccumulator | null;
  readonly businessHours: BusinessHours | null;
}

function toDayFacts({ people, joined, causes, businessHours }: Facts): DayFacts {
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
  const causes = counting && new MissCauseAccumulator(counting.dayStart, counting.businessHours);
  for await (const page of pages) {
    for (const chat of page) {
      people.add(chat);
      causes?.add(chat);
    }
  }
  const businessHours = counting?.businessHours ?? null;
  return toDayFacts({ people, joined: people.join(), causes, businessHours });
}

/** Counts missed chats that no agent was given: those under no key in the list of agents. */
class UnassignedAccumulator {
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

const LISTS = Object.values(mapValues(DIMENSIONS, (dimension: Dimension, id) => ({ id, ...dimension })));

/** The parts of a summary that are counted from chats, in its order. */
export const MEASURED = [
  ...(['totals', 'byChannel', 'byHour'] as const),
  ...LISTS.map(({ id }) => id),
  ...(['byChannelHour', 'lastStartedAt', 'businessHours', 'missCauses', 'workload'] as const),
  ...(['recovered', 'callbacks', 'followUp'] as const),
];
export type Measured = Pick<Summary, (typeof MEASURED)[number]>;

/** Names that the chats themselves do not carry: of agents by e-mail in lower case, of services by id. */
interface Names {
  readonly agents: ReadonlyMap<string, string>;
  readonly services: ReadonlyMap<string, string>;
}

export interface MeasureOptions {
  readonly recipe: Recipe;
  /** The first second of the day, since 1970. */
  readonly dayStart: number;
  /** The proven channels: each has its figures, at zero too. */
  readonly channels: readonly Channel[];
  readonly names: Names;
  /** Whom the report of the day before named; null where there is none. */
  readonly followed: Followed | null;
}

const HOURS = 24;

/**
 * Every figure of one day, in one pass over its chats.
 *
 * @param pages the chats, in whatever order, in arrays of whatever length: one by one, the waiting for each would cost
 *   more than the counting
 */
export async function measureDay(
  pages: AsyncIterable<readonly Chat[]>,
  options: MeasureOptions,
): Promise<{ readonly measured: Measured; readonly facts: DayFacts }> {
  const { recipe, channels, names } = options;
  const { timeZone, serviceLevelSeconds, contacts } = recipe;
  const businessHours = businessHoursOf(recipe);
  const people = new People();
  const totals = new FiguresAccumulator();
  const byChannel = new Groups<Channel>();
  const byHour = new Groups<number>();
  const lists = mapValues(DIMENSIONS, () => new NamedGroups());
  const byChannelHour = new Groups<number>();
  const inside = new FiguresAccumulator();
  const outside = new FiguresAccumulator();
  const callbacks = new CallbackAccumulator();
  const causes = new MissCauseAccumulator(options.dayStart, businessHours);
  const followUp = options.followed && new FollowUpAccumulator(options.followed);
  const unassigned = new UnassignedAccumulator(businessHours);
  const agents = new AgentNames(names.agents);
  const lastStarts = new Map<Channel, number>();

  for await (const page of pages) for (const chat of page) count(chat);

  function count(chat: Chat): void {
    // A number stands for the customer in each tally, so that the text is held once. Who is one person is known at the end.
    const customer = people.add(chat);
    const figures = figuresOf(chat, serviceLevelSeconds);
    const hour = hourOf(chat.startedAt);
    const add = (accumulator: FiguresAccumulator) => accumulator.add(customer, figures);
    add(totals);
    add(byChannel.at(chat.channel));
    add(byHour.at(hour));
    for (const { id, keyOf, canonicalOf } of LISTS) {
      add(lists[id].at(keyOf(chat), canonicalOf && (() => canonicalOf(chat))));
    }
    add(byChannelHour.at(CHANNELS.indexOf(chat.channel) * HOURS + hour));
    if (businessHours) add(businessHours.isOpen(chat.startedAt.wallSeconds) ? inside : outside);
    callbacks.add(chat, customer);
    causes.add(chat);
    followUp?.add(chat, customer);
    unassigned.add(chat);
    agents.add(chat);
    const { epochSeconds } = chat.startedAt;
    lastStarts.set(chat.channel, Math.max(epochSeconds, lastStarts.get(chat.channel) ?? epochSeconds));
  }

  const joined = people.join();
  callbacks.join(joined);
  const services = new Map([...names.services].map(([id, name]) => [canonicalText(id), name]));
  const nameOf = {
    agents: (canonical: string) => agents.nameOf(canonical),
    services: (canonical: string) => services.get(canonical),
  };
  const toFigures = (accumulator: FiguresAccumulator) => accumulator.toFigures(serviceLevelSeconds, joined);
  const keyed = mapValues(lists, (list, id) => {
    const { names: by }: Dimension = DIMENSIONS[id];
    return list.toKeyed(toFigures, by && nameOf[by]);
  });
  const inOrder = CHANNELS.filter((channel) => channels.includes(channel));
  const measured: Measured = {
    totals: { channels: inOrder, ...toFigures(totals) },
    byChannel: Object.fromEntries(inOrder.map((channel) => [channel, toFigures(byChannel.at(channel))])),
    byHour: Array.from({ length: HOURS }, (_, hour) => ({ hour, ...toFigures(byHour.at(hour)) })),
    ...(contacts === 'masked' ? maskLists(keyed) : keyed),
    byChannelHour: CHANNELS.flatMap((channel, row) =>
      byChannelHour.keys
        .filter((place) => Math.floor(place / HOURS) === row)
        .map((place) => ({ channel, hour: place % HOURS, ...toFigures(byChannelHour.at(place)) })),
    ),
    lastStartedAt: Object.fromEntries(
      inOrder.flatMap((channel) => {
        const last = lastStarts.get(channel);
        return last === undefined ? [] : [[channel, toZonedIso(last, timeZone)] as const];
      }),
    ),
    businessHours: businessHours && {
      hours: businessHours.text,
      inside: toFigures(inside),
      outside: toFigures(outside),
    },
    missCauses: causes.toCauses(),
    workload: {
      byHour: causes.agents.toByHour(openZone(timeZone)),
      unassigned: unassigned.toUnassigned(),
    },
    recovered: callbacks.recovered,
    callbacks: callbacks.toCallbacks(joined, {
      ...recipe,
      causeOf: (chat) => causes.causeOf(chat),
      agentOf: (chat) => agents.agentOf(chat),
    }),
    followUp: followUp?.toFollowUp(joined, callbacks) ?? null,
  };
  return { measured, facts: toDayFacts({ people, joined, causes, businessHours }) };
}
