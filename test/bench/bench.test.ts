import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { describeBench, renewBench } from './describe-bench.ts';
import { DAY_STAGES, ERASURE_STAGES, type MeasuredBench, readBench } from './measured.ts';

const measured = readBench();

test('docs/performance.md has the tables that were measured', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/performance.md'), 'utf8');
  expect(page, 'write it again: UPDATE=1 npm run bench -- --stored').toBe(renewBench(page, measured));
});

describe('what is stored', () => {
  test('has each stage over each lake, by ascending size', () => {
    const sizes = measured.lakes.map(({ chats }) => chats);
    expect(sizes).toEqual(sizes.toSorted((one, other) => one - other));
    for (const { stages } of measured.lakes) expect(stages.map(({ stage }) => stage)).toEqual(DAY_STAGES);
    expect(measured.erasure?.stages.map(({ stage }) => stage)).toEqual(ERASURE_STAGES);
  });

  test('names no machine and no path', () => {
    expect(JSON.stringify(measured)).not.toContain('/');
  });
});

test('a run of some stages has rows for these alone', () => {
  const [lake] = measured.lakes;
  if (lake === undefined) expect.unreachable();
  const stages = lake.stages.filter(({ stage }) => stage === 'floor' || stage === 'forms');
  const some: MeasuredBench = { lakes: [{ ...lake, stages }], erasure: null, coldStarts: [] };
  const text = describeBench(some);
  expect(text).toContain('| page and text |');
  expect(text).not.toMatch(/DuckDB|erasure|NaN/);
});
