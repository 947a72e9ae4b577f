import { globSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';

/** A file of the product: its path from the top of the project, with `/` between its parts, and its text. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** A program of its own, which plays the source. */
export const SIMULATOR = 'functions/sources/caresoft/simulator/';

/** The vendor's room, and the catalogues of what readers see. */
const MAY_NAME_THE_VENDOR = [/^functions\/sources\/caresoft\//, /\/i18n\//];
/** In the settings' own room their names may stand. */
const SETTING_NAMES_STAND_IN = 'functions/config/';
const SETTING_NAME = /\bCARESOFT_[A-Z_]*\b/g;
const VENDOR = /caresoft/i;
/** Who may import what is another question, which `architecture.test.ts` answers. */
const IMPORTED = /(?<=\b(?:from|import) ?\(?)'\.[^']*'/g;

/** Words that say less than the noun they stand for. */
const VAGUE_WORDS = /\b(whoever|whatever|somebody|nobody|anew)\b/i;

const EXPORTED =
  /^export (?:declare |abstract |async )*(?:const|let|function\*?|class|interface|type|enum) +(\w+)/gm;
/** Lambda calls each entry point by this name. */
const MAY_REPEAT = ['handler'];

/** @returns what is deployed and what deploys it: functions/, lib/ and bin/, without the simulator */
export function readHouse(top: string): SourceFile[] {
  return globSync(['functions/**/*.ts', 'lib/**/*.ts', 'bin/**/*.{ts,js}'], { cwd: top })
    .map((path) => path.split(sep).join('/'))
    .filter((path) => !path.startsWith(SIMULATOR))
    .toSorted()
    .map((path) => ({ path, text: readFileSync(join(top, path), 'utf8') }));
}

/** @returns the paths of files that name the vendor, outside of its room, the catalogues and the settings' names */
export function findVendorNames(files: readonly SourceFile[]): string[] {
  return files
    .filter(({ path }) => !MAY_NAME_THE_VENDOR.some((room) => room.test(path)))
    .filter(({ path, text }) =>
      VENDOR.test(
        (path.startsWith(SETTING_NAMES_STAND_IN) ? text.replaceAll(SETTING_NAME, '') : text).replaceAll(
          IMPORTED,
          '',
        ),
      ),
    )
    .map(({ path }) => path);
}

/** @returns each exported name that stands in several files, with these files */
export function findRepeatedNames(files: readonly SourceFile[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { path, text } of files) {
    const names = new Set([...text.matchAll(EXPORTED)].map(([, name = '']) => name));
    for (const name of names) found.set(name, [...(found.get(name) ?? []), path]);
  }
  return new Map([...found].filter(([name, paths]) => paths.length > 1 && !MAY_REPEAT.includes(name)));
}

/** @returns each line with a vague word, as `path:line` */
export function findVagueWords(files: readonly SourceFile[]): string[] {
  return files.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, at) => (VAGUE_WORDS.test(line) ? [`${path}:${at + 1}`] : [])),
  );
}

export function countLines({ text }: SourceFile): number {
  return text.split('\n').length - 1;
}

/** Lines by what stands on them; a line with both is code. Empty lines are neither. */
export function countKinds(files: readonly SourceFile[]): { code: number; comments: number } {
  const lines = files.flatMap(({ text }) => text.split('\n')).map((line) => line.trim());
  const comments = lines.filter((line) => /^(\/\/|\/\*|\*( |\/|$))/.test(line)).length;
  return { code: lines.filter((line) => line !== '').length - comments, comments };
}

/** @param share from 0 to 1 @returns of ascending values the one below which this share of them lies; NaN of none */
export function quantile(values: readonly number[], share: number): number {
  return values[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN;
}
