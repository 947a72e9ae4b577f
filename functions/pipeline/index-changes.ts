import { isDeepStrictEqual } from 'node:util';
import pLimit from 'p-limit';
import * as z from 'zod';
import { addDays, type Day, daysOfMonth, isDay, type Month, monthOf, monthsFrom } from '../calendar/day.ts';
import type { Coverage } from '../capture/coverage.ts';
import { CHANNELS } from '../chats/channel.ts';
import { problemOf } from '../observability/redact.ts';
import { type Digest, staleDigestOf } from '../report/digest.ts';
import { type Change, type HeldLake, listChanges, readChange } from '../storage/changes.ts';
import { defineRecord } from '../storage/json-record.ts';
import { CHANGES_INDEX_KEY, changedDaysKey, DAY_RECORDS_PREFIX } from '../storage/layout.ts';
import type { Lake } from '../storage/object-store.ts';
import { compareText } from '../text/bounds.ts';
import type { DayChanges, DayOfChannel } from '../warehouse/days-table.ts';
import { type LeasePorts, withLakeLease } from './capture-piece.ts';
import { type DayRecord, readDayRecord } from './day-record.ts';
import { type DurableContext, REPEATABLE } from './durable.ts';
import type { ReportReader } from './report-reader.ts';
import { ReportStore } from './report-store.ts';

/** Keeps the tables of days and of changes up to date. */

/** The days that a run reported. */
export interface DayRange {
  readonly from: Day;
  readonly to: Day;
}

/**
 * The same as a step. The report is out by then, so a failure only goes to the log, and the next run catches
 * up.
 *
 * @param prefix the start of the step's name
 */
export async function indexChangesStep(
  range: DayRange,
  context: DurableContext,
  ports: LeasePorts,
  prefix = '',
): Promise<void> {
  const name = `${prefix}index changes`;
  await context.yieldNow(`before ${name}`);
  try {
    await withLakeLease(name, context, ports, (held) => indexChanges(held, range));
  } catch (error) {
    const logProblem = async (): Promise<void> =>
      ports.log({ event: 'look-failed', problem: problemOf(error) });
    await context.step(`give up to ${name}`, logProblem, REPEATABLE);
  }
}

/**
 * Brings the tables of days and of changes up to date. Both depend on the lake alone, and each month is written
 * as a whole. The progress is written last. So after a kill, the next run does the rest again.
 *
 * @param range the days that a run reported; null outside of a run
 */
export async function indexChanges(lake: HeldLake, range: DayRange | null): Promise<void> {
  const known = await indexes.read(lake, null);
  const through = known?.through ?? '';
  const sequences = await listChanges(lake);
  const newChanges = await readChanges(
    sequences.filter((sequence) => sequence > through),
    lake,
  );
  const reports = new ReportStore(lake);
  const days = await spanOf(newChanges, range, known, reports, lake);
  const after: Index = {
    schema: 'chat-report/changes-indexed/1',
    through: sequences.at(-1) ?? through,
    ...(days && { days }),
    months: withMonths(known?.months ?? {}, newChanges),
  };

  for (const month of new Set(newChanges.map(({ at }) => monthOf(at)))) {
    const { from = '', to = '' } = after.months[month] ?? {};
    const near = sequences.filter((sequence) => sequence >= from && sequence <= to);
    const changes = (await readChanges(near, lake)).filter(({ at }) => monthOf(at) === month);
    await reports.putChanges(month, changes);
  }
  for (const month of staleMonths(newChanges, range, known, after)) {
    const changed = await sumChanges(month, newChanges, sequences, known === null, lake);
    const within = daysOfMonth(month).filter((day) => days && day >= days.from && day <= days.to);
    await reports.putDays(month, await describeDays(within, changed, reports, lake));
  }
  if (days && !isDeepStrictEqual(known, after)) await indexes.write(lake, null, after);
}

/** An attempt or a recheck can change this many days before a run's days, without a change of rows. */
const RESTATED_DAYS = 7;

const span = z.strictObject({ from: z.string(), to: z.string() });

const indexSchema = z.strictObject({
  schema: z.literal('chat-report/changes-indexed/1'),
  /** The last change in the tables. Empty where there is none. */
  through: z.string(),
  /** The first and the last day with a report or an attempt. Left out where there is none. */
  days: z.strictObject({ from: z.iso.date(), to: z.iso.date() }).optional(),
  /** By month of recording: the first and the last change. */
  months: z.record(z.string(), span),
});

type Index = Readonly<z.infer<typeof indexSchema>>;

/** Where it cannot be read, everything is indexed again. */
const indexes = defineRecord({ schema: indexSchema, key: () => CHANGES_INDEX_KEY, unreadable: 'null' });

const changedSchema = z.strictObject({
  schema: z.literal('chat-report/changed-days/1'),
  days: z.record(
    z.iso.date(),
    z.strictObject({
      count: z.int().positive(),
      firstAt: z.iso.datetime(),
      last: z.string(),
      lastAt: z.iso.datetime(),
    }),
  ),
});

/**
 * How often each day of a month has changed. It is a sum over the records of changes, and each record is read
 * once for it.
 */
const changedDays = defineRecord({ schema: changedSchema, key: changedDaysKey, unreadable: 'null' });

const AT_ONCE = 8;

async function readChanges(sequences: readonly string[], lake: Pick<Lake, 'get'>): Promise<Change[]> {
  const found = await pLimit(AT_ONCE).map(sequences, (sequence) => readChange(lake, sequence));
  return found.filter((change) => change !== null);
}

/** So many records are read for the changes of one day. */
const MOST_READ = 400;

/** The changes of one day's rows. */
export interface ChangesOfDay {
  /** How many there are. */
  readonly count: number;
  /** The latest of them, oldest first. Earlier ones lie too far back where they are fewer than `count`. */
  readonly changes: readonly Change[];
}

/** The changes of a day's rows, as far as they are indexed. They are read from the last one back. */
export async function findChangesOf(day: Day, lake: Pick<Lake, 'get' | 'list'>): Promise<ChangesOfDay> {
  const sum = (await changedDays.read(lake, monthOf(day)))?.days[day];
  if (sum === undefined) return { count: 0, changes: [] };
  const before = (await listChanges(lake)).filter((sequence) => sequence <= sum.last);
  const latest = before.slice(-MOST_READ);
  const found: Change[] = [];
  while (latest.length > 0 && found.length < sum.count) {
    const some = await readChanges(latest.splice(-AT_ONCE), lake);
    found.unshift(...some.filter((change) => change.day === day));
  }
  return { count: sum.count, changes: found };
}

/** From the first to the last day with a report or an attempt. Undefined where there is none. */
async function spanOf(
  newChanges: readonly Change[],
  range: DayRange | null,
  before: Index | null,
  reports: ReportStore,
  lake: Lake,
): Promise<Index['days']> {
  const known = before === null ? await findAllDays(reports, lake) : [];
  const reported = range === null ? [] : await reports.days(range.from, range.to);
  const ends = range === null ? [] : [range.from, range.to];
  const attempted: Day[] = [];
  for (const day of ends) if ((await readDayRecord(lake, day)) !== null) attempted.push(day);
  const { from, to } = before?.days ?? {};
  const days = [...known, ...reported, ...attempted, ...newChanges.map(({ day }) => day), from, to]
    .filter((day) => day !== undefined)
    .sort();
  const [first, last] = [days.at(0), days.at(-1)];
  return first !== undefined && last !== undefined ? { from: first, to: last } : undefined;
}

/** The days with a report or an attempt. */
async function findAllDays(reports: ReportStore, lake: Lake): Promise<Day[]> {
  const days = await reports.allDays();
  for await (const key of lake.list(DAY_RECORDS_PREFIX)) {
    const day = key.slice(DAY_RECORDS_PREFIX.length, -'.json'.length);
    if (isDay(day)) days.push(day);
  }
  return days;
}

function withMonths(months: Index['months'], newChanges: readonly Change[]): Index['months'] {
  const all = new Map(Object.entries(months));
  for (const { at, sequence } of newChanges) {
    const { from = sequence, to = sequence } = all.get(monthOf(at)) ?? {};
    all.set(monthOf(at), { from: sequence < from ? sequence : from, to: sequence > to ? sequence : to });
  }
  return Object.fromEntries([...all].sort(([one], [other]) => compareText(one, other)));
}

/**
 * The months whose rows may change, oldest first: of changed days, around the run's days, and where the lake
 * grew.
 */
function staleMonths(
  newChanges: readonly Change[],
  range: DayRange | null,
  before: Index | null,
  { days }: Index,
): Month[] {
  if (days === undefined) return [];
  const all = monthsFrom(days.from, days.to);
  if (!before?.days) return all;
  const { from, to } = before.days;
  const wanted = new Set([
    ...newChanges.map(({ day }) => monthOf(day)),
    ...(range === null ? [] : monthsFrom(addDays(range.from, -RESTATED_DAYS), range.to)),
    ...(days.from < from ? monthsFrom(days.from, from) : []),
    ...(days.to > to ? monthsFrom(to, days.to) : []),
  ]);
  return all.filter((month) => wanted.has(month));
}

/** Adds the new changes to the sums. Each change counts once, also after a run that was killed. */
async function sumChanges(
  month: Month,
  newChanges: readonly Change[],
  sequences: readonly string[],
  isFresh: boolean,
  lake: Lake,
): Promise<Readonly<Record<Day, DayChanges>>> {
  const stored = isFresh ? ({ state: 'none' } as const) : await changedDays.find(lake, month);
  const added = stored.state === 'unreadable' ? await readChanges(sequences, lake) : newChanges;
  const before = stored.state === 'read' ? stored.value.days : {};
  const sums = new Map(Object.entries(before));
  for (const { day, at, sequence } of added) {
    if (monthOf(day) !== month) continue;
    const sum = sums.get(day);
    if (sum !== undefined && sum.last >= sequence) continue;
    sums.set(day, { count: (sum?.count ?? 0) + 1, firstAt: sum?.firstAt ?? at, last: sequence, lastAt: at });
  }
  const days = Object.fromEntries([...sums].sort(([one], [other]) => compareText(one, other)));
  if (!isDeepStrictEqual(days, before)) {
    await changedDays.write(lake, month, { schema: 'chat-report/changed-days/1', days });
  }
  return days;
}

/** What is known of a day. */
interface KnownDay {
  readonly day: Day;
  readonly state: DayOfChannel['state'];
  readonly report: Digest | null;
  /** The asked channels. Null where none is known. */
  readonly coverage: Coverage['channels'] | null;
  readonly triedAt: string | null;
}

/**
 * The rows of the table of days, for consecutive days.
 *
 * @param days oldest first
 * @param changed by day
 */
async function describeDays(
  days: readonly Day[],
  changed: Readonly<Record<Day, DayChanges>>,
  reports: ReportReader,
  lake: Pick<Lake, 'get'>,
): Promise<DayOfChannel[]> {
  const [from, to] = [days.at(0), days.at(-1)];
  if (from === undefined || to === undefined) return [];
  const reported = new Set(await reports.days(from, to));
  const known = await pLimit(AT_ONCE).map([...days], async (day) => {
    const report = reported.has(day) ? await readReport(day, reports) : null;
    const record = report?.verdict === 'proven' ? null : await readDayRecord(lake, day);
    return toKnownDay(day, report, record);
  });
  // A day without an attempt has no own channels. It takes those of the day before.
  let channels = channelsOf(known.find(({ coverage }) => coverage !== null) ?? null);
  return known.flatMap((one) => {
    if (one.coverage !== null) channels = channelsOf(one);
    const { day, state, report, triedAt } = one;
    return channels.map((channel): DayOfChannel => {
      const coverage = one.coverage?.[channel] ?? null;
      const figures = report?.byChannel[channel] ?? null;
      return { day, channel, state, coverage, figures, report, triedAt, changes: changed[day] ?? null };
    });
  });
}

/** Digests of earlier versions lack the channels. Then the summary is read. */
async function readReport(day: Day, reports: ReportReader): Promise<Digest | null> {
  const digest = await reports.digest({ day });
  if (digest === null || digest.coverage !== undefined) return digest;
  const summary = await reports.read({ day });
  return summary === null ? digest : staleDigestOf(summary);
}

function toKnownDay(day: Day, report: Digest | null, record: DayRecord | null): KnownDay {
  const triedAt = record?.tried?.at ?? null;
  if (report !== null) {
    const state = report.verdict === 'proven' ? 'proven' : 'partial';
    return { day, state, report, coverage: report.coverage ?? null, triedAt };
  }
  const coverage = record?.tried?.completeness.channels ?? null;
  return { day, state: coverage === null ? 'missing' : 'unproven', report, coverage, triedAt };
}

function channelsOf(known: KnownDay | null) {
  return known === null ? [...CHANNELS] : CHANNELS.filter((channel) => known.coverage?.[channel]);
}
