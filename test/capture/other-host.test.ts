import { expect, test } from 'vitest';
import { isSameQuery } from '../../functions/capture/captures.ts';
import { findReferenceData } from '../../functions/capture/reference-data.ts';
import { memoryLake } from '../web/memory-lake.ts';

const SOURCE = 'http://127.0.0.1:8080/shop';

test.each([
  ['http://localhost:8080/shop', true],
  ['https://api.caresoft.example/Shop/', true],
  ['http://127.0.0.1:8080/shop-2', false],
])('what was asked at one address counts at %s: %s', async (source, counts) => {
  const question = { source: SOURCE, query: 'q', timeZone: 'UTC', clock: 'utc' } as const;
  expect(isSameQuery(question, { ...question, source })).toBe(counts);
  const lake = memoryLake();
  const unavailable = { state: 'unavailable', detail: 'x' };
  lake.write('raw/directory/dt=2026-11-19/capture=1/manifest.json', {
    ...{ schema: 'chat-report/directory/1', captureId: '1', source: SOURCE, day: '2026-11-19' },
    ...{ capturedAt: '2026-11-20T00:00:00Z', files: { agents: unavailable, services: unavailable } },
  });
  expect((await findReferenceData(lake, '2026-11-19', source)) !== null).toBe(counts);
});
