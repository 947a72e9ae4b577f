import { longTailed, pick, share, stir } from '../draw.ts';
import { AGENTS, type Agent, GROUPS, type Group, type Service, servicesOf } from '../roster.ts';
import { customerCount, type Stream, type World } from '../world.ts';

/** What happened in one chat, before CareSoft writes it down. */
export interface ChatFacts {
  /** The state for all other draws about this chat. */
  readonly state: number;
  /** The number of the chat within its channel and day. Ids derive from it. */
  readonly index: number;
  readonly startWall: number;
  readonly isMissed: boolean;
  readonly isOutbound: boolean;
  readonly customer: number;
  readonly service: Service;
  readonly agent: Agent | null;
  readonly group: Group | null;
  /** The time until it rang for an agent, at most the wait; null if it never rang. */
  readonly ringSeconds: number | null;
  /** The time until the chat was met or given up. */
  readonly waitSeconds: number;
  /** The time from meeting to end; null for a missed chat. */
  readonly handleSeconds: number | null;
  /** The time from start to end; null if the row has no end. */
  readonly lengthSeconds: number | null;
}

const AspectOf = {
  missed: 1,
  outbound: 2,
  customer: 3,
  service: 4,
  agent: 5,
  agentKnown: 6,
  group: 7,
  groupKnown: 8,
  rings: 9,
  ringsAfter: 10,
  wait: 11,
  handle: 12,
  ended: 13,
} as const;

const MISSED_SHARE = 0.08;
const MISSED_SHARE_IN_BAD_HOUR = 0.5;
const OUTBOUND_SHARE = 0.06;
const LONGEST_SECONDS = 6 * 3_600;

export function chatState(stream: Stream, index: number): number {
  return stir(stream.state, index);
}

export function isOutbound(stream: Stream, index: number): boolean {
  return share(chatState(stream, index), AspectOf.outbound) < OUTBOUND_SHARE;
}

export function isMissed(stream: Stream, index: number, startWall: number): boolean {
  return share(chatState(stream, index), AspectOf.missed) < missedShare(stream, startWall);
}

export function drawChat(world: World, stream: Stream, index: number, startWall: number): ChatFacts {
  const state = chatState(stream, index);
  const missed = isMissed(stream, index, startWall);
  const waitSeconds = missed
    ? seconds(state, AspectOf.wait, 90, 1) + 1
    : seconds(state, AspectOf.wait, 24, 1.1);
  const handleSeconds = missed ? null : seconds(state, AspectOf.handle, 280, 1);
  // A chat may still be open when it is read, and a missed one often has no end at all.
  const isEnded = share(state, AspectOf.ended) >= (missed ? 0.25 : 0.005);
  const rings = !missed || share(state, AspectOf.rings) < 0.4;
  return {
    state,
    index,
    startWall,
    isMissed: missed,
    isOutbound: isOutbound(stream, index),
    // Low numbers are drawn more often, because a few people write several times a day.
    customer: Math.floor(share(state, AspectOf.customer) ** 1.7 * customerCount(world)),
    service: pick(servicesOf(stream.channel), share(state, AspectOf.service)),
    ...whoAnswered(state, missed),
    ringSeconds: rings ? Math.floor(share(state, AspectOf.ringsAfter) * Math.min(waitSeconds, 5)) : null,
    waitSeconds,
    handleSeconds,
    lengthSeconds: isEnded ? waitSeconds + (handleSeconds ?? 0) : null,
  };
}

/** A missed chat may have an agent for whom it rang, or a group in whose queue it stood, or neither. */
function whoAnswered(state: number, missed: boolean): { agent: Agent | null; group: Group | null } {
  const agent = pick(AGENTS, share(state, AspectOf.agent) ** 1.3);
  if (!missed || share(state, AspectOf.agentKnown) < 0.3) return { agent, group: agent.group };
  const isQueued = share(state, AspectOf.groupKnown) < 0.4;
  return { agent: null, group: isQueued ? pick(GROUPS, share(state, AspectOf.group)) : null };
}

function missedShare(stream: Stream, startWall: number): number {
  const hour = Math.floor(startWall / 3_600) % 24;
  return hour === stream.badHour ? MISSED_SHARE_IN_BAD_HOUR : MISSED_SHARE;
}

function seconds(state: number, aspect: number, median: number, spread: number): number {
  return Math.min(Math.floor(longTailed(state, aspect, median, spread)), LONGEST_SECONDS);
}
