import { pick, share } from '../draw.ts';
import { AGENTS, type Agent } from '../roster.ts';
import { readMoment, writeDuration, writeMoment } from '../wire-time.ts';
import type { World } from '../world.ts';
import type { SourceRow } from './wire-row.ts';

const WAIT_SECONDS = 20;
const LENGTH_SECONDS = 120;

/** The row as an object; null if it is no object. */
export function columnsOf(row: unknown): SourceRow | null {
  return typeof row === 'object' && row !== null && !Array.isArray(row) ? { ...row } : null;
}

/** An agent who is not the agent of the row. */
export function anotherAgent(row: SourceRow, state: number): Agent {
  const others = AGENTS.filter(({ email, isListed }) => isListed && email !== row.agent_email);
  return pick(others, share(state, 71));
}

/** The row of a chat that began then (by the clock of the rows) and was met by that agent. */
export function answered(world: World, row: SourceRow, start: number, agent: Agent): SourceRow {
  const moment = momentsAfter(world, start);
  return {
    ...row,
    group_name: agent.group.name,
    start_time: moment(0),
    end_time: moment(LENGTH_SECONDS),
    chat_duration: LENGTH_SECONDS,
    agent_email: agent.email,
    agent_name: agent.name,
    ring_time: moment(1),
    meet_time: moment(WAIT_SECONDS),
    waitTime: '00:00:20',
    answer_time: '00:01:40',
    chat_status: 'LBL_CHAT_STATUS_MEET',
  };
}

/** The row of a chat that began then and was given up before it was met. */
export function missed(world: World, row: SourceRow, start: number): SourceRow {
  const moment = momentsAfter(world, start);
  return {
    ...row,
    start_time: moment(0),
    end_time: moment(WAIT_SECONDS),
    chat_duration: 0,
    agent_email: '',
    agent_name: '',
    ring_time: null,
    meet_time: null,
    waitTime: '00:00:20',
    answer_time: null,
    chat_status: 'LBL_CHAT_STATUS_MISS',
  };
}

/** The row of a chat that is still open. */
export function opened(row: SourceRow): SourceRow {
  return { ...row, end_time: null, chat_duration: null, answer_time: null };
}

/** The row of a chat that began then, with its end. */
export function ended(world: World, row: SourceRow, start: number): SourceRow {
  const met = readMoment(row.meet_time);
  const waited = met === null ? WAIT_SECONDS : met - start;
  const length = met === null ? waited : waited + LENGTH_SECONDS;
  return {
    ...row,
    end_time: momentsAfter(world, start)(length),
    chat_duration: length,
    ...(met !== null && { answer_time: writeDuration(LENGTH_SECONDS) }),
  };
}

function momentsAfter(world: World, start: number): (seconds: number) => string {
  return (seconds) => writeMoment(world.later(start, seconds));
}
