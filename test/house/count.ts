import { join } from 'node:path';
import {
  countKinds,
  countLines,
  findRepeatedNames,
  findVagueWords,
  findVendorNames,
  quantile,
  readHouse,
} from './house.ts';

/** `npm run house`: counts what the rules of the house bound. A folder of another checkout may be given. */
const top = process.argv[2] ?? join(import.meta.dirname, '../..');
const house = readHouse(top);
const functions = house.filter(({ path }) => path.startsWith('functions/'));
const lengths = functions.map(countLines).toSorted((one, other) => one - other);
const { code, comments } = countKinds(house);
const counts: readonly (readonly [string, number])[] = [
  ['files in functions/', functions.length],
  ['lines of a file, median', quantile(lengths, 0.5)],
  ['lines of a file, p90', quantile(lengths, 0.9)],
  ['lines of a file, largest', lengths.at(-1) ?? 0],
  ['files that name the vendor outside its room', findVendorNames(house).length],
  ['exported names in two files', findRepeatedNames(house).size],
  ['lines with a vague word', findVagueWords(house).length],
  ['lines of code', code],
  ['lines of comments', comments],
];
for (const [name, count] of counts) process.stdout.write(`${String(count).padStart(7)}  ${name}\n`);
