import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../temporary-folder.ts';
import { call } from './call.ts';
import { start, startProgram } from './command.ts';

describe('chat-report, told what it cannot do', () => {
  /** Counts the connections that anybody makes. */
  async function listen() {
    let connections = 0;
    const server = createServer().on('connection', () => {
      connections += 1;
    });
    server.listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    onTestFinished(() => {
      server.close();
    });
    return {
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/demo`,
      connections: () => connections,
    };
  }

  test('lists every wrong setting and option at once, and makes no call', async () => {
    const cwd = await temporaryFolder();
    await writeFile(join(cwd, 'file'), '');
    const server = await listen();
    const args = [
      'run',
      '--day',
      '2026-02-29',
      '--to',
      '2026-11-20',
      '--channels',
      'viber',
      '--outbox',
      'file/below',
    ];
    const { code, out, err } = await start([...args, '--speed', '9'], {
      cwd,
      settings: { CARESOFT_BASE_URL: server.url, TIME_ZONE: 'Hanoi', CONTACTS: 'all' },
    }).ended;
    expect([code, out]).toEqual([2, '']);
    const said = ['CARESOFT_TOKEN', 'TIME_ZONE', 'CONTACTS', '--channels', '--day', '--outbox', '--speed'];
    for (const name of said) expect(err).toMatch(new RegExp(`^ {2}${name} `, 'm'));
    expect(server.connections()).toBe(0);
    expect(await readdir(cwd)).toEqual(['file']);
    expect(err).not.toMatch(/\n\s+at /);
  });

  test.skipIf(!existsSync('/dev/full'))('ends with 1 where its result finds no room', async () => {
    const program = [process.execPath, join(import.meta.dirname, '../../bin/main.js'), 'settings'];
    const words = ['-c', 'exec "$@" > /dev/full', 'sh', ...program];
    const { code, err } = await startProgram(words, { cwd: await temporaryFolder() }, { program: 'sh' })
      .ended;
    expect([code, err]).toEqual([1, expect.stringMatching(/^chat-report: the result .*\(ENOSPC\)/)]);
  });

  test.each([
    ['a day that is not over', ['run', '--day', '2999-01-01'], /not yet over in Asia\/Ho_Chi_Minh/],
    [
      'a range that ends before it begins',
      ['run', '--from', '2026-11-20', '--to', '2026-11-19'],
      /is after --to/,
    ],
    ['half of a range', ['run', '--from', '2026-11-20'], /go together/],
    ['an option without its value', ['run', '--day'], /--day lacks its value; write --day <day>/],
    ['a command that does not exist', ['report'], /unknown command/],
    ['no command', [], /Usage/],
    ['a word too many', ['demo', 'now'], /one word too many/],
    [
      'a fault that does not exist',
      ['simulate', '--fault', 'fire', '--port', '99999'],
      /--port.*--fault.*throttle:some/s,
    ],
  ])('refuses %s', async (_title, args, expected) => {
    const settings = { CARESOFT_BASE_URL: 'https://api.caresoft.vn/demo', CARESOFT_TOKEN: 'simulated' };
    const { code, out, err } = await start(args, { cwd: await temporaryFolder(), settings }).ended;
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(expected);
  });

  test.each([
    [
      'run',
      ['--lake', '', '--outbox', ' ', '--locale', '', '--channels', '', '--look-back', '', '--day', ''],
    ],
    ['demo', ['--locale', '']],
    ['check', ['--lake', '']],
    ['serve', ['--lake', '', '--locale', ' ', '--port', '']],
    ['rebuild', ['--lake', '', '--day', '']],
    ['erase', ['--lake', '', '--outbox', '', '--phone', '']],
    ['simulate', ['--seed', '', '--chats', '\t']],
  ])('takes no blank for what an option is by default: %s %j', async (command, args) => {
    const settings = { CARESOFT_BASE_URL: 'https://api.caresoft.vn/demo', CARESOFT_TOKEN: 'simulated' };
    const { code, out, err } = await call([command, ...args], settings);
    expect([code, out]).toEqual([2, '']);
    for (const option of args.filter((word) => word.startsWith('--'))) {
      const said = err.match(new RegExp(`^ {2}${option} +.*$`, 'gm'));
      expect(said).toEqual([expect.stringContaining('is blank; give it a value, or leave it out')]);
    }
  });

  test.each([
    [['--day', '0001-01-01'], /^ {2}--day {2}is 0001-01-01, which is before 2000-01-01$/m],
    [['--from', '0026-11-01', '--to', '2026-11-20'], /^ {2}--from {2}is 0026-11-01, which is before/m],
    [
      ['--from', '2006-11-01', '--to', '2026-11-20'],
      /^ {2}--from {2}is 2006-11-01, more than 3660 days before --to/m,
    ],
  ])('knows no day, and no range, that can only be a slip: %j', async (args, expected) => {
    const settings = { CARESOFT_BASE_URL: 'https://api.caresoft.vn/demo', CARESOFT_TOKEN: 'simulated' };
    const cwd = await temporaryFolder();
    // A lake, of which nothing else is to be said.
    await mkdir(join(cwd, 'out/lake/reports/dt=2026-11-19'), { recursive: true });
    await writeFile(join(cwd, 'out/lake/reports/dt=2026-11-19/report.txt'), '');
    const command = args.length > 2 ? 'rebuild' : 'run';
    const places = { ...settings, LAKE_URI: join(cwd, 'out/lake') };
    const { code, out, err } = await call([command, ...args], places);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(expected);
    expect(err.match(/^ {2}--/gm)).toHaveLength(1);
  });

  test('tells a demo nothing of the environment, which it does not read', async () => {
    const settings = { MAIL_T0: 'x', CHANNEL: 'zalo', LOCALE: 'fr', CARESOFT_TOKEN: '<token>' };
    const { code, err } = await start(['demo'], { cwd: await temporaryFolder(), settings }).ended;
    expect(code).toBe(0);
    expect(err).not.toMatch(/MAIL_T0|CHANNEL|LOCALE|TOKEN/);
  });

  test('prints its help, with every fault there is and what nights bring', async () => {
    const { code, out } = await start(['simulate', '--help'], { cwd: await temporaryFolder() }).ended;
    expect(code).toBe(0);
    expect(out).toContain('num-found-cap');
    expect(out).toContain('With --nights');
  });
});
