import { describe, expect, test } from 'vitest';
import { cutSpan } from '../../functions/capture/slices.ts';
import type { Span } from '../../functions/sources/source.ts';
import { fc } from '../property.ts';

const DAY: Span = {
  from: Date.parse('2026-11-20T00:00:00Z') / 1_000,
  until: Date.parse('2026-11-21T00:00:00Z') / 1_000,
};
const at = (time: string): number => Date.parse(`2026-11-20T${time}Z`) / 1_000;
const shown = (seconds: number): string => new Date(seconds * 1_000).toISOString().slice(11, 19);

/** A span of the day, how many rows it has, and when those began that were read. */
const expectations = fc.tuple(fc.nat({ max: 86_399 }), fc.nat({ max: 86_399 })).chain(([one, other]) => {
  const span = { from: DAY.from + Math.min(one, other), until: DAY.from + Math.max(one, other) + 1 };
  const starts = fc.array(fc.integer({ min: span.from - 60, max: span.until + 60 }), { maxLength: 80 });
  return fc.record({ span: fc.constant(span), rows: fc.integer({ min: 1, max: 5_000 }), starts });
});
const usual = fc.option(fc.array(fc.nat({ max: 500 }), { minLength: 96, maxLength: 96 }));

describe('cuts of a span', () => {
  test('cover it without a gap, ascending, in two parts at least, but of a single second in none', () => {
    fc.assert(
      fc.property(expectations, usual, fc.integer({ min: 25, max: 400 }), (expected, curve, most) => {
        const parts = cutSpan(expected, most, curve, DAY);
        const { span } = expected;
        const isSecond = span.until - span.from === 1;
        expect(parts.length === 0).toBe(isSecond);
        if (isSecond) return;
        expect(parts.length).toBeGreaterThanOrEqual(2);
        expect([parts[0]?.from, parts.at(-1)?.until]).toEqual([span.from, span.until]);
        for (const [number, { from, until }] of parts.entries()) {
          expect(from).toBeLessThan(until);
          expect(Number.isInteger(from)).toBe(true);
          if (number > 0) expect(from).toBe(parts[number - 1]?.until);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('go by the hours of other days, where these are known: each part is about as full', () => {
    // Nothing before eight, twice as much in the evening.
    const curve: number[] = Array.from({ length: 96 }, (_, quarter) =>
      quarter < 32 ? 0 : quarter < 72 ? 10 : 20,
    );
    const all = curve.reduce((sum, one) => sum + one, 0);
    const parts = cutSpan({ span: DAY, rows: 7_000, starts: [] }, 400, curve, DAY);
    expect(parts).toHaveLength(Math.ceil(7_000 / 400));
    const rowsIn = ({ from, until }: Span): number =>
      curve.reduce((sum, rows, quarter) => {
        const start = DAY.from + quarter * 900;
        const share = Math.max(0, Math.min(until, start + 900) - Math.max(from, start)) / 900;
        return sum + (rows * share * 7_000) / all;
      }, 0);
    for (const part of parts) expect(rowsIn(part)).toBeLessThan(500);
  });

  test('lie at quarter hours where these fit, else at minutes', () => {
    const even = cutSpan({ span: DAY, rows: 1_600, starts: [] }, 400, null, DAY);
    expect(even.map(({ from }) => shown(from))).toEqual(['00:00:00', '12:00:00']);
    const hour = { from: at('10:00:00'), until: at('11:00:00') };
    const parts = cutSpan({ span: hour, rows: 2_000, starts: [] }, 400, null, DAY);
    expect(parts.map(({ from }) => shown(from).slice(3))).toEqual([
      '00:00',
      '12:00',
      '24:00',
      '36:00',
      '48:00',
    ]);
    const minute = { from: at('10:00:00'), until: at('10:01:00') };
    const seconds = cutSpan({ span: minute, rows: 2_000, starts: [] }, 400, null, DAY);
    expect(seconds.map(({ from }) => shown(from).slice(6))).toEqual(['00', '12', '24', '36', '48']);
  });

  test('are few in a day of which nothing is known, and as many as it takes in what is left of it', () => {
    expect(cutSpan({ span: DAY, rows: 40_000, starts: [] }, 400, null, DAY)).toHaveLength(10);
    const rest = { ...DAY, from: at('08:00:00') };
    expect(cutSpan({ span: rest, rows: 4_000, starts: [] }, 400, null, DAY)).toHaveLength(10);
  });

  test('part what came in the order of time from what did not: newest first the end is known to its last row', () => {
    const starts = Array.from({ length: 100 }, (_, row) => at('20:00:00') - row * 36);
    const parts = cutSpan({ span: DAY, rows: 200, starts }, 100, null, DAY);
    // A hundred rows are from 19:00 on, and none is after eight: the other hundred lie before.
    expect(parts).toHaveLength(2);
    expect(parts[1]?.from).toBeGreaterThan(at('18:00:00'));
    expect(parts[1]?.from).toBeLessThan(at('19:15:00'));
  });

  test('part the one second in which all began that came from the rest at once', () => {
    const starts = Array(500).fill(at('10:00:00'));
    const parts = cutSpan({ span: DAY, rows: 900, starts }, 400, null, DAY);
    expect(parts.map(({ from }) => shown(from))).toEqual(['00:00:00', '09:59:59', '10:00:02']);
    const [, narrow = DAY] = parts;
    expect(cutSpan({ span: narrow, rows: 700, starts }, 400, null, DAY)).toEqual([]);
  });

  test('halve a span of two seconds that both hold many', () => {
    const span = { from: at('10:00:00'), until: at('10:00:02') };
    const starts = Array.from({ length: 500 }, (_, row) => at(row % 3 === 0 ? '10:00:01' : '10:00:00'));
    const parts = cutSpan({ span, rows: 700, starts }, 400, null, DAY);
    expect(parts).toEqual([
      { from: span.from, until: span.from + 1 },
      { from: span.from + 1, until: span.until },
    ]);
  });
});
