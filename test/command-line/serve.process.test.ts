import { once } from 'node:events';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startSimulator } from '../../functions/sources/caresoft/simulator/simulator.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { addressOf, type Surroundings, start } from './command.ts';

const DAY = '2026-11-20';

/** A folder with a lake in which no run has come to anything yet. */
async function vacantLake(): Promise<string> {
  const cwd = await temporaryFolder();
  await mkdir(join(cwd, 'out/lake/runs'), { recursive: true });
  await writeFile(join(cwd, 'out/lake/runs/2026-11-19-1.json'), '{}');
  return cwd;
}

/** Serves on any free port, and tells where. */
async function serving(surroundings: Surroundings, args: readonly string[] = []) {
  const child = start(['serve', '--port', '0', ...args], surroundings);
  return { child, address: await addressOf(child) };
}

/** Asks with exactly these headers, as a browser would that was led astray. */
async function ask(address: string, method: 'GET' | 'POST', headers: Readonly<Record<string, string>> = {}) {
  const { hostname, port } = new URL(address);
  const asking = request({
    hostname,
    port,
    method,
    path: method === 'GET' ? '/' : '/reports',
    headers: { ...(method === 'POST' && { 'content-type': 'application/json' }), ...headers },
  });
  asking.end(method === 'GET' ? undefined : JSON.stringify({ day: DAY }));
  const [answer] = await once(asking, 'response');
  return { status: answer.statusCode, body: await text(answer) };
}

describe('chat-report serve', () => {
  test('takes a request, finishes it when it is interrupted, and then shows the report without any token', async () => {
    const simulator = await startSimulator({ seed: 7, chats: 60 });
    onTestFinished(() => simulator.close());
    const cwd = await vacantLake();
    const first = await serving({
      cwd,
      settings: {
        CARESOFT_BASE_URL: simulator.baseUrl,
        CARESOFT_TOKEN: simulator.token,
        CARESOFT_REQUESTS_PER_SECOND: '15',
      },
    });
    expect((await ask(first.address, 'POST')).status).toBe(202);
    first.child.kill('SIGTERM');
    expect((await first.child.ended).code).toBe(0);
    expect(await readdir(join(cwd, `out/lake/reports/dt=${DAY}`))).toContain('summary.json');

    const second = await serving({ cwd });
    const calendar = await ask(second.address, 'GET', { 'accept-language': 'vi' });
    expect(calendar.body).toContain('Tháng 11/2026');
    expect(calendar.body).toContain(`href="/days/${DAY}"`);
    const day = await fetch(`${second.address}/days/${DAY}?lang=en`);
    expect(await day.text()).toContain('60 chats proven against CareSoft’s own count.');
    expect((await fetch(`${second.address}/reports/${DAY}`)).headers.get('content-type')).toContain('json');
    second.child.kill('SIGINT');
    expect((await second.child.ended).code).toBe(0);
  });

  test('reads without a token, and says what is missing for more', async () => {
    const cwd = await vacantLake();
    const before = await readdir(cwd, { recursive: true });
    const { address } = await serving({ cwd }, ['--locale', 'en']);
    expect((await ask(address, 'GET')).body).toContain('There is no report yet.');
    const { status, body } = await ask(address, 'POST');
    expect(status).toBe(503);
    expect(JSON.parse(body).detail).toBe(
      'No run can be started: CARESOFT_BASE_URL and CARESOFT_TOKEN not set.',
    );
    expect(await readdir(cwd, { recursive: true })).toEqual(before);
  });

  test('answers this machine alone, and no web page from elsewhere', async () => {
    const simulator = await startSimulator({ chats: 3 });
    onTestFinished(() => simulator.close());
    const { address } = await serving({
      cwd: await vacantLake(),
      settings: { CARESOFT_BASE_URL: simulator.baseUrl, CARESOFT_TOKEN: simulator.token },
    });
    const { host, port } = new URL(address);
    const statusOf = async (...asked: Parameters<typeof ask>) => (await ask(...asked)).status;
    expect(await statusOf(address, 'GET', { host: `localhost:${port}` })).toBe(200);
    expect(await statusOf(address, 'GET', { host: `rebound.example:${port}` })).toBe(421);
    expect(await statusOf(address, 'GET', { host: 'localhost.example' })).toBe(421);
    expect(await statusOf(address, 'POST', { host: `127.0.0.1.example:${port}` })).toBe(421);
    expect(await statusOf(address, 'POST', { origin: 'https://elsewhere.example' })).toBe(403);
    expect(await statusOf(address, 'POST', { origin: 'null' })).toBe(403);
    expect(await statusOf(address, 'POST', { 'content-type': 'text/plain' })).toBe(415);
    expect(await statusOf(address, 'POST', { origin: `http://${host}` })).toBe(202);
  });

  test('says that a port is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => {
      taken.close();
    });
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const { code, err } = await start(['serve', '--port', String(port)], { cwd: await vacantLake() }).ended;
    expect(code).toBe(2);
    expect(err).toContain(`--port  ${port} cannot be listened on (another program does); give another port`);
  });

  test('lists everything that is wrong, and listens nowhere', async () => {
    const cwd = await temporaryFolder();
    await writeFile(join(cwd, 'a-file'), '');
    const args = ['serve', '--port', '70000', '--lake', 'a-file', '--nonsense'];
    const wrongFolder = await start(args, { cwd }).ended;
    expect(wrongFolder.code).toBe(2);
    for (const name of ['--port', '--lake', '--nonsense']) expect(wrongFolder.err).toContain(`  ${name} `);
    const settings = { TIME_ZONE: 'Asia/Nowhere', CARESOFT_BASE_URL: 'ftp://example.com' };
    const wrongSettings = await start(['serve', '--locale', 'fr'], { cwd, settings }).ended;
    expect(wrongSettings.code).toBe(2);
    for (const name of ['--locale', 'TIME_ZONE', 'CARESOFT_BASE_URL']) {
      expect(wrongSettings.err).toContain(`  ${name} `);
    }
    expect(wrongFolder.out + wrongSettings.out).toBe('');
  });
});
