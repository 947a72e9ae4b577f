import type { BusinessHours } from '../calendar/business-hours.ts';
import { hourOf } from '../calendar/day.ts';
import { openZone, toZonedIso } from '../calendar/time-zone.ts';
import { CHANNELS, type Channel } from '../chats/channel.ts';
import type { Chat } from '../chats/chat.ts';
import { type JoinedPeople, People } from '../chats/people.ts';
import { canonicalText, compareText } from '../text/bounds.ts';
import { ChatColumns, IntColumn } from './aggregate.ts';
import { AgentNames, CallbackAccumulator } from './callbacks.ts';
import { compareKeyed, DIMENSIONS, type Dimension } from './dimensions.ts';
import { type Followed, FollowUpAccumulator } from './follow-up.ts';
import { maskLists } from './masking.ts';
import { type Figures, mapValues } from './measures.ts';
import { MissReasonAccumulator } from './miss-causes.ts';
import { businessHoursOf, type Recipe } from './recipe.ts';
import type { KeyedFigures, MissReason, Summary, Workload } from './summary.ts';

/** Aggregates the chats of a day into its figures. */

/** Counts the chats of one day. Chats may come in any order. */
export interface DayCount {
  /** @returns what is known of each chat before the others have come */
  readonly add: (chats: readonly Chat[]) => NotedChats;
  /** Call it after the last chat. */
  readonly finish: () => { readonly aggregated: Aggregated; readonly facts: DayFacts };
}

/** Counts every figure of one day, in one pass over its chats. */
export function countDay(options: AggregateOptions): DayCount {
  const { recipe, channels, names } = options;
  const { timeZone, serviceLevelSeconds, contacts } = recipe;
  const businessHours = businessHoursOf(recipe);
  const reasons = new MissReasonAccumulator(options.dayStart, businessHours);
  const noted = new FactsAccumulator(reasons);
  const columns = new ChatColumns();
  /** By the channel's place, and by hour. */
  const channelHours = new IntColumn();
  const lists = mapValues(DIMENSIONS, (dimension) => new NameColumn(dimension));
  const everyList = Object.values(lists);
  const outside = new IntColumn();
  const callbacks = new CallbackAccumulator();
  const followUp = options.followed && new FollowUpAccumulator(options.followed);
  const unassigned = new UnassignedAccumulator(businessHours);
  const agents = new AgentNames(names.agents);
  const lastStarts = new Map<Channel, number>();

  function addChat(chat: Chat, customer: number): void {
    const { channel, startedAt } = chat;
    columns.add(chat, customer);
    channelHours.push(CHANNELS.indexOf(channel) * HOURS + hourOf(startedAt));
    for (const list of everyList) list.add(chat);
    if (businessHours) outside.push(Number(!businessHours.isOpen(startedAt.wallSeconds)));
    callbacks.add(chat, customer);
    followUp?.add(chat, customer);
    unassigned.add(chat);
    agents.add(chat);
    const { epochSeconds } = startedAt;
    lastStarts.set(channel, Math.max(epochSeconds, lastStarts.get(channel) ?? epochSeconds));
  }

  function aggregate(facts: DayFacts): Aggregated {
    const { joined } = facts;
    callbacks.join(joined);
    const figuresOf = columns.toFigures(serviceLevelSeconds, joined);
    const places = channelHours.take();
    // The groups of the chats, one division after the other.
    const groups = new Int32Array(places.length);
    const divide = (groupOf: (place: number) => number) => {
      for (let chat = 0; chat < places.length; chat += 1) groups[chat] = groupOf(places[chat] ?? 0);
      return groups;
    };
    const services = new Map([...names.services].map(([id, name]) => [canonicalText(id), name]));
    const nameOf = {
      agents: (canonical: string) => agents.nameOf(canonical),
      services: (canonical: string) => services.get(canonical),
    };
    const keyed = mapValues(lists, (list, id) => {
      const { names: by }: Dimension = DIMENSIONS[id];
      return list.toKeyed(figuresOf, groups, by && nameOf[by]);
    });
    const totals = figuresOf(
      divide(() => 0),
      1,
    );
    const byChannel = figuresOf(
      divide((place) => Math.floor(place / HOURS)),
      CHANNELS.length,
    );
    const byHours = businessHours ? figuresOf(outside.take(groups), 2) : [];
    const inOrder = CHANNELS.filter((channel) => channels.includes(channel));
    return {
      totals: { channels: inOrder, ...figuresAt(totals, 0) },
      byChannel: Object.fromEntries(
        inOrder.map((channel) => [channel, figuresAt(byChannel, CHANNELS.indexOf(channel))]),
      ),
      byHour: figuresOf(
        divide((place) => place % HOURS),
        HOURS,
      ).map((figures, hour) => ({ hour, ...figures })),
      ...(contacts === 'masked' ? maskLists(keyed) : keyed),
      byChannelHour: figuresOf(places, CHANNELS.length * HOURS).flatMap((figures, place) => {
        const channel = CHANNELS[Math.floor(place / HOURS)];
        return channel && figures.chats > 0 ? [{ channel, hour: place % HOURS, ...figures }] : [];
      }),
      lastStartedAt: Object.fromEntries(
        inOrder.flatMap((channel) => {
          const last = lastStarts.get(channel);
          return last === undefined ? [] : [[channel, toZonedIso(last, timeZone)] as const];
        }),
      ),
      businessHours: businessHours && {
        hours: businessHours.text,
        inside: figuresAt(byHours, 0),
        outside: figuresAt(byHours, 1),
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
  }

  return {
    add(chats) {
      const notes = noted.add(chats);
      for (const [place, chat] of chats.entries()) addChat(chat, notes.customers[place] ?? 0);
      return notes;
    },
    finish() {
      const facts = noted.finish();
      return { aggregated: aggregate(facts), facts };
    },
  };
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

/** @throws RangeError where there is no such group */
function figuresAt(figures: readonly Figures[], group: number): Figures {
  const found = figures[group];
  if (found === undefined) throw new RangeError(`there is no group ${group}`);
  return found;
}

const LISTS = Object.values(mapValues(DIMENSIONS, (dimension: Dimension, id) => ({ id, ...dimension })));

/** The parts of a summary that are counted from chats, in its order. */
export const AGGREGATED = [
  ...(['totals', 'byChannel', 'byHour'] as const),
  ...LISTS.map(({ id }) => id),
  ...(['byChannelHour', 'lastStartedAt', 'businessHours', 'missCauses', 'workload'] as const),
  ...(['recovered', 'callbacks', 'followUp'] as const),
];

export type Aggregated = Pick<Summary, (typeof AGGREGATED)[number]>;

/** Stands for a chat without a name. */
const NO_NAME = -1;

/**
 * The names of the chats in one list. Spellings that look alike are one name; the most frequent one is shown. A
 * text that looks empty is no name.
 */
class NameColumn {
  /** The number of each chat's spelling, or -1. */
  readonly #spellings = new IntColumn();
  /** The number of each spelling. */
  readonly #numbers = new Map<string, number>();
  /** The canonical form of each spelling, by its number. */
  readonly #canonical: string[] = [];
  readonly #dimension: Dimension;

  constructor(dimension: Dimension) {
    this.#dimension = dimension;
  }

  add(chat: Chat): void {
    const spelling = this.#dimension.keyOf(chat);
    this.#spellings.push(spelling === null ? NO_NAME : this.#numberOf(spelling, chat));
  }

  #numberOf(spelling: string, chat: Chat): number {
    const known = this.#numbers.get(spelling);
    if (known !== undefined) return known;
    const { canonicalOf } = this.#dimension;
    this.#numbers.set(spelling, this.#canonical.length);
    return this.#canonical.push(canonicalOf ? canonicalOf(chat) : canonicalText(spelling)) - 1;
  }

  /**
   * Call it once.
   *
   * @param figuresOf computes the figures of groups
   * @param scratch an array as long as the chats, with any values
   * @param nameOf the name of a group, by its canonical key
   */
  toKeyed(
    figuresOf: (groups: Int32Array, length: number) => Omit<KeyedFigures, 'key' | 'name'>[],
    scratch: Int32Array,
    nameOf: (canonical: string) => string | null | undefined = () => undefined,
  ): KeyedFigures[] {
    const numbers = new Map([...new Set(this.#canonical)].filter(isName).map((name, group) => [name, group]));
    const unnamed = numbers.size;
    const groups = this.#canonical.map((name) => numbers.get(name) ?? unnamed);
    const spellings = this.#spellings.take(scratch);
    const shown = this.#shownOf(groups, this.#countSpellings(spellings));
    replaceEach(spellings, groups, unnamed);
    const figures = figuresOf(spellings, unnamed + 1);
    const keyed = [...numbers].flatMap(([canonical, group]): KeyedFigures[] => {
      const [of, name] = [figures[group], nameOf(canonical)];
      return of ? [{ key: shown[group] ?? null, ...(name && { name }), ...of }] : [];
    });
    const rest = figures[unnamed];
    if (rest && rest.chats > 0) keyed.push({ key: null, ...rest });
    return keyed.sort(compareKeyed);
  }

  /** How many chats have each spelling. */
  #countSpellings(spellings: Int32Array): Int32Array {
    const chats = new Int32Array(this.#canonical.length);
    for (let chat = 0; chat < spellings.length; chat += 1) {
      const spelling = spellings[chat] ?? NO_NAME;
      if (spelling !== NO_NAME) chats[spelling] = (chats[spelling] ?? 0) + 1;
    }
    return chats;
  }

  /** The most frequent spelling of each group. @param chats how many chats have each spelling */
  #shownOf(groups: readonly number[], chats: Int32Array): string[] {
    const shown: { spelling: string; chats: number }[] = [];
    for (const [spelling, number] of this.#numbers) {
      const [group = 0, times = 0] = [groups[number], chats[number]];
      const known = shown[group];
      const more = known === undefined ? 1 : times - known.chats || compareText(known.spelling, spelling);
      if (more > 0) shown[group] = { spelling, chats: times };
    }
    return shown.map(({ spelling }) => spelling);
  }
}

/** @param numbers by the values; another value becomes `other` */
function replaceEach(values: Int32Array, numbers: readonly number[], other: number): void {
  for (let place = 0; place < values.length; place += 1) {
    const value = values[place] ?? NO_NAME;
    values[place] = value === NO_NAME ? other : (numbers[value] ?? other);
  }
}

const isName = (canonical: string): boolean => canonical !== '';

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

/** What is known of each chat of a page before all chats of the day have come. */
export interface NotedChats {
  /** The number of the chat's customer from `People`. */
  readonly customers: readonly number[];
  /** The note of a missed chat from `MissReasonAccumulator`. -1: it is not missed, or no hours are known. */
  readonly misses: readonly number[];
}

/** Facts about a chat that need all chats of its day. */
export interface DayFacts {
  readonly joined: JoinedPeople;
  /** The notes of chats that were noted already. They are the same. */
  noteAgain(chats: readonly Chat[]): NotedChats;
  /**
   * The key of the customer's person, as in the list of callbacks. A chat without a person has a key of its own,
   * with its channel.
   */
  personOf(customer: number): string;
  /** Why the chat was probably missed. Null for other chats, and where the business hours are not known. */
  reasonOf(miss: number): MissReason | null;
}

/** Notes the chats of a day only for these facts. */
export class FactsAccumulator {
  readonly #people = new People();
  readonly #reasons: MissReasonAccumulator | null;

  /** @param reasons null where it is not known how the report was counted */
  constructor(reasons: MissReasonAccumulator | null) {
    this.#reasons = reasons;
  }

  add(chats: readonly Chat[]): NotedChats {
    const notes = this.#note(chats);
    for (const chat of chats) this.#reasons?.add(chat);
    return notes;
  }

  #note(chats: readonly Chat[]): NotedChats {
    const reasons = this.#reasons;
    return {
      customers: chats.map((chat) => this.#people.add(chat)),
      misses: chats.map((chat) => (reasons && chat.status === 'missed' ? reasons.noteOf(chat) : NOT_MISSED)),
    };
  }

  /** Call it after the last chat. */
  finish(): DayFacts {
    const joined = this.#people.close();
    const reasons = this.#reasons;
    return {
      joined,
      noteAgain: (chats) => this.#note(chats),
      personOf: (customer) => joined.keyOf(joined.personOf(customer)),
      reasonOf: (miss) => (miss === NOT_MISSED || !reasons ? null : reasons.reasonOfNote(miss)),
    };
  }
}

const NOT_MISSED = -1;
