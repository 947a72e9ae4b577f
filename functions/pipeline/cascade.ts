import * as z from 'zod';
import { addDays, type Day } from '../calendar/day.ts';
import { compareChannels, findProven } from '../capture/capture-channel.ts';
import { DamagedCaptureError, findCaptures } from '../capture/captures.ts';
import type { Coverage } from '../capture/coverage.ts';
import type { Channel } from '../chats/channel.ts';
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
import type { Account } from './account.ts';
import { withLakeLease } from './capture-piece.ts';
import { readDayRecord } from './day-record.ts';
import { type Context, REPEATABLE } from './durable.ts';
import type { PublishPorts } from './publish-day.ts';
import { ReportReader, refuseNewer } from './report-reader.ts';
import { ReportStore } from './report-store.ts';
import { countingOf } from './summarize.ts';

/** So many days around those that were worked on: a run that was killed is noticed by those of the weeks after. */
const DAYS_AROUND = 31;

/**
 * Derives those reports again whose digest is not current: of days that compare themselves with one that has changed,
 * or follow its customers up, and of days whose making was cut short.
 *
 * Nothing that goes wrong here is the reported day's, whose mail is out: the other then stays as it is.
 *
 * @param worked the days that a run reported or looked at
 */
export async function deriveStaleDays(
  worked: { readonly from: Day; readonly to: Day },
  context: Context,
  account: Account,
  ports: PublishPorts,
): Promise<void> {
  const { log, lake, onPublished } = ports;
  const [from, to] = [addDays(worked.from, -DAYS_AROUND), addDays(worked.to, DAYS_AROUND)];
  const stale = await context.step(
    'find stale days',
    () => new ReportReader(lake).staleDays(from, to),
    REPEATABLE,
  );
  // The earliest first: each is made of what those before it have become.
  for (const other of stale) {
    const tell = (problem: string): void => log.about({ day: other })({ event: 'look-failed', problem });
    const name = `derive ${other} again`;
    await context.yieldNow(`before ${name}`);
    try {
      await withLakeLease(name, context, ports, async (held) => {
        const summary = await deriveOrKeep(other, account.locale, held, tell);
        if (summary !== null) onPublished?.(summary);
      });
    } catch (error) {
      await context.step(`give up to ${name}`, async () => tell(problemOf(error)), REPEATABLE);
    }
  }
}

/** Where captures are damaged or gone, the forms alone are made again, with the figures that stand. */
export async function deriveOrKeep(
  day: Day,
  locale: Locale,
  lake: HeldLake,
  tell: (problem: string) => void,
): Promise<Summary | null> {
  try {
    return await deriveAsReported(day, locale, lake);
  } catch (error) {
    // Trying again does not help against it.
    if (!(error instanceof DamagedCaptureError)) throw error;
    tell(error.message);
    const reports = new ReportStore(lake);
    const standing = await reports.read({ day });
    if (standing !== null) {
      await reports.deriveWithoutRaw(standing, await localeOf(day, reports, locale));
    }
    return standing;
  }
}

/**
 * By the settings and in the language of the report that stands: what the account's are by now is not asked.
 *
 * @returns null where no report can be read, or it names no capture
 * @throws DamagedCaptureError
 */
async function deriveAsReported(day: Day, locale: Locale, lake: HeldLake): Promise<Summary | null> {
  const reports = new ReportStore(lake);
  const standing = await reports.read({ day });
  const counting = standing && (await countingOf(standing, lake));
  if (standing === null || counting === null) return null;
  const { completeness } = standing;
  const itsLocale = await localeOf(day, reports, locale);
  return (await reports.derive({ day, completeness, counting }, itsLocale)).summary;
}

/** @param otherwise where the report does not say which it is in */
async function localeOf(day: Day, reports: ReportReader, otherwise: Locale): Promise<Locale> {
  return (await reports.storedDigest({ day }))?.locale ?? otherwise;
}

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
    await noteSeen(day, isChanged, held);
    return true;
  };
  try {
    return await withLakeLease(name, context, ports, upgrade);
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

/** What became of a day that was to be made anew. */
export type RebuiltDay =
  | { readonly state: 'rebuilt'; readonly day: Day; readonly summary: Summary }
  /** Nobody ever asked for it, with these settings or others. */
  | { readonly state: 'not-captured'; readonly day: Day }
  /** No proven capture answers what these settings ask of these channels, and no partial report lacks them. */
  | { readonly state: 'unproven'; readonly day: Day; readonly channels: readonly Channel[] };

/**
 * Derives every layer above raw again for a day, from its newest proven captures and without a call. What stands there
 * already and was made by the same version of the program comes out the same to the byte.
 *
 * @throws DamagedCaptureError when a raw page is not what was received.
 * @throws NewerReportError where a newer program has made the day's report
 */
export async function rebuildDay(day: Day, account: Account, lake: HeldLake, log?: Log): Promise<RebuiltDay> {
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
  if (stored.state === 'unreadable' && stored.why === 'newer') throw refuseNewer(stored);
  await claimLake(lake, { domain: domainOf(source), account: account.name }, log);
  const basis = { day, completeness, counting: account };
  const { summary } = await reports.derive(basis, account.locale, { force: true });
  return { state: 'rebuilt', day, summary };
}

/** Of the report that stands, or else of the last try that lacked a channel: a day is partial again where it was before. */
async function findReported(place: ReportPlace, lake: Lake): Promise<Coverage | null> {
  const standing = await new ReportReader(lake).read(place);
  if (standing !== null) return standing.completeness;
  if (place.only !== undefined) return null;
  return (await readDayRecord(lake, place.day))?.tried?.completeness ?? null;
}

async function hasCaptures(day: Day, channels: readonly Channel[], lake: Lake): Promise<boolean> {
  for (const channel of channels) {
    for await (const _capture of findCaptures(lake, day, channel)) return true;
  }
  return false;
}
