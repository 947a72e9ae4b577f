import { MEASURES, TIMES, toColumnName } from '../metrics/measures.ts';
import type { Column, Table } from './table.ts';

const TYPE_NAMES: Readonly<Record<Column<never>['type'], string>> = {
  string: 'text',
  json: 'text (JSON)',
  int32: 'integer, 32 bits',
  int64: 'integer, 64 bits',
  double: 'number',
  boolean: 'yes or no',
  'timestamp-local': 'wall clock',
  'timestamp-utc': 'instant (UTC)',
  date: 'day',
};

/** Tables of the documentation that are made from the declarations of tables and measures. */

/** The chapter about one table in `docs/data-dictionary.md`, in Markdown. */
export function describeTable({ name, comment, partitions, columns }: Table<never>): string {
  return [
    `## \`${name}\``,
    '',
    comment,
    '',
    '| column | type | null | meaning |',
    '| --- | --- | --- | --- |',
    ...partitions.map((partition) => line(partition.name, partition.type, 'in the path', partition.comment)),
    ...columns.map((column) =>
      line(column.name, column.type, column.nullable ? 'yes' : 'no', column.comment),
    ),
    '',
  ].join('\n');
}

function line(name: string, type: keyof typeof TYPE_NAMES, isNull: string, comment: string): string {
  return `| \`${name}\` | ${TYPE_NAMES[type]} | ${isNull} | ${comment.replaceAll(/[|<]/g, '\\$&')} |`;
}

/** The table of all figures in `docs/figures.md`, in Markdown. */
export function describeFigures(): string {
  const times = Object.entries(TIMES);
  const isOfTime = (path: string): boolean => times.some(([id]) => path.startsWith(`${id}.`));
  return [
    '| figure | column of `metrics` | value |',
    '| --- | --- | --- |',
    ...MEASURES.filter(({ path }) => !isOfTime(path)).map(
      ({ path, column, comment }) => `| \`${path}\` | \`${column}\` | ${comment} |`,
    ),
    ...times.map(
      ([id, { comment, source }]) => `| \`${id}\` | \`${toColumnName(id)}_…\` | ${comment}: ${source} |`,
    ),
    '',
  ].join('\n');
}
