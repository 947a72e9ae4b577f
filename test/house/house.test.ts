import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  countLines,
  findRepeatedNames,
  findVagueWords,
  findVendorNames,
  readHouse,
  type SourceFile,
} from './house.ts';

const MOST_LINES = 400;
const MOST_FILES = 200;

/** Files that name the vendor though they stand elsewhere: at most six, each for a reason. */
const NAMES_THE_VENDOR = [
  // The example of a deployment holds an address.
  'bin/accounts.ts',
  // What is wrong with an address is told by a right one.
  'functions/config/parsers.ts',
  // The lines of the documentation.
  'functions/config/settings.ts',
  // The one home of its name.
  'functions/sources/vendor.ts',
];

const house = readHouse(join(import.meta.dirname, '../..'));
const one = (path: string, text: string): SourceFile[] => [{ path, text }];

describe('The house', () => {
  test('has few files, and none that is long', () => {
    const functions = house.filter(({ path }) => path.startsWith('functions/'));
    expect(functions.length).toBeGreaterThan(100);
    expect(functions.length).toBeLessThanOrEqual(MOST_FILES);
    expect(house.filter((file) => countLines(file) > MOST_LINES).map(({ path }) => path)).toEqual([]);
  });

  test('names the vendor in its room alone', () => {
    expect(NAMES_THE_VENDOR.length).toBeLessThanOrEqual(6);
    expect(findVendorNames(house)).toEqual(NAMES_THE_VENDOR.toSorted());
  });

  test('exports a name from one file alone', () => {
    expect([...findRepeatedNames(house)]).toEqual([]);
  });

  test('has a noun wherever a vague word would stand', () => {
    expect(findVagueWords(house)).toEqual([]);
  });
});

describe('The counts notice', () => {
  test('a file that is too long', () => {
    expect(countLines({ path: 'a.ts', text: 'x\n'.repeat(401) })).toBe(401);
  });

  test.each([
    ['an import', 'functions/app/compose.aws.ts', "import { a } from '../sources/caresoft/a.ts';", 0],
    ['a comment', 'functions/capture/paginate.ts', '// CareSoft answers', 1],
    ['a setting outside of its room', 'functions/report/notes.ts', "const name = 'CARESOFT_TOKEN';", 1],
    ['a setting in its room', 'functions/config/settings.ts', "const name = 'CARESOFT_TOKEN';", 0],
    ['a word in the settings’ room', 'functions/config/settings.ts', '// as CareSoft has it', 1],
    ['its own room', 'functions/sources/caresoft/dialect.ts', '// CareSoft answers', 0],
    ['a catalogue', 'functions/report/i18n/en.ts', "const name = 'CareSoft';", 0],
  ])("the vendor's name: %s", (_title, path, text, found) => {
    expect(findVendorNames(one(path, text))).toHaveLength(found);
  });

  test('a name that two files export', () => {
    const files = [
      ...one('a.ts', 'export const size = 1;\nexport async function handler() {}'),
      ...one('b.ts', 'export interface size {}\nexport const handler = 1;'),
    ];
    expect([...findRepeatedNames(files)]).toEqual([['size', ['a.ts', 'b.ts']]]);
  });

  test('an overload for one name, not two', () => {
    expect(findRepeatedNames(one('a.ts', 'export function f(): 1;\nexport function f(): 2;')).size).toBe(0);
  });

  test.each(['whoever', 'Whatever', 'somebody', 'nobody', 'anew'])('the word %s', (word) => {
    expect(findVagueWords(one('a.ts', `first\n// for ${word} reads`))).toEqual(['a.ts:2']);
  });
});
