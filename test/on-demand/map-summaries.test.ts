import { expect, test } from 'vitest';
import { mapSummaries } from '../../functions/on-demand/map-summaries.ts';
import { openFolder } from '../../functions/storage/folder.fs.ts';
import type { Lake } from '../../functions/storage/lake.ts';
import { daysFrom } from '../../functions/time/report-day.ts';
import { summary } from '../report/fixture.ts';
import { temporaryFolder } from '../temporary-folder.ts';

test('of many summaries few are held at once, and what is made of them is in the order of the days', async () => {
  const folder = openFolder(await temporaryFolder());
  const days = daysFrom('2026-10-01', '2026-11-09');
  const reported = days.filter((day) => !day.endsWith('5'));
  for (const day of reported) {
    await folder.put(`reports/dt=${day}/summary.json`, Buffer.from(JSON.stringify(summary({ day }))));
  }
  const held = { now: 0, most: 0 };
  const lake: Pick<Lake, 'get'> = {
    async get(key) {
      const stream = await folder.get(key);
      if (stream === null) return null;
      held.now += 1;
      held.most = Math.max(held.most, held.now);
      return stream;
    },
  };
  const made = await mapSummaries(lake, days, (one, day) => {
    held.now -= 1;
    return [day, one.day];
  });
  expect(made).toEqual(reported.map((day) => [day, day]));
  expect(held.most).toBeGreaterThan(1);
  expect(held.most).toBeLessThanOrEqual(8);
});
