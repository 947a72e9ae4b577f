import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { recompute } from '../recompute.ts';
import { parseFault } from '../simulator/fault.ts';
import { SERVICES } from '../simulator/roster.ts';
import { type SimulatorOptions, startSimulator } from '../simulator/simulator.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { changingDays, LOOKER, REVISED, SMALL } from '../workflow/changing-days.ts';
import { start } from './command.ts';

const DAY = '2026-11-20';

async function beside(simulated: SimulatorOptions = {}) {
  const simulator = await startSimulator(simulated);
  onTestFinished(() => simulator.close());
  const settings = {
    CARESOFT_BASE_URL: simulator.baseUrl,
    CARESOFT_TOKEN: simulator.token,
    CARESOFT_REQUESTS_PER_SECOND: '15',
  };
  return { simulator, settings, cwd: await temporaryFolder() };
}

async function mailIn(outbox: string): Promise<string[]> {
  return (await readdir(outbox)).filter((name) => name.endsWith('.eml'));
}

describe('chat-report run', () => {
  test('prints the summary and nothing else with --json, and writes report and mail', async () => {
    const { simulator, settings, cwd } = await beside({ seed: 7, chats: 120 });
    const { code, out } = await start(['run', '--day', DAY, '--json'], {
      cwd,
      settings: { ...settings, CONTACTS: 'full' },
    }).ended;
    expect(code).toBe(0);
    const summary = JSON.parse(out);
    const { counts, ...figures } = recompute({
      day: DAY,
      timeZone: 'Asia/Ho_Chi_Minh',
      rowsByChannel: {
        livechat: simulator.rows('livechat', DAY).toReversed(),
        messenger: simulator.rows('messenger', DAY).toReversed(),
        zalo: simulator.rows('zalo', DAY).toReversed(),
      },
      serviceNames: new Map(SERVICES.map(({ id, name }) => [String(id), name])),
    });
    expect(summary).toMatchObject(figures);
    expect(JSON.parse(await readFile(join(cwd, `out/lake/reports/dt=${DAY}/summary.json`), 'utf8'))).toEqual(
      summary,
    );
    expect(await readdir(join(cwd, 'out/outbox'))).toContain(
      `${DAY}-report-manager@localhost.localdomain.eml`,
    );
    expect(counts.zalo?.rows).toBeGreaterThan(0);
  });

  test('reports several days, oldest first, and the gravest of their outcomes counts', async () => {
    const arrived: unknown[] = [];
    const { settings, cwd } = await beside({
      chats: 3,
      // On one of the days, one channel has another row each time it is asked.
      rows: (channel, day) =>
        channel === 'zalo' && day === '2026-11-19'
          ? arrived.slice(0, arrived.push({ conversation_id: `late-${arrived.length}` }))
          : undefined,
    });
    const { code, out } = await start(['run', '--from', '2026-11-18', '--to', DAY, '--json'], {
      cwd,
      settings,
    }).ended;
    expect(code).toBe(3);
    const days = JSON.parse(out);
    expect(days.map(({ day }: { day: string }) => day)).toEqual(['2026-11-18', '2026-11-19', DAY]);
    expect(days.map((day: object) => 'totals' in day)).toEqual([true, false, true]);
    expect(days[1]).toEqual({
      day: '2026-11-19',
      completeness: expect.objectContaining({ verdict: 'unproven' }),
    });
  });

  test('says in words what became of the day', async () => {
    const { settings, cwd } = await beside({ chats: 30 });
    const { code, out, err } = await start(['run', '--day', DAY, '--locale', 'en'], { cwd, settings }).ended;
    expect(code).toBe(0);
    const events = err
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).event);
    expect(events).toContain('page-kept');
    expect(events.at(-1)).toBe('run-ended');
    expect(out).toMatch(/^2026-11-20 {2}proven: 30 of 30 rows\. 30 chats, /);
    const [, path = ''] = /report {2}(\S+)/.exec(out) ?? [];
    expect(await readFile(join(cwd, path), 'utf8')).toContain('<html lang="en"');
  });

  test('never sends more requests a second than it is allowed to', async () => {
    const { simulator, settings, cwd } = await beside({ chats: 4_000, faults: [parseFault('cap:100')] });
    const { code } = await start(['run', '--day', DAY], { cwd, settings }).ended;
    expect(code).toBe(0);
    expect(simulator.seen.requests).toBeGreaterThan(45);
    expect(simulator.seen.peakPerSecond()).toBeLessThanOrEqual(15);
    expect(simulator.seen.longestThrottledRun).toBe(0);
  });

  test('ends with 3 after one call when the token is wrong, and shows it nowhere', async () => {
    const { simulator, settings, cwd } = await beside();
    const ended = await start(['run', '--day', DAY], {
      cwd,
      settings: { ...settings, CARESOFT_TOKEN: 'wrong-one' },
    }).ended;
    expect(ended.code).toBe(3);
    expect(ended.out).toContain('token-refused');
    expect(simulator.seen.requests).toBe(1);
    expect(ended.out + ended.err).not.toContain('wrong-one');
    const [notice = ''] = await mailIn(join(cwd, 'out/outbox'));
    expect(notice).toBe(`${DAY}-notice-manager@localhost.localdomain.eml`);
    expect(await readFile(join(cwd, 'out/outbox', notice), 'utf8')).not.toContain('wrong-one');
  });

  test('ends with 3 when it is locked out, and names the time', async () => {
    const { simulator, settings, cwd } = await beside({ faults: [parseFault('ban')] });
    const { code, out } = await start(['run', '--day', DAY], { cwd, settings }).ended;
    expect(code).toBe(3);
    expect(out).toMatch(/banned: locked out for 15 minutes; not to be asked before \d{4}-\d\d-\d\dT/);
    expect(simulator.seen.requests).toBe(1);
  });

  test('ends with 4 when the report stands and a mail cannot be written', async () => {
    const { settings, cwd } = await beside({ chats: 5 });
    const blocked = `${DAY}-report-b@example.com.eml`;
    await mkdir(join(cwd, 'out/outbox', blocked), { recursive: true });
    const { code, out } = await start(['run', '--day', DAY], {
      cwd,
      settings: { ...settings, MAIL_TO: 'a@example.com,b@example.com,c@example.com' },
    }).ended;
    expect(code).toBe(4);
    expect(out).toContain('NOT delivered to b@example.com');
    expect(await mailIn(join(cwd, 'out/outbox'))).toHaveLength(3);
    expect(JSON.parse(await readFile(join(cwd, `out/lake/reports/dt=${DAY}/summary.json`), 'utf8')).day).toBe(
      DAY,
    );
  });

  test('ends with 1 in one line, without a stack, when something happens that nobody foresaw', async () => {
    const { settings, cwd } = await beside({ chats: 5 });
    await mkdir(join(cwd, 'out/lake'), { recursive: true });
    await writeFile(join(cwd, 'out/lake/raw'), 'a file in the place of a folder');
    const { code, out, err } = await start(['run', '--day', DAY], { cwd, settings }).ended;
    expect(code).toBe(1);
    expect(out).toMatch(/^2026-11-20 {2}FAILED: Error: E[A-Z]+:/);
    expect(out + err).not.toMatch(/\n\s+at /);
  });

  test('does all its work, and ends as that ended, for a reader that has seen enough', async () => {
    const { settings, cwd } = await beside({ chats: 3, faults: [parseFault('num-found:+1')] });
    const child = start(['run', '--from', '2026-11-18', '--to', DAY], { cwd, settings });
    child.stdout?.once('data', () => child.stdout?.destroy());
    child.stderr?.destroy();
    const code = await new Promise((resolve) => child.once('exit', resolve));
    expect(code).toBe(3);
    expect(await mailIn(join(cwd, 'out/outbox'))).toHaveLength(3);
  });

  test('asks for earlier days again by an option, which is checked like the setting', async () => {
    const days = await changingDays({}, SMALL);
    await days.machine.report(REVISED);
    const settings = {
      CARESOFT_BASE_URL: days.machine.simulator.baseUrl,
      CARESOFT_TOKEN: days.machine.simulator.token,
      CARESOFT_REQUESTS_PER_SECOND: '15',
      LAKE_URI: days.machine.lake,
      LOOK_BACK: '60',
    };
    const run = (back: string) =>
      start(['run', '--day', LOOKER, '--look-back', back], { cwd: days.machine.outbox, settings }).ended;
    expect(await run('7,1')).toMatchObject({
      code: 2,
      err: expect.stringContaining('--look-back  is "7,1"'),
    });
    expect(await run('1')).toMatchObject({ code: 0 });
    expect(await days.look(REVISED, 1)).toMatchObject({ back: 1 });
  });
});

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

  test('lists every wrong setting and option at once, and calls nobody', async () => {
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

describe('chat-report simulate', () => {
  test('serves a CareSoft that chat-report run can be pointed at, as it says itself', async () => {
    const cwd = await temporaryFolder();
    const simulate = start(['simulate', '--port', '0', '--seed', '7', '--chats', '40', '--fault', 'cap:10'], {
      cwd,
    });
    const said = await new Promise<string>((resolve) =>
      simulate.stdout?.once('data', (data) => resolve(String(data))),
    );
    const [, url = '', token = ''] = /CARESOFT_BASE_URL=(\S+) CARESOFT_TOKEN=(\S+)/.exec(said) ?? [];
    const settings = { CARESOFT_BASE_URL: url, CARESOFT_TOKEN: token, CARESOFT_REQUESTS_PER_SECOND: '12' };
    const { code, out } = await start(['run', '--day', DAY, '--json'], { cwd, settings }).ended;
    expect([code, JSON.parse(out).totals.chats]).toEqual([0, 40]);
    simulate.kill('SIGTERM');
    expect((await simulate.ended).code).toBe(0);
  });
});

describe('chat-report demo', () => {
  test('needs no settings, and names a report that is there', async () => {
    const cwd = await temporaryFolder();
    const { code, out } = await start(['demo'], { cwd }).ended;
    expect(code).toBe(0);
    const [, path = ''] = /report {2}(\S+\.html)/.exec(out) ?? [];
    expect(await readFile(join(cwd, path), 'utf8')).toContain('<html lang="vi"');
    expect(await mailIn(join(cwd, 'out/demo/outbox'))).toHaveLength(1);
  });
});
