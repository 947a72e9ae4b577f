import pLimit from 'p-limit';
import type { Clock } from '../../functions/calendar/clock.ts';
import { addDays, type Day, dayAt, daysFrom } from '../../functions/calendar/day.ts';
import { ReportReader, type Unreadable } from '../../functions/pipeline/report-reader.ts';
import { readSuppressionList } from '../../functions/privacy/suppression-list.ts';
import { type Finding, fail, note, ok } from '../../functions/sources/caresoft/diagnostics/probe.ts';
import { findUnreadableIdentity, identifyLake, LAKE_FORMAT } from '../../functions/storage/lake-identity.ts';
import { findUnreadableLeases } from '../../functions/storage/lease.ts';
import type { Lake } from '../../functions/storage/object-store.ts';
import type { ToCommand } from '../typed-commands.ts';

/** As many days as a list shows by default. */
const DAYS_EXAMINED = 30;
const AT_ONCE = 8;

/** What the lake holds, and its damaged files. Only a damaged suppression list stops a report. */
export async function checkFiles(
  lake: Pick<Lake, 'get' | 'list'>,
  timeZone: string,
  clock: Pick<Clock, 'now'>,
  toCommand: ToCommand,
): Promise<Finding[]> {
  const today = dayAt(clock.now(), timeZone);
  const days = Array.from({ length: DAYS_EXAMINED }, (_, place) => addDays(today, place - DAYS_EXAMINED));
  const reports = new ReportReader(lake);
  const unreadable = await pLimit(AT_ONCE).map(days, async (day) => {
    const stored = await reports.find({ day });
    // A whole summary is large: memory must not hold thirty of them.
    return stored.state === 'unreadable' ? [noteReport(stored, toCommand)] : [];
  });
  return [
    ...(await checkDays(lake, reports, toCommand)),
    ...(await checkIdentity(lake)),
    ...(await findUnreadableLeases(lake, clock)).map(noteLease),
    ...unreadable.flat(),
    ...(await checkSuppressionList(lake)),
  ];
}

async function checkIdentity(lake: Pick<Lake, 'get'>): Promise<Finding[]> {
  const key = await findUnreadableIdentity(lake);
  if (key === null) return [];
  const says = `${key} is damaged: only what was captured tells whose lake it is.`;
  return [note('lake-identity', says, 'nothing; the next run writes it again')];
}

function noteLease(key: string): Finding {
  return note(
    'lake-lease',
    `The lease ${key} cannot be read; a crash may have left it so. Runs outlive it.`,
    'nothing; it may be deleted while no run is at work',
  );
}

function noteReport({ day, key, why }: Unreadable, toCommand: ToCommand): Finding {
  if (why === 'newer') {
    const says = `${key} was written by a newer version of chat-report: ${day} is left out of lists and comparisons.`;
    return note('lake-report', says, 'update chat-report');
  }
  const says = `${key} is damaged: ${day} is left out of lists and comparisons.`;
  return note('lake-report', says, `make it again with ${toCommand(`rebuild --day ${day}`)}`);
}

async function checkSuppressionList(lake: Pick<Lake, 'get' | 'list'>): Promise<Finding[]> {
  try {
    await readSuppressionList(lake);
    return [];
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return [fail('lake-erased', `No chat can be captured: ${why}.`, 'put the file back (docs/erase.md)')];
  }
}

/** Whose lake it is, its first and last day, and the days between them without a report. */
async function checkDays(
  lake: Pick<Lake, 'get' | 'list'>,
  reports: ReportReader,
  toCommand: ToCommand,
): Promise<Finding[]> {
  const identity = await identifyLake(lake);
  const whose =
    identity.state === 'known' ? `belongs to the account "${identity.domain}"` : 'names no account yet';
  const days = await reports.allDays();
  const [first, last] = [days.at(0), days.at(-1)];
  if (first === undefined || last === undefined) {
    return [ok('lake-days', `The lake ${whose} (format ${LAKE_FORMAT}). It has no report yet.`)];
  }
  const range = first === last ? first : `${first} to ${last}`;
  const count = days.length === 1 ? 'a report of 1 day' : `reports of ${days.length} days`;
  const held = ok('lake-days', `The lake ${whose} (format ${LAKE_FORMAT}). It has ${count}, ${range}.`);
  const known = new Set(days);
  const missing = daysFrom(first, last).filter((day) => !known.has(day));
  return missing.length === 0 ? [held] : [held, noteMissing(missing, toCommand)];
}

function noteMissing(missing: readonly Day[], toCommand: ToCommand): Finding {
  const [first = '', last = ''] = [missing[0], missing.at(-1)];
  const says = `${missing.length === 1 ? '1 day' : `${missing.length} days`} between them ${missing.length === 1 ? 'has' : 'have'} no report: ${toRanges(missing).join(', ')}.`;
  const range = first === last ? `--day ${first}` : `--from ${first} --to ${last}`;
  return note('lake-missing', says, `make up what is missing with ${toCommand(`run ${range}`)}`);
}

/** @param days oldest first */
function toRanges(days: readonly Day[]): string[] {
  const ranges: { first: Day; last: Day }[] = [];
  for (const day of days) {
    const range = ranges.at(-1);
    if (range !== undefined && addDays(range.last, 1) === day) range.last = day;
    else ranges.push({ first: day, last: day });
  }
  return ranges.map(({ first, last }) => (first === last ? first : `${first} to ${last}`));
}
