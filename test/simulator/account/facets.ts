import { AGENTS, GROUPS } from '../roster.ts';
import { readMoment } from '../wire-time.ts';
import type { Stream, World } from '../world.ts';
import { type ChatFacts, isOutbound } from './chat-facts.ts';
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

/** Of a drawn chat, without writing its row: a million of these have to be looked at in a second or so. */
export function facetsOfChat(world: World, stream: Stream, facts: ChatFacts): Facets {
  return {
    isMissed: facts.isMissed,
    isOutbound: facts.isOutbound,
    assignee: facts.agent?.id ?? null,
    group: facts.group?.id ?? null,
    service: facts.service.id,
    customer: customerId(world.seed, facts.customer),
    ticketNo: ticketNo(stream, facts.index),
    get conversationId() {
      return conversationId(stream, facts.index, facts.startWall);
    },
    get endSeconds() {
      if (facts.lengthSeconds === null) return null;
      return world.toWire(world.clock.later(facts.startWall, facts.lengthSeconds));
    },
  };
}

/** Of a row that somebody wrote; whether it is outbound cannot be read from it, so it is drawn. */
export function facetsOfRow(row: unknown, state: number): Facets {
  const columns: WireRow = typeof row === 'object' && row !== null ? { ...row } : {};
  const agent = AGENTS.find(({ email }) => email === columns.agent_email);
  const group = GROUPS.find(({ name }) => name === columns.group_name);
  return {
    isMissed: isMissedStatus(columns.chat_status),
    isOutbound: isOutbound(state),
    assignee: agent?.id ?? null,
    group: group?.id ?? null,
    service: columns.service_id,
    customer: columns.customer_id,
    ticketNo: columns.ticket_no,
    conversationId: columns.conversation_id,
    endSeconds: readMoment(columns.end_time),
  };
}

function isMissedStatus(status: unknown): boolean | null {
  if (status === 'LBL_CHAT_STATUS_MISS') return true;
  return status === 'LBL_CHAT_STATUS_MEET' ? false : null;
}
