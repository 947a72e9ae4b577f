import { lakeOf, lakeToErase } from './lakes.ts';

/** `node make-lake.ts <chats> | erase`: makes a lake where there is none, and prints its folder. Progress goes to stderr. */
const [what = ''] = process.argv.slice(2);
const say = (line: string): void => {
  process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${line}\n`);
};
const folder = what === 'erase' ? await lakeToErase(say) : await lakeOf(Number(what), say);
process.stdout.write(folder, () => process.exit());
