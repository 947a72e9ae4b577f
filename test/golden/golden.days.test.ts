import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { PERSON } from '../erasure/planted.ts';
import { playStory } from './story.ts';
import { plainOf, sha256, toLines } from './sum.ts';

test('what six days leave behind is as it was, to the byte', async () => {
  const { files, erasure } = await playStory();
  const plain = new Map([...files].map(([path, bytes]) => [path, plainOf(path, bytes)] as const));
  const textOf = (path: string): string => plain.get(path)?.toString() ?? `there is no ${path}`;
  const jsonOf = (path: string) => JSON.parse(textOf(path));
  const naming = [...plain.keys()].filter((path) => textOf(path).includes(PERSON.name));

  // The story is the one that is told: sums of nothing would be the same for ever.
  const places = new Set([...files.keys()].map((path) => /^(lake\/)?[^/]+/.exec(path)?.[0]));
  expect([...places].sort()).toEqual([
    ...[
      'api',
      'json',
      'lake/changes',
      'lake/curated',
      'lake/days',
      'lake/erased',
      'lake/lake.json',
      'lake/lease',
    ],
    ...['lake/looks', 'lake/raw', 'lake/reports', 'lake/requests', 'lake/runs', 'outbox', 'told'],
  ]);
  const revised = {
    day: '2026-11-17',
    revisions: [{ channel: 'messenger', was: { missed: 13 }, is: { missed: 11 } }],
  };
  expect(jsonOf('lake/reports/dt=2026-11-17/summary.json')).toMatchObject(revised);
  expect(jsonOf('json/2026-11-18-run-03.json')).toMatchObject({ completeness: { verdict: 'partial' } });
  expect(textOf('outbox/2026-11-18-partial-manager@example.com.eml')).toContain('X-Chat-Report: partial');
  expect(jsonOf('json/2026-11-19-run-04.json')).toMatchObject({ followUp: { day: '2026-11-18' } });
  expect(jsonOf('lake/reports/dt=2026-11-19/summary.json')).toMatchObject({
    followUp: { day: '2026-11-18' },
  });
  expect(textOf('lake/reports/dt=2026-11-16/report.txt')).toMatch(/^BÁO CÁO CHAT 16\/11\/2026\n/);
  expect(textOf('lake/reports/dt=2026-11-20/report.txt')).toMatch(/^CHAT REPORT 20 NOV 2026\n/);
  expect(textOf('lake/reports/dt=2026-11-20/report.xlsx')).toContain('xl/worksheets/sheet2.xml');
  expect(erasure).toMatchObject({ days: ['2026-11-19', '2026-11-20', '2026-11-21'], unreadable: [] });
  // What was printed before names the person still; what lies in lake and outbox does not.
  expect(naming).toContain('json/2026-11-20-run-08.json');
  expect(naming.filter((path) => !path.startsWith('json/'))).toEqual([]);

  // A sum says that a file changed. The folders of two commits say what in it.
  const { GOLDEN_FOLDER } = process.env;
  if (GOLDEN_FOLDER !== undefined) await writeAll(GOLDEN_FOLDER, plain);
  const sums = new Map([...plain].map(([path, bytes]) => [path, sha256(bytes)] as const));
  await expect(toLines(sums)).toMatchFileSnapshot('sums.txt');
});

async function writeAll(folder: string, files: ReadonlyMap<string, Uint8Array>): Promise<void> {
  for (const [path, bytes] of files) {
    // The address of a page may end as a folder does.
    const file = join(folder, `${path}.out`);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, bytes);
  }
}
