import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { openCase } from '../inputs/run-case.ts';
import { folderOnDisk } from '../temporary-folder.ts';
import { addressOf, start } from './command.ts';

const DAY = ['--day', '2026-11-20'];
const PERSON = ['--phone', '0912345678'];
const SETTINGS = { CARESOFT_TOKEN: 'token-1', CARESOFT_REQUESTS_PER_SECOND: '15' };

interface Modes {
  readonly files: Set<string>;
  readonly folders: Set<string>;
}

/** Of everything below a folder. */
async function modesBelow(folder: string): Promise<Modes> {
  const modes = { files: new Set<string>(), folders: new Set<string>() };
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const { mode } = await stat(join(entry.parentPath, entry.name));
    modes[entry.isDirectory() ? 'folders' : 'files'].add((mode & 0o7777).toString(8));
  }
  return modes;
}

/** As an earlier version left it under the usual umask. */
async function openUp(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    await chmod(join(entry.parentPath, entry.name), entry.isDirectory() ? 0o755 : 0o644);
  }
}

/** Does what a shell is told, and tells what it said. */
async function shell(script: string, cwd: string, settings: Readonly<Record<string, string>> = {}) {
  const child = spawn('sh', ['-ec', script], { cwd, env: { PATH: process.env.PATH, ...settings } });
  const [err, [code]] = await Promise.all([text(child.stderr), once(child, 'exit'), text(child.stdout)]);
  return { code, err };
}

/** What is said of open folders, line by line. */
const warnedOf = (err: string) => err.split('\n').filter((line) => line.includes(' is open to '));

describe('what is written', () => {
  test('is for its owner alone, also under a umask that gives others all', async () => {
    const { server } = await openCase('44');
    const cwd = await folderOnDisk();
    await chmod(cwd, 0o755);
    const program = `"${process.execPath}" ${join(import.meta.dirname, '../../bin/main.js')}`;
    const commands = [`run ${DAY.join(' ')}`, `rebuild ${DAY.join(' ')}`, `erase ${PERSON.join(' ')}`];
    const lines = commands.map((command) => `${program} ${command}`);
    const settings = { ...SETTINGS, CARESOFT_BASE_URL: `${server.origin}/tai-khoan-1` };
    const { code, err } = await shell(['umask 000', ...lines].join('\n'), cwd, settings);
    expect([code, warnedOf(err)]).toEqual([0, []]);
    expect(await readdir(join(cwd, 'out'))).toEqual(['lake', 'outbox']);
    expect(await modesBelow(cwd)).toEqual({ files: new Set(['600']), folders: new Set(['700']) });
  });

  test('leaves a folder that is there already as it is, and what it puts there is closed', async () => {
    const { cwd, run } = await openCase('44');
    await mkdir(join(cwd, 'out/lake/reports'), { recursive: true });
    await chmod(join(cwd, 'out/lake'), 0o2775);
    await chmod(join(cwd, 'out/lake/reports'), 0o750);
    await writeFile(join(cwd, 'out/lake/notes'), 'not ours', { mode: 0o644 });
    expect((await run()).code).toBe(0);
    const { files, folders } = await modesBelow(join(cwd, 'out/lake'));
    expect(files).toEqual(new Set(['600', '644']));
    expect(folders.has('750')).toBe(true);
    expect((await stat(join(cwd, 'out/lake'))).mode & 0o7777).toBe(0o2775);
  });
});

describe('a lake and an outbox that an earlier version left open', () => {
  test('are warned of by each command that opens them, until they are closed as it says', async () => {
    const { cwd, call, run } = await openCase('44');
    await chmod(cwd, 0o755);
    expect(warnedOf((await run()).err)).toEqual([]);
    const [lake, outbox] = [join(cwd, 'out/lake'), join(cwd, 'out/outbox')];
    await chmod(join(cwd, 'out'), 0o755);
    await openUp(lake);
    await openUp(outbox);
    const lineOf = (path: string) =>
      expect.stringMatching(
        new RegExp(`^ {2}${path} +is open to others on this machine; close it with chmod -R go-rwx ${path}$`),
      );
    const commands = [
      [
        ['run', ...DAY],
        [lake, outbox],
      ],
      [
        ['run', ...DAY, '--json'],
        [lake, outbox],
      ],
      [['rebuild', ...DAY], [lake]],
      [
        ['erase', ...PERSON, '--dry-run'],
        [lake, outbox],
      ],
    ] as const;
    let told = '';
    for (const [args, paths] of commands) {
      const { code, out, err } = await call(args);
      expect([code, warnedOf(err)], args.join(' ')).toEqual([0, paths.map(lineOf)]);
      expect(out).not.toContain('is open to');
      told += err;
    }
    const finding = {
      ...{ id: 'lake-privacy', status: 'note' },
      says: `The lake ${lake} is open to others on this machine.`,
      do: `close it with chmod -R go-rwx ${lake}`,
    };
    const { out, code } = await call(['check', '--json']);
    const { findings, ok } = JSON.parse(out) as { findings: object[]; ok: boolean };
    expect([ok, code, findings.filter((one) => 'id' in one && one.id === 'lake-privacy')]).toEqual([
      ...[true, 0],
      [finding],
    ]);

    const mending = new Set([...told.matchAll(/close it with (.+)$/gm)].map(([, command = '']) => command));
    expect((await shell([...mending].join('\n'), cwd)).code).toBe(0);
    expect(warnedOf((await run()).err)).toEqual([]);
    expect((await call(['check', '--json'])).out).not.toContain('lake-privacy');
    expect(await modesBelow(lake)).toEqual({ files: new Set(['600']), folders: new Set(['700']) });
  });

  test('are warned of by serve, which shows them all the same', async () => {
    const cwd = await folderOnDisk();
    for (const path of ['', 'out', 'out/lake', 'out/lake/runs', 'out/outbox']) {
      await mkdir(join(cwd, path), { recursive: true });
      await chmod(join(cwd, path), 0o755);
    }
    await writeFile(join(cwd, 'out/lake/runs/2026-11-19-1.json'), '{}');
    const child = start(['serve', '--port', '0'], { cwd });
    expect((await fetch(await addressOf(child))).status).toBe(200);
    child.kill('SIGINT');
    const { code, err } = await child.ended;
    expect([code, warnedOf(err)]).toEqual([
      0,
      [
        '  out/lake    is open to others on this machine; close it with chmod -R go-rwx out/lake',
        '  out/outbox  is open to others on this machine; close it with chmod -R go-rwx out/outbox',
      ],
    ]);
  });

  test('are not spoken of where others cannot pass the folders above them, or nothing is written there', async () => {
    const { cwd, call, run } = await openCase('44');
    await run();
    await openUp(join(cwd, 'out'));
    expect(warnedOf((await run()).err)).toEqual([]);
    await chmod(cwd, 0o755);
    const elsewhere = await call(['run', ...DAY, '--outbox', join(cwd, 'closed')]);
    expect(warnedOf(elsewhere.err)).toEqual([expect.stringContaining(join(cwd, 'out/lake'))]);
  });
});
