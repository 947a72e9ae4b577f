import { addDays, type Day, dayAt } from '../../functions/calendar/day.ts';
import { findCaptures, type Manifest } from '../../functions/capture/captures.ts';
import { type ChannelCoverage, chatCountOf } from '../../functions/capture/coverage.ts';
import { CHANNELS, type Channel, inChannelOrder } from '../../functions/chats/channel.ts';
import { readReceipts } from '../../functions/delivery/send-once.ts';
import type { Restatement } from '../../functions/metrics/summary.ts';
import { findChangesOf } from '../../functions/pipeline/index-changes.ts';
import { findRechecks, type Recheck } from '../../functions/pipeline/recheck-days.ts';
import { ReportReader } from '../../functions/pipeline/report-reader.ts';
import { listRuns } from '../../functions/pipeline/run-log.ts';
import type { Change } from '../../functions/storage/changes.ts';
import { rawDayPrefix, readReportKey } from '../../functions/storage/layout.ts';
import type { Lake } from '../../functions/storage/object-store.ts';
import {
  coverageOf,
  type DayStatus,
  hasRun,
  readLakeDays,
  readRunsOf,
  readWaiting,
  recheckMorning,
  type StatusInput,
  toDayStatus,
  type WaitingStatus,
} from './days.ts';
import { type MailToOne, toMails } from './mails.ts';
import type { RunStatus } from './runs.ts';

/** All that a lake holds about one day. It only reads, and it knows no terminal. */

export interface DayDetails extends DayStatus {
  /** When the last capture of its report ended; null where there is no report. */
  readonly generatedAt: string | null;
  /** The same when it was reported first. */
  readonly firstGeneratedAt: string | null;
  /** The version of the definitions by which its figures were counted; null where there is no report. */
  readonly definitions: number | null;
  readonly channels: readonly ChannelCounts[];
  readonly captures: readonly CaptureStatus[];
  readonly rechecks: readonly RecheckStatus[];
  /** Where a later look found other counts, the oldest first. */
  readonly revisions: readonly Restatement[];
  /** How often its rows changed, and the changes: the oldest first, without those that lie too far back. */
  readonly changes: {
    readonly count: number;
    readonly latest: readonly Pick<Change, 'sequence' | 'at' | 'kind' | 'verdict' | 'channels'>[];
  };
  /** When the customers who still wait were listed, and how many there are; null where there is no list. */
  readonly waiting: WaitingStatus | null;
  readonly mails: readonly MailToOne[];
  /** The files of its reports, by their keys. */
  readonly files: readonly { readonly only: readonly Channel[] | null; readonly keys: readonly string[] }[];
  /** The oldest first. */
  readonly runs: readonly RunStatus[];
}

/** The counts of a channel. Each is null where it is not known. */
interface ChannelCounts {
  readonly channel: Channel;
  readonly verdict: ChannelCoverage['verdict'];
  readonly reason: string | null;
  /** A sentence for the operator; null where there is none. */
  readonly detail: string | null;
  /** What the source counts, before the rows are read and after that. */
  readonly counted: { readonly before: number | null; readonly after: number | null };
  readonly rows: number;
  readonly unique: number;
  readonly duplicates: number;
  readonly rejected: number;
  readonly outsideDay: number;
  /** The chats that its figures are of; null for a channel that is not proven. */
  readonly chats: number | null;
  readonly captureId: string | null;
}

interface CaptureStatus {
  readonly id: string;
  readonly channel: Channel;
  /** `unfinished`: it has pages and no manifest. Its answers still count for the next capture. */
  readonly verdict: Manifest['verdict'] | 'unfinished';
  readonly reason: string | null;
  /** Null for one that is not finished. */
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly rows: number | null;
  readonly isInReport: boolean;
}

export interface RecheckStatus {
  /** How many days after the day. */
  readonly back: number;
  /** The morning of which it is. */
  readonly on: Day;
  /** `due`: it is still to come. `not-needed`: the day was first read on that morning or later. `not-made`: it was left out. */
  readonly state: 'made' | 'due' | 'not-needed' | 'not-made';
  /** When it began; null where it was not made. */
  readonly at: string | null;
  /** By channel: whether all rows were read, and whether they were others than those of the report. */
  readonly channels: Readonly<
    Partial<Record<Channel, { readonly read: boolean; readonly changed: boolean }>>
  >;
}

/** @param day one that is over */
export async function gatherDay(day: Day, input: StatusInput): Promise<DayDetails> {
  const { lake, recipients, now, timeZone } = input;
  const reports = new ReportReader(lake);
  const yesterday = addDays(dayAt(now, timeZone), -1);
  const [[one], [last], names, rechecks, captures, changes] = await Promise.all([
    readLakeDays([day], input),
    readLakeDays([yesterday], input),
    listRuns(lake),
    findRechecks(lake, day),
    gatherCaptures(day, lake),
    findChangesOf(day, lake),
  ]);
  if (one === undefined) throw new Error(`nothing can be read of ${day}`);
  // A list of days reads the digest alone. Here a damaged summary counts, too.
  const summary = one.report.state === 'read' ? await reports.find({ day }) : one.report;
  const whole = summary.state === 'unreadable' ? { ...one, report: summary } : one;
  const digest = whole.report.state === 'read' ? whole.report.digest : null;
  const channels = coverageOf(whole);
  const runs = await readRunsOf(
    new Set(names.filter((name) => name.day === day).map(({ id }) => id)),
    [one],
    input,
  );
  const status = toDayStatus(whole, runs, input, hasRun(last));
  return {
    ...status,
    generatedAt: digest?.generatedAt ?? null,
    firstGeneratedAt: digest && (digest.firstGeneratedAt ?? digest.generatedAt),
    definitions: digest?.definitions ?? null,
    channels: inChannelOrder(channels).map(([channel, found]) => toCounts(channel, found)),
    captures: captures.map((capture) => ({
      ...capture,
      isInReport: digest !== null && channels[capture.channel]?.captureId === capture.id,
    })),
    rechecks: planRechecks(day, rechecks, { ...status, captures, hasRunToday: hasRun(last) }, input),
    revisions: digest?.revisions ?? [],
    changes: {
      count: changes.count,
      latest: changes.changes.map(({ sequence, at, kind, verdict, channels: counts }) => ({
        ...{ sequence, at, kind, verdict, channels: counts },
      })),
    },
    waiting: await readWaiting(day, reports),
    mails: toMails(await readReceipts(one.keys, lake), recipients),
    files: filesOf(one.keys),
    runs,
  };
}

function toCounts(channel: Channel, found: ChannelCoverage): ChannelCounts {
  const { verdict, reason = null, detail = null, rows, unique, duplicates } = found;
  return {
    ...{ channel, verdict, reason, detail },
    counted: { before: found.numFoundBefore, after: found.numFoundAfter },
    ...{ rows, unique, duplicates, rejected: found.rejected, outsideDay: found.outsideDay },
    chats: verdict === 'proven' ? chatCountOf(found) : null,
    captureId: found.captureId,
  };
}

/** Channel by channel, the earliest first. */
async function gatherCaptures(
  day: Day,
  lake: Pick<Lake, 'get' | 'list'>,
): Promise<Omit<CaptureStatus, 'isInReport'>[]> {
  const finished = await Promise.all(
    CHANNELS.map((channel) => Array.fromAsync(findCaptures(lake, day, channel))),
  );
  const captures = new Map<string, Omit<CaptureStatus, 'isInReport'>>(
    finished
      .flat()
      .map(({ captureId: id, channel, verdict, reason = null, startedAt, endedAt, rows }) => [
        `${channel}/${id}`,
        { id, channel, verdict, reason, startedAt, endedAt, rows },
      ]),
  );
  for await (const key of lake.list(rawDayPrefix(day))) {
    const [, name, id] = /\/channel=([^/]+)\/capture=([^/]+)\//.exec(key) ?? [];
    const channel = CHANNELS.find((one) => one === name);
    if (channel === undefined || id === undefined || captures.has(`${channel}/${id}`)) continue;
    const unfinished = {
      verdict: 'unfinished',
      reason: null,
      startedAt: null,
      endedAt: null,
      rows: null,
    } as const;
    captures.set(`${channel}/${id}`, { id, channel, ...unfinished });
  }
  return CHANNELS.flatMap((channel) =>
    [...captures.values()]
      .filter((capture) => capture.channel === channel)
      .toSorted((one, other) => (one.id < other.id ? -1 : 1)),
  );
}

interface RecheckEvidence extends Pick<DayStatus, 'finality'> {
  readonly hasRunToday: boolean;
  readonly captures: readonly Pick<CaptureStatus, 'endedAt'>[];
}

function planRechecks(
  day: Day,
  made: readonly Recheck[],
  { finality, hasRunToday, captures }: RecheckEvidence,
  { lookBack, now, timeZone }: StatusInput,
): RecheckStatus[] {
  const today = dayAt(now, timeZone);
  const known = made.map(({ back, channels }): RecheckStatus => {
    const [at = null] = Object.values(channels)
      .map((channel) => channel.at)
      .toSorted();
    return { back, on: recheckMorning(day, back), state: 'made', at, channels: withoutQuery(channels) };
  });
  // A day without a report, or with a final one, is not asked for again.
  const planned = finality === 'provisional' ? lookBack : [];
  const open = planned.filter((back) => !made.some((recheck) => recheck.back === back));
  const [firstRead] = captures.flatMap(({ endedAt }) => endedAt ?? []).toSorted();
  const readOn = firstRead === undefined ? today : dayAt(Date.parse(firstRead), timeZone);
  const rest = open.map((back): RecheckStatus => {
    const on = recheckMorning(day, back);
    const isToCome = on > today || (on === today && !hasRunToday);
    const isNeeded = on > readOn;
    const state = isToCome ? 'due' : isNeeded ? 'not-made' : 'not-needed';
    return { back, on, state, at: null, channels: {} };
  });
  return [...known, ...rest].toSorted((one, other) => one.back - other.back);
}

function withoutQuery(channels: Recheck['channels']): RecheckStatus['channels'] {
  return Object.fromEntries(
    inChannelOrder(channels).map(([channel, { read, changed }]) => [channel, { read, changed }]),
  );
}

function filesOf(keys: readonly string[]): DayDetails['files'] {
  const reports = Map.groupBy(
    keys.filter((key) => readReportKey(key) !== null),
    (key) => readReportKey(key)?.place.only?.join() ?? '',
  );
  return [...reports.values()].map((of) => ({
    only: readReportKey(of[0] ?? '')?.place.only ?? null,
    keys: of,
  }));
}
