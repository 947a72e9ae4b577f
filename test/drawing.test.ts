import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { describe, expect, test } from 'vitest';

const top = join(import.meta.dirname, '..');
const page = readFileSync(join(top, 'docs/architecture.md'), 'utf8');

/** `from` stands before `to`: `to` imports `from`. */
interface Arrow {
  readonly from: string;
  readonly to: string;
}

/** The boxes of the drawing that are no folder of `functions/` of their own name. */
const BOXES: Readonly<Record<string, string>> = {
  bin: 'bin/',
  diagnostics: 'functions/sources/caresoft/diagnostics/',
  entry: 'functions/',
  lib: 'lib/',
  simulator: 'functions/sources/caresoft/simulator/',
};

/** @returns the box that a file belongs to: the one with the longest path */
function boxOf(path: string): string | null {
  const boxes = Object.entries(BOXES).filter(([, folder]) => path.startsWith(folder));
  const [name, folder] = boxes.toSorted(([, one], [, other]) => other.length - one.length)[0] ?? [];
  if (name === undefined) return null;
  return folder === BOXES.entry ? (/^functions\/(\w+)\//.exec(path)?.[1] ?? name) : name;
}

function readDrawing(markdown: string): Arrow[] {
  const [, drawing = ''] = /```mermaid\n(.*?)```/s.exec(markdown) ?? [];
  return [...drawing.matchAll(/^ *(\w+)(?:\[.*?\])? (?:==>|-->) (\w+)/gm)].map(([, from = '', to = '']) => ({
    from,
    to,
  }));
}

/** @param sources the text of each file by its path from the top of the project */
function readImports(sources: Readonly<Record<string, string>>): Arrow[] {
  const arrows = Object.entries(sources).flatMap(([path, source]) =>
    [...source.matchAll(/(?<![.'\w])(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map(([, name = '']) => ({
      from: boxOf(join(dirname(path), name).split(sep).join('/')),
      to: boxOf(path),
    })),
  );
  return arrows.flatMap(({ from, to }) =>
    from === null || to === null || from === to ? [] : [{ from, to }],
  );
}

/** @returns what is wrong with the drawing, a line each */
function compare(drawn: readonly Arrow[], imports: readonly Arrow[]): string[] {
  const isReal = ({ from, to }: Arrow): boolean =>
    imports.some((one) => one.from === from && one.to === to) &&
    !imports.some((one) => one.from === to && one.to === from);
  const invented = drawn.filter((arrow) => !isReal(arrow));
  const missing = imports.filter(({ from, to }) => !isReached(drawn, from, to));
  return [
    ...invented.map(({ from, to }) => `${from} --> ${to} is drawn, and no import is like it`),
    ...new Set(missing.map(({ from, to }) => `${to} imports ${from}, and no arrows lead there`)),
  ];
}

function isReached(drawn: readonly Arrow[], from: string, to: string): boolean {
  return drawn.some((arrow) => arrow.from === from && (arrow.to === to || isReached(drawn, arrow.to, to)));
}

describe('the drawing of the architecture', () => {
  const paths = globSync('{bin,functions,lib}/**/*.ts', { cwd: top }).map((path) =>
    path.split(sep).join('/'),
  );
  const sources = Object.fromEntries(paths.map((path) => [path, readFileSync(join(top, path), 'utf8')]));
  const drawn = readDrawing(page);
  const imports = readImports(sources);

  test('is what the imports are', () => {
    expect(drawn.length).toBeGreaterThan(20);
    expect(compare(drawn, imports)).toEqual([]);
  });

  test('has a box for every folder', () => {
    const boxes = new Set(paths.map((path) => boxOf(path)));
    expect([...new Set(drawn.flatMap(({ from, to }) => [from, to]))].toSorted()).toEqual(
      [...boxes].toSorted(),
    );
  });

  test.each([
    ['an arrow without an import', [{ from: 'web', to: 'text' }], []],
    ['an arrow that goes both ways', [{ from: 'text', to: 'web' }], [{ from: 'web', to: 'text' }]],
    ['an import without an arrow', [], [{ from: 'web', to: 'text' }]],
  ])('notices %s', (_title, more, others) => {
    const real = [{ from: 'text', to: 'web' }];
    expect(compare([...real, ...more], [...real, ...others]).length).toBeGreaterThan(0);
    expect(compare(real, real)).toEqual([]);
  });
});

describe('the page of the architecture', () => {
  test('describes the rooms in the order of their floors', () => {
    const [, floors = ''] =
      /const FLOORS = \[(.*?)\];/s.exec(readFileSync(join(top, 'test/architecture.test.ts'), 'utf8')) ?? [];
    const [, table = ''] = /^## The rooms\n(.*?)^## /ms.exec(page) ?? [];
    const described = [...table.matchAll(/^\| `functions\/([\w/]+)\/` \|/gm)].map(([, room]) => room);
    const expected = [...floors.matchAll(/'([\w/]+)'/g)].map(([, room]) => room);
    expect(expected.length).toBeGreaterThan(10);
    expect(described.filter((room) => expected.includes(room ?? ''))).toEqual(expected);
    for (const room of described) expect(existsSync(join(top, `functions/${room}`)), room).toBe(true);
  });
});
