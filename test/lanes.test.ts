import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';

const top = join(import.meta.dirname, '..');

/** How a file would start a program, open a socket or a browser. */
const OUTSIDE =
  /^(import|\}).* from '(node:(child_process|https?|net|tls)|playwright-core|@hono\/node-server)';|fetch\(inject\(/m;
/** The simulator and what composes the program ask and answer over sockets: they are what every test may have. */
const GRANTED = /^functions\//;

/** The files that a test loads, besides those that every test may have. */
function loadedWith(path: string, seen = new Set<string>()): Set<string> {
  if (seen.has(path) || GRANTED.test(path) || !path.endsWith('.ts')) return seen;
  seen.add(path);
  for (const [, name = ''] of sourceOf(path).matchAll(
    /^(?:import|export)(?! type)[^;]*? from '(\.[^']+)'/gm,
  )) {
    loadedWith(relative(top, join(top, dirname(path), name)), seen);
  }
  return seen;
}

function sourceOf(path: string): string {
  return readFileSync(join(top, path), 'utf8');
}

const files = globSync('test/**/*.test.ts', { cwd: top });
const reachesOutside = (path: string): boolean =>
  [...loadedWith(path)].some((file) => OUTSIDE.test(sourceOf(file)));

describe('the name of a test file', () => {
  test.each(files.filter((path) => !/\.(browser|http|process)\.test\.ts$/.test(path)))(
    'without a suffix for it means that no socket, program or browser is opened: %s',
    (path) => {
      expect(reachesOutside(path)).toBe(false);
    },
  );

  test('with one means that something is', () => {
    const named = files.filter((path) => /\.(browser|http|process)\.test\.ts$/.test(path));
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((path) => !reachesOutside(path))).toEqual([]);
  });

  test('has no other suffix', () => {
    expect(files.filter((path) => !/^[\w/-]+(\.(browser|days|http|process))?\.test\.ts$/.test(path))).toEqual(
      [],
    );
  });

  test('is all that a test needs for a seed: none loads the library for property tests itself', () => {
    const owners = globSync('test/**/*.ts', { cwd: top }).filter((path) =>
      /^import .*'fast-check';/m.test(sourceOf(path)),
    );
    expect(owners).toEqual([join('test', 'property.ts')]);
  });
});
