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
import { type Context, REPEATABLE } from './durable.ts';
import type { ReportReader } from './report-reader.ts';
import { ReportStore } from './report-store.ts';

const AT_ONCE = 8;

/** What is known of a day. */
interface Known {
  readonly day: Day;
  readonly state: DayOfChannel['state'];
  readonly report: Digest | null;
  /** Of the channels that were asked for; null where none was, as far as is known. */
  readonly coverage: Coverage['channels'] | null;
  readonly triedAt: string | null;
}

/**
 * The rows of the table of days, of some days on end.
 *
 * @param days oldest first
 * @param changed by the day
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
    return knownOf(day, report, record);
  });
  // A day that was never tried has no channels of its own.
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

/** Of an earlier version, whose digests do not tell of the channels, by its summary. */
async function readReport(day: Day, reports: ReportReader): Promise<Digest | null> {
  const digest = await reports.digest({ day });
  if (digest === null || digest.coverage !== undefined) return digest;
  const summary = await reports.read({ day });
  return summary === null ? digest : staleDigestOf(summary);
}

function knownOf(day: Day, report: Digest | null, record: DayRecord | null): Known {
  const triedAt = record?.tried?.at ?? null;
  if (report !== null) {
    const state = report.verdict === 'proven' ? 'proven' : 'partial';
    return { day, state, report, coverage: report.coverage ?? null, triedAt };
  }
  const coverage = record?.tried?.completeness.channels ?? null;
  return { day, state: coverage === null ? 'missing' : 'unproven', report, coverage, triedAt };
}

function channelsOf(known: Known | null) {
  return known === null ? [...CHANNELS] : CHANNELS.filter((channel) => known.coverage?.[channel]);
}

/** What is known of so many days before a run's may have changed without a change of rows: a try, a look. */
const DAYS_BEFORE = 7;

const span = z.strictObject({ from: z.string(), to: z.string() });

const indexSchema = z.strictObject({
  schema: z.literal('chat-report/changes-indexed/1'),
  /** The last change that the tables tell of; an empty text where there is none. */
  through: z.string(),
  /** The lake's first day and its last, as far as they were reported or tried; left out where there is none. */
  days: z.strictObject({ from: z.iso.date(), to: z.iso.date() }).optional(),
  /** Of each month in which changes were written down, the first and the last. */
  months: z.record(z.string(), span),
});
type Index = Readonly<z.infer<typeof indexSchema>>;

/** Where there is none that can be read, all is gone through once more. */
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

/** How often the days of a month have changed: a sum of all records, of which each is read once for it. */
const changedDays = defineRecord({ schema: changedSchema, key: changedDaysKey, unreadable: 'null' });

/** The days that a run reported. */
export interface Worked {
  readonly from: Day;
  readonly to: Day;
}

/**
 * Brings the tables of days and of changes up to date. They are functions of what lies in the lake, and each month of them is
 * made whole: a run that was killed over it leaves what the next one makes again, since how far it was is written last.
 *
 * @param worked the days that a run reported; null where it was none
 */
export async function indexChanges(lake: HeldLake, worked: Worked | null): Promise<void> {
  const known = await indexes.read(lake, null);
  const through = known?.through ?? '';
  const sequences = await listChanges(lake);
  const news = await readChanges(
    sequences.filter((sequence) => sequence > through),
    lake,
  );
  const reports = new ReportStore(lake);
  const days = await spanOf(news, worked, known, reports, lake);
  const after: Index = {
    schema: 'chat-report/changes-indexed/1',
    through: sequences.at(-1) ?? through,
    ...(days && { days }),
    months: withMonths(known?.months ?? {}, news),
  };

  for (const month of new Set(news.map(({ at }) => monthOf(at)))) {
    const { from = '', to = '' } = after.months[month] ?? {};
    const near = sequences.filter((sequence) => sequence >= from && sequence <= to);
    const changes = (await readChanges(near, lake)).filter(({ at }) => monthOf(at) === month);
    await reports.putChanges(month, changes);
  }
  for (const month of monthsToMake(news, worked, known, after)) {
    const changed = await sumUp(month, news, sequences, known === null, lake);
    const within = daysOfMonth(month).filter((day) => days && day >= days.from && day <= days.to);
    await reports.putDays(month, await describeDays(within, changed, reports, lake));
  }
  if (days && !isDeepStrictEqual(known, after)) await indexes.write(lake, null, after);
}

/**
 * The same as a step. Nothing that goes wrong here is the run's, whose report is out: the next one makes up for it.
 *
 * @param prefix what the names of the steps begin with
 */
export async function indexChangesOf(
  worked: Worked,
  context: Context,
  ports: LeasePorts,
  prefix = '',
): Promise<void> {
  const name = `${prefix}index changes`;
  await context.yieldNow(`before ${name}`);
  try {
    await withLakeLease(name, context, ports, (held) => indexChanges(held, worked));
  } catch (error) {
    const say = async (): Promise<void> => ports.log({ event: 'look-failed', problem: problemOf(error) });
    await context.step(`give up to ${name}`, say, REPEATABLE);
  }
}

async function readChanges(sequences: readonly string[], lake: Pick<Lake, 'get'>): Promise<Change[]> {
  const found = await pLimit(AT_ONCE).map(sequences, (sequence) => readChange(lake, sequence));
  return found.filter((change) => change !== null);
}

/** From the first day that was reported or tried to the last; undefined where there is none. */
async function spanOf(
  news: readonly Change[],
  worked: Worked | null,
  before: Index | null,
  reports: ReportStore,
  lake: Lake,
): Promise<Index['days']> {
  const known = before === null ? await findAllDays(reports, lake) : [];
  const reported = worked === null ? [] : await reports.days(worked.from, worked.to);
  const ends = worked === null ? [] : [worked.from, worked.to];
  const tried: Day[] = [];
  for (const day of ends) if ((await readDayRecord(lake, day)) !== null) tried.push(day);
  const { from, to } = before?.days ?? {};
  const days = [...known, ...reported, ...tried, ...news.map(({ day }) => day), from, to]
    .filter((day) => day !== undefined)
    .sort();
  const [first, last] = [days.at(0), days.at(-1)];
  return first !== undefined && last !== undefined ? { from: first, to: last } : undefined;
}

/** With reports, or with what was tried. */
async function findAllDays(reports: ReportStore, lake: Lake): Promise<Day[]> {
  const days = await reports.allDays();
  for await (const key of lake.list(DAY_RECORDS_PREFIX)) {
    const day = key.slice(DAY_RECORDS_PREFIX.length, -'.json'.length);
    if (isDay(day)) days.push(day);
  }
  return days;
}

function withMonths(months: Index['months'], news: readonly Change[]): Index['months'] {
  const all = new Map(Object.entries(months));
  for (const { at, sequence } of news) {
    const { from = sequence, to = sequence } = all.get(monthOf(at)) ?? {};
    all.set(monthOf(at), { from: sequence < from ? sequence : from, to: sequence > to ? sequence : to });
  }
  return Object.fromEntries([...all].sort(([one], [other]) => compareText(one, other)));
}

/** Those of which a row may be another, oldest first: where days changed, around those of the run, and where the lake grew. */
function monthsToMake(
  news: readonly Change[],
  worked: Worked | null,
  before: Index | null,
  { days }: Index,
): Month[] {
  if (days === undefined) return [];
  const all = monthsFrom(days.from, days.to);
  if (!before?.days) return all;
  const { from, to } = before.days;
  const wanted = new Set([
    ...news.map(({ day }) => monthOf(day)),
    ...(worked === null ? [] : monthsFrom(addDays(worked.from, -DAYS_BEFORE), worked.to)),
    ...(days.from < from ? monthsFrom(days.from, from) : []),
    ...(days.to > to ? monthsFrom(to, days.to) : []),
  ]);
  return all.filter((month) => wanted.has(month));
}

/** With what the news add: each is added once, also where a run was killed after it had added it. */
async function sumUp(
  month: Month,
  news: readonly Change[],
  sequences: readonly string[],
  isFresh: boolean,
  lake: Lake,
): Promise<Readonly<Record<Day, DayChanges>>> {
  const stored = isFresh ? ({ state: 'none' } as const) : await changedDays.find(lake, month);
  const added = stored.state === 'unreadable' ? await readChanges(sequences, lake) : news;
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
