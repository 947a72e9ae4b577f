import type { Channel } from '../../../../chats/channel.ts';
import type { Neighbour } from '../door/neighbours.ts';
import type { Fault, NumberFault, Often, ParamFault, PlainFault, Spoiling } from '../fault.ts';
import type { Param } from './params.ts';

/** All faults of one simulator, sorted for its parts. */
export interface Quirks {
  readonly plain: Set<PlainFault>;
  /** If a fault comes several times, the last number counts. */
  readonly numbers: Map<NumberFault, number>;
  readonly params: Readonly<Record<ParamFault, Set<Param>>>;
  throttle: Often | 'many' | null;
  retryAfterSeconds: number | null;
  readonly spoiling: { readonly name: Spoiling; readonly often: Often }[];
  capRows: number;
  arrivingRows: number;
  movingChanges: number;
  numFoundBy: number;
  numFoundCap: number;
  readonly deadChannels: Set<Channel>;
  readonly deadNeighbours: Set<Neighbour>;
  broken: Extract<Fault, { name: 'broken' }> | null;
  slowMs: number;
}

export function gatherQuirks(faults: readonly Fault[]): Readonly<Quirks> {
  const quirks: Quirks = {
    plain: new Set(),
    numbers: new Map(),
    params: { ignore: new Set(), reject: new Set(), 'refuse-words': new Set() },
    throttle: null,
    retryAfterSeconds: null,
    spoiling: [],
    capRows: Number.POSITIVE_INFINITY,
    arrivingRows: 0,
    movingChanges: 0,
    numFoundBy: 0,
    numFoundCap: Number.POSITIVE_INFINITY,
    deadChannels: new Set(),
    deadNeighbours: new Set(),
    broken: null,
    slowMs: 0,
  };
  for (const fault of faults) gather(quirks, fault);
  return quirks;
}

function gather(quirks: Quirks, fault: Fault): void {
  if ('number' in fault) {
    quirks.numbers.set(fault.name, fault.number);
    return;
  }
  if ('param' in fault) {
    quirks.params[fault.name].add(fault.param);
    return;
  }
  switch (fault.name) {
    case 'throttle':
      quirks.throttle = fault.often;
      break;
    case 'retry-after':
      quirks.retryAfterSeconds = fault.seconds;
      break;
    case 'error':
    case 'drop':
    case 'cut':
    case 'stall':
    case 'html':
    case 'code-errors':
      quirks.spoiling.push(fault);
      break;
    case 'cap':
      quirks.capRows = fault.rows;
      break;
    case 'arriving':
      quirks.arrivingRows = fault.rows;
      break;
    case 'moving':
      quirks.movingChanges = fault.changes;
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
    case 'slow':
      quirks.slowMs = fault.waitMs;
      break;
    default:
      quirks.plain.add(fault.name);
  }
}
