import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A query that stands ready in Athena. */
export interface SavedQuery {
  readonly name: string;
  readonly description: string;
  readonly sql: string;
}

const PAGE = join(import.meta.dirname, '../docs/athena.md');

const SECTION = /^## (.+)\n\n((?:.+\n)+)\n```sql\n([^`]+)\n```$/gm;

/** The day that the page asks for. Saved, its queries ask for yesterday. */
export const DAY_ON_THE_PAGE = "DATE '2026-11-20'";

/** Yesterday by the clocks of a time zone, in SQL: Athena's own `current_date` is that of UTC. */
export function yesterdayIn(timeZone: string): string {
  return `(CAST(current_timestamp AT TIME ZONE '${timeZone}' AS date) - INTERVAL '1' DAY)`;
}

/** The queries of `docs/athena.md`, so that what is read there is what is run: a heading, a paragraph, the SQL. */
export function readQueries(): SavedQuery[] {
  const sections = readFileSync(PAGE, 'utf8').matchAll(SECTION);
  return [...sections].map(([, name = '', paragraph = '', sql = '']) => ({
    name,
    description: paragraph.trim().replaceAll('\n', ' '),
    sql,
  }));
}

/** The same, each asking for yesterday in the account's time zone. */
export function queriesOfYesterday(timeZone: string): SavedQuery[] {
  return readQueries().map((query) => ({
    ...query,
    sql: query.sql.replaceAll(DAY_ON_THE_PAGE, yesterdayIn(timeZone)),
  }));
}
