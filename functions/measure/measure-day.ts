import { CHANNELS, type Channel } from '../chat/channel.ts';
import type { Chat } from '../chat/chat.ts';
import { identify } from '../chat/customer-identity.ts';
import { landingPageKey } from '../chat/landing-page.ts';
import { CallbackTally, compareStart, compareText } from './callbacks.ts';
import { FiguresTally, secondsOf } from './figures-tally.ts';
import type { KeyedFigures, Summary } from './summary.ts';

/** The part of a summary that is counted from chats. */
export type Measured = Pick<
  Summary,
  'totals' | 'byChannel' | 'byHour' | 'byAgent' | 'byGroup' | 'byService' | 'byLandingPage' | 'callbacks'
>;

/** Names that the chats themselves do not carry: of agents by e-mail in lower case, of services by id. */
interface Names {
  readonly agents: ReadonlyMap<string, string>;
  readonly services: ReadonlyMap<string, string>;
}

export interface MeasureOptions {
  readonly timeZone: string;
  /** The channels that were asked: each has its figures, at zero too. */
  readonly channels: readonly Channel[];
  /** A chat answered after at most so long is within the service level. */
  readonly serviceLevelSeconds: number;
  readonly contacts: 'masked' | 'full';
  readonly names: Names;
}

const SECONDS_AN_HOUR = 3_600;

/**
 * Every figure of one day, in one pass over its chats.
 *
 * @param pages the chats, in whatever order, in arrays of whatever length: one by one, the waiting for each would cost
 *   more than the counting
 */
export async function measureDay(
  pages: AsyncIterable<readonly Chat[]>,
  options: MeasureOptions,
): Promise<Measured> {
  const { timeZone, channels, serviceLevelSeconds, contacts, names } = options;
  const customers = new Map<string, number>();
  const totals = new FiguresTally();
  const byChannel = new Groups<Channel>();
  const byHour = new Groups<number>();
  const byAgent = new Groups<string | null>();
  const byGroup = new Groups<string | null>();
  const byService = new Groups<string | null>();
  const byLandingPage = new Groups<string | null>();
  const callbacks = new CallbackTally();
  const namedBy = new Map<string, Chat>();

  for await (const page of pages) for (const chat of page) count(chat);

  function count(chat: Chat): void {
    const identity = identify(chat);
    // A number stands for the customer in each tally, so that the text is held once.
    const customer = customers.get(identity) ?? customers.size;
    customers.set(identity, customer);
    const seconds = secondsOf(chat);
    const hour = Math.floor(chat.startedAt.wallSeconds / SECONDS_AN_HOUR) % 24;
    const add = (tally: FiguresTally) => tally.add(chat.status, customer, seconds, serviceLevelSeconds);
    add(totals);
    add(byChannel.at(chat.channel));
    add(byHour.at(hour));
    add(byAgent.at(chat.agentEmail));
    add(byGroup.at(chat.groupName));
    add(byService.at(chat.serviceId));
    add(byLandingPage.at(landingPageKey(chat.landingPage)));
    callbacks.add(chat, identity, customer);
    noteAgentName(namedBy, chat);
  }

  const agentName = (email: string) => namedBy.get(email)?.agentName ?? names.agents.get(email);
  const toFigures = (tally: FiguresTally) => tally.toFigures(serviceLevelSeconds);
  return {
    totals: toFigures(totals),
    byChannel: Object.fromEntries(
      CHANNELS.filter((channel) => channels.includes(channel)).map((channel) => [
        channel,
        toFigures(byChannel.at(channel)),
      ]),
    ),
    byHour: Array.from({ length: 24 }, (_, hour) => ({ hour, ...toFigures(byHour.at(hour)) })),
    byAgent: byAgent.toKeyed(toFigures, agentName),
    byGroup: byGroup.toKeyed(toFigures),
    byService: byService.toKeyed(toFigures, (id) => names.services.get(id)),
    byLandingPage: byLandingPage.toKeyed(toFigures),
    callbacks: callbacks.toCallbacks({ timeZone, contacts }),
  };
}

/** One tally per key, made when the key is first met. */
class Groups<Key extends string | number | null> {
  readonly #tallies = new Map<Key, FiguresTally>();

  at(key: Key): FiguresTally {
    const known = this.#tallies.get(key);
    if (known) return known;
    const tally = new FiguresTally();
    this.#tallies.set(key, tally);
    return tally;
  }

  /** Most chats first, then by key; the chats that have no key come last among equals. */
  toKeyed(
    toFigures: (tally: FiguresTally) => Omit<KeyedFigures, 'key' | 'name'>,
    nameOf: (key: string) => string | null | undefined = () => undefined,
  ): KeyedFigures[] {
    return [...this.#tallies]
      .map(([key, tally]) => {
        const name = key === null ? undefined : nameOf(String(key));
        return { key: key === null ? null : String(key), ...(name && { name }), ...toFigures(tally) };
      })
      .sort((left, right) => right.chats - left.chats || compareKey(left.key, right.key));
  }
}

function compareKey(left: string | null, right: string | null): number {
  if (left === null || right === null) return Number(left === null) - Number(right === null);
  return compareText(left, right);
}

/** An agent is called what the latest chat calls them. */
function noteAgentName(namedBy: Map<string, Chat>, chat: Chat): void {
  if (chat.agentEmail === null || chat.agentName === null) return;
  const known = namedBy.get(chat.agentEmail);
  if (!known || compareStart(chat, known) > 0) namedBy.set(chat.agentEmail, chat);
}
