import type { Channel } from '../../../functions/chat/channel.ts';
import type { Neighbour } from '../door/neighbours.ts';
import type { Fault, Often, Spoiling } from '../fault.ts';

/** All faults of one simulator, gathered so that each part finds its own. */
export interface Quirks {
  throttle: Often | 'many' | null;
  retryAfterSeconds: number | null;
  startsBanned: boolean;
  readonly spoiling: { readonly name: Spoiling; readonly often: Often }[];
  shortPages: boolean;
  capRows: number;
  boundsExclusive: boolean;
  oldestFirst: boolean;
  utc: boolean;
  arrivingRows: number;
  numFoundBy: number;
  numFoundCap: number;
  readonly deadChannels: Set<Channel>;
  readonly deadNeighbours: Set<Neighbour>;
  broken: Extract<Fault, { name: 'broken' }> | null;
  repeatIds: boolean;
  hostile: boolean;
  slowMs: number;
}

export function gatherQuirks(faults: readonly Fault[]): Readonly<Quirks> {
  const quirks: Quirks = {
    throttle: null,
    retryAfterSeconds: null,
    startsBanned: false,
    spoiling: [],
    shortPages: false,
    capRows: Number.POSITIVE_INFINITY,
    boundsExclusive: false,
    oldestFirst: false,
    utc: false,
    arrivingRows: 0,
    numFoundBy: 0,
    numFoundCap: Number.POSITIVE_INFINITY,
    deadChannels: new Set(),
    deadNeighbours: new Set(),
    broken: null,
    repeatIds: false,
    hostile: false,
    slowMs: 0,
  };
  for (const fault of faults) gather(quirks, fault);
  return quirks;
}

function gather(quirks: Quirks, fault: Fault): void {
  switch (fault.name) {
    case 'throttle':
      quirks.throttle = fault.often;
      break;
    case 'retry-after':
      quirks.retryAfterSeconds = fault.seconds;
      break;
    case 'ban':
      quirks.startsBanned = true;
      break;
    case 'error':
    case 'drop':
    case 'cut':
    case 'stall':
    case 'html':
    case 'code-errors':
      quirks.spoiling.push(fault);
      break;
    case 'short-pages':
      quirks.shortPages = true;
      break;
    case 'cap':
      quirks.capRows = fault.rows;
      break;
    case 'bounds-exclusive':
      quirks.boundsExclusive = true;
      break;
    case 'oldest-first':
      quirks.oldestFirst = true;
      break;
    case 'utc':
      quirks.utc = true;
      break;
    case 'arriving':
      quirks.arrivingRows = fault.rows;
      break;
    case 'num-found':
      quirks.numFoundBy = fault.by;
      break;
    case 'num-found-cap':
      quirks.numFoundCap = fault.rows;
      break;
    case 'dead':
      quirks.deadChannels.add(fault.channel);
      break;
    case 'broken':
      quirks.broken = fault;
      break;
    case 'dead-agents':
      quirks.deadNeighbours.add('agents');
      break;
    case 'dead-services':
      quirks.deadNeighbours.add('services');
      break;
    case 'dead-groups':
      quirks.deadNeighbours.add('groups');
      break;
    case 'repeat-ids':
      quirks.repeatIds = true;
      break;
    case 'hostile':
      quirks.hostile = true;
      break;
    case 'slow':
      quirks.slowMs = fault.waitMs;
      break;
  }
}
