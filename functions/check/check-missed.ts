import { conversationIdOf } from '../chat/row-key.ts';
import { countOf, type Finding, note } from './finding.ts';
import { type FieldForms, noValueForms } from './no-value-forms.ts';
import type { Probe } from './probe.ts';
import type { Sample } from './sample.ts';

const ID = 'missed';

/** What a missed chat lacks, and how that is written; never what any field holds. */
export async function checkMissed(
  probe: Probe,
  samples: readonly Sample[],
  busiest: Sample,
  isHeeded: boolean,
): Promise<Finding> {
  const known = samples.flatMap(missedRows);
  const rows =
    known.length > 0 || !isHeeded
      ? known
      : (await probe.ask({ ...busiest.asked, status: 'missed' }, { page: 1, size: 100 })).rows;
  if (rows.length === 0)
    return note(ID, 'No row says that it was missed, so what a missed chat lacks could not be seen.');
  return note(ID, `Of ${countOf(rows.length, 'missed chat')} ${sayForms(noValueForms(rows))}`);
}

function sayForms(found: readonly FieldForms[]): string {
  if (found.length === 0) return 'none lacks anything.';
  const names = (isEverSet: boolean): string =>
    found.flatMap((one) => (one.isEverSet === isEverSet ? [one.field] : [])).join(', ');
  const lacks = [
    ...(names(false) === '' ? [] : [`all lack ${names(false)}`]),
    ...(names(true) === '' ? [] : [`some lack ${names(true)}`]),
  ];
  const fieldsByForms = Map.groupBy(found, ({ forms }) => forms.join(', '));
  const written = [...fieldsByForms].map(([forms, fields]) =>
    fields.length === found.length ? forms : `${forms} in ${fields.map(({ field }) => field).join(', ')}`,
  );
  return `${lacks.join(', ')}. How that is written: ${written.join('; ')}.`;
}

function missedRows({ rows, chats }: Sample): unknown[] {
  const missed = new Set(
    chats.filter(({ chat }) => chat.status === 'missed').map(({ chat }) => chat.conversationId),
  );
  return rows.filter((row) => missed.has(conversationIdOf(row) ?? ''));
}
