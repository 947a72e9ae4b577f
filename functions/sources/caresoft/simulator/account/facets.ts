import { AGENTS, GROUPS } from '../roster.ts';
import { readMoment } from '../wire-time.ts';
import type { Stream, World } from '../world.ts';
import { type ChatFacts, drawChat, isMissed, isOutbound } from './chat-facts.ts';
import { conversationId, ticketNo } from './chat-ids.ts';
import { customerId } from './customers.ts';
import type { SourceRow } from './wire-row.ts';

/** The values that the filters of a request compare. `null` matches no filter. */
export interface Facets {
  readonly isMissed: boolean | null;
  readonly isOutbound: boolean;
  readonly assignee: number | null;
  readonly group: number | null;
  readonly service: unknown;
  readonly customer: unknown;
  readonly ticketNo: unknown;
  readonly conversationId: unknown;
  /** By the clock of the rows. */
  readonly endSeconds: number | null;
}

/** The facets of a drawn chat. Each is drawn only when it is read, because a search may read 100,000 chats. */
export class ChatFacets implements Facets {
  readonly #world: World;
  readonly #stream: Stream;
  readonly #index: number;
  readonly #startWall: number;
  #drawn: ChatFacts | undefined;

  constructor(world: World, stream: Stream, index: number, startWall: number) {
    this.#world = world;
    this.#stream = stream;
    this.#index = index;
    this.#startWall = startWall;
  }

  get isMissed(): boolean {
    return isMissed(this.#stream, this.#index, this.#startWall);
  }
  get isOutbound(): boolean {
    return isOutbound(this.#stream, this.#index);
  }
  get assignee(): number | null {
    return this.#facts.agent?.id ?? null;
  }
  get group(): number | null {
    return this.#facts.group?.id ?? null;
  }
  get service(): number {
    return this.#facts.service.id;
  }
  get customer(): number | null {
    return customerId(this.#world.seed, this.#facts.customer);
  }
  get ticketNo(): number {
    return ticketNo(this.#stream, this.#index);
  }
  get conversationId(): string {
    return conversationId(this.#stream, this.#index, this.#startWall);
  }
  get endSeconds(): number | null {
    const { toWire, clock } = this.#world;
    const { lengthSeconds } = this.#facts;
    return lengthSeconds === null ? null : toWire(clock.later(this.#startWall, lengthSeconds));
  }

  get #facts(): ChatFacts {
    this.#drawn ??= drawChat(this.#world, this.#stream, this.#index, this.#startWall);
    return this.#drawn;
  }
}

/** The same facets, but with a status that is neither missed nor answered. */
export function withoutStatus(facets: Facets): Facets {
  const { isOutbound: outbound, assignee, group, service, customer } = facets;
  const { ticketNo: number, conversationId: id, endSeconds } = facets;
  return {
    ...{ isMissed: null, isOutbound: outbound, assignee, group, service, customer },
    ...{ ticketNo: number, conversationId: id, endSeconds },
  };
}

/** The facets of an exact row. The row does not show whether it is outbound. */
export function facetsOfRow(row: unknown, outbound: boolean): Facets {
  const columns: SourceRow = typeof row === 'object' && row !== null ? { ...row } : {};
  const agent = AGENTS.find(({ email }) => email === columns.agent_email);
  const group = GROUPS.find(({ name }) => name === columns.group_name);
  return {
    isMissed: isMissedStatus(columns.chat_status),
    isOutbound: outbound,
    assignee: agent?.id ?? null,
    group: group?.id ?? null,
    service: columns.service_id,
    customer: columns.customer_id,
    ticketNo: columns.ticket_no,
    conversationId: columns.conversation_id,
    endSeconds: readMoment(columns.end_time),
  };
}

/** An account with a new word for missed still knows both words. */
function isMissedStatus(status: unknown): boolean | null {
  if (status === 'LBL_CHAT_STATUS_MISS' || status === 'LBL_CHAT_STATUS_MISSED') return true;
  return status === 'LBL_CHAT_STATUS_MEET' ? false : null;
}
