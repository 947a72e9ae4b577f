import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parseFault } from '../../functions/sources/caresoft/simulator/fault.ts';
import { startSimulator } from '../../functions/sources/caresoft/simulator/simulator.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { start } from './command.ts';
import { DAY, deriveAnew, derivedIn, directoriesIn, manifestsIn, settingsFor } from './killed.ts';

describe('runs at the same time', () => {
  test('of one day make one capture, whole files and one mail a recipient', async () => {
    const simulator = await startSimulator({ chats: 300, faults: [parseFault('dead-agents')] });
    onTestFinished(() => simulator.close());
    const cwd = await temporaryFolder();
    const runs = [1, 2, 3].map(() =>
      start(['run', '--day', DAY, '--json'], { cwd, settings: settingsFor(simulator) }),
    );
    const ended = await Promise.all(runs.map((run) => run.ended));
    expect(ended.map(({ code }) => code)).toEqual(runs.map(() => 0));
    const [first, ...others] = ended.map(({ out }) => JSON.parse(out));
    for (const other of others) expect(other).toEqual(first);
    expect(await manifestsIn(cwd)).toHaveLength(3);
    expect(simulator.seen.peakPerSecond()).toBeLessThanOrEqual(15);
    const mail = (await readdir(join(cwd, 'out/outbox'))).filter((name) => name.endsWith('.eml'));
    expect(mail).toHaveLength(2);
    expect(await directoriesIn(cwd)).toHaveLength(1);
    const derived = await derivedIn(cwd);
    expect(await deriveAnew(simulator, cwd)).toEqual(derived);
  });
});
