import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { DIMENSIONS } from '../../functions/metrics/dimensions.ts';
import { COUNTS, DEFINITIONS, type Declaration, TIMES } from '../../functions/metrics/measures.ts';
import { parseSummary } from '../../functions/metrics/summary.ts';
import { parseWaiting } from '../../functions/metrics/waiting.ts';
import { everyoneIn, toWorkList } from '../../functions/metrics/work-list.ts';
import { parseDigest } from '../../functions/report/digest.ts';

/** As the program of definitions 3 wrote them of one small day. They stay as they are when figures are added. */
const written = JSON.parse(
  gunzipSync(readFileSync(join(import.meta.dirname, 'written-by-definitions-3.json.gz'))).toString(),
);

/** Each with where a document of definitions 3 has it. */
const declared: readonly (readonly [string, Declaration, object])[] = [
  ...Object.entries({ ...COUNTS, ...TIMES }).map(([id, one]) => [id, one, written.summary.totals] as const),
  ...Object.entries(DIMENSIONS).map(([id, one]) => [id, one, written.summary] as const),
];

describe('what a program of definitions 3 wrote', () => {
  test('is read, and is as it was', () => {
    const { summary, digest, waiting } = structuredClone(written);
    expect(parseSummary(summary)).toMatchObject(written.summary);
    expect(parseDigest(digest)).toEqual(written.digest);
    expect(parseWaiting(waiting)).toMatchObject(written.waiting);
  });

  test('has null for what it did not count: how much agents had to do, and whom a missed chat was given to', () => {
    const { workload, callbacks } = parseSummary(structuredClone(written.summary));
    expect([workload, ...callbacks.map(({ agent }) => agent)]).toEqual([null, null]);
    expect(() => parseSummary({ ...written.summary, definitions: 4 })).toThrow(TypeError);
  });

  test('is no word on whom a missed chat was given to, nor on the id of its ticket, whichever of both tells who waits', () => {
    const { summary, waiting } = structuredClone(written);
    const read = [parseSummary(summary), parseWaiting(waiting)] as const;
    for (const list of [toWorkList(...read), toWorkList(read[0], null)]) {
      expect(everyoneIn(list)).not.toEqual([]);
      for (const one of everyoneIn(list)) {
        expect(one).not.toHaveProperty('agent');
        expect(one).not.toHaveProperty('ticketId');
      }
    }
  });

  test.each(declared)('has %s, or that says since when it is there', (id, { since = 3 }, document) => {
    const isThere = Object.hasOwn(document, id);
    expect(isThere, 'what is added to the figures says `since`, the next definitions').toBe(since <= 3);
    expect(since, 'DEFINITIONS is raised with what is added').toBeLessThanOrEqual(DEFINITIONS);
  });
});
