import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';

const top = join(import.meta.dirname, '../..');

/** What is loaded at once with a file: the files and packages that it imports, and those import, and so on. */
function loadedWith(path: string, seen = new Set<string>()): Set<string> {
  if (seen.has(path)) return seen;
  seen.add(path);
  if (!path.endsWith('.ts')) return seen;
  const source = readFileSync(join(top, path), 'utf8');
  // What is imported for its type alone is not loaded, nor is what stands in `import(…)` until it is called.
  for (const [, name = ''] of source.matchAll(/^(?:import|export)(?! type)[^;]*? from '([^']+)'/gm)) {
    if (name.startsWith('node:')) continue;
    if (name.startsWith('.')) loadedWith(relative(top, join(top, dirname(path), name)), seen);
    else seen.add(name);
  }
  return seen;
}

const packagesOf = (path: string) =>
  [...loadedWith(path)].filter((name) => !/\.(ts|json)$/.test(name)).sort();

const program = readFileSync(join(top, 'bin/chat-report.ts'), 'utf8');
const loads = program.matchAll(/import\('\.\/(commands\/[^']+)'\)/g);
const commands = [...new Set([...loads].map(([, name]) => name ?? ''))];

describe('the command line', () => {
  test('loads, for its help, what reads a command line and nothing else', () => {
    expect(packagesOf('bin/chat-report.ts')).toEqual(['commander']);
  });

  test.each(commands)(
    'loads, until it is known that %s has something to do, what reads settings and days',
    (name) => {
      const files = [...loadedWith(`bin/${name}`)];
      expect(['email-addresses', 'leven', 'luxon', 'zod']).toEqual(
        expect.arrayContaining(packagesOf(`bin/${name}`)),
      );
      expect(files.filter((path) => /^functions\/(app|capture|report|workflow)/.test(path))).toEqual([]);
    },
  );

  test('has all of its commands among those', () => {
    expect(commands).toHaveLength(program.match(/\bdeclare\(\s*'/g)?.length ?? 0);
  });
});
