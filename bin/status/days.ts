import pLimit from 'p-limit';
import { addDays, countDays, type Day, dayAt, daysFrom, isDay } from '../../functions/calendar/day.ts';
import type { Coverage } from '../../functions/capture/coverage.ts';
import { CHANNELS, type Channel } from '../../functions/chats/channel.ts';
import { readReceipts } from '../../functions/delivery/send-once.ts';
import { headlineFigures } from '../../functions/metrics/rates.ts';
import { type DayRecord, readDayRecord } from '../../functions/pipeline/day-record.ts';
import { MISSED_RECHECK_DAYS } from '../../functions/pipeline/recheck-days.ts';
import { ReportReader, type Unreadable } from '../../functions/pipeline/report-reader.ts';
import { listRuns, type ReadRunName } from '../../functions/pipeline/run-log.ts';
import { localeFormatterFor } from '../../functions/report/locale-formatter.ts';
import type { Mailbox } from '../../functions/report/mail-message.ts';
import { reasonFor, unprovenIn } from '../../functions/report/sections/missing.ts';
import { commandFor } from '../../functions/report/sections/notes.ts';
import { DAY_RECORDS_PREFIX, readReportKey, readSentKey, reportKey } from '../../functions/storage/layout.ts';
import type { Lake } from '../../functions/storage/object-store.ts';
import { findNewest } from '../../functions/web/days.ts';
import { type MailStatus, toMailStatus } from './mails.ts';
import { isAtWork, isOfToday, type RunStatus, readRunStatus, type StatusMoment } from './runs.ts';

/** How the days of a lake stand. It only reads, and it knows no terminal. */

export interface StatusInput extends StatusMoment {
  readonly lake: Pick<Lake, 'get' | 'list'>;
  /** Ascending; empty where days are asked for once. */
  readonly lookBack: readonly number[];
  /** Null where the settings name none. */
  readonly recipients: readonly Mailbox[] | null;
}

export interface LakeStatus {
  /** Days that are over, the oldest first. Empty before the first report or attempt. */
  readonly days: readonly DayStatus[];
  /** The newest day with a report; null where there is none. */
  readonly newest: Day | null;
  /** Of the newest report in `days`; null where it has no list. */
  readonly waiting: WaitingStatus | null;
  /** Those that began today, and those that are still at work. The oldest first. */
  readonly runs: readonly RunStatus[];
}

export interface DayStatus {
  readonly day: Day;
  /**
   * - `proven`, `partial`: it has a report, of all channels or of some.
   * - `unproven`: it was asked for, and no channel could be proven.
   * - `missing`: no run has asked for it, or none has come to an end.
   * - `damaged`, `newer`: its report cannot be read, because it is damaged, or because a newer version wrote it.
   */
  readonly state: 'proven' | 'partial' | 'unproven' | 'missing' | Unreadable['why'];
  /** The key of the file that cannot be read; null where none is known. */
  readonly unreadable: string | null;
  /** The channels that could not be proven. */
  readonly missing: readonly Channel[];
  /** Null where there is no report. A rate is null where too many chats have an unknown status. */
  readonly figures: ReturnType<typeof headlineFigures>['figures'] | null;
  /** Customers to call back; null where there is no report. */
  readonly callbacks: number | null;
  /** How often a later look changed a count. */
  readonly restatements: number;
  /** Whether it is asked for again; null where there is no report, or where days are asked for once. */
  readonly finality: 'final' | 'provisional' | null;
  /** The morning of the next recheck; null where none follows. */
  readonly nextRecheckOn: Day | null;
  /** Null where no mail of it is known. */
  readonly mail: MailStatus | null;
  /** The reports of some channels that stand beside the day's own, by their channels. */
  readonly beside: readonly (readonly Channel[])[];
  /** Why channels are missing. */
  readonly problems: readonly DayProblem[];
  /** The last run for the day; null where none is known, or where the day is proven. */
  readonly lastRun: RunStatus | null;
  /** The command that makes it right; null where there is nothing to do, or where a run sees to it. */
  readonly command: string | null;
}

/** A problem of one channel, or the same problem of several. */
export interface DayProblem {
  readonly channels: readonly Channel[];
  readonly reason: string | null;
  readonly what: string;
  readonly todo: string;
  readonly detail: string | null;
  /** No request is to be sent before this instant; null where any time will do. */
  readonly notBefore: string | null;
}

/** The customers who still wait, as the first mail of a day lists them. */
export interface WaitingStatus {
  readonly day: Day;
  readonly asOf: string;
  readonly customers: number;
}

const ENGLISH = localeFormatterFor('en');
const AT_ONCE = 8;
/** So many runs of one day are read: their names are not in the order of time. */
const RUNS_OF_A_DAY = 20;

/**
 * The days that are over, and the runs of today.
 *
 * @param most at most so many days; fewer where the lake is younger
 */
export async function gatherStatus(input: StatusInput, most: number): Promise<LakeStatus> {
  const { lake, now, timeZone } = input;
  const reports = new ReportReader(lake);
  const today = dayAt(now, timeZone);
  const [oldest, names] = await Promise.all([findOldest(reports, lake), listRuns(lake)]);
  const earliest = addDays(today, -most);
  const days = oldest === null ? [] : daysFrom(oldest > earliest ? oldest : earliest, addDays(today, -1));
  const read = await readLakeDays(days, input);
  const runs = await readRuns(names, read, input);
  const statuses = read.map((one) => toDayStatus(one, runs, input, hasRun(read.at(-1))));
  const newest = statuses.findLast(({ figures }) => figures !== null)?.day ?? null;
  const waiting = newest === null ? null : await readWaiting(newest, reports);
  return {
    days: statuses,
    newest: newest ?? (oldest === null ? null : await findNewest(reports, today)),
    waiting,
    runs: runs.filter((run) => isOfToday(run, input)),
  };
}

/** What the lake holds of one day. */
export interface ReadDay {
  readonly day: Day;
  readonly keys: readonly string[];
  readonly record: DayRecord | null;
  readonly report: Awaited<ReturnType<ReportReader['findDigest']>>;
  readonly mail: MailStatus | null;
}

/** @param days consecutive, the oldest first */
export async function readLakeDays(
  days: readonly Day[],
  { lake, recipients }: Pick<StatusInput, 'lake' | 'recipients'>,
): Promise<ReadDay[]> {
  const [from, to] = [days.at(0), days.at(-1)];
  if (from === undefined || to === undefined) return [];
  const reports = new ReportReader(lake);
  const all = await reports.keys(from, to);
  return await pLimit(AT_ONCE).map([...days], async (day): Promise<ReadDay> => {
    const keys = all.get(day) ?? [];
    // The summary makes a report. A digest without one is of a report that was deleted.
    const hasReport = keys.includes(reportKey({ day }, 'summary.json'));
    const [record, report, receipts] = await Promise.all([
      readDayRecord(lake, day),
      hasReport ? reports.findDigest({ day }) : ({ state: 'none' } as const),
      readReceipts(
        keys.filter((key) => readSentKey(key)?.place.only === undefined),
        lake,
      ),
    ]);
    return { day, keys, record, report, mail: toMailStatus(day, receipts, record, recipients) };
  });
}

/** The first day with a report or an attempt; null where there is none. Only the first keys are listed. */
async function findOldest(reports: ReportReader, lake: Pick<Lake, 'list'>): Promise<Day | null> {
  const [reported, attempted] = await Promise.all([reports.oldestDay(), findFirstRecord(lake)]);
  return [reported, attempted].filter((day) => day !== null).toSorted()[0] ?? null;
}

async function findFirstRecord(lake: Pick<Lake, 'list'>): Promise<Day | null> {
  for await (const key of lake.list(DAY_RECORDS_PREFIX)) {
    const day = key.slice(DAY_RECORDS_PREFIX.length, -'.json'.length);
    if (isDay(day)) return day;
  }
  return null;
}

/**
 * The runs that may matter, in the order of their start: those of yesterday, of days that are not right, and those whose name says
 * that they began today. A request over the API for an older day that is proven is not among them: its name tells no time.
 */
async function readRuns(
  names: readonly ReadRunName[],
  days: readonly ReadDay[],
  input: StatusInput,
): Promise<RunStatus[]> {
  const { now, timeZone } = input;
  const today = dayAt(now, timeZone);
  const open = new Set([addDays(today, -1), ...days.filter((one) => !isProven(one)).map(({ day }) => day)]);
  const ofOpenDays = Map.groupBy(
    names.filter(({ day }) => open.has(day)),
    ({ day }) => day,
  );
  const ofToday = names.filter(({ askedAt }) => askedAt !== null && dayAt(askedAt, timeZone) === today);
  const wanted = [...[...ofOpenDays.values()].flatMap((of) => of.slice(-RUNS_OF_A_DAY)), ...ofToday];
  return await readRunsOf(new Set(wanted.map(({ id }) => id)), days, input);
}

/** The runs of these names, in the order of their start. */
export async function readRunsOf(
  ids: ReadonlySet<string>,
  days: readonly ReadDay[],
  input: StatusInput,
): Promise<RunStatus[]> {
  const tried = new Map(days.map(({ day, record }) => [day, record?.tried?.completeness ?? null]));
  const read = await pLimit(AT_ONCE).map([...ids], (id) =>
    readRunStatus(id, input.lake, (day) => tried.get(day) ?? null, input),
  );
  return read
    .filter((run) => run !== null)
    .toSorted((one, other) => Date.parse(one.startedAt) - Date.parse(other.startedAt));
}

export async function readWaiting(day: Day, reports: ReportReader): Promise<WaitingStatus | null> {
  const waiting = await reports.waiting(day);
  return waiting && { day, asOf: waiting.asOf, customers: waiting.waiting.length };
}

/**
 * @param runs those of the day are enough
 * @param hasRunToday whether the run of yesterday has taken place already
 */
export function toDayStatus(
  one: ReadDay,
  runs: readonly RunStatus[],
  { now, timeZone, lookBack }: StatusInput,
  hasRunToday: boolean,
): DayStatus {
  const { day, keys, report, mail } = one;
  const state = stateOf(one);
  const channels = coverageOf(one);
  const isOpen = state === 'partial' || state === 'unproven' || state === 'missing';
  const lastRun = isOpen ? findLastRun(day, runs) : null;
  const status = {
    ...{ day, state, unreadable: report.state === 'unreadable' ? report.key : null },
    ...figuresOf(report),
    nextRecheckOn: nextRecheckOn(report, { day, today: dayAt(now, timeZone), lookBack, hasRunToday }),
    mail,
    beside: besideOf(day, keys),
    ...(isOpen ? problemsOf(channels, report) : { missing: [], problems: [] }),
    lastRun,
  };
  const isSeenTo = lastRun !== null && isAtWork(lastRun);
  return { ...status, command: isSeenTo ? null : commandOf(status, channels) };
}

/** One that is at work comes before a later one that has ended. */
function findLastRun(day: Day, runs: readonly RunStatus[]): RunStatus | null {
  const ofDay = runs.filter((run) => run.day === day && run.only === null);
  return ofDay.findLast(isAtWork) ?? ofDay.at(-1) ?? null;
}

function figuresOf(
  report: ReadDay['report'],
): Pick<DayStatus, 'figures' | 'callbacks' | 'restatements' | 'finality'> {
  if (report.state !== 'read') return { figures: null, callbacks: null, restatements: 0, finality: null };
  const { digest } = report;
  return {
    figures: headlineFigures(digest).figures,
    callbacks: digest.callbacks,
    restatements: digest.revisions?.length ?? 0,
    finality: digest.looks?.state ?? null,
  };
}

/** Whether a day was reported, or at least attempted. */
export function hasRun(one: ReadDay | undefined): boolean {
  return one !== undefined && (one.report.state !== 'none' || one.record?.tried !== undefined);
}

function isProven({ report }: ReadDay): boolean {
  return report.state === 'read' && report.digest.verdict === 'proven';
}

function stateOf({ report, record }: ReadDay): DayStatus['state'] {
  switch (report.state) {
    case 'unreadable':
      return report.why;
    case 'read':
      return report.digest.verdict === 'proven' ? 'proven' : 'partial';
    case 'none':
      return record?.tried === undefined ? 'missing' : 'unproven';
  }
}

/** What is known of each channel. An attempt tells more of a channel that is missing than a report does. */
export function coverageOf({ report, record }: Pick<ReadDay, 'report' | 'record'>): Coverage['channels'] {
  const reported = (report.state === 'read' ? report.digest.coverage : undefined) ?? {};
  const tried = record?.tried?.completeness.channels ?? {};
  if (report.state === 'read' && report.digest.verdict === 'proven') return reported;
  return Object.fromEntries(
    CHANNELS.flatMap((channel) => {
      const known = reported[channel];
      const found = known?.verdict === 'proven' ? known : (tried[channel] ?? known);
      return found === undefined ? [] : [[channel, found] as const];
    }),
  );
}

function problemsOf(
  all: Coverage['channels'],
  report: ReadDay['report'],
): Pick<DayStatus, 'missing' | 'problems'> {
  const unproven = unprovenIn(all);
  if (unproven.length === 0) {
    // Digests of earlier versions name the missing channels alone.
    return { missing: report.state === 'read' ? (report.digest.missing ?? []) : [], problems: [] };
  }
  const problems: (DayProblem & { readonly channels: Channel[] })[] = [];
  for (const { channel, found } of unproven) {
    const { what, todo } = reasonFor(found, ENGLISH.messages, all);
    const { reason = null, detail = null, notBefore = null } = found;
    const alike = problems.find((one) => one.what === what && one.todo === todo && one.detail === detail);
    if (alike === undefined) problems.push({ channels: [channel], reason, what, todo, detail, notBefore });
    else alike.channels.push(channel);
  }
  return { missing: unproven.map(({ channel }) => channel), problems };
}

function commandOf(
  { day, state, mail }: Pick<DayStatus, 'day' | 'state' | 'mail'>,
  channels: Coverage['channels'],
): string | null {
  switch (state) {
    case 'missing':
    case 'partial':
    case 'unproven':
      return commandFor([day], undefined, { verdict: 'unproven', channels });
    case 'damaged':
      return `chat-report rebuild --day ${day}`;
    case 'newer':
      return null;
    case 'proven':
      return mail !== null && mail.failed > 0 ? `chat-report run --day ${day} --send` : null;
  }
}

function besideOf(day: Day, keys: readonly string[]): (readonly Channel[])[] {
  return keys.flatMap((key) => {
    const { place, file } = readReportKey(key) ?? {};
    return place?.day === day && place.only !== undefined && file === 'summary.json' ? [place.only] : [];
  });
}

interface RecheckPlan {
  readonly day: Day;
  readonly today: Day;
  readonly lookBack: readonly number[];
  readonly hasRunToday: boolean;
}

function nextRecheckOn(
  report: ReadDay['report'],
  { day, today, lookBack, hasRunToday }: RecheckPlan,
): Day | null {
  if (report.state !== 'read' || report.digest.looks?.state !== 'provisional') return null;
  const nextRun = hasRunToday ? addDays(today, 1) : today;
  const mornings = lookBack.map((back) => recheckMorning(day, back));
  const next = mornings.find((morning) => morning >= nextRun);
  const last = mornings.at(-1);
  if (next !== undefined || last === undefined) return next ?? null;
  return countDays(last, nextRun) - 1 <= MISSED_RECHECK_DAYS ? nextRun : null;
}

/** The day on which a recheck is made. The run that makes it is of the day before. */
export function recheckMorning(day: Day, back: number): Day {
  return addDays(day, back + 1);
}
