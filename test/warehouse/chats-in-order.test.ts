import { expect, test } from 'vitest';
import type { Manifest } from '../../functions/capture/captures.ts';
import { openCapture, readPagesOf } from '../../functions/capture/read-chats.ts';
import { FactsAccumulator } from '../../functions/metrics/measure-day.ts';
import { ChatsTableWriter } from '../../functions/warehouse/build-tables.ts';
import { fc } from '../property.ts';
import { handMade, writeAlone, writeInGroups } from './hand-made-capture.ts';
import { readParquet } from './read-parquet.ts';

/** A day on which the clock of Berlin skips an hour: 02:30 is read as 03:30. */
const SPRING = { day: '2026-03-29', timeZone: 'Europe/Berlin' };
const USUAL = { day: '2026-11-20', timeZone: 'Asia/Ho_Chi_Minh' };
const PARTS = 6;
const PART_SECONDS = 86_400 / PARTS;
const OF = { businessHours: null, isFinal: null };

const clock = (second: number): string => new Date(second * 1_000).toISOString().slice(11, 19);

/** A page for each part of the day, in the order of `order`. A row that strays is on the page of another part. */
function captured(
  { day, timeZone }: typeof USUAL,
  seconds: readonly number[],
  order: readonly number[],
  strays: readonly number[] = [],
) {
  const parts: object[][] = Array.from({ length: PARTS }, () => []);
  for (const [at, second] of seconds.entries()) {
    const part = (Math.floor(second / PART_SECONDS) + (strays.includes(at) ? 1 : 0)) % PARTS;
    parts[part]?.push({ conversation_id: `c-${at}`, start_time: `${day} ${clock(second)}` });
  }
  const pages = order.map((part) => parts[part] ?? []);
  const made = handMade(pages, { day, timeZone });
  const start = Date.parse(`${day}T00:00:00Z`) / 1_000;
  const asked = made.manifest.pages.map((page, at) => {
    const from = start + (order[at] ?? 0) * PART_SECONDS;
    const slice = { from, until: from + PART_SECONDS, page: 1, size: 500, margin: 1, pass: 0 };
    return { ...page, slice };
  });
  const manifest: Manifest = { ...made.manifest, pages: asked };
  return { ...made, manifest };
}

async function write({ lake, manifest }: ReturnType<typeof captured>, rowsAGroup: number) {
  const capture = await openCapture(lake, manifest);
  const writer = new ChatsTableWriter(capture, OF, rowsAGroup);
  const facts = new FactsAccumulator(null);
  for await (const page of readPagesOf(capture)) writer.add(page, facts.add(page.chats));
  return await writer.finish(facts.finish());
}

const seconds = fc.array(fc.nat({ max: 86_399 }), { minLength: 1, maxLength: 80 });
const order = fc.shuffledSubarray([...Array(PARTS).keys()], { minLength: PARTS, maxLength: PARTS });

test.each([
  ['on a usual day', USUAL],
  ['on a day on which the clock skips an hour', SPRING],
])(
  'row groups that are packed early %s are those of the whole, in the order of time',
  async (_title, day) => {
    await fc.assert(
      fc.asyncProperty(seconds, order, fc.integer({ min: 1, max: 30 }), async (starts, pages, rowsAGroup) => {
        const made = captured(day, starts, pages);
        const file = await write(made, rowsAGroup);
        expect(file).toEqual(await writeInGroups(made.lake, made.manifest, rowsAGroup));
        const rows = await readParquet(file ?? new Uint8Array());
        const instants = rows.map(({ started_at: at }) => BigInt(String(at)));
        expect(instants).toEqual(instants.toSorted((one, other) => Number(one - other)));
        expect(rows).toHaveLength(starts.length);
      }),
      { numRuns: 40 },
    );
  },
);

test('a page with rows of another part is never written out of order', async () => {
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(
      seconds,
      order,
      fc.array(fc.nat({ max: 79 }), { minLength: 10 }),
      async (starts, pages, strays) => {
        const made = captured(USUAL, starts, pages, strays);
        const right = await writeInGroups(made.lake, made.manifest, 3);
        const file = await write(made, 3);
        if (file === null) refused += 1;
        else expect(file).toEqual(right);
        const alone = await readParquet(await writeAlone(made.lake, made.manifest));
        expect(alone).toEqual(await readParquet(right));
      },
    ),
    { numRuns: 40 },
  );
  expect(refused).toBeGreaterThan(0);
});
