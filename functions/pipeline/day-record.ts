import * as z from 'zod';
import type { Completeness } from '../capture/completeness.ts';
import { defineRecord } from '../storage/json-record.ts';
import { dayRecordKey } from '../storage/keys.ts';
import type { Lake } from '../storage/lake.ts';
import type { Day } from '../time/report-day.ts';
import { recordedCompleteness } from './run-record.ts';

const instant = z.iso.datetime();

const schema = z.strictObject({
  schema: z.literal('chat-report/day/1'),
  day: z.iso.date(),
  /** The last try that did not prove every channel; left out where none is known. */
  tried: z.strictObject({ at: instant, completeness: recordedCompleteness }).optional(),
  /** When the day's own mails were about to be made: what changed of other days until then stands in them. */
  told: z.strictObject({ partial: instant.optional(), full: instant.optional() }).optional(),
});

/** What was tried of a day, and what was told of it, `days/dt=<day>.json`. No captures say so, and nobody's data is in it. */
export type DayRecord = Readonly<z.infer<typeof schema>>;

const records = defineRecord({ schema, key: dayRecordKey, unreadable: 'null' });

/** @returns null where there is none, or none that can be read: then nothing is known of what was tried or told */
export async function readDayRecord(lake: Pick<Lake, 'get'>, day: Day): Promise<DayRecord | null> {
  const record = await records.read(lake, day);
  return record?.day === day ? record : null;
}

/** Writes down that a day could not be proven in every channel. */
export async function noteTried(
  lake: Pick<Lake, 'get' | 'put'>,
  day: Day,
  at: string,
  completeness: Completeness,
): Promise<void> {
  await change(lake, day, (record) => ({ ...record, tried: { at, completeness } }));
}

/** Writes down when the first mail of a kind is about to be made. A later one of the same kind says the same again. */
export async function noteTold(
  lake: Pick<Lake, 'get' | 'put'>,
  day: Day,
  kind: 'partial' | 'full',
  at: string,
): Promise<void> {
  const { told } = (await readDayRecord(lake, day)) ?? {};
  // A partial report that is made again after the full one was told has nothing new to tell.
  if (told?.[kind] !== undefined || told?.full !== undefined) return;
  await change(lake, day, (record) => ({ ...record, told: { ...record.told, [kind]: at } }));
}

/** The instant up to which the day's latest own mail tells of other days; null where none is known. */
export function toldAt(record: DayRecord | null): string | null {
  return record?.told?.full ?? record?.told?.partial ?? null;
}

async function change(
  lake: Pick<Lake, 'get' | 'put'>,
  day: Day,
  changed: (record: DayRecord) => DayRecord,
): Promise<void> {
  const record = (await readDayRecord(lake, day)) ?? { schema: 'chat-report/day/1', day };
  await records.write(lake, day, changed(record));
}
