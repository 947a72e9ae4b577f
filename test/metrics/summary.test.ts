import { describe, expect, test } from 'vitest';
import { DEFINITIONS } from '../../functions/metrics/measures.ts';
import {
  isCallback,
  NewerSummaryError,
  parseSummary,
  type Summary,
  storedSummary,
} from '../../functions/metrics/summary.ts';
import { fc } from '../property.ts';
import { callback, summary } from '../report/fixture.ts';

const AGENT = { email: 'an@shop.vn', name: 'An' };
const whole = summary({ callbacks: [callback('Khách 1', 2, '14:26', { agent: AGENT })] });
const readText = (text: string): 'read' | 'newer' | 'damaged' => {
  try {
    parseSummary(JSON.parse(text));
    return 'read';
  } catch (error) {
    return error instanceof NewerSummaryError ? 'newer' : 'damaged';
  }
};
const read = (value: unknown) => readText(JSON.stringify(value));

/** As definitions 1 had it: without what they did not know. */
function ofDefinitionsOne({ callbacks, ...whole }: Summary): object {
  const { replyHours, byChannelHour, businessHours, missCauses, recovered, followUp, workload, ...rest } =
    whole;
  return {
    ...rest,
    definitions: 1,
    callbacks: callbacks.map(
      ({ replyBy, lastChannel, waitedSeconds, cause, agent, ticketId, ...known }) => known,
    ),
  };
}

/** The value with one of its parts, whichever, in place of another. */
function withPart(value: unknown, path: readonly (string | number)[], part: unknown): unknown {
  const [first, ...rest] = path;
  if (first === undefined) return part;
  if (Array.isArray(value))
    return value.map((one, index) => (index === first ? withPart(one, rest, part) : one));
  const record = value as Record<string, unknown>;
  return { ...record, [first]: withPart(record[first], rest, part) };
}

function pathsOf(value: unknown): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [[]];
  const entries = Array.isArray(value) ? [...value.entries()].slice(0, 2) : Object.entries(value);
  return [[], ...entries.flatMap(([key, part]) => pathsOf(part).map((path) => [key, ...path]))];
}

const ODD = fc.constantFrom<unknown>(null, [], {}, '', 'x', -1, 0.5, 1e300, true, [[]], [null], { a: 1 });

describe('a summary', () => {
  test('is read as it is', () => {
    const value = JSON.parse(JSON.stringify(whole));
    expect(parseSummary(structuredClone(value))).toEqual(value);
  });

  test('is not lost over what is told only to who mends a channel', () => {
    const { verdict, channels } = whole.completeness;
    const withIn = (odd: object) => {
      const { messenger } = channels;
      return {
        ...whole,
        completeness: { verdict, channels: { ...channels, messenger: { ...messenger, ...odd } } },
      };
    };
    expect(read(withIn({ detail: null, notBefore: null, isWaitCut: false, holdsForAll: false }))).toBe(
      'read',
    );
    expect(read(withIn({ rows: -1 }))).toBe('damaged');
  });

  test('of earlier definitions gets what they did not have, as far as that is nothing', () => {
    const upgraded = parseSummary(JSON.parse(JSON.stringify(ofDefinitionsOne(whole))));
    expect(upgraded).toMatchObject({
      ...{ followUp: null, recovered: null, workload: null },
      callbacks: [{ agent: null, ticketId: null, cause: 'unknown' }],
      missCauses: { unknown: whole.totals.missed },
    });
  });

  test.each([
    ['newer definitions', { schema: 'chat-report/1', definitions: 99 }],
    ['the next definitions', { ...whole, definitions: DEFINITIONS + 1 }],
    ['a newer schema', { schema: 'chat-report/2', figures: [] }],
    ...['chat-report/summary/2', 'chat-report/1.1', 'chat-report/next', 'chat-report/capture/1'].map(
      (schema): [string, object] => [`the schema ${schema}`, { ...whole, schema }],
    ),
    ...[2.5, '99', '2', 'x', 0, null, [2]].map((definitions): [string, object] => [
      `the definitions ${JSON.stringify(definitions)}`,
      { ...whole, definitions },
    ]),
  ])('of %s is of a newer program', (_of, value) => {
    expect(read(value)).toBe('newer');
  });

  test.each([
    ['nothing', ''],
    ['half of it', JSON.stringify(whole).slice(0, 900)],
    ...[
      'null',
      '[]',
      '{}',
      '7',
      '"x"',
      '{"schema":"chat-report/1"}',
      '{"schema":"chat-report/1","definitions":1}',
    ].map((text) => [text, text]),
    ['another program’s', '{"schema":"other/capture/1","definitions":99}'],
    ['no definitions', JSON.stringify({ ...whole, definitions: undefined, totals: undefined })],
    ['a zone that is none', JSON.stringify({ ...whole, timeZone: 'Nowhere' })],
  ])('that is %s is damaged', (_of, text) => {
    expect(readText(text)).toBe('damaged');
  });

  test('with any of its parts in place of another is read only where its schema holds, and never throws', () => {
    const paths = pathsOf(whole);
    fc.assert(
      fc.property(fc.constantFrom(...paths), ODD, (path, part) => {
        const value = withPart(whole, path, part);
        const state = read(value);
        if (state === 'read')
          expect(storedSummary.safeParse(JSON.parse(JSON.stringify(value))).success).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test('has its callbacks looked at as its schema has them, only faster', () => {
    const one = JSON.parse(JSON.stringify(callback('Khách 1', 2, '14:26', { agent: AGENT })));
    const required = storedSummary.shape.callbacks.element.required();
    fc.assert(
      fc.property(fc.constantFrom(...pathsOf(one)), ODD, (path, part) => {
        const value = withPart(one, path, part);
        expect(isCallback(value)).toBe(required.safeParse(value).success);
      }),
      { numRuns: 500 },
    );
  });
});
