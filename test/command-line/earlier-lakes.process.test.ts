import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, test } from 'vitest';
import type { Manifest } from '../../functions/capture/captures.ts';
import { capturePrefix, MANIFEST_NAME } from '../../functions/storage/layout.ts';
import { summary } from '../report/fixture.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { handMade } from '../warehouse/hand-made-capture.ts';
import { call } from './call.ts';
import { start } from './command.ts';

const DAY = '2026-11-20';
const row = (id: string, chat_status: string) => ({
  conversation_id: id,
  chat_status,
  start_time: `${DAY} 10:00:00`,
  end_time: `${DAY} 10:02:00`,
});
const QUERY =
  'conversation_type=3&start_time_since=2026-11-19T23%3A59%3A59Z&start_time_to=2026-11-21T00%3A00%3A00Z';

/** What versions before this one wrote, as far as they wrote it otherwise. None of them had a `lake.json`. */
const VERSIONS = [
  { version: '9580b00', manifest: {}, definitions: 1 },
  {
    version: '577dd24',
    manifest: { statuses: { answered: 1, missed: 1, other: 0 }, open: 0 },
    definitions: 2,
  },
] as const;

/** Where a command takes one, which would else be in the folder that the tests are run in. */
function outboxOf(command: string, cwd: string): string[] {
  return command === 'rebuild' ? [] : ['--outbox', join(cwd, 'out/outbox')];
}

async function lakeOf({ manifest: more, definitions }: (typeof VERSIONS)[number]) {
  const cwd = await temporaryFolder();
  const rows = [row('K-1', 'LBL_CHAT_STATUS_MEET'), row('K-2', 'LBL_CHAT_STATUS_MISS')];
  const { manifest, objects } = handMade([rows], { query: QUERY, ...more } as Partial<Manifest>);
  const put = async (key: string, bytes: string | Uint8Array) => {
    const path = join(cwd, 'out/lake', key);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes);
  };
  for (const [key, bytes] of objects) await put(key, bytes);
  await put(`${capturePrefix(DAY, 'zalo', 'by-hand')}${MANIFEST_NAME}`, JSON.stringify(manifest));
  const { workload, ...earlier } = summary({ day: DAY });
  const { replyHours, byChannelHour, businessHours, missCauses, recovered, followUp, ...earliest } = earlier;
  const later = { replyHours, byChannelHour, businessHours, missCauses, recovered, followUp };
  const report = { ...earliest, ...(definitions > 1 && later), definitions };
  await put(`reports/dt=${DAY}/summary.json`, JSON.stringify(report));
  const settings = { CARESOFT_BASE_URL: 'https://api.caresoft.vn/demo', CHANNELS: 'zalo' };
  const serve = () => start(['serve', '--port', '0'], { cwd, settings });
  const told = ([command = '', ...args]: readonly string[], changes: Readonly<Record<string, string>> = {}) =>
    call([command, ...args, '--lake', join(cwd, 'out/lake'), ...outboxOf(command, cwd)], {
      ...settings,
      ...changes,
    });
  return { serve, told, readLake: (key: string) => readFile(join(cwd, 'out/lake', key), 'utf8') };
}

describe.each(VERSIONS)('a lake of version $version', (version) => {
  test('is listed', async () => {
    const { serve } = await lakeOf(version);
    const child = serve();
    let address: string | undefined;
    if (child.stdout) {
      for await (const line of createInterface({ input: child.stdout })) {
        [address] = /http:\/\/127\.0\.0\.1:\d+/.exec(line) ?? [];
        if (address) break;
      }
    }
    const list = await fetch(`${address}/reports?from=${DAY}&to=${DAY}`);
    expect(await list.json()).toMatchObject({ days: [{ day: DAY }] });
    expect((await fetch(`${address}/days/${DAY}`)).status).toBe(200);
    child.kill('SIGINT');
    expect((await child.ended).code).toBe(0);
  });

  test('is adopted, rebuilt and erased from, and refused to another account', async () => {
    const { told, readLake } = await lakeOf(version);
    const other = { CARESOFT_BASE_URL: 'https://api.caresoft.vn/other', CARESOFT_TOKEN: 'token-1' };
    for (const args of [
      ['run', '--day', DAY],
      ['rebuild', '--day', DAY],
    ]) {
      const { code, err } = await told(args, other);
      expect([code, err]).toEqual([2, expect.stringMatching(/belongs to .* "demo", .* "other"/)]);
    }
    const rebuilt = await told(['rebuild', '--day', DAY]);
    expect([rebuilt.code, rebuilt.out]).toEqual([0, `${DAY}  rebuilt: 2 chats, 1 missed.\n`]);
    expect(JSON.parse(await readLake('lake.json'))).toMatchObject({ domain: 'demo', format: 1 });
    const erased = await told(['erase', '--customer', '4711', '--json']);
    expect([erased.code, JSON.parse(erased.out).unreadable]).toEqual([0, []]);
  });
});
