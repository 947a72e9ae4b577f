import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createNetServer, type Server } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parseFault } from '../../functions/sources/caresoft/simulator/fault.ts';
import {
  type SimulatorOptions,
  startSimulator,
} from '../../functions/sources/caresoft/simulator/simulator.ts';
import { secretsOf } from '../sources/caresoft/diagnostics/checked.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { call } from './call.ts';
import { start } from './command.ts';

const TOKEN = 'never-to-be-shown-4711';

async function beside(simulated: SimulatorOptions = {}) {
  const simulator = await startSimulator({ token: TOKEN, requestsPerSecond: 10_000, ...simulated });
  onTestFinished(() => simulator.close());
  const settings = {
    CARESOFT_BASE_URL: simulator.baseUrl,
    CARESOFT_TOKEN: TOKEN,
    CARESOFT_REQUESTS_PER_SECOND: '15',
    MAIL_TO: 'manager@example.com',
    MAIL_FROM: 'chat-report@example.com',
  };
  return { simulator, settings, cwd: await temporaryFolder() };
}

/** The days that a check may have looked at, in the zone's and in UTC's counting. */
function lately(): string[] {
  return [-9, -8, -7, -6, -5, -4, -3, -2, -1, 0, 1].map((days) =>
    new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10),
  );
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => {
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** In this process. */
function callCheck(cwd: string, settings: Readonly<Record<string, string>>) {
  return call(['check'], { ...settings, LAKE_URI: join(cwd, 'lake') });
}

describe('chat-report check', () => {
  test('says of an account that is well, a line a finding, that nothing stands in the way', async () => {
    const { simulator, settings, cwd } = await beside();
    const { code, out, err } = await start(['check'], { cwd, settings }).ended;
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(
      /^Settings in force:\n {2}CARESOFT_BASE_URL = http.*\n\nok {4}CareSoft answers at 127\.0\.0\.1:\d+\.\n/s,
    );
    expect(out).toMatch(/^ok {4}messenger: 525 chats on \d{4}-\d\d-\d\d, /m);
    expect(out).toMatch(/^ok {4}The lake out\/lake can be written to\.$/m);
    expect(out).toMatch(/\nNothing stands in the way of a report \(\d+ ok, \d+ to note\)\.\n$/);
    expect(simulator.seen.requests).toBeLessThanOrEqual(40);
    expect(simulator.seen.peakPerSecond()).toBeLessThanOrEqual(15);
    for (const secret of [TOKEN, ...secretsOf(simulator, lately())]) expect(out).not.toContain(secret);
    expect(out.slice(out.indexOf('\nok '))).not.toContain('manager@');
  });

  test('ends with 3 where something would spoil a report, and says what to set', async () => {
    const faults = ['utc', 'dead:zalo', 'num-found:+2', 'hostile'].map(parseFault);
    const { simulator, settings, cwd } = await beside({ faults });
    const { code, out, err } = await callCheck(cwd, settings);
    expect(code).toBe(3);
    expect(out).toMatch(/^fail {2}zalo: .*HTTP 500\.\n {6}→ /m);
    expect(out).toMatch(
      /^fail {2}Times are UTC, but CARESOFT_CLOCK is local: .*\n {6}→ set CARESOFT_CLOCK=utc$/m,
    );
    expect(out).toMatch(/^fail {2}CareSoft's count is wrong/m);
    expect(out).toMatch(/\n3 of \d+ would spoil a report/);
    for (const secret of [TOKEN, ...secretsOf(simulator, lately())]) expect(out + err).not.toContain(secret);
  });

  test('prints one JSON document and nothing else with --json', async () => {
    const { settings, cwd } = await beside({ faults: [parseFault('utc')] });
    const { MAIL_TO: _, ...others } = settings;
    const lake = join(cwd, 'elsewhere');
    const { code, out } = await call(['check', '--json', '--lake', lake], others);
    expect(code).toBe(3);
    const { findings, ok } = JSON.parse(out);
    expect(ok).toBe(false);
    const byId = Object.fromEntries(findings.map((finding: { id: string }) => [finding.id, finding]));
    expect(byId.clock).toEqual({
      id: 'clock',
      status: 'fail',
      says: expect.any(String),
      do: 'set CARESOFT_CLOCK=utc',
      proposes: { setting: 'CARESOFT_CLOCK', value: 'utc' },
    });
    expect(byId.lake.says).toBe(`The lake ${lake} can be written to.`);
    expect(byId.mail).toMatchObject({ status: 'note', says: expect.stringContaining('MAIL_TO is not set') });
  });

  test('fails a lake that cannot be written to, by the name it was given', async () => {
    const { settings, cwd } = await beside({ chats: 0 });
    await writeFile(join(cwd, 'file'), '');
    const { code, out } = await start(['check', '--lake', 'file/below'], { cwd, settings }).ended;
    expect(code).toBe(3);
    expect(out).toMatch(
      /^fail {2}The lake file\/below cannot be written to \(ENOTDIR\)\.\n {6}→ let --lake name/m,
    );
  });

  test('ends after one request when the token is wrong, and shows it nowhere', async () => {
    const { simulator, settings, cwd } = await beside();
    const wrong = { ...settings, CARESOFT_TOKEN: 'wrong-but-still-a-token' };
    const { code, out, err } = await callCheck(cwd, wrong);
    expect(code).toBe(3);
    expect(out).toMatch(/^fail {2}CareSoft refuses the token\.\n {6}→ set CARESOFT_TOKEN/m);
    expect(simulator.seen.requests).toBe(1);
    expect(out + err).not.toContain('wrong-but');
  });

  test('ends after one request when the account is locked out, and says until when', async () => {
    const { simulator, settings, cwd } = await beside({ faults: [parseFault('ban')] });
    const { code, out } = await callCheck(cwd, settings);
    expect(code).toBe(3);
    expect(out).toMatch(
      /^fail {2}CareSoft has locked this account out until \d\d:\d\d on \d{4}-\d\d-\d\d \(Asia\/Ho_Chi_Minh\)\. CareSoft says ".* retry after 15 minutes"\.$/m,
    );
    expect(simulator.seen.requests).toBe(1);
    expect(simulator.seen.callsDuringBan).toBe(0);
  });

  test('ends after one request when the domain is wrong', async () => {
    const { settings, cwd } = await beside();
    const wrong = { ...settings, CARESOFT_BASE_URL: settings.CARESOFT_BASE_URL.replace('/demo', '/Demo') };
    const { code, out } = await callCheck(cwd, wrong);
    expect(code).toBe(3);
    expect(out).toMatch(
      /^fail {2}There is no such account.*Domain incorrect.*\n {6}→ check CARESOFT_BASE_URL/m,
    );
  });

  test.each([
    [
      'a port where nothing listens',
      (port: number) => `http://127.0.0.1:${port}/demo`,
      /^fail {2}Nothing listens at 127\.0\.0\.1:\d+/m,
    ],
    [
      'a host that does not exist',
      () => 'https://caresoft.invalid/demo',
      /^fail {2}caresoft\.invalid cannot be found/m,
    ],
  ])('says so of %s', async (_title, urlOf, says) => {
    const server = createNetServer();
    const port = await listen(server);
    await new Promise((resolve) => server.close(resolve));
    const settings = { CARESOFT_BASE_URL: urlOf(port), CARESOFT_TOKEN: TOKEN };
    const { code, out, err } = await callCheck(await temporaryFolder(), settings);
    expect(code).toBe(3);
    expect(out).toMatch(says);
    expect(out).toContain('CARESOFT_BASE_URL');
    expect(out + err).not.toMatch(/\n\s+at /);
  });

  test('says so where the host speaks no TLS', async () => {
    const port = await listen(createServer());
    const settings = { CARESOFT_BASE_URL: `https://127.0.0.1:${port}/demo`, CARESOFT_TOKEN: TOKEN };
    const { code, out } = await callCheck(await temporaryFolder(), settings);
    expect(code).toBe(3);
    expect(out).toMatch(/^fail {2}127\.0\.0\.1:\d+ cannot be trusted: /m);
  });

  test('shows neither the token nor a number that the server repeats in its own words', async () => {
    const port = await listen(
      createServer(({ headers }, response) => {
        const message = `no right for ${headers.authorization}, call 0912 345 678 or lan@example.com`;
        response
          .writeHead(403, { 'content-type': 'application/json' })
          .end(JSON.stringify({ code: 'errors', message }));
      }),
    );
    const settings = { CARESOFT_BASE_URL: `http://127.0.0.1:${port}/demo`, CARESOFT_TOKEN: TOKEN };
    const { code, out, err } = await callCheck(await temporaryFolder(), settings);
    expect(code).toBe(3);
    expect(out).toContain('HTTP 403: no right for Bearer');
    for (const secret of [TOKEN, '345', 'lan@']) expect(out + err).not.toContain(secret);
  });

  test('lists wrong settings and options at once, and calls nobody', async () => {
    const { simulator, settings } = await beside();
    const wrong = { ...settings, CARESOFT_CLOCK: 'moon' };
    const { code, out, err } = await call(['check', '--lake', 'gs://bucket', '--fast', 'now'], wrong);
    expect([code, out]).toEqual([2, '']);
    for (const name of ['CARESOFT_CLOCK', '--lake', '--fast'])
      expect(err).toMatch(new RegExp(`^ {2}${name} `, 'm'));
    expect(simulator.seen.requests).toBe(0);
  });
});
