import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../temporary-folder.ts';
import { call } from './call.ts';
import { start } from './command.ts';

const RIGHT = 'CARESOFT_BASE_URL=https://api.caresoft.vn/shop\nCARESOFT_TOKEN=token-1\n';

/** A settings file with this content, for its owner alone. */
async function fileOf(content: string | Uint8Array): Promise<string> {
  const path = join(await temporaryFolder(), 'báo cáo của tôi.env');
  await writeFile(path, content, { mode: 0o600 });
  return path;
}

/** What is in force by this file, as `check` tells it. */
async function inForce(path: string, settings: Readonly<Record<string, string>> = {}, ...more: string[]) {
  const args = ['check', '--settings-only', '--json', '--settings', path, ...more];
  const { code, out, err } = await call(args, settings);
  const rows: { name: string; value: string | null; origin: string }[] =
    out === '' ? [] : JSON.parse(out).settings;
  return { code, out, err, by: (name: string) => rows.find((row) => row.name === name) };
}

describe('a settings file', () => {
  test('stands below the environment, and that below an option; each is told with its place', async () => {
    const path = await fileOf(`${RIGHT}LOCALE=en\nLAKE_URI=kho dữ liệu\nCHAT_TYPE=inbound\n`);
    const { code, by, out, err } = await inForce(
      path,
      { LOCALE: 'vi', CHAT_TYPE: ' ' },
      '--lake',
      'elsewhere',
    );
    expect([code, err]).toEqual([0, '']);
    expect(by('LOCALE')).toMatchObject({ value: 'vi', origin: 'environment' });
    expect(by('CHAT_TYPE')).toMatchObject({ value: 'inbound', origin: `${path}:5` });
    expect(by('LAKE_URI')).toMatchObject({ value: 'elsewhere', origin: '--lake' });
    expect(by('TIME_ZONE')).toMatchObject({ value: 'Asia/Ho_Chi_Minh', origin: 'default' });
    expect(by('VIEW_URL')).toMatchObject({ value: null, origin: 'not set' });
    expect(by('CARESOFT_TOKEN')).toMatchObject({ value: null, isHidden: true, origin: `${path}:2` });
    expect(out).not.toContain('token-1');
  });

  test('is read by every command that needs settings, and by no other', async () => {
    const path = await fileOf('CHANELS=zalo\n');
    const commands = ['run', 'check', 'status', 'serve', 'rebuild', 'erase'];
    for (const command of commands) {
      const { code, out, err } = await call([command, '--settings', path], {});
      expect([command, code, out]).toEqual([command, 2, '']);
      expect(err).toContain(`  CHANELS (${path}:1)  `);
      expect(err).toContain('is no setting; write CHANNELS');
    }
    for (const command of ['demo', 'simulate', 'settings']) {
      expect(await call([command, '--settings', path], {})).toMatchObject({
        code: 2,
        err: expect.stringContaining('--settings'),
      });
    }
  });

  test('is found in the working folder, where letters may be Vietnamese and blanks may stand', async () => {
    const cwd = join(await temporaryFolder(), 'Báo cáo sáng');
    await mkdir(cwd);
    await writeFile(join(cwd, 'chat-report.env'), `${RIGHT}LOOK_BACK=9\nLOOK_BACKS=1\n`, { mode: 0o600 });
    const { code, err } = await start(['run'], { cwd }).ended;
    expect([code, err]).toEqual([
      2,
      expect.stringMatching(/^ {2}LOOK_BACKS \(chat-report\.env:4\) {2}is no/m),
    ]);
  });

  test.each([
    ['UTF-16, as Windows writes it', Buffer.from(`\uFEFF${RIGHT}LOCALE=en`, 'utf16le')],
    ['UTF-8 with a mark', Buffer.from(`\uFEFF${RIGHT}LOCALE=en\r\n`)],
  ])('may be in %s', async (_title, content) => {
    const { code, by } = await inForce(await fileOf(content));
    expect([code, by('LOCALE')?.value]).toEqual([0, 'en']);
  });

  test('that others can read is told of, where a secret is in it', async () => {
    const path = await fileOf(RIGHT);
    await chmod(path, 0o644);
    expect((await inForce(path)).err).toContain('is open to others; close it with chmod 600');
    const without = await fileOf('LOCALE=en\n');
    await chmod(without, 0o644);
    const { err } = await inForce(without, {
      CARESOFT_BASE_URL: 'https://a.vn/b',
      CARESOFT_TOKEN: 'token-1',
    });
    expect(err).toBe('');
  });

  test('hands variables of AWS on, unless the environment has them', async () => {
    const path = await fileOf('AWS_CHAT_REPORT_TEST=eu-1\n');
    expect((await call(['check', '--settings-only', '--settings', path], {})).code).toBe(2);
    expect(process.env.AWS_CHAT_REPORT_TEST).toBe('eu-1');
    delete process.env.AWS_CHAT_REPORT_TEST;
  });

  test('names the line of a value that is wrong', async () => {
    const { code, err } = await inForce(await fileOf(`${RIGHT}TIME_ZONE=Hanoi\n`));
    expect([code, err]).toEqual([2, expect.stringMatching(/ {2}TIME_ZONE \(.*\.env:3\) {2}is "Hanoi"; /)]);
  });
});
