import * as z from 'zod';
import { addDays, type Day } from '../calendar/day.ts';
import { compareChannels, findProven } from '../capture/capture-channel.ts';
import { DamagedCaptureError, findCaptures } from '../capture/captures.ts';
import type { Coverage } from '../capture/coverage.ts';
import type { Channel } from '../chats/channel.ts';
import type { Account } from '../config/account.ts';
import { DEFINITIONS } from '../metrics/measures.ts';
import type { Summary } from '../metrics/summary.ts';
import type { Log } from '../observability/log.ts';
import { problemOf } from '../observability/redact.ts';
import { TABLES_LAYOUT } from '../report/digest.ts';
import type { Locale } from '../report/i18n/messages.ts';
import type { HeldLake } from '../storage/changes.ts';
import { defineRecord } from '../storage/json-record.ts';
import { claimLake } from '../storage/lake-identity.ts';
import { DEFINITIONS_KEY, domainOf, type ReportPlace } from '../storage/layout.ts';
import type { Lake } from '../storage/object-store.ts';
import { withLakeLease } from './capture-piece.ts';
import { readDayRecord } from './day-record.ts';
import { type DurableContext, REPEATABLE, WORK_MS } from './durable.ts';
import type { PublishPorts } from './publish-day.ts';
import { newerReportError, ReportReader } from './report-reader.ts';
import { ReportStore } from './report-store.ts';
import { countingOf } from './summarize.ts';

/** Derives days again after their first report: stale days, days of earlier definitions, and days on request. */

/**
 * Derives the reports again whose digest is stale. Such a day compares itself with a changed one, follows up
 * its customers, or its derivation was cut short.
 *
 * The reported day's mail is out by then. So failures here only go to the log, and the stale report stays.
 *
 * @param range the days that a run reported or rechecked
 */
export async function deriveStaleDays(
  range: { readonly from: Day; readonly to: Day },
  context: DurableContext,
  account: Account,
  ports: PublishPorts,
): Promise<void> {
  const { log, lake, onPublished } = ports;
  const [from, to] = [addDays(range.from, -DAYS_AROUND), addDays(range.to, DAYS_AROUND)];
  const stale = await context.step(
    'find stale days',
    () => new ReportReader(lake).staleDays(from, to),
    REPEATABLE,
  );
  // The earliest first, because later days depend on earlier ones.
  for (const other of stale) {
    const onProblem = (problem: string): void => log.about({ day: other })({ event: 'look-failed', problem });
    const name = `derive ${other} again`;
    await context.yieldNow(`before ${name}`);
    try {
      await withLakeLease(name, context, ports, async (held) => {
        const summary = await deriveOrKeep(other, account.locale, held, onProblem);
        if (summary !== null) onPublished?.(summary);
      });
    } catch (error) {
      await context.step(`give up to ${name}`, async () => onProblem(problemOf(error)), REPEATABLE);
    }
  }
}

/**
 * Stale days are looked for this far around a run's days. So the runs of the next weeks notice a run that was
 * killed.
 */
const DAYS_AROUND = 31;

/**
 * Derives a day's report again with its own settings. Where captures are damaged or gone, the figures stay and
 * only the formats are rendered again.
 */
export async function deriveOrKeep(
  day: Day,
  locale: Locale,
  lake: HeldLake,
  onProblem: (problem: string) => void,
): Promise<Summary | null> {
  try {
    return await deriveAsReported(day, locale, lake);
  } catch (error) {
    // A retry of the step would not help.
    if (!(error instanceof DamagedCaptureError)) throw error;
    onProblem(error.message);
    const reports = new ReportStore(lake);
    const current = await reports.read({ day });
    if (current !== null) {
      await reports.deriveWithoutRaw(current, await localeOf(day, reports, locale));
    }
    return current;
  }
}

/**
 * Uses the settings and the language of the current report, not those of the account now.
 *
 * @returns null where no report can be read, or it names no capture
 * @throws DamagedCaptureError
 */
async function deriveAsReported(day: Day, locale: Locale, lake: HeldLake): Promise<Summary | null> {
  const reports = new ReportStore(lake);
  const current = await reports.read({ day });
  const counting = current && (await countingOf(current, lake));
  if (current === null || counting === null) return null;
  const { completeness } = current;
  const itsLocale = await localeOf(day, reports, locale);
  return (await reports.derive({ day, completeness, counting }, itsLocale)).summary;
}

/** @param otherwise the language where the report does not name its own */
async function localeOf(day: Day, reports: ReportReader, otherwise: Locale): Promise<Locale> {
  return (await reports.storedDigest({ day }))?.locale ?? otherwise;
}

/**
 * Derives reports again that an earlier version counted by its definitions, or whose tables have an earlier
 * layout. The newest come first. It stops after five minutes, and the next run continues.
 *
 * An upgrade is no restatement: restatements are counted from raw by today's definitions, before and after. So
 * no mail mentions it.
 *
 * The reported day's mail is out by then, so failures only go to the log. A day with damaged or missing raw, or
 * an unreadable report, stays as it is.
 */
export async function upgradeDays(
  context: DurableContext,
  account: Account,
  ports: PublishPorts,
): Promise<void> {
  try {
    let stopAt: number | null = null;
    for (let round = 1; ; round += 1) {
      const name = round === 1 ? 'find days to upgrade' : `find days to upgrade ${round}`;
      const found = await context.step(name, () => findOutdated(ports), REPEATABLE);
      if (found === null) return;
      stopAt ??= found.at + WORK_MS.upgrade;
      for (const day of found.days) {
        if (!(await upgradeDay(day, stopAt, `upgrade ${day}${suffixOf(round)}`, context, account, ports)))
          return;
      }
    }
  } catch (error) {
    const logProblem = async (): Promise<void> =>
      ports.log({ event: 'look-failed', problem: problemOf(error) });
    await context.step('give up upgrading days', logProblem, REPEATABLE);
  }
}

/** A day can come twice: for its own definitions, and for those of a day that it depends on. */
const suffixOf = (round: number): string => (round === 1 ? '' : ` ${round}`);

interface Outdated {
  /** When they were found, in milliseconds since 1970. */
  readonly at: number;
  /** The newest first. */
  readonly days: readonly Day[];
}

/**
 * The next outdated days, of one month at most. @returns null where there are none, now or in a later run of
 * this program
 */
async function findOutdated({ lake, clock }: PublishPorts): Promise<Outdated | null> {
  const known = await readProgress(lake);
  // A newer program has upgraded the lake.
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

/** The number of digests that are read at once. */
const DAYS_AT_ONCE = 31;

/** @returns false where the time is over */
async function upgradeDay(
  day: Day,
  stopAt: number,
  name: string,
  context: DurableContext,
  account: Account,
  ports: PublishPorts,
): Promise<boolean> {
  const log = ports.log.about({ day });
  await context.yieldNow(`before ${name}`);
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
    await noteUpgraded(day, isChanged, held);
    return true;
  };
  try {
    return await withLakeLease(name, context, ports, upgrade);
  } catch (error) {
    const giveUp = async (): Promise<void> => {
      log({ event: 'look-failed', problem: problemOf(error) });
      await noteUpgraded(day, false, ports.lake);
    };
    await context.step(`give up to ${name}`, giveUp, REPEATABLE);
    return true;
  }
}

async function noteUpgraded(day: Day, isChanged: boolean, lake: Pick<Lake, 'get' | 'put'>): Promise<void> {
  const known = await readProgress(lake);
  const changed = isChanged || (isOurs(known) && known.changed);
  await records.write(lake, null, progressTo(day, changed));
}

const schema = z.strictObject({
  schema: z.literal('chat-report/definitions/1'),
  /** The definitions of the program that upgraded the days. */
  definitions: z.int().positive(),
  /** The layout of its tables. Programs before the second layout left it out. */
  tables: z.int().positive().optional(),
  /** Every day from this one on is done. Null where all days are. */
  from: z.iso.date().nullable(),
  /** Whether a report changed on the way. Others depend on it, so all days are checked once more. */
  changed: z.boolean(),
});

/**
 * How far the lake's reports are upgraded to the definitions and the layout of this program:
 * `days/definitions.json`. Without it, each run would read every digest.
 */
type Progress = Readonly<z.infer<typeof schema>>;

const records = defineRecord({ schema, key: () => DEFINITIONS_KEY, unreadable: 'null' });

/** @returns null where nothing is known: the upgrade starts with the newest day */
export function readProgress(lake: Pick<Lake, 'get'>): Promise<Progress | null> {
  return records.read(lake, null);
}

const layoutOf = ({ tables = 1 }: Progress): number => tables;

const isNewer = (known: Progress): boolean =>
  known.definitions > DEFINITIONS || layoutOf(known) > TABLES_LAYOUT;

/** Whether the progress was made by a program with the same definitions and layout. */
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

/** The result of rebuilding a day. */
export type RebuiltDay =
  | { readonly state: 'rebuilt'; readonly day: Day; readonly summary: Summary }
  /** There is no capture of these channels, with any settings. */
  | { readonly state: 'not-captured'; readonly day: Day }
  /** These channels have no proven capture with these settings, and no partial report lacks them. */
  | { readonly state: 'unproven'; readonly day: Day; readonly channels: readonly Channel[] }
  /** A raw page or a manifest is not what was received, or is gone. The layers above stay as they are. */
  | { readonly state: 'damaged'; readonly day: Day; readonly problem: string };

/**
 * Derives a day again from its newest proven captures, without a request to the source. The same version of the
 * program gives the same bytes.
 *
 * @throws NewerReportError where a newer program made the day's report
 */
export async function rebuildDay(day: Day, account: Account, lake: HeldLake, log?: Log): Promise<RebuiltDay> {
  try {
    return await rebuildFromRaw(day, account, lake, log);
  } catch (error) {
    if (!(error instanceof DamagedCaptureError)) throw error;
    return { state: 'damaged', day, problem: error.message };
  }
}

/** @throws DamagedCaptureError */
async function rebuildFromRaw(
  day: Day,
  account: Account,
  lake: HeldLake,
  log: Log | undefined,
): Promise<RebuiltDay> {
  const { only, channels, filters, reading, source } = account;
  const requests = channels.map((channel) => ({ day, channel, filters, reading, source, since: null }));
  const captured = await findProven(requests, lake);
  if (Object.keys(captured).length === 0 && !(await hasCaptures(day, channels, lake))) {
    return { state: 'not-captured', day };
  }
  const before = await findReported({ day, only }, lake);
  const left = channels.flatMap((channel) => {
    const lacked = before?.channels[channel];
    const found = captured[channel] ?? (lacked?.verdict === 'unproven' ? lacked : null);
    return found ? [[channel, found] as const] : [];
  });
  const completeness = await compareChannels(lake, day, Object.fromEntries(left));
  const missing = channels.filter((channel) => completeness.channels[channel]?.verdict !== 'proven');
  const isAsReported = missing.every((channel) => before?.channels[channel]?.verdict === 'unproven');
  if (completeness.verdict === 'unproven' || !isAsReported) {
    return { state: 'unproven', day, channels: missing };
  }
  const reports = new ReportStore(lake);
  const stored = await reports.find({ day, only });
  if (stored.state === 'unreadable' && stored.why === 'newer') throw newerReportError(stored);
  await claimLake(lake, { domain: domainOf(source), account: account.name }, log);
  const basis = { day, completeness, counting: account };
  const { summary } = await reports.derive(basis, account.locale, { force: true });
  return { state: 'rebuilt', day, summary };
}

/**
 * The coverage of the current report, or else of the last incomplete attempt. A day that was partial is partial
 * again.
 */
async function findReported(place: ReportPlace, lake: Lake): Promise<Coverage | null> {
  const current = await new ReportReader(lake).read(place);
  if (current !== null) return current.completeness;
  if (place.only !== undefined) return null;
  return (await readDayRecord(lake, place.day))?.tried?.completeness ?? null;
}

async function hasCaptures(day: Day, channels: readonly Channel[], lake: Lake): Promise<boolean> {
  for (const channel of channels) {
    for await (const _capture of findCaptures(lake, day, channel)) return true;
  }
  return false;
}
