import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { temporaryFolder } from '../temporary-folder.ts';
import { besideAws } from './beside-aws.ts';
import { startProgram } from './command.ts';

const top = join(import.meta.dirname, '../..');
const nodePackage = `node-linux-${process.arch}`;
const MAIN = 'node_modules/chat-report/bin/main.js';

/** What the document shows for cron and for systemd. */
const [cron = '', service = '', timer = ''] = [
  ...readFileSync(join(top, 'docs/laptop.md'), 'utf8').matchAll(/^```(?:text|ini)\n(.*?)^```/gms),
].map(([, content]) => content);
const shown = { folder: '/home/me/reports', node: /node-linux-x64/g };

describe('chat-report, packed and installed in an empty folder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'chat-report-packed-'));
  const npm = (...args: string[]): string =>
    execFileSync('npm', [...args, '--silent'], { cwd: folder, encoding: 'utf8' });
  let packed = '';

  beforeAll(() => {
    packed = npm('pack', top, '--pack-destination', folder).trim();
    // Nothing may have to be fetched but Node, and that is here already.
    npm('install', '--offline', '--omit=optional', `./${packed}`);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('consists of the bundle and its licences', () => {
    const files = execFileSync('tar', ['--list', '--file', packed], { cwd: folder, encoding: 'utf8' });
    const others = files.split('\n').filter((path) => !/^package\/dist\/[\w.-]+\.js$/.test(path));
    expect(others.toSorted()).toEqual([
      '',
      ...[
        'LICENSE',
        'README.md',
        'bin/main.js',
        'bin/older-node.js',
        'dist/licences.txt',
        'package.json',
      ].map((path) => `package/${path}`),
    ]);
    const licences = readFileSync(join(folder, 'node_modules/chat-report/dist/licences.txt'), 'utf8');
    expect(licences).toMatch(/^zod \d.*\(MIT\)$/m);
    expect(licences).not.toMatch(/^(aws-cdk|esbuild|vitest)/m);
    expect(readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual([
      'chat-report',
    ]);
  });

  test('reads and writes nothing outside of its folder', async () => {
    const within = ['--permission', `--allow-fs-read=${folder}`, `--allow-fs-write=${folder}`, MAIN];
    const version = await startProgram([...within, '--version'], { cwd: folder }).ended;
    expect(version).toEqual({ code: 0, err: '', out: expect.stringMatching(/^chat-report [\d.]+\n$/) });
    const { code, out } = await startProgram([...within, 'demo'], { cwd: folder }).ended;
    expect([code, out]).toEqual([0, expect.stringContaining('proven: ')]);
    expect(existsSync(join(folder, /out\/demo\/\S+report\.html/.exec(out)?.[0] ?? ''))).toBe(true);
  });

  test.skipIf(!existsSync(join(top, 'node_modules', nodePackage)))(
    'sends a report by the line for cron, with hardly a variable and the settings in a file',
    async () => {
      const { s3, ses, settings } = await besideAws();
      symlinkSync(join(top, 'node_modules', nodePackage), join(folder, 'node_modules', nodePackage));
      const [, command = ''] = /^0 6 \* \* \* (.+)\n$/.exec(cron) ?? [];
      const line = command.replace(shown.folder, folder).replaceAll(shown.node, nodePackage);
      const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`);
      writeFileSync(join(folder, 'chat-report.env'), lines.join(''), { mode: 0o600 });
      const ofCron = { PATH: '/usr/bin:/bin', SHELL: '/bin/sh' };
      const ran = startProgram(['-c', line], { cwd: '/', settings: ofCron }, { program: '/bin/sh' });
      expect(await ran.ended).toEqual({ code: 0, out: '', err: '' });
      expect(readFileSync(join(folder, 'run.log'), 'utf8')).toContain('s3://lake/demo/reports/');
      expect(ses.mails).toHaveLength(2);
      expect(s3.buckets.get('lake')?.size).toBeGreaterThan(0);
    },
  );
});

describe('The units for systemd', () => {
  const commandOf = (text: string): string[] => text.replaceAll('%h', '/home/me').split(' ');

  test('start the same command as the line for cron', () => {
    const [, inCron = ''] = /&& (.+) >>/.exec(cron) ?? [];
    const [, inService = ''] = /^ExecStart=(.+)$/m.exec(service) ?? [];
    const [node = '', ...words] = commandOf(inCron);
    expect(commandOf(inService)).toEqual([`${shown.folder}/${node}`, ...words]);
    expect(service).toContain(`WorkingDirectory=${shown.folder.replace('/home/me', '%h')}\n`);
  });

  test.skipIf(spawnSync('systemd-analyze', ['--version']).status !== 0)(
    'are what systemd understands',
    async () => {
      const folder = await temporaryFolder();
      // systemd asks whether the program is there.
      const here = service.replace(/^ExecStart=\S+/m, `ExecStart=${process.execPath}`);
      writeFileSync(join(folder, 'chat-report.service'), here.replace(/=%h\S+/, `=${folder}`));
      writeFileSync(join(folder, 'chat-report.timer'), timer);
      const { status, stderr } = spawnSync(
        'systemd-analyze',
        ['--user', 'verify', join(folder, 'chat-report.timer'), join(folder, 'chat-report.service')],
        { encoding: 'utf8', env: { ...process.env, XDG_RUNTIME_DIR: folder } },
      );
      expect([status, stderr]).toEqual([0, '']);
    },
  );
});
