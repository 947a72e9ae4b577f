import { canonicalText } from '../chat/canonical-text.ts';
import { CHANNELS, type Channel } from '../chat/channel.ts';
import type { Chat } from '../chat/chat.ts';
import { People } from '../chat/people.ts';
import { hourOf } from '../time/report-day.ts';
import { openZone, toZonedIso } from '../time/zone.ts';
import { AgentNames } from './agent-names.ts';
import { CallbackTally } from './callbacks.ts';
import { type DayFacts, toDayFacts } from './day-facts.ts';
import { DIMENSIONS, type Dimension } from './dimensions.ts';
import { FiguresTally, figuresOf } from './figures-tally.ts';
import { type Followed, FollowUpTally } from './follow-up.ts';
import { Groups, NamedGroups } from './groups.ts';
import { mapValues } from './map-values.ts';
import { maskLists } from './mask-keys.ts';
import { MissCauseTally } from './miss-causes.ts';
import { businessHoursOf, type Recipe } from './recipe.ts';
import type { Summary } from './summary.ts';
import { UnassignedTally } from './unassigned.ts';

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
  const totals = new FiguresTally();
  const byChannel = new Groups<Channel>();
  const byHour = new Groups<number>();
  const lists = mapValues(DIMENSIONS, () => new NamedGroups());
  const byChannelHour = new Groups<number>();
  const inside = new FiguresTally();
  const outside = new FiguresTally();
  const callbacks = new CallbackTally();
  const causes = new MissCauseTally(options.dayStart, businessHours);
  const followUp = options.followed && new FollowUpTally(options.followed);
  const unassigned = new UnassignedTally(businessHours);
  const agents = new AgentNames(names.agents);
  const lastStarts = new Map<Channel, number>();

  for await (const page of pages) for (const chat of page) count(chat);

  function count(chat: Chat): void {
    // A number stands for the customer in each tally, so that the text is held once. Who is one person is known at the end.
    const customer = people.add(chat);
    const figures = figuresOf(chat, serviceLevelSeconds);
    const hour = hourOf(chat.startedAt);
    const add = (tally: FiguresTally) => tally.add(customer, figures);
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
  const toFigures = (tally: FiguresTally) => tally.toFigures(serviceLevelSeconds, joined);
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
