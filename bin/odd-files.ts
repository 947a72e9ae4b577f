import pLimit from 'p-limit';
import type { Clock } from '../functions/calendar/clock.ts';
import { addDays, dayAt } from '../functions/calendar/day.ts';
import { ReportReader, type Unreadable } from '../functions/pipeline/report-reader.ts';
import { readSuppressionList } from '../functions/privacy/suppression-list.ts';
import { type Finding, fail, note } from '../functions/sources/caresoft/diagnostics/probe.ts';
import { findUnreadableIdentity } from '../functions/storage/lake-identity.ts';
import { findUnreadableLeases } from '../functions/storage/lease.ts';
import type { Lake } from '../functions/storage/object-store.ts';

/** As many as a list shows where nothing else is asked for. */
const DAYS_LOOKED_AT = 30;
const AT_ONCE = 8;

/** What lies in the lake and cannot be read: none of it stops a report, but for the list of who is kept out. */
export async function findOddFiles(
  lake: Pick<Lake, 'get' | 'list'>,
  timeZone: string,
  clock: Pick<Clock, 'now'>,
): Promise<Finding[]> {
  const today = dayAt(clock.now(), timeZone);
  const days = Array.from({ length: DAYS_LOOKED_AT }, (_, place) => addDays(today, place - DAYS_LOOKED_AT));
  const reports = new ReportReader(lake);
  const unreadable = await pLimit(AT_ONCE).map(days, async (day) => {
    const stored = await reports.find({ day });
    // The rest, customers above all, is let go of at once.
    return stored.state === 'unreadable' ? [ofReport(stored)] : [];
  });
  return [
    ...(await checkIdentity(lake)),
    ...(await findUnreadableLeases(lake, clock)).map(ofLease),
    ...unreadable.flat(),
    ...(await checkSuppressed(lake)),
  ];
}

async function checkIdentity(lake: Pick<Lake, 'get'>): Promise<Finding[]> {
  const key = await findUnreadableIdentity(lake);
  if (key === null) return [];
  const says = `${key} is damaged: only what was captured tells whose lake it is.`;
  return [note('lake-identity', says, 'nothing; the next run writes it again')];
}

function ofLease(key: string): Finding {
  return note(
    'lake-lease',
    `The lease ${key} cannot be read; a crash may have left it so. Runs outlive it.`,
    'nothing; it may be deleted while no run is at work',
  );
}

function ofReport({ day, key, why }: Unreadable): Finding {
  if (why === 'newer') {
    const says = `${key} was written by a newer version of chat-report: ${day} is left out of lists and comparisons.`;
    return note('lake-report', says, 'update chat-report');
  }
  const says = `${key} is damaged: ${day} is left out of lists and comparisons.`;
  return note('lake-report', says, `make it again with chat-report rebuild --day ${day}`);
}

async function checkSuppressed(lake: Pick<Lake, 'get' | 'list'>): Promise<Finding[]> {
  try {
    await readSuppressionList(lake);
    return [];
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return [fail('lake-erased', `No chat can be captured: ${why}.`, 'put the file back (docs/erase.md)')];
  }
}
