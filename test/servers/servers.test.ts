import { describe, expect, test } from 'vitest';
import { share, stir } from '../../functions/sources/caresoft/simulator/draw.ts';
import { SEED } from '../property.ts';
import { captureFrom } from './capture-from.ts';
import { both, FOOLING, HONEST, isHopeless, type NamedServer } from './servers.ts';

/** Of each kind of pair; `PAIRS=100000 vitest run test/servers` takes all there are. */
const PAIRS = Number(process.env.PAIRS ?? 3);

/** Proven, channel by channel, and each figure what the server held. */
async function expectProven(server: NamedServer): Promise<void> {
  expect(await captureFrom(server)).toMatchObject({ state: 'right', why: '', reasons: {} });
}

/** Proven as it was held, or not proven: nothing else. */
async function expectNotFooled(server: NamedServer): Promise<void> {
  const { state, why } = await captureFrom(server);
  expect([state, why]).toEqual([expect.stringMatching(/^(right|unproven)$/), '']);
}

/** So many of them as are wanted, drawn. */
function some(pairs: readonly NamedServer[]): NamedServer[] {
  const drawn = pairs.map((pair, at) => ({ pair, at: share(stir(SEED, at), 1) }));
  return drawn
    .toSorted((one, other) => one.at - other.at)
    .slice(0, PAIRS)
    .map(({ pair }) => pair);
}

function pairsOf(servers: readonly NamedServer[]): NamedServer[] {
  return servers.flatMap((one, at) => servers.slice(at + 1).map((other) => both(one, other)));
}

describe('an honest server is proven', () => {
  test.each(HONEST)('$name', expectProven);

  test.each(some(pairsOf(HONEST).filter((pair) => !isHopeless(pair))))('$name', expectProven);
});

describe('a server that would fool does not', () => {
  test.each(FOOLING)('$name', expectNotFooled);

  test.each(some(HONEST.flatMap((one) => FOOLING.map((other) => both(one, other)))))(
    '$name',
    expectNotFooled,
  );

  test.each(some(pairsOf(FOOLING)))('$name', expectNotFooled);
});

test('there are many of either, each of another kind', () => {
  const kinds = [HONEST, FOOLING].map((servers) => new Set(servers.map((server) => JSON.stringify(server))));
  expect(kinds.map(({ size }) => size)).toEqual([HONEST.length, FOOLING.length]);
  expect(HONEST.length).toBeGreaterThanOrEqual(15);
  expect(FOOLING.length).toBeGreaterThanOrEqual(20);
});
