import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';

const page = readFileSync(join(import.meta.dirname, '../../docs/queries.md'), 'utf8');

/** The queries of `docs/queries.md`, each under its heading. */
export const QUERIES: readonly (readonly [heading: string, sql: string])[] = page
  .split(/^## /m)
  .slice(1)
  .flatMap((part) => {
    const [heading = ''] = part.split('\n');
    return [...part.matchAll(/```sql\n(.*?)```/gs)].map(([, sql = '']) => [heading, sql] as const);
  });

export function queryUnder(heading: string): string {
  return QUERIES.find(([name]) => name === heading)?.[1] ?? expect.unreachable();
}
