import * as z from 'zod';
import type { Day } from '../calendar/day.ts';
import { type Coverage, recordedCoverage } from '../capture/coverage.ts';
import { defineRecord, type Read } from '../storage/json-record.ts';
import { dayRecordKey } from '../storage/layout.ts';
import type { Lake } from '../storage/object-store.ts';

const instant = z.iso.datetime();

/** Of a partial report, and of the full one. */
const kinds = z.strictObject({ partial: instant.optional(), full: instant.optional() });

const schema = z.strictObject({
  schema: z.literal('chat-report/day/1'),
  day: z.iso.date(),
  /** The last try that did not prove every channel; left out where none is known. */
  tried: z.strictObject({ at: instant, completeness: recordedCoverage }).optional(),
  /** When the day's own mails were about to be made: what changed of other days until then stands in them. */
  told: kinds.optional(),
  /** When the first recipient had them. */
  mailed: kinds.optional(),
  /** When the run of a later day made its report, or found one that was never mailed: that day's mail tells of it. */
  madeUp: instant.optional(),
});

/** What was tried of a day, and what was told of it, `days/dt=<day>.json`. No capture says so. It holds no personal data. */
export type DayRecord = Read<z.infer<typeof schema>>;

type Kind = keyof z.infer<typeof kinds>;

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
  completeness: Coverage,
): Promise<void> {
  await change(lake, day, (record) => ({ ...record, tried: { at, completeness } }));
}

/** Writes down when the first mail of a kind is about to be made. A later one of the same kind says the same again. */
export async function noteTold(
  lake: Pick<Lake, 'get' | 'put'>,
  day: Day,
  kind: Kind,
  at: string,
): Promise<void> {
  await noteOnce(lake, day, 'told', kind, at);
}

/** Writes down that a mail of a kind has reached a recipient. */
export async function noteMailed(
  lake: Pick<Lake, 'get' | 'put'>,
  day: Day,
  kind: Kind,
  at: string,
): Promise<void> {
  await noteOnce(lake, day, 'mailed', kind, at);
}

/** Writes down that the run of a later day made the report. */
export async function noteMadeUp(lake: Pick<Lake, 'get' | 'put'>, day: Day, at: string): Promise<void> {
  await change(lake, day, (record) => ({ ...record, madeUp: at }));
}

/**
 * Up to which instant the day's own mail tells of other days.
 *
 * @param isWhole whether it is of the full report
 * @returns null where none is known; where a later day's run had to make the report, only a mail that reached someone counts
 */
export function toldUntil({ told, mailed, madeUp }: DayRecord, isWhole: boolean): string | null {
  const reached =
    madeUp === undefined
      ? told
      : { ...(mailed?.partial && { partial: told?.partial }), ...(mailed?.full && { full: told?.full }) };
  return (isWhole ? reached?.full : undefined) ?? reached?.partial ?? null;
}

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
