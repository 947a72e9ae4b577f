import type { ChannelCompleteness } from '../capture/completeness.ts';
import { type Column, columnsOf } from './table.ts';

type CountName = {
  [Name in keyof ChannelCompleteness]-?: ChannelCompleteness[Name] extends number | null ? Name : never;
}[keyof ChannelCompleteness];

/** The counts that prove a channel, in the order in which they add up. */
const COUNTS: readonly { readonly name: string; readonly comment: string; readonly count: CountName }[] = [
  {
    name: 'num_found_before',
    comment: "CareSoft's own count when the capture began",
    count: 'numFoundBefore',
  },
  { name: 'num_found_after', comment: 'The same at its end', count: 'numFoundAfter' },
  { name: 'rows_read', comment: 'Rows that came: unique + duplicate', count: 'rows' },
  { name: 'unique_rows', comment: 'Different rows: chats + rejected + outside the day', count: 'unique' },
  { name: 'duplicate_rows', comment: 'Rows that came again', count: 'duplicates' },
  { name: 'conflicting_rows', comment: 'Duplicates that say something else', count: 'conflicts' },
  { name: 'rejected_rows', comment: 'Rows without an id or a readable start', count: 'rejected' },
  { name: 'outside_day_rows', comment: 'Rows of the margin around the day', count: 'outsideDay' },
];

/** A column each. @param without what null says */
export function coverageColumns<Source>(
  without: string,
  of: (source: Source) => ChannelCompleteness | null,
): Column<Source>[] {
  const { perhaps } = columnsOf<Source>();
  return COUNTS.map(({ name, comment, count }) =>
    perhaps(name, 'int64', `${comment}. Null: ${without}`, (source) => {
      const value = of(source)?.[count] ?? null;
      return value === null ? null : BigInt(value);
    }),
  );
}
