import { readdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { temporaryFolder } from '../temporary-folder.ts';
import { start } from './command.ts';

// Each starts the command line.
vi.setConfig({ testTimeout: 60_000 });

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
    const said = [
      'CARESOFT_TOKEN',
      'TIME_ZONE',
      'CONTACTS',
      '--channels',
      '--day',
      '--outbox',
      '--speed',
      '9',
    ];
    for (const of of said) expect(err).toMatch(new RegExp(`^ {2}${of} `, 'm'));
    expect(server.connections()).toBe(0);
    expect(await readdir(cwd)).toEqual(['file']);
    expect(err).not.toMatch(/\n\s+at /);
  });

  test.each([
    ['a day that is not over', ['run', '--day', '2999-01-01'], /not yet over in Asia\/Ho_Chi_Minh/],
    [
      'a range that ends before it begins',
      ['run', '--from', '2026-11-20', '--to', '2026-11-19'],
      /is after --to/,
    ],
    ['half of a range', ['run', '--from', '2026-11-20'], /go together/],
    ['an option without its value', ['run', '--day'], /argument missing/],
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

  test('prints its help, with every fault there is', async () => {
    const { code, out } = await start(['simulate', '--help'], { cwd: await temporaryFolder() }).ended;
    expect(code).toBe(0);
    expect(out).toContain('num-found-cap');
  });
});
