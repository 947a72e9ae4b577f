import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fc } from '../property.ts';
import { type Counted, readCounted } from './count-resources.ts';
import { renewCosts } from './describe-costs.ts';
import { reachLimits } from './limits.ts';
import { readMeasured } from './measured.ts';
import { PRICES } from './prices.ts';
import { freeOf, type Line, sumOf, workOut } from './work-out.ts';

const [measured, counted] = [readMeasured(), readCounted()];
const scenario = fc.record({
  accounts: fc.integer({ min: 1, max: 1_000 }),
  chats: fc.integer({ min: 0, max: 2_000_000 }),
});
const costOf = (of: { accounts: number; chats: number }, from: Counted = counted): number =>
  sumOf(workOut(measured, from, of));

test('docs/deploy.md has the costs and the limits that the script works out', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/deploy.md'), 'utf8');
  expect(page, 'write it again: UPDATE=1 npm run costs').toBe(renewCosts(page, measured, counted));
});

describe('the costs', () => {
  test('are never less with more chats or more accounts', () => {
    fc.assert(
      fc.property(scenario, fc.nat(1_000_000), fc.nat(100), (of, chats, accounts) => {
        const cost = costOf(of);
        expect(cost).toBeGreaterThan(0);
        expect(costOf({ ...of, chats: of.chats + chats })).toBeGreaterThanOrEqual(cost);
        expect(costOf({ ...of, accounts: of.accounts + accounts })).toBeGreaterThanOrEqual(cost);
      }),
    );
  });

  test('follow what stands in the templates and in the lake', () => {
    const { alarmMetrics, secrets } = counted.account;
    const more = { ...counted.account, alarmMetrics: alarmMetrics + 1, secrets: secrets + 1 };
    const of = { accounts: 50, chats: 1_000 };
    const added = costOf(of, { ...counted, account: more }) - costOf(of);
    expect(added).toBeCloseTo(50 * (PRICES.alarm.dollars + PRICES.secret.dollars), 6);
    const days = measured.days.map((day) => ({ ...day, s3: { ...day.s3, writes: day.s3.writes + 1_000 } }));
    const written = sumOf(workOut({ ...measured, days }, counted, { accounts: 1, chats: 1_000 }));
    expect(written - costOf({ accounts: 1, chats: 1_000 })).toBeGreaterThan(
      30 * 1_000 * PRICES.s3Write.dollars,
    );
  });

  test('are never less than nothing after what is free', () => {
    fc.assert(
      fc.property(scenario, (of) => {
        const lines = workOut(measured, counted, of);
        const free = freeOf(lines, counted, of.accounts);
        expect(free).toBeGreaterThan(0);
        expect(free).toBeLessThan(sumOf(lines));
      }),
    );
  });

  test('are mostly those of what watches, up to 10,000 chats, and of the data at a million, as the page says', () => {
    const isFixed = ({ name }: Line): boolean =>
      ['alarms', 'secrets', 'dashboards', 'metrics'].includes(name);
    const shareAt = (chats: number): number => {
      const lines = workOut(measured, counted, { accounts: 1, chats });
      return sumOf(lines.filter(isFixed)) / sumOf(lines);
    };
    expect(shareAt(10_000)).toBeGreaterThan(0.9);
    expect(shareAt(1_000_000)).toBeLessThan(0.5);
  });

  test('have a price with a page of AWS for each line', () => {
    for (const { dollars, page } of Object.values(PRICES)) {
      expect(dollars).toBeGreaterThan(0);
      expect(URL.parse(page)?.host).toBe('aws.amazon.com');
    }
  });
});

test('the limits come in the order in which they are reached, and each is reached', () => {
  const limits = reachLimits(counted, measured);
  for (const { quota, takes, accounts } of limits) {
    expect(accounts * takes).toBeLessThanOrEqual(quota);
    expect((accounts + 2) * takes).toBeGreaterThan(quota);
  }
  const reached = limits.map(({ accounts }) => accounts);
  expect(reached).toEqual(reached.toSorted((one, other) => one - other));
});
