import { AGENTS, GROUPS } from '../roster.ts';
import { readMoment } from '../wire-time.ts';
import type { Stream, World } from '../world.ts';
import { type ChatFacts, drawChat, isMissed, isOutbound } from './chat-facts.ts';
import { conversationId, ticketNo } from './chat-ids.ts';
import { customerId } from './customers.ts';
import type { WireRow } from './wire-row.ts';

/** What the filters of a request look at. `null` matches no filter. */
export interface Facets {
  readonly isMissed: boolean | null;
  readonly isOutbound: boolean;
  readonly assignee: number | null;
  readonly group: number | null;
  readonly service: unknown;
  readonly customer: unknown;
  readonly ticketNo: unknown;
  readonly conversationId: unknown;
  /** On the wire's clock. */
  readonly endSeconds: number | null;
}

/** Of a drawn chat, without writing its row, nor drawing more than is looked at: a hundred thousand take no time. */
export function facetsOfChat(world: World, stream: Stream, index: number, startWall: number): Facets {
  let drawn: ChatFacts | undefined;
  const facts = (): ChatFacts => {
    drawn ??= drawChat(world, stream, index, startWall);
    return drawn;
  };
  return {
    isMissed: isMissed(stream, index, startWall),
    isOutbound: isOutbound(stream, index),
    get assignee() {
      return facts().agent?.id ?? null;
    },
    get group() {
      return facts().group?.id ?? null;
    },
    get service() {
      return facts().service.id;
    },
    get customer() {
      return customerId(world.seed, facts().customer);
    },
    get ticketNo() {
      return ticketNo(stream, index);
    },
    get conversationId() {
      return conversationId(stream, index, startWall);
    },
    get endSeconds() {
      const { lengthSeconds } = facts();
      return lengthSeconds === null ? null : world.toWire(world.clock.later(startWall, lengthSeconds));
    },
  };
}

/** Of a row that was written; whether it is outbound cannot be read from it. */
export function facetsOfRow(row: unknown, outbound: boolean): Facets {
  const columns: WireRow = typeof row === 'object' && row !== null ? { ...row } : {};
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

/** An account that renames the word for missed still knows what it means. */
function isMissedStatus(status: unknown): boolean | null {
  if (status === 'LBL_CHAT_STATUS_MISS' || status === 'LBL_CHAT_STATUS_MISSED') return true;
  return status === 'LBL_CHAT_STATUS_MEET' ? false : null;
}
