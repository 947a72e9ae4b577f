import { describe, expect, test } from 'vitest';
import { SETTING_NAMES } from '../../functions/config/settings.ts';
import project from '../../package.json' with { type: 'json' };
import { call } from './call.ts';

const COMMANDS = [
  ...['demo', 'init', 'check', 'run', 'status', 'serve', 'rebuild'],
  ...['erase', 'aws', 'settings', 'simulate'],
] as const;

/** The commands that the help of the program lists. */
async function listed(): Promise<string[]> {
  const { out } = await call(['--help'], {});
  const [, list = ''] = /\nCommands:\n(.*?)\n\n/s.exec(out) ?? [];
  return [...list.matchAll(/^ {2}([a-z]+)/gm)].map(([, name = '']) => name);
}

describe('help', () => {
  test('lists every command, and says what to type, what an exit code means, and where settings come from', async () => {
    const { code, out, err } = await call(['--help'], {});
    expect([code, err]).toEqual([0, '']);
    await expect(out).toMatchFileSnapshot('help/chat-report.txt');
    expect(out.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect(await listed()).toEqual([...COMMANDS, 'help']);
  });

  test.each(COMMANDS)('of %s is what it was, and says the same by help and by -h', async (command) => {
    const { code, out, err } = await call([command, '--help'], {});
    expect([code, err]).toEqual([0, '']);
    await expect(out).toMatchFileSnapshot(`help/${command}.txt`);
    if (command !== 'simulate') expect(out.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect(await call(['help', command], {})).toEqual({ code, out, err });
    expect(await call([command, '-h'], {})).toEqual({ code, out, err });
  });

  test('of run names every setting of the table', async () => {
    const { out } = await call(['run', '--help'], {});
    const [, table = ''] = /\nSettings .*:\n(.*)$/s.exec(out) ?? [];
    expect([...table.matchAll(/^ {2}(\w+) /gm)].map(([, name]) => name)).toEqual(SETTING_NAMES);
  });

  test.each([['--version'], ['-v']])('%s says the version of the package', async (option) => {
    expect(await call([option], {})).toEqual({ code: 0, out: `chat-report ${project.version}\n`, err: '' });
  });

  test.each([
    ['runn', 'run'],
    ['statsu', 'status'],
    ['chek', 'check'],
  ])('names the command that is meant by %s', async (wrong, meant) => {
    const { code, out, err } = await call([wrong], {});
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(`unknown command '${wrong}'\n(Did you mean ${meant}?)`);
  });
});
