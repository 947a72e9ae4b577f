import { AGENTS } from '../roster.ts';
import { readMoment, writeMoment } from '../wire-time.ts';
import type { Stream } from '../world.ts';
import { facetsOfRow } from './facets.ts';
import type { Listing } from './listing.ts';
import type { SourceRow } from './wire-row.ts';

const EVERY = 100;
const LATER_SECONDS = 90;

/** The first of every hundred rows comes twice. Its second copy is either equal, or has other content. */
export function withRepeats(base: Listing, stream: Stream): Listing {
  const find = (slot: number): { index: number; isCopy: boolean; isChanged: boolean } => {
    const block = Math.floor(slot / (EVERY + 1));
    const within = slot % (EVERY + 1);
    const isCopy = within === 1;
    return {
      index: block * EVERY + Math.max(0, within - 1),
      isCopy,
      isChanged: isCopy && (block + stream.state) % 2 === 1,
    };
  };
  const rowAt = (slot: number): unknown => {
    const { index, isChanged } = find(slot);
    return isChanged ? changed(base.rowAt(index)) : base.rowAt(index);
  };
  return {
    length: base.length + Math.ceil(base.length / EVERY),
    version: base.version,
    startAt: (slot) => base.startAt(find(slot).index),
    facetsAt: (slot) => {
      const { index, isChanged } = find(slot);
      return isChanged ? facetsOfRow(rowAt(slot), base.facetsAt(index).isOutbound) : base.facetsAt(index);
    },
    rowAt,
    isTimeless: (slot) => base.isTimeless(find(slot).index),
  };
}

function changed(row: unknown): unknown {
  if (typeof row !== 'object' || row === null || Array.isArray(row)) return row;
  const columns: SourceRow = { ...row };
  const end = readMoment(columns.end_time) ?? readMoment(columns.start_time);
  const duration = columns.chat_duration;
  const agent = AGENTS.find(({ email }) => email !== columns.agent_email);
  return {
    ...columns,
    ...(end === null ? {} : { end_time: writeMoment(end + LATER_SECONDS) }),
    ...(typeof duration === 'number' ? { chat_duration: duration + LATER_SECONDS } : {}),
    agent_email: agent?.email,
    agent_name: agent?.name,
  };
}
