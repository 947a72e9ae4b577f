import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { startSimulator } from '../../functions/sources/caresoft/simulator/simulator.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { start } from './command.ts';

const TOKEN = 'never-to-be-shown-4711';
const ENTER = '\r';
const DOWN = '\u001B[B';
const CTRL_C = '\u0003';
const executable = join(import.meta.dirname, '../../bin/main.js');
/** The program of util-linux, which gives another program a terminal. */
const SCRIPT = 'script';
const hasScript = spawnSync(SCRIPT, ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux');
const hasGit = spawnSync('git', ['--version']).status === 0;

/**
 * Types at a terminal of 80 columns and 24 rows. Keys are typed once their question is seen.
 *
 * @returns the exit code, and all that was on the screen
 */
async function typeAt(cwd: string, args: readonly string[], keys: readonly (readonly [string, string])[]) {
  const command = ['stty cols 80 rows 24;', `'${process.execPath}'`, `'${executable}'`, 'init', ...args];
  const { PATH = '', TZ = '' } = process.env;
  const child = spawn(SCRIPT, ['--quiet', '--return', '--command', command.join(' '), '/dev/null'], {
    ...{ cwd, env: { PATH, TZ, TERM: 'xterm', SHELL: '/bin/sh' } },
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const left = [...keys];
  let raw = '';
  let screen = '';
  let seen = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    raw += text;
    screen = stripVTControlCharacters(raw);
    for (let [first] = left; first !== undefined; [first] = left) {
      const at = screen.indexOf(first[0], seen);
      if (at < 0) return;
      seen = at + first[0].length;
      left.shift();
      child.stdin.write(first[1]);
    }
  });
  const [code] = await once(child, 'exit');
  return { code, screen, left };
}

test.skipIf(!hasScript)('chat-report init asks at a terminal (skipped without script)', async () => {
  const simulator = await startSimulator({ token: TOKEN, chats: 60, requestsPerSecond: 10_000 });
  onTestFinished(() => simulator.close());
  const cwd = await temporaryFolder();
  const { code, screen, left } = await typeAt(
    cwd,
    [],
    [
      ['Which CareSoft account', `${simulator.baseUrl}/api/v1${ENTER}`],
      ['Which token', `wrong${ENTER}`],
      ['refuses the token', ''],
      ['Which token', `${TOKEN}${ENTER}`],
      ['Which channels', ENTER],
      ['Which groups', `${DOWN}${ENTER}`],
      ['Choose the groups', ` ${ENTER}`],
      ['Which services', ENTER],
      ['Who gets', `Lan lan@${ENTER}`],
      ['no mail address', `\u0015Lan <lan@example.com>${ENTER}`],
      ['Who is the sender', ENTER],
      ['which language', ENTER],
      ['When are agents', ENTER],
      ['rate of missed', `8%${ENTER}`],
      ['Where is the data', ENTER],
    ],
  );
  expect([code, left], screen).toEqual([0, []]);
  expect(screen).toContain('chat-report.env is written');
  expect(screen).not.toContain(TOKEN);
  const text = await readFile(join(cwd, 'chat-report.env'), 'utf8');
  expect(text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))).toEqual([
    `CARESOFT_BASE_URL=${simulator.baseUrl}`,
    `CARESOFT_TOKEN=${TOKEN}`,
    'CARESOFT_GROUPS=12001',
    'TARGET_MISSED_RATE=8%',
    'LAKE_URI=out/lake',
    'MAIL_TO=Lan <lan@example.com>',
    'LOCALE=vi',
  ]);

  const again = await typeAt(
    cwd,
    [],
    [
      ['May it be replaced', 'y'],
      ['Which CareSoft account', CTRL_C],
    ],
  );
  expect([again.code, again.left], again.screen).toEqual([130, []]);
  expect(await readFile(join(cwd, 'chat-report.env'), 'utf8')).toBe(text);
});

test.skipIf(!hasGit)(
  'chat-report init says that git would commit the file (skipped without git)',
  async () => {
    const cwd = await temporaryFolder();
    await writeFile(join(cwd, 'token.txt'), TOKEN);
    const args = ['init', '--offline', '--yes', '--domain', 'acme', '--token-file', 'token.txt'];
    const outside = await start(args, { cwd }).ended;
    expect([outside.code, outside.err]).toEqual([0, expect.not.stringContaining('git')]);
    execFileSync('git', ['init', '--quiet'], { cwd });
    const open = await start(args, { cwd }).ended;
    expect(open.err).toMatch(/would be committed by git; add this line to \.gitignore: chat-report\.env$/m);
    await writeFile(join(cwd, '.gitignore'), 'chat-report.env\n');
    const ignored = await start(args, { cwd }).ended;
    expect(ignored.err).not.toContain('git');
  },
);
