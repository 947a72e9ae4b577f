import { describe, expect, test } from 'vitest';
import type { ChatsAnswer } from '../../functions/capture/caresoft.ts';
import { LARGEST_PAGE, type PageNumber } from '../../functions/capture/chats-query.ts';
import { judge } from '../../functions/capture/prove.ts';
import { RowTally } from '../../functions/capture/row-tally.ts';
import { walk } from '../../functions/capture/walk.ts';
import { openZone } from '../../functions/time/zone.ts';
import { fc } from '../property.ts';

const DAY = '2026-11-21';
const reading = { zone: openZone('Asia/Ho_Chi_Minh'), clock: 'local' } as const;

const rowOf = (number: number) => ({ conversation_id: `c${number}`, start_time: `${DAY} 09:00:00` });
const rowsOf = (count: number) => Array.from({ length: count }, (_, number) => rowOf(number));

/** Answers as the given function does, at random moments, and remembers what it was asked. */
function server(respond: (page: PageNumber) => { rows: readonly unknown[]; numFound: number }) {
  const asked: PageNumber[] = [];
  const kept: number[] = [];
  const tally = new RowTally(DAY, 'zalo', reading);
  const ports = {
    async ask(page: PageNumber): Promise<ChatsAnswer> {
      asked.push(page);
      for (let turns = Math.random() * 5; turns > 0; turns -= 1) await Promise.resolve();
      return {
        params: '',
        status: 200,
        body: new Uint8Array(),
        askedAt: '',
        answeredAt: '',
        ...respond(page),
      };
    },
    async keep(page: number) {
      await Promise.resolve();
      kept.push(page);
    },
    isTimeUp: () => false,
  };
  return {
    asked,
    ports,
    kept,
    tally,
    async walk() {
      const counted = (await walk(ports, tally)) ?? expect.unreachable();
      const findings = {
        ...counted,
        counts: tally.toCounts(),
        fingerprint: tally.fingerprint,
        rowsOnFirst: 1,
      };
      return { ...findings, ...judge(findings, null) };
    },
  };
}

const slice = (rows: readonly unknown[], size: number, page: number) =>
  rows.slice((page - 1) * size, page * size);

describe('a walk', () => {
  test('reads every row once, of any number, in pages of any size that the server likes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 300 }), fc.integer({ min: 1, max: 60 }), async (count, size) => {
        const rows = rowsOf(count);
        const found = server(({ page, count: asked }) => ({
          rows: slice(rows, Math.min(size, asked), page),
          numFound: count,
        }));
        expect(await found.walk()).toMatchObject({
          verdict: 'proven',
          counts: { rows: count, chats: count },
        });
        expect(found.kept).toEqual(found.kept.toSorted((left, right) => left - right));
        expect(found.kept).toHaveLength(Math.max(1, Math.ceil(count / size)));
      }),
    );
  });

  test('looks one page past the count, and keeps it only where it says something new', async () => {
    const rows = rowsOf(20);
    const honest = server(({ page }) => ({ rows: slice(rows, 10, page), numFound: 20 }));
    expect(await honest.walk()).toMatchObject({ verdict: 'proven' });
    expect(honest.asked.map(({ page }) => page)).toEqual([1, 2, 3, 1]);
    expect(honest.kept).toEqual([1, 2]);

    const capped = server(({ page }) => ({ rows: slice(rows, 10, page), numFound: 10 }));
    expect(await capped.walk()).toMatchObject({ verdict: 'unproven', reason: 'rows-beyond-count' });
    expect(capped.kept).toEqual([1, 2]);
  });

  test('is not fooled by a server that gives its last page again and again', async () => {
    const rows = rowsOf(15);
    const found = server(({ page }) => ({ rows: slice(rows, 10, Math.min(page, 2)), numFound: 15 }));
    expect(await found.walk()).toMatchObject({ verdict: 'proven', counts: { rows: 15, duplicates: 0 } });
  });

  test('goes on after a page of nothing but known rows, as long as the count is not reached', async () => {
    const pages = [rowsOf(10), rowsOf(10), rowsOf(15).slice(10)];
    const found = server(({ page }) => ({ rows: pages[page - 1] ?? [], numFound: 15 }));
    expect(await found.walk()).toMatchObject({ verdict: 'proven', counts: { unique: 15, duplicates: 10 } });
  });

  test('asks for nothing more once there is more than was counted', async () => {
    const rows = rowsOf(1_000);
    const found = server(({ page }) => ({ rows: slice(rows, 10, page), numFound: 15 }));
    await found.walk();
    expect(found.kept).toEqual([1, 2]);
  });

  test('keeps a page past the count whose rows say something new of known chats', async () => {
    const changed = rowsOf(10).map((row) => ({ ...row, end_time: `${DAY} 10:00:00` }));
    const pages = [rowsOf(10), changed];
    const found = server(({ page }) => ({ rows: pages[page - 1] ?? [], numFound: 10 }));
    expect(await found.walk()).toMatchObject({ counts: { conflicts: 10 } });
    expect(found.kept).toEqual([1, 2]);
  });

  test('goes on where it was left, without asking again for what was kept', async () => {
    const rows = rowsOf(95);
    const found = server(({ page }) => ({ rows: slice(rows, 10, page), numFound: 95 }));
    const ports = { ...found.ports, isTimeUp: () => true };
    let pages = 0;
    for (;;) {
      const kept = pages === 0 ? null : { before: 95, rowsOnFirst: 10, rowsOnLast: 10, pages };
      const counted = await walk(ports, found.tally, { kept });
      if (counted) break;
      expect(found.kept.length).toBeGreaterThan(pages);
      pages = found.kept.length;
    }
    expect(found.kept).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(found.tally.toCounts()).toMatchObject({ rows: 95, duplicates: 0 });
  });

  test('asks for the largest page, and for one row when it only counts', async () => {
    const found = server(() => ({ rows: [], numFound: 0 }));
    await found.walk();
    expect(found.asked).toEqual([
      { page: 1, count: LARGEST_PAGE },
      { page: 1, count: 1 },
    ]);
  });

  test('ends, and believes only what adds up, whatever the server answers', async () => {
    const pages = fc.array(fc.array(fc.nat({ max: 40 }).map(rowOf), { maxLength: 8 }), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(pages, fc.nat({ max: 60 }), async (all, numFound) => {
        const found = server(({ page }) => ({ rows: all[page - 1] ?? [], numFound }));
        const { verdict, counts } = await found.walk();
        const first = all[0]?.length ?? 0;
        const most = first === 0 ? 1 : 2 * Math.ceil(numFound / first) + 2;
        const askedPages = found.asked.filter(({ count }) => count !== 1);
        // A page or two may have been asked ahead of the one that ended the walk.
        expect(askedPages.length).toBeLessThanOrEqual(Math.max(1, most));
        expect(verdict === 'proven').toBe(counts.unique === numFound);
        expect(counts.rows).toBe(counts.unique + counts.duplicates);
        expect(counts.unique).toBe(counts.chats + counts.rejected + counts.outsideDay);
        expect(counts.conflicts).toBe(0);
      }),
      { numRuns: 500 },
    );
  });

  test('fails as the page that failed, and asks for nothing more', async () => {
    const found = server(({ page }) => {
      if (page === 3) throw new Error('page 3 failed');
      return { rows: slice(rowsOf(1_000), 10, page), numFound: 1_000 };
    });
    await expect(found.walk()).rejects.toThrow('page 3 failed');
    expect(found.asked.length).toBeLessThanOrEqual(5);
  });
});

describe('the proof', () => {
  const found = (changes: Partial<Parameters<typeof judge>[0]> = {}) => ({
    before: 10,
    after: 10,
    counts: { rows: 10, unique: 10 },
    fingerprint: 'a',
    rowsOnFirst: 10,
    ...changes,
  });
  const repeated = found({ counts: { rows: 10, unique: 9 } });

  test.each([
    ['the counts and the different rows agree', found(), null, 'proven'],
    ['the count changed', found({ after: 11 }), found({ after: 11 }), 'count-changed'],
    ['rows are missing', found({ counts: { rows: 9, unique: 9 } }), null, 'rows-missing'],
    [
      'there are more than were counted',
      found({ counts: { rows: 11, unique: 11 } }),
      null,
      'rows-beyond-count',
    ],
    ['an id repeats, in one walk', repeated, null, 'rows-missing'],
    ['an id repeats, the same in two walks', repeated, repeated, 'proven'],
    [
      'an id repeats, otherwise than in the walk before',
      repeated,
      { ...repeated, fingerprint: 'b' },
      'rows-missing',
    ],
    [
      'the same rows came twice, but fewer than counted',
      found({ counts: { rows: 9, unique: 9 } }),
      found({ counts: { rows: 9, unique: 9 } }),
      'rows-missing',
    ],
  ])('when %s', (_title, walked, previous, expected) => {
    const { verdict, reason } = judge(walked, previous);
    expect(reason ?? verdict).toBe(expected);
  });
});

describe('the tally of a walk', () => {
  test('counts the copy that is read last, wherever the day puts it', () => {
    const tally = new RowTally(DAY, 'zalo', reading);
    tally.addPage(1, [
      rowOf(1),
      rowOf(2),
      { ...rowOf(3), start_time: '2026-11-20 23:59:59' },
      null,
      { a: 1 },
    ]);
    tally.addPage(2, [rowOf(2), { ...rowOf(1), start_time: '2026-11-22 00:00:00' }, null]);
    expect(tally.toCounts()).toEqual({
      rows: 8,
      unique: 5,
      duplicates: 3,
      conflicts: 1,
      chats: 1,
      statuses: { answered: 0, missed: 0, other: 1 },
      open: 1,
      rejected: 2,
      rejectedReasons: { 'no-conversation-id': 1, 'not-an-object': 1 },
      outsideDay: 2,
    });
    expect([tally.supersededOn(1), tally.supersededOn(2)]).toEqual([[0, 1, 3], []]);
  });

  test('has one fingerprint for the same rows in any order, and another for others', () => {
    const rows = rowsOf(20);
    const fingerprintOf = (all: readonly unknown[]) => {
      const tally = new RowTally(DAY, 'zalo', reading);
      tally.addPage(1, all);
      return tally.fingerprint;
    };
    expect(fingerprintOf(rows.toReversed())).toBe(fingerprintOf(rows));
    expect(fingerprintOf([...rows.slice(1), rowOf(99)])).not.toBe(fingerprintOf(rows));
    expect(fingerprintOf([...rows, ...rows])).not.toBe(fingerprintOf(rows));
  });
});
