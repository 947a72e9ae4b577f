import * as z from 'zod';
import type { Day } from '../calendar/day.ts';
import { type Coverage, recordedCoverage } from '../capture/coverage.ts';
import { defineRecord, type Read } from '../storage/json-record.ts';
import { dayRecordKey } from '../storage/layout.ts';
import type { Lake } from '../storage/object-store.ts';

const instant = z.iso.datetime();

/** For the partial and the full report. */
const kinds = z.strictObject({ partial: instant.optional(), full: instant.optional() });

const schema = z.strictObject({
  schema: z.literal('chat-report/day/1'),
  day: z.iso.date(),
  /** The last attempt that left a channel unproven. Left out where there was none. */
  tried: z.strictObject({ at: instant, completeness: recordedCoverage }).optional(),
  /** When the day's own mails were started. They cover changes of other days up to then. */
  told: kinds.optional(),
  /** When the first recipient had them. */
  mailed: kinds.optional(),
  /**
   * When the run of a later day backfilled the report, or found that it was never mailed. The mail of that run
   * covers the day.
   */
  madeUp: instant.optional(),
});

/** The attempts and mails of a day: `days/dt=<day>.json`. No capture holds them. It has no personal data. */
export type DayRecord = Read<z.infer<typeof schema>>;

type Kind = keyof z.infer<typeof kinds>;

const records = defineRecord({ schema, key: dayRecordKey, unreadable: 'null' });

/** @returns null where there is no readable record: then nothing is known of attempts and mails */
export async function readDayRecord(lake: Pick<Lake, 'get'>, day: Day): Promise<DayRecord | null> {
  const record = await records.read(lake, day);
  return record?.day === day ? record : null;
}

/** Records that some channel of a day could not be proven. */
export async function noteAttempt(
  lake: Pick<Lake, 'get' | 'put'>,
  day: Day,
  at: string,
  completeness: Coverage,
): Promise<void> {
  await change(lake, day, (record) => ({ ...record, tried: { at, completeness } }));
}

/** Records when the first mail of a kind is started. A later mail of the same kind changes nothing. */
export async function noteMailBegun(
  lake: Pick<Lake, 'get' | 'put'>,
  day: Day,
  kind: Kind,
  at: string,
): Promise<void> {
  await noteOnce(lake, day, 'told', kind, at);
}

/** Records that a mail of a kind reached a recipient. */
export async function noteMailed(
  lake: Pick<Lake, 'get' | 'put'>,
  day: Day,
  kind: Kind,
  at: string,
): Promise<void> {
  await noteOnce(lake, day, 'mailed', kind, at);
}

/** Records that the run of a later day made the report. */
export async function noteBackfilled(lake: Pick<Lake, 'get' | 'put'>, day: Day, at: string): Promise<void> {
  await change(lake, day, (record) => ({ ...record, madeUp: at }));
}

/**
 * The day's own mail covers changes of other days up to this instant.
 *
 * @param isWhole whether the report is the full one
 * @returns null where none is known. After a backfill, only a mail that reached a recipient counts.
 */
export function mailCoversUntil({ told, mailed, madeUp }: DayRecord, isWhole: boolean): string | null {
  const reached =
    madeUp === undefined
      ? told
      : { ...(mailed?.partial && { partial: told?.partial }), ...(mailed?.full && { full: told?.full }) };
  return (isWhole ? reached?.full : undefined) ?? reached?.partial ?? null;
}

/** Keeps an instant that is there already. */
async function noteOnce(
  lake: Pick<Lake, 'get' | 'put'>,
  day: Day,
  what: 'told' | 'mailed',
  kind: Kind,
  at: string,
): Promise<void> {
  const known = (await readDayRecord(lake, day))?.[what];
  if (known?.[kind] !== undefined) return;
  await change(lake, day, (record) => ({ ...record, [what]: { ...record[what], [kind]: at } }));
}

async function change(
  lake: Pick<Lake, 'get' | 'put'>,
  day: Day,
  changed: (record: DayRecord) => DayRecord,
): Promise<void> {
  const record = (await readDayRecord(lake, day)) ?? { schema: 'chat-report/day/1', day };
  await records.write(lake, day, changed(record));
}
