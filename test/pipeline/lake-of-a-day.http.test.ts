import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Manifest } from '../../functions/capture/captures.ts';
import { parseFault } from '../../functions/sources/caresoft/simulator/fault.ts';
import { startSimulator } from '../../functions/sources/caresoft/simulator/simulator.ts';
import { pageName } from '../../functions/storage/layout.ts';
import { DAY, type OneMachine, oneMachine } from './one-machine.ts';

const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

async function manifestsOf(machine: OneMachine): Promise<Manifest[]> {
  const keys = (await machine.filesOf('lake')).filter((key) => /^raw\/chats\/.*manifest\.json$/.test(key));
  return await Promise.all(
    keys.map(async (key) => JSON.parse(await readFile(join(machine.lake, key), 'utf8'))),
  );
}

/** Every file under the lake and the outbox, with its content. */
async function everyByte(machine: OneMachine): Promise<Record<string, string>> {
  const read = async (where: 'lake' | 'outbox') =>
    // That there was a run is a file of its own.
    (await machine.filesOf(where))
      .filter((key) => !/^(runs|lease)\//.test(key))
      .map(async (key) => [key, hash(await readFile(join(machine[where], key)))]);
  return Object.fromEntries(await Promise.all([...(await read('lake')), ...(await read('outbox'))]));
}

/** Stands between the program and CareSoft, and keeps a copy of every body that passed. */
async function eavesdrop(target: string) {
  const bodies = new Map<string, string>();
  const server = createServer(async (request, response) => {
    const answer = await fetch(new URL(request.url ?? '', target), {
      headers: { authorization: request.headers.authorization ?? '' },
    });
    const body = new Uint8Array(await answer.arrayBuffer());
    bodies.set(new URL(request.url ?? '', target).search.slice(1), hash(body));
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' }).end(body);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { bodies, url: target.replace(/:\d+/, `:${port}`) };
}

describe('the lake of a day', () => {
  test('holds each page as it was sent, to the byte, and the manifest says what it is', async () => {
    const machine = await oneMachine({
      chatsByChannel: { livechat: 90, messenger: 1_100, zalo: 90 },
      faults: [parseFault('hostile')],
    });
    const sourceRow = await eavesdrop(machine.simulator.baseUrl);
    await machine.report(DAY, { settings: { CARESOFT_BASE_URL: sourceRow.url } });
    const manifests = await manifestsOf(machine);
    expect(manifests.map(({ channel }) => channel)).toEqual(['livechat', 'messenger', 'zalo']);
    for (const { pages, channel, captureId, ...manifest } of manifests) {
      const folder = join(machine.lake, `raw/chats/dt=${DAY}/channel=${channel}/capture=${captureId}`);
      for (const page of pages) {
        const packed = await readFile(join(folder, `page-${String(page.page).padStart(4, '0')}.json.gz`));
        const body = gunzipSync(packed);
        expect(hash(body)).toBe(sourceRow.bodies.get(page.params));
        expect(page).toMatchObject({ sha256: hash(body), bytes: body.length, status: 200 });
      }
      // Each row of an answer that counts, once: by its own answer, or by a later one that holds it again.
      const counted = pages.filter(({ use }) => use === 'rows');
      const superseded = counted.reduce((rows, page) => rows + page.superseded.length, 0);
      expect(manifest.rows).toBe(counted.reduce((rows, page) => rows + page.rows, 0) - superseded);
      expect(manifest).toMatchObject({ verdict: 'proven', timeZone: 'Asia/Ho_Chi_Minh', clock: 'local' });
      expect(Object.keys(manifest.drift.unreadable)).not.toEqual([]);
    }
  });

  test('is not asked for again once it is proven, and changes in no byte', async () => {
    const machine = await oneMachine({ chats: 90, faults: [parseFault('repeat-ids')] });
    await machine.report();
    const requests = machine.simulator.seen.requests;
    const before = await everyByte(machine);
    await machine.report();
    expect(machine.simulator.seen.requests).toBe(requests);
    expect(await everyByte(machine)).toEqual(before);
  });

  test('is asked for again where that is wanted, beside what was captured before', async () => {
    const machine = await oneMachine({ chats: 90 });
    await machine.report();
    const before = await everyByte(machine);
    const outcome = await machine.report(DAY, { refresh: true });
    expect(await manifestsOf(machine)).toHaveLength(6);
    const raw = Object.entries(before).filter(([key]) => key.startsWith('raw/'));
    expect(await everyByte(machine)).toMatchObject(Object.fromEntries(raw));
    expect(outcome).toMatchObject({ state: 'reported', summary: { totals: { chats: 90 } } });
  });

  test('is asked for again where another question is asked', async () => {
    const machine = await oneMachine({ chats: 90 });
    const all = await machine.report();
    const inbound = await machine.report(DAY, { settings: { CHAT_TYPE: 'inbound' } });
    if (!(all.summary && inbound.summary)) expect.unreachable();
    expect(inbound.summary.totals.chats).toBeLessThan(all.summary.totals.chats);
    const again = await machine.report();
    expect(again).toEqual(all);
  });

  test('is asked for again by another zone or clock, and not at another address of the same account', async () => {
    const machine = await oneMachine({ chats: 30 });
    const other = await startSimulator({ requestsPerSecond: 10_000, chats: 20, seed: 2 });
    onTestFinished(() => other.close());
    const chats = async (settings: Record<string, string>) =>
      (await machine.report(DAY, { settings })).summary?.totals.chats;
    expect(await chats({})).toBe(30);
    expect(await chats({ CARESOFT_BASE_URL: other.baseUrl })).toBe(30);
    expect(other.seen.requests).toBe(0);
    const requests = machine.simulator.seen.requests;
    await machine.report(DAY, { settings: { TIME_ZONE: 'Asia/Bangkok' } });
    expect(machine.simulator.seen.requests).toBeGreaterThan(requests);
    const again = machine.simulator.seen.requests;
    await machine.report(DAY, { settings: { CARESOFT_CLOCK: 'utc' } });
    expect(machine.simulator.seen.requests).toBeGreaterThan(again);
  });

  test('keeps every capture that failed, with the reason', async () => {
    const machine = await oneMachine(
      { chats: 90, faults: [parseFault('num-found:+1')] },
      { CHANNELS: 'zalo' },
    );
    for (let runs = 1; runs <= 2; runs += 1) await machine.report();
    expect((await manifestsOf(machine)).map(({ verdict, reason }) => [verdict, reason])).toEqual([
      ['unproven', 'rows-missing'],
      ['unproven', 'rows-missing'],
    ]);
  });

  test('counts no capture whose manifest was never written', async () => {
    const machine = await oneMachine({ chats: 90 }, { CHANNELS: 'zalo' });
    await machine.report();
    const [manifest] = (await machine.filesOf('lake')).filter((key) => /chats.*manifest\.json$/.test(key));
    await rm(join(machine.lake, manifest ?? ''));
    const requests = machine.simulator.seen.requests;
    await machine.report();
    expect(machine.simulator.seen.requests).toBeGreaterThan(requests);
  });

  test.each<[string, (path: string) => Promise<void>]>([
    ['cut short', async (path) => writeFile(path, (await readFile(path)).subarray(0, 500))],
    [
      'altered',
      async (path) =>
        writeFile(
          path,
          gzipSync(
            gunzipSync(await readFile(path))
              .toString()
              .replace('MEET', 'MISS'),
          ),
        ),
    ],
    ['removed', (path) => rm(path)],
  ])('is not reported from a page that was %s, until it is asked for again', async (_title, damage) => {
    const machine = await oneMachine({
      chatsByChannel: { livechat: 2, messenger: 30, zalo: 2 },
      faults: [parseFault('cap:20')],
    });
    await machine.report();
    await rm(join(machine.lake, 'reports'), { recursive: true });
    const messenger = (await manifestsOf(machine)).find(({ channel }) => channel === 'messenger');
    const { page: number } = messenger?.pages.findLast(({ use }) => use === 'rows') ?? expect.unreachable();
    const page = (await machine.filesOf('lake')).find(
      (key) => key.includes(`messenger/capture=`) && key.endsWith(pageName(number)),
    );
    await damage(join(machine.lake, page ?? ''));
    const outcome = await machine.report();
    expect(outcome.state).toBe('partial');
    const { verdict, reason, detail } = outcome.completeness.channels.messenger ?? {};
    expect([verdict, reason]).toEqual(['unproven', 'raw-damaged']);
    expect(detail).toContain(page);
    expect((await machine.summaryOf(DAY))?.totals.channels).toEqual(['livechat', 'zalo']);
    expect(await machine.report(DAY, { refresh: true })).toMatchObject({ state: 'reported' });
  });

  test('marks a channel that is empty as unusual only where most days before were not', async () => {
    const quiet = new Set([DAY, '2026-11-19']);
    const machine = await oneMachine({
      chats: 60,
      rows: (channel, day) => (channel === 'zalo' && quiet.has(day) ? [] : undefined),
    });
    const text = async (day: string) => {
      await machine.report(day);
      return await readFile(join(machine.lake, `reports/dt=${day}/report.txt`), 'utf8');
    };
    const settled = await text('2026-11-19');
    for (const day of ['2026-11-15', '2026-11-16', '2026-11-17', '2026-11-18']) await machine.report(day);
    const unusual = await text(DAY);
    const says = /Zalo: cả ngày không có chat nào|bất thường/i;
    expect(settled).not.toMatch(says);
    expect(unusual).toMatch(says);
  });
});
