import { share } from '../draw.ts';
import { writeDuration, writeMoment } from '../wire-time.ts';
import type { Stream, World } from '../world.ts';
import type { ChatFacts } from './chat-facts.ts';
import { conversationId, ticketId, ticketNo } from './chat-ids.ts';
import { customerColumns } from './customers.ts';
import { noValue, sometimesForgotten } from './no-value.ts';
import { webPages } from './web-pages.ts';

/** A column may be missing, and may hold any value. A huge id is a bigint. */
type Columns<Name extends string> = { readonly [N in Name]?: unknown };

/** A row of the listing as CareSoft sends it. */
export type SourceRow = Columns<
  | 'ticket_id'
  | 'ticket_no'
  | 'customer_id'
  | 'group_name'
  | 'conversation_id'
  | 'cus_email'
  | 'cus_name'
  | 'cus_phone'
  | 'start_time'
  | 'end_time'
  | 'chat_duration'
  | 'agent_email'
  | 'agent_name'
  | 'ring_time'
  | 'meet_time'
  | 'waitTime'
  | 'answer_time'
  | 'chat_status'
  | 'landing_page'
  | 'referrer'
  | 'is_trigger'
  | 'facebook_page_id'
  | 'service_id'
>;

const ColumnOf = {
  end: 1,
  duration: 2,
  agentEmail: 3,
  agentName: 4,
  group: 5,
  ring: 6,
  meet: 7,
  wait: 8,
  answer: 9,
  trigger: 10,
  around: 11,
  waited: 12,
} as const;

export function wireRow(world: World, stream: Stream, facts: ChatFacts): SourceRow {
  const { state, index, startWall } = facts;
  const moment = (after: number): string => writeMoment(world.toWire(world.clock.later(startWall, after)));
  const isTriggered = share(state, ColumnOf.trigger) < 0.1;
  const { customer_id, ...person } = customerColumns(world.seed, facts.customer, state);
  return withoutAbsent({
    ticket_id: ticketId(stream, index),
    ticket_no: ticketNo(stream, index),
    customer_id,
    group_name: facts.group?.name ?? noValue(state, ColumnOf.group),
    conversation_id: conversationId(stream, index, startWall),
    ...person,
    start_time: moment(0),
    end_time: facts.lengthSeconds === null ? noValue(state, ColumnOf.end) : moment(facts.lengthSeconds),
    chat_duration: durationOf(facts),
    agent_email: facts.agent?.email ?? noValue(state, ColumnOf.agentEmail),
    agent_name: facts.agent?.name ?? noValue(state, ColumnOf.agentName),
    ring_time: facts.ringSeconds === null ? noValue(state, ColumnOf.ring) : moment(facts.ringSeconds),
    meet_time: facts.isMissed ? noValue(state, ColumnOf.meet) : moment(facts.waitSeconds),
    waitTime: waitOf(facts),
    answer_time: answerOf(facts),
    chat_status: facts.isMissed ? 'LBL_CHAT_STATUS_MISS' : 'LBL_CHAT_STATUS_MEET',
    ...(stream.channel === 'livechat' ? webPages(state) : { landing_page: null, referrer: null }),
    is_trigger: `LBL_CHAT_CUSTOMER_REQUEST_${isTriggered ? 'TRIGGER' : 'NORMAL'}`,
    facebook_page_id: stream.channel === 'messenger' ? `1000000000${facts.service.id}` : null,
    service_id: facts.service.id,
  });
}

/** It includes the wait. It may differ by a second from the difference of the times. */
function durationOf(facts: ChatFacts): unknown {
  const length = facts.lengthSeconds;
  const isNoted = length !== null && (!facts.isMissed || share(facts.state, ColumnOf.waited) < 0.6);
  if (!isNoted) return facts.isMissed ? noValue(facts.state, ColumnOf.duration) : null;
  const around = Math.floor(share(facts.state, ColumnOf.around) * 3) - 1;
  const duration = Math.max(0, length + around);
  return facts.isMissed ? duration : sometimesForgotten(facts.state, ColumnOf.duration, duration);
}

function waitOf(facts: ChatFacts): unknown {
  const wait = writeDuration(facts.waitSeconds);
  if (!facts.isMissed) return sometimesForgotten(facts.state, ColumnOf.wait, wait);
  return share(facts.state, ColumnOf.waited) < 0.75 ? wait : noValue(facts.state, ColumnOf.wait);
}

function answerOf(facts: ChatFacts): unknown {
  if (facts.handleSeconds === null) return noValue(facts.state, ColumnOf.answer);
  if (facts.lengthSeconds === null) return null;
  return sometimesForgotten(facts.state, ColumnOf.answer, writeDuration(facts.handleSeconds));
}

function withoutAbsent(columns: SourceRow): SourceRow {
  if (!Object.values(columns).includes(undefined)) return columns;
  return Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined));
}
