import * as z from 'zod';
import { problemOf } from '../log/redact.ts';
import { DEFINITIONS } from '../measure/measures.ts';
import { TABLES_LAYOUT } from '../report/digest.ts';
import { DamagedCaptureError } from '../storage/captures.ts';
import type { HeldLake } from '../storage/held-lake.ts';
import { defineRecord } from '../storage/json-record.ts';
import { DEFINITIONS_KEY } from '../storage/keys.ts';
import type { Lake } from '../storage/lake.ts';
import { addDays, type Day } from '../time/report-day.ts';
import type { Account } from './account.ts';
import { type Context, REPEATABLE } from './context.ts';
import { exclusively } from './exclusively.ts';
import type { PublishPorts } from './publish-day.ts';
import { ReportReader } from './report-reader.ts';
import { deriveAsReported } from './stale-days.ts';

/** So long a run is at it, once its mail is out: years of days take some mornings. */
const A_RUN_MS = 300_000;

/** The digests of so many days are read for one answer. */
const DAYS_AT_ONCE = 31;

const schema = z.strictObject({
  schema: z.literal('chat-report/definitions/1'),
  /** The definitions of the program that saw to the days. */
  definitions: z.int().positive(),
  /** The layout of its tables; left out by programs that knew one. */
  tables: z.int().positive().optional(),
  /** Every day from this one on was seen to; null where no day is left. */
  from: z.iso.date().nullable(),
  /** Whether a report was derived again on the way: others tell of it, so that all are gone through once more. */
  changed: z.boolean(),
});

/** How far the lake's reports are of the program's own definitions and layout, `days/definitions.json`: else each run would read every digest. */
type Progress = Readonly<z.infer<typeof schema>>;

const records = defineRecord({ schema, key: () => DEFINITIONS_KEY, unreadable: 'null' });

/** @returns null where none is known: the days are gone through from the newest */
export function readProgress(lake: Pick<Lake, 'get'>): Promise<Progress | null> {
  return records.read(lake, null);
}

interface Outdated {
  /** When they were found, in milliseconds since 1970. */
  readonly at: number;
  /** The newest first. */
  readonly days: readonly Day[];
}

/**
 * Derives reports again that an earlier program counted by its own definitions, or whose tables it laid out otherwise, the
 * newest first, for five minutes; the next run goes on from there. It is no correction: what turned out otherwise of a day is counted from raw, before and
 * after by the definitions of today, so no mail tells of it.
 *
 * Nothing that goes wrong here is the reported day's, whose mail is out. A day whose raw is gone or damaged, or whose report
 * cannot be read, stays as it is.
 */
export async function upgradeDays(context: Context, account: Account, ports: PublishPorts): Promise<void> {
  try {
    let stopAt: number | null = null;
    for (let round = 1; ; round += 1) {
      const name = round === 1 ? 'find days to upgrade' : `find days to upgrade ${round}`;
      const found = await context.step(name, () => findOutdated(ports), REPEATABLE);
      if (found === null) return;
      stopAt ??= found.at + A_RUN_MS;
      for (const day of found.days) {
        if (!(await upgradeDay(day, stopAt, `upgrade ${day}${suffixOf(round)}`, context, account, ports)))
          return;
      }
    }
  } catch (error) {
    const say = async (): Promise<void> => ports.log({ event: 'look-failed', problem: problemOf(error) });
    await context.step('give up upgrading days', say, REPEATABLE);
  }
}

/** A day can come up again: once for its definitions, and once for those of another. */
const suffixOf = (round: number): string => (round === 1 ? '' : ` ${round}`);

/** The next of them, of a month at most. @returns null where there is none, now or in a later run of this program */
async function findOutdated({ lake, clock }: PublishPorts): Promise<Outdated | null> {
  const known = await readProgress(lake);
  // A newer program has been at work.
  if (known !== null && isNewer(known)) return null;
  let progress = isOurs(known) ? known : null;
  if (progress?.from === null) return null;
  const reports = new ReportReader(lake);
  const all = await reports.allDays();
  for (;;) {
    const from = progress?.from;
    const left = from ? all.filter((day) => day < from) : [...all];
    while (left.length > 0) {
      const days = await reports.outdated(left.splice(-DAYS_AT_ONCE));
      if (days.length > 0) return { at: clock.now(), days: days.toReversed() };
    }
    const newest = all.at(-1);
    if (!progress?.changed || newest === undefined) break;
    progress = { ...progress, from: addDays(newest, 1), changed: false };
    await records.write(lake, null, progress);
  }
  await records.write(lake, null, progressTo(null, false));
  return null;
}

/** @returns whether there was time for it */
async function upgradeDay(
  day: Day,
  stopAt: number,
  name: string,
  context: Context,
  account: Account,
  ports: PublishPorts,
): Promise<boolean> {
  const log = ports.log.about({ day });
  await context.breathe(`before ${name}`);
  const upgrade = async (held: HeldLake): Promise<boolean> => {
    if (ports.clock.now() >= stopAt) return false;
    let isChanged = false;
    try {
      const summary = await deriveAsReported(day, account.locale, held);
      isChanged = summary !== null;
      if (summary !== null) ports.onPublished?.(summary);
    } catch (error) {
      if (!(error instanceof DamagedCaptureError)) throw error;
      log({ event: 'look-failed', problem: error.message });
    }
    await noteSeen(day, isChanged, held);
    return true;
  };
  try {
    return await exclusively(name, context, ports, upgrade);
  } catch (error) {
    const giveUp = async (): Promise<void> => {
      log({ event: 'look-failed', problem: problemOf(error) });
      await noteSeen(day, false, ports.lake);
    };
    await context.step(`give up to ${name}`, giveUp, REPEATABLE);
    return true;
  }
}

async function noteSeen(day: Day, isChanged: boolean, lake: Pick<Lake, 'get' | 'put'>): Promise<void> {
  const known = await readProgress(lake);
  const changed = isChanged || (isOurs(known) && known.changed);
  await records.write(lake, null, progressTo(day, changed));
}

const layoutOf = ({ tables = 1 }: Progress): number => tables;

const isNewer = (known: Progress): boolean =>
  known.definitions > DEFINITIONS || layoutOf(known) > TABLES_LAYOUT;

/** Whether it is of a program that counts and lays out as this one does. */
function isOurs(known: Progress | null): known is Progress {
  return known?.definitions === DEFINITIONS && layoutOf(known) === TABLES_LAYOUT;
}

const progressTo = (from: Day | null, changed: boolean): Progress => ({
  schema: 'chat-report/definitions/1',
  definitions: DEFINITIONS,
  tables: TABLES_LAYOUT,
  from,
  changed,
});
