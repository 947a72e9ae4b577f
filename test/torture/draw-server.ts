import { pick, share, stir } from '../../functions/sources/caresoft/simulator/draw.ts';
import type { Server } from '../servers/capture-from.ts';
import { isHopeless } from '../servers/servers.ts';

/** A server, and what befalls those who capture a day of it. */
export interface Ordeal {
  readonly number: number;
  readonly server: Server;
  readonly kind: 'still' | 'still, over a bad wire' | 'moving' | 'hopeless' | 'lying';
  /** After how many writes each of the first processes dies; the last one lives. */
  readonly deaths: readonly number[];
  /** Whether the day before is in the lake, so that it is known when chats come. */
  readonly isKnown: boolean;
}

type Draw = (aspect: number) => number;

const SIZES = [0, 1, 2, 5, 20, 60, 60, 120, 200, 500, 560, 700, 1_000, 1_500, 3_000];
const LIES = [
  ['ignore:conversation_type'],
  ['channels-mixed'],
  ['ignore:start_time'],
  ['num-found:+1'],
  ['num-found:-1'],
  ['num-found-page'],
  ['num-found-is:300000', 'last-page-again'],
  ['num-found-is:45'],
  ['status-inverted'],
  ['empty-some'],
  ['odd-times:3'],
  ['hostile'],
  ['ignore:services'],
  ['ignore:groups'],
  ['ignore:assignees'],
  ['ignore:chat_type'],
  ['last-id'],
] as const;
const WIRE = ['throttle:some', 'error:some', 'drop:some', 'cut:some', 'html:some', 'code-errors:some'];
const MOVES = ['swap', 'moving', 'moving:2', 'moving:5', 'arriving:3', 'arriving:20', 'arriving:forever'];
const FILTERS: readonly Readonly<Record<string, string>>[] = [
  { CARESOFT_SERVICES: '60000002' },
  { CARESOFT_SERVICES: '60000002,60000003,60000004' },
  { CARESOFT_GROUPS: '12001' },
  { CARESOFT_GROUPS: '12001,12002' },
  { CARESOFT_ASSIGNEES: '142900001,142900005' },
  { CHAT_TYPE: 'inbound' },
  { CHAT_TYPE: 'outbound' },
];
const CHANNELS = ['livechat,messenger,zalo', 'livechat,messenger,zalo', 'messenger,zalo', 'messenger'];

export function drawOrdeal(seed: number, number: number): Ordeal {
  const state = stir(stir(seed, 41), number);
  const draw: Draw = (aspect) => share(state, aspect);
  const chats = pick(SIZES, draw(1));
  const lies = draw(2) < 0.15 ? pick(LIES, draw(3)) : [];
  const moves = lies.length === 0 && draw(4) < 0.35 ? [pick(MOVES, draw(5))] : [];
  const wire = draw(6) < 0.25 ? [pick(WIRE, draw(7))] : [];
  const faults = [...drawOddities(draw, chats), ...lies, ...moves, ...wire];
  const server: Server = {
    faults,
    chats,
    seed: 1 + Math.floor(draw(8) * 1_000),
    settings: { CHANNELS: pick(CHANNELS, draw(9)), ...(draw(10) < 0.2 && pick(FILTERS, draw(11))) },
  };
  const deaths = draw(12) < 0.6 ? [] : [13, 14, 15].slice(0, 1 + Math.floor(draw(16) * 3));
  return {
    number,
    server,
    kind: kindOf(server, { lies, moves, wire }),
    deaths: deaths.map((aspect) => Math.floor(draw(aspect) ** 2 * 25)),
    isKnown: draw(17) < 0.5,
  };
}

function kindOf(
  server: Server,
  { lies, moves, wire }: Readonly<Record<'lies' | 'moves' | 'wire', readonly string[]>>,
): Ordeal['kind'] {
  if (lies.length > 0) return 'lying';
  if (moves.length > 0) return 'moving';
  if (isHopeless(server)) return 'hopeless';
  return wire.length > 0 ? 'still, over a bad wire' : 'still';
}

/** What honest servers do, a few of each at once. Pages are so large that a day has a hundred of them at most. */
function drawOddities(draw: Draw, chats: number): string[] {
  const caps = [7, 30, 100, 300].filter((cap) => chats <= 100 * cap);
  const one = (aspect: number, often: number, of: readonly string[]): string[] =>
    draw(aspect) < often ? [pick(of, draw(aspect + 1))] : [];
  return [
    ...one(
      21,
      0.4,
      caps.map((cap) => `cap:${cap}`),
    ),
    ...one(23, 0.15, ['short-pages', 'last-page-again']),
    ...one(25, 0.5, ['oldest-first', 'ties', 'ties-shuffled']),
    ...one(27, 0.4, ['bounds-exclusive', 'seconds-dropped', 'dates-only']),
    ...one(29, 0.15, ['busy-second:5', 'busy-second:40', 'last-second-busy:5', 'busy-second:600']),
    ...one(31, 0.3, ['ignore:chat_status', 'reject:chat_status', 'refuse-words:chat_status', 'zero-unset']),
    ...one(33, 0.25, ['renamed-status', 'third-status:7', 'no-status:5']),
    ...one(35, 0.2, ['copies', 'repeat-ids', 'no-times:30', 'no-times-everywhere:30']),
    ...one(37, 0.3, ['utc', 'channel-ids', 'renamed-groups', 'agents-left']),
    ...one(39, 0.2, ['numfound-text', 'chats-null', 'chats-absent', 'chats-object']),
    ...one(41, 0.15, ['num-found-cap:500', 'num-found-cap:1000', 'rows-cap:500', 'rows-cap:1000']),
  ];
}
