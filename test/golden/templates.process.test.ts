import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { deployment } from '../lib/deployments.ts';
import { askFor } from '../setup/assembly-asked.ts';
import { sha256, toLines } from './sum.ts';

/** By their names the code of functions is told apart, in S3 and in each version of a function. */
const OF_CODE = /(?<=CurrentVersion[0-9A-F]{8})[0-9a-f]{32}|[0-9a-f]{64}/g;

/** What is in a template, a sum a resource: as it is, but for what changes with each line of the program. */
async function sumsOf(folder: string, stack: string): Promise<[string, string][]> {
  const text = await readFile(join(folder, `${stack}.template.json`), 'utf8');
  const template: Readonly<Record<string, unknown>> = JSON.parse(text.replaceAll(OF_CODE, 'code'));
  return Object.entries(template).flatMap(([section, held]) => {
    const parts = typeof held === 'string' ? { '': held } : Object(held);
    return Object.entries(parts).map(([name, part]): [string, string] => [
      `${stack}/${section}${name && `/${name}`}`,
      sha256(JSON.stringify(part)),
    ]);
  });
}

test('the templates of a deployment are as they were', async () => {
  const folder = await askFor({ of: 'templates', deployment, isValidated: true });
  const stacks = globSync('*.template.json', { cwd: folder }).map((file) =>
    file.replace('.template.json', ''),
  );
  const sums = await Promise.all(stacks.toSorted().map((stack) => sumsOf(folder, stack)));
  expect(sums.map(({ length }) => length > 5)).toEqual(Array.from({ length: 7 }, () => true));
  await expect(toLines(new Map(sums.flat()))).toMatchFileSnapshot('templates.txt');
});
