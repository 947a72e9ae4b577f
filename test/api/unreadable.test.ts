import { describe, expect, test } from 'vitest';
import { callback, summary } from '../report/fixture.ts';
import { memoryLake } from '../web/memory-lake.ts';
import { openPages } from '../web/open-pages.ts';

const [DAMAGED, NEWER, WHOLE] = ['2026-11-19', '2026-11-20', '2026-11-21'] as const;
const NOON = Date.parse('2026-11-22T05:00:00Z');

/** Three days with a report, of which two cannot be read. */
function lakeOfThree() {
  const lake = memoryLake();
  const whole = (day: string) =>
    JSON.stringify(summary({ day, callbacks: [callback('Khách 1', 2, '14:26')] }));
  lake.write(`reports/dt=${DAMAGED}/summary.json`, whole(DAMAGED).slice(0, 2_000));
  lake.write(
    `reports/dt=${NEWER}/summary.json`,
    whole(NEWER).replace(/"definitions":\d+/, '"definitions":99'),
  );
  lake.write(`reports/dt=${WHOLE}/summary.json`, whole(WHOLE));
  for (const day of [DAMAGED, NEWER, WHOLE]) lake.write(`reports/dt=${day}/report.txt`, `of ${day}`);
  return lake;
}

const open = (lake = lakeOfThree()) => openPages(lake, { now: NOON });

describe('a report that cannot be read', () => {
  test('is told on its page, with what to do', async () => {
    const { page, logged } = open();
    const damaged = await page(`/days/${DAMAGED}?lang=en`);
    expect([damaged.status, damaged.html]).toEqual([
      200,
      expect.stringContaining('The chat report of 19 Nov 2026 cannot be read.'),
    ]);
    expect(damaged.html).toContain(`chat-report rebuild --day ${DAMAGED}`);
    const newer = await page(`/days/${NEWER}?lang=vi`);
    expect([newer.status, newer.html]).toEqual([
      200,
      expect.stringContaining('Không đọc được báo cáo chat ngày 20/11/2026.'),
    ]);
    expect(newer.html).toContain('phiên bản chat-report mới hơn');
    expect(newer.html).not.toContain('rebuild');
    expect(logged).toEqual([]);
  });

  test('is named by the report of a later day, which is not compared with it', async () => {
    const { page } = open();
    const { html } = await page(`/days/${WHOLE}?lang=en`);
    expect(html).toContain(
      'Not compared with 19 Nov 2026, 20 Nov 2026: the reports of those days cannot be read.',
    );
  });

  test('by strict readers, because an earlier version wrote half of a pair, is answered without', async () => {
    const lake = memoryLake();
    const report = summary({ day: WHOLE, callbacks: [callback('Khách \ud83d 1', 2, '14:26')] });
    lake.write(`reports/dt=${WHOLE}/summary.json`, JSON.stringify(report));
    const answer = await open(lake).app.request(`/reports/${WHOLE}`, {
      headers: { accept: 'application/json' },
    });
    const text = await answer.text();
    expect(text).not.toContain('\\ud83d');
    expect(JSON.parse(text).callbacks[0].customer.name).toBe('Khách \ufffd 1');
  });

  test('is left out of lists, and the others are there', async () => {
    const { app, page, logged } = open();
    const { days } = (await (await app.request('/reports')).json()) as { days: { day: string }[] };
    expect(days.map(({ day }) => day)).toEqual([WHOLE]);
    for (const path of ['/', '/?month=2026-11', '/trends']) expect((await page(path)).status).toBe(200);
    expect(logged).toEqual([]);
  });

  test('is not given as figures, and in its other forms as it is', async () => {
    const { app } = open();
    for (const [day, says] of [
      [DAMAGED, `The report of ${DAMAGED} is damaged. Ask for it again with POST /reports`],
      [NEWER, `The report of ${NEWER} cannot be read here: a newer version`],
    ] as const) {
      const figures = await app.request(`/reports/${day}`);
      expect([figures.status, (await figures.json()) as object]).toEqual([
        404,
        expect.objectContaining({ detail: expect.stringContaining(says) }),
      ]);
      const text = await app.request(`/reports/${day}`, { headers: { accept: 'text/plain' } });
      expect([text.status, await text.text()]).toEqual([200, `of ${day}`]);
    }
    expect((await app.request(`/reports/${WHOLE}`)).status).toBe(200);
  });
});

describe('a request that cannot be read', () => {
  const ask = (key?: string) => ({
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(key && { 'idempotency-key': key }) },
    body: JSON.stringify({ day: WHOLE }),
  });

  test.each(['', '{', 'null', '{"schema":"chat-report/request/2"}'])(
    'stops no other: %s',
    async (garbage) => {
      const lake = lakeOfThree();
      const { app, logged } = open(lake);
      await app.request('/reports', ask());
      await app.request('/reports', ask('one'));
      const keys = await Array.fromAsync(lake.list('requests/'));
      expect(keys).toHaveLength(2);
      for (const key of keys) lake.write(key, garbage);
      for (const key of keys) {
        const { status } = await app.request(key.replace('requests', '/runs').replace('.json', ''));
        expect(status).toBe(404);
      }
      expect((await app.request('/reports', ask())).status).toBe(202);
      const repeated = await app.request('/reports', ask('one'));
      expect([repeated.status, await repeated.text()]).toEqual([422, expect.stringContaining('no longer')]);
      expect((await app.request('/reports', ask('two'))).status).toBe(202);
      expect(new Set(logged.map(({ event }) => event))).toEqual(new Set(['run-requested']));
    },
  );
});

test.each(['', '{}', '{"schema":"chat-report/run/1","completeness":{}}'])(
  'a record of a run that cannot be read stops no page: %s',
  async (garbage) => {
    const lake = lakeOfThree();
    lake.write('runs/2026-11-18-1.json', garbage);
    const { page, logged } = open(lake);
    for (const path of ['/', '/days/2026-11-18']) expect([200, 404]).toContain((await page(path)).status);
    expect(logged).toEqual([]);
  },
);
