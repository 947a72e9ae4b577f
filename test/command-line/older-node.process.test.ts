import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../temporary-folder.ts';
import { addressOf, signalGroup, startProgram } from './command.ts';

const bin = join(import.meta.dirname, '../../bin');
const main = join(bin, 'main.js');

/** Node 24, which says that it is older. What it starts says the truth. */
const AS_OLDER = [
  '--import',
  'data:text/javascript,Object.defineProperty(process,"versions",{value:{...process.versions,node:"20.0.0"}})',
];

/** The first Node before 24 that is installed on this machine. */
const older =
  ['/usr/bin', '/usr/local/bin', ...(process.env.PATH ?? '').split(delimiter)]
    .map((folder) => join(folder, 'node'))
    .find((node) =>
      /^v(18|20|22)\./.test(spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout ?? ''),
    ) ?? '';

/** The older Node waits before it passes a signal on, to see whether the program has got it. */
const LONGER_THAN_A_REACTION_MS = 600;

describe('chat-report, started with an older Node', () => {
  test.skipIf(older === '')('starts again with the one that npm installed', async () => {
    const { code, out, err } = await startProgram([main, 'settings'], { cwd: bin }, { program: older }).ended;
    expect([code, err, out]).toEqual([0, '', expect.stringContaining('CARESOFT_TOKEN')]);
  });

  test('ends with the exit code of the program', async () => {
    const { code, err } = await startProgram([...AS_OLDER, main, 'run', '--no such'], { cwd: bin }).ended;
    expect([code, err]).toEqual([2, expect.stringContaining('--no such')]);
  });

  test.each([
    ['SIGTERM', 'the older Node alone'],
    ['SIGINT', 'the older Node alone'],
    ['SIGTERM', 'both processes'],
  ] as const)('heeds %s once, when it is sent to %s', async (signal, target) => {
    const cwd = await temporaryFolder();
    // The least that is a lake.
    mkdirSync(join(cwd, 'runs'));
    writeFileSync(join(cwd, 'runs/2026-11-19-1.json'), '{}');
    const words = [...AS_OLDER, main, 'serve', '--port', '0', '--lake', cwd];
    const child = startProgram(words, { cwd }, { isGroup: true });
    // A request that does not end keeps the program from ending.
    const request = connect(Number(new URL(await addressOf(child)).port), '127.0.0.1');
    request.on('error', () => {});
    request.write('GET / HTTP/1.1\r\n');
    await once(request, 'connect');
    if (target === 'both processes') signalGroup(child, signal);
    else child.kill(signal);
    await sleep(LONGER_THAN_A_REACTION_MS);
    request.destroy();
    const { code, err } = await child.ended;
    expect([code, err]).toEqual([0, expect.stringContaining('stopping when all current work is done')]);
  });

  test('says what it needs where no other Node is installed', async () => {
    const folder = await temporaryFolder();
    for (const file of ['main.js', 'older-node.js']) copyFileSync(join(bin, file), join(folder, file));
    const { code, out, err } = await startProgram([...AS_OLDER, join(folder, 'main.js')], { cwd: folder })
      .ended;
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(/^chat-report: Node 20\.0\.0 is too old; install Node 24 or later, .*\n$/);
  });
});
