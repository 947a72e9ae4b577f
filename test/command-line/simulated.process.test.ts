import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../temporary-folder.ts';
import { DAY, mailIn } from './beside.ts';
import { start } from './command.ts';

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
