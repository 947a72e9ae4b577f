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
import { MissReasonAccumulator } from './miss-causes.ts';
import { businessHoursOf, type Recipe } from './recipe.ts';
import type { MissReason, Summary, Workload } from './summary.ts';

/** Aggregates the chats of a day into its figures. */

/**
 * Counts every figure of one day, in one pass over its chats.
 *
 * @param pages the chats in any order. Pages are quicker than single chats, because each costs one await.
 */
export async function aggregateDay(
  pages: AsyncIterable<readonly Chat[]>,
  options: AggregateOptions,
): Promise<{ readonly aggregated: Aggregated; readonly facts: DayFacts }> {
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
  const reasons = new MissReasonAccumulator(options.dayStart, businessHours);
  const followUp = options.followed && new FollowUpAccumulator(options.followed);
  const unassigned = new UnassignedAccumulator(businessHours);
  const agents = new AgentNames(names.agents);
  const lastStarts = new Map<Channel, number>();

  for await (const page of pages) for (const chat of page) addChat(chat);

  function addChat(chat: Chat): void {
    // A number stands for the customer in each accumulator, so the text is held once. Persons are joined at the
    // end.
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
    reasons.add(chat);
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
  const aggregated: Aggregated = {
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
    missCauses: reasons.toCounts(),
    workload: {
      byHour: reasons.agents.toByHour(openZone(timeZone)),
      unassigned: unassigned.toUnassigned(),
    },
    recovered: callbacks.recovered,
    callbacks: callbacks.toCallbacks(joined, {
      ...recipe,
      reasonOf: (chat) => reasons.reasonOf(chat),
      agentOf: (chat) => agents.agentOf(chat),
    }),
    followUp: followUp?.toFollowUp(joined, callbacks) ?? null,
  };
  return { aggregated, facts: toDayFacts({ people, joined, reasons, businessHours }) };
}

export interface AggregateOptions {
  readonly recipe: Recipe;
  /** The first second of the day, since 1970. */
  readonly dayStart: number;
  /** The proven channels. Each has figures, also without a chat. */
  readonly channels: readonly Channel[];
  readonly names: Names;
  /** The customers of the day before. Null where there are none to follow. */
  readonly followed: Followed | null;
}

/** Names that the chats do not carry: of agents by e-mail address in lower case, of services by id. */
interface Names {
  readonly agents: ReadonlyMap<string, string>;
  readonly services: ReadonlyMap<string, string>;
}

const HOURS = 24;

const LISTS = Object.values(mapValues(DIMENSIONS, (dimension: Dimension, id) => ({ id, ...dimension })));

/** The parts of a summary that are counted from chats, in its order. */
export const AGGREGATED = [
  ...(['totals', 'byChannel', 'byHour'] as const),
  ...LISTS.map(({ id }) => id),
  ...(['byChannelHour', 'lastStartedAt', 'businessHours', 'missCauses', 'workload'] as const),
  ...(['recovered', 'callbacks', 'followUp'] as const),
];

export type Aggregated = Pick<Summary, (typeof AGGREGATED)[number]>;

/** Counts the missed chats that no agent was given. The list of agents has them in the row without a key. */
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

/** A text that looks empty is no address. */
function hasAgent(email: string | null): email is string {
  return email !== null && canonicalText(email) !== '';
}

/** Facts about a chat that need all chats of its day. */
export interface DayFacts {
  /**
   * The key of the chat's person, as in the list of callbacks. A chat without a person has a key of its own,
   * with its channel.
   */
  personOf(chat: Chat): string;
  /** Why the chat was probably missed. Null for other chats, and where the business hours are not known. */
  reasonOf(chat: Chat): MissReason | null;
  /** Whether the chat began within business hours. Null where none are set or known. */
  isInBusinessHours(chat: Chat): boolean | null;
}

/**
 * Reads the chats of a day only for these facts.
 *
 * @param counting how the report was counted; null where that is not known
 */
export async function readDayFacts(
  pages: AsyncIterable<readonly Chat[]>,
  counting: { readonly dayStart: number; readonly businessHours: BusinessHours | null } | null,
): Promise<DayFacts> {
  const people = new People();
  const reasons = counting && new MissReasonAccumulator(counting.dayStart, counting.businessHours);
  for await (const page of pages) {
    for (const chat of page) {
      people.add(chat);
      reasons?.add(chat);
    }
  }
  const businessHours = counting?.businessHours ?? null;
  return toDayFacts({ people, joined: people.join(), reasons, businessHours });
}

/** The sources of the facts. */
interface Facts {
  readonly people: People;
  readonly joined: JoinedPeople;
  /** Null where the business hours are not known. */
  readonly reasons: MissReasonAccumulator | null;
  readonly businessHours: BusinessHours | null;
}

function toDayFacts({ people, joined, reasons, businessHours }: Facts): DayFacts {
  return {
    personOf: (chat) => joined.keyOf(joined.personOf(people.add(chat))),
    reasonOf: (chat) => (chat.status === 'missed' && reasons ? reasons.reasonOf(chat) : null),
    isInBusinessHours: ({ startedAt }) => businessHours?.isOpen(startedAt.wallSeconds) ?? null,
  };
}
