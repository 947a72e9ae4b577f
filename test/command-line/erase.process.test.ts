import { readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startSimulator } from '../../functions/sources/caresoft/simulator/simulator.ts';
import { openFolder } from '../../functions/storage/object-store.fs.ts';
import { filesIn } from '../erasure/everything.ts';
import { DAYS, PERSON, plantedRows } from '../erasure/planted.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { call } from './call.ts';
import { start } from './command.ts';

const [DAY] = DAYS;

async function reported() {
  const simulator = await startSimulator({ rows: await plantedRows(20), requestsPerSecond: 1_000 });
  onTestFinished(() => simulator.close());
  const cwd = await temporaryFolder();
  const settings = { CARESOFT_BASE_URL: simulator.baseUrl, CARESOFT_TOKEN: simulator.token };
  const [lake, outbox] = [join(cwd, 'out/lake'), join(cwd, 'out/outbox')];
  const callIn = (args: readonly string[], environment: Readonly<Record<string, string>> = {}) =>
    call([...args, '--outbox', outbox], { ...environment, LAKE_URI: lake });
  expect((await callIn(['run', '--day', DAY], settings)).code).toBe(0);
  // Nothing of CareSoft has to be set to erase somebody.
  const erase = (...args: string[]) => callIn(['erase', ...args]);
  return { cwd, erase, lake: openFolder(lake), outbox: openFolder(outbox) };
}

describe('chat-report erase', () => {
  test('says what it would do, does it, and says nobody’s data', async () => {
    const { cwd, erase, lake, outbox } = await reported();
    const before = await filesIn(lake);
    const planned = await erase('--phone', '+84 987 650 123', '--dry-run');
    expect([planned.code, planned.out]).toEqual([
      0,
      expect.stringMatching(/^Would be erased: \d+ rows .*Nothing was changed\.\n$/s),
    ]);
    expect(await filesIn(lake)).toEqual(before);

    const left = join(cwd, 'out/lake/.unfinished/left-behind');
    await writeFile(left, PERSON.name);
    await utimes(left, 1, 1);
    const done = await erase('--phone', '+84 987 650 123', '--json');
    expect(done.code).toBe(0);
    expect(JSON.parse(done.out)).toMatchObject({ dryRun: false, days: [DAY], mails: 1, versions: null });
    expect(await readdir(join(cwd, 'out/lake/.unfinished'))).toEqual([]);
    expect(await Array.fromAsync(outbox.list(''))).toEqual([]);
    for (const { out, err } of [planned, done]) expect(out + err).not.toMatch(/987|650|Vương|diem/i);

    const again = await erase('--phone', '0987650123');
    expect([again.code, again.out]).toEqual([
      0,
      'No row of this person was found.\nLater captures are kept without them.\n',
    ]);
  });

  test.each([
    [[], /--customer, --phone, --email +say who is meant/],
    [['--customer', '1', '--phone', '0901234567'], /give exactly one/],
    [['--phone', 'nobody-4711'], /--phone +is no telephone number/],
    [['--email', 'nobody-4711'], /--email +is no e-mail address/],
    [['--customer', '0'], /--customer +is no id/],
    [
      ['--customer', '5', '--lake', 'ftp://x', '--wrong', '--outbox', '/dev/null/x'],
      /--wrong.*--lake.*--outbox/s,
    ],
  ])('refuses %j before anything is done', async (args, says) => {
    const cwd = await temporaryFolder();
    const { code, out, err } = await start(['erase', ...args], { cwd }).ended;
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(says);
    expect(err).not.toContain('nobody-4711');
    expect(await readdir(cwd)).toEqual([]);
  });
});
