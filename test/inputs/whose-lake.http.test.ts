import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openCase } from './run-case.ts';

const OTHER =
  'belongs to the account "tai-khoan-1", and the base URL in the settings is that of "tai-khoan-2"';

const NO_ROWS = { livechat: [], messenger: [], zalo: [] };

describe('a second account in the lake of the first', () => {
  test('is refused before any call, by run, check and every other command alike', async () => {
    const { run, runLater, call, readLake, cwd } = await openCase('21');
    const first = await run('--json');
    expect([first.code, JSON.parse(first.out).totals.chats]).toEqual([0, 10]);
    expect(await readLake('lake.json')).toEqual({
      schema: 'chat-report/lake/1',
      domain: 'tai-khoan-1',
      account: 'cua-hang-1',
      format: 1,
    });
    const before = (await readdir(join(cwd, 'out/lake'), { recursive: true })).toSorted();

    const second = await runLater(0);
    expect([second.code, second.asked.length, second.out]).toEqual([2, 0, '']);
    expect(second.err).toContain(`LAKE_URI  is "${join(cwd, 'out/lake')}", which ${OTHER}`);
    const others = await Promise.all([
      call(['check']),
      call(['rebuild', '--day', '2026-11-19']),
      call(['erase', '--phone', '0912345678', '--dry-run']),
      call(['serve', '--port', '0']),
    ]);
    for (const { code, err, out, asked } of others) {
      expect([code, out, asked.length]).toEqual([2, '', 0]);
      expect(err).toContain(OTHER);
    }
    expect((await readdir(join(cwd, 'out/lake'), { recursive: true })).toSorted()).toEqual(before);
  });

  test('is refused also where the lake is of an earlier version, which its own account adopts', async () => {
    const { run, runLater, call, readLake, cwd } = await openCase('21');
    expect((await run()).code).toBe(0);
    await rm(join(cwd, 'out/lake/lake.json'));
    const check = await call(['check', '--json']);
    expect([check.code, await readLake('lake.json')]).toEqual([0, null]);
    const second = await runLater(0, '--day', '2026-11-19');
    expect([second.code, second.asked.length]).toEqual([2, 0]);
    expect(second.err).toContain(OTHER);
    expect(await readLake('lake.json')).toBeNull();
    // Days that no proven capture answers for.
    const rebuild = await call(['rebuild', '--from', '2026-11-18', '--to', '2026-11-19'], {
      CARESOFT_BASE_URL: '{server}/tai-khoan-1',
    });
    expect([rebuild.code, rebuild.asked.length]).toEqual([3, 0]);
    expect(rebuild.out).toMatch(/^2026-11-18 {2}NOT rebuilt: .*\n2026-11-19 {2}rebuilt: 10 chats/);
    expect(await readLake('lake.json')).toMatchObject({ domain: 'tai-khoan-1' });
  });

  test('is refused where both began at once in an empty folder, and the lake is of one of them alone', async () => {
    const { call, cwd, server } = await openCase('21');
    server.host({ domain: 'tai-khoan-2', token: 'token-1', behaviour: {}, rows: NO_ROWS });
    const ofOne = { CARESOFT_BASE_URL: '{server}/tai-khoan-1' };
    const ofTwo = { CARESOFT_BASE_URL: '{server}/tai-khoan-2' };
    const [one, two] = await Promise.all([
      call(['run', '--day', '2026-11-19', '--outbox', join(cwd, 'one')], ofOne),
      call(['run', '--day', '2026-11-19', '--outbox', join(cwd, 'two')], ofTwo),
    ]);
    expect([one.code, two.code].toSorted()).toEqual([0, 2]);
    const loser = one.code === 2 ? one : two;
    expect(loser.out + loser.err).toMatch(
      /belongs to the account "tai-khoan-(1|2)", and .* "tai-khoan-(1|2)"/,
    );
    const keys = await readdir(join(cwd, 'out/lake/raw/chats'), { recursive: true });
    expect(keys.filter((key) => key.endsWith('manifest.json'))).toHaveLength(3);
  });

  test('may begin where a mistyped domain had been tried', async () => {
    const { run, call, readLake } = await openCase('21');
    const mistyped = await call(['run', '--day', '2026-11-19'], {
      CARESOFT_BASE_URL: '{server}/tai-khoan-l',
    });
    expect(mistyped.code).toBe(3);
    expect(await readLake('lake.json')).toBeNull();
    expect((await run()).code).toBe(0);
    expect(await readLake('lake.json')).toMatchObject({ domain: 'tai-khoan-1' });
  });
});

describe('a lake stays its account’s', () => {
  test('at another address: nothing is asked again, and what is rebuilt is the same', async () => {
    const { run, call, cwd } = await openCase('21');
    expect((await run()).code).toBe(0);
    const files = ['summary.json', 'report.html'].map((name) =>
      join(cwd, 'out/lake/reports/dt=2026-11-19', name),
    );
    const read = () => Promise.all(files.map((file) => readFile(file, 'utf8')));
    const before = await read();
    const addresses = {
      run: 'http://localhost:9/tai-khoan-1',
      rebuild: 'https://caresoft.example/Tai-Khoan-1',
    };
    for (const [command, address] of Object.entries(addresses)) {
      const day = ['--day', '2026-11-19'];
      const { code, out, asked } = await call([command, ...day], { CARESOFT_BASE_URL: address });
      expect([code, asked.length], out).toEqual([0, 0]);
      expect(await read()).toEqual(before);
    }
  });
});

describe('a lake that is newer than the program', () => {
  test('is refused by every command, with both formats', async () => {
    const { run, call, cwd } = await openCase('21');
    await mkdir(join(cwd, 'out/lake'), { recursive: true });
    const newer = { schema: 'chat-report/lake/1', domain: 'tai-khoan-1', account: 'a', format: 2 };
    await writeFile(join(cwd, 'out/lake/lake.json'), JSON.stringify(newer));
    const ended = [
      await run(),
      await call(['check']),
      await call(['rebuild', '--day', '2026-11-19']),
      await call(['erase', '--email', 'khach-1@example.com']),
      await call(['serve', '--port', '0']),
    ];
    for (const { code, err, out, asked } of ended) {
      expect([code, out, asked.length]).toEqual([2, '', 0]);
      expect(err).toMatch(
        /LAKE_URI {2}is "[^"]+\/out\/lake", which has the format 2, and this .* the format 1; update/,
      );
    }
    expect(await readdir(join(cwd, 'out/lake'))).toEqual(['lake.json']);
  });
});

describe('a lake that is not there', () => {
  test('is told by its path, and never as one in which no one was found', async () => {
    const { call, cwd } = await openCase('21');
    await mkdir(join(cwd, 'empty'));
    const erase = ['erase', '--phone', '0912345678', '--dry-run'];
    const ended = [
      await call([...erase, '--lake', join(cwd, 'out/lak')]),
      await call([...erase, '--lake', join(cwd, 'empty')]),
      await call(['rebuild', '--day', '2026-11-19', '--lake', join(cwd, 'out/lak')]),
      await call(['serve', '--port', '0', '--lake', join(cwd, 'out/lak')]),
    ];
    for (const { code, err, out } of ended) {
      expect([code, out]).toEqual([2, '']);
      expect(err).toMatch(/ --lake {2}is "[^"]+\/(out\/lak|empty)", where no lake is/);
    }
    expect(await readdir(cwd)).toEqual(['empty']);
  });

  test('nor as one where no chat was ever captured, such as a slip in its path that check was given', async () => {
    const { call, cwd } = await openCase('21');
    const lake = join(cwd, 'out/lak');
    expect((await call(['check', '--lake', lake])).code).toBe(0);
    const erase = ['erase', '--phone', '0912345678', '--dry-run', '--lake', lake];
    const rebuild = ['rebuild', '--day', '2026-11-19', '--lake', lake];
    for (const args of [erase, rebuild]) {
      const { code, err, out } = await call(args);
      expect([code, out]).toEqual([2, '']);
      expect(err).toMatch(/ --lake {2}is "[^"]+\/out\/lak", where no chat was ever captured; look/);
    }
    // Pages of a walk that was cut off may hold the person.
    const page = 'raw/chats/dt=2026-11-19/channel=zalo/capture=20261120T000000000Z-aaaaaa';
    await mkdir(join(lake, page), { recursive: true });
    await writeFile(join(lake, page, 'page-0001.json.gz'), '');
    expect((await call(erase)).out).not.toBe('');
    expect((await call(rebuild)).code).toBe(2);
  });

  test('is told together with all else that is wrong', async () => {
    const { call } = await openCase('21');
    const erase = await call(['erase', '--phone', 'x', '--lake', 'nolake', '--fast']);
    expect(erase.code).toBe(2);
    for (const name of ['--phone', '--lake', '--fast'])
      expect(erase.err).toMatch(new RegExp(`^ +${name} `, 'm'));
  });
});
