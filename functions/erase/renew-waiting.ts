import type { KeepOut } from '../keep-out/keep-out.ts';
import type { Waiting, WaitingCustomer } from '../measure/waiting.ts';
import { makeWaiting } from '../pipeline/make-waiting.ts';
import type { ReportReader } from '../pipeline/report-reader.ts';
import { ReportStore } from '../pipeline/report-store.ts';
import { DamagedCaptureError } from '../storage/captures.ts';
import type { HeldLake } from '../storage/held-lake.ts';
import type { Lake } from '../storage/lake.ts';
import type { Day } from '../time/report-day.ts';
import { waitingWithoutKeptOut } from './named-in-report.ts';
import { nameNow, type RawCapture } from './raw-index.ts';

type Place = Pick<RawCapture, 'day' | 'channel'>;

/** The lists of who waits, held against who is kept out. */
interface WaitingSurvey {
  /** Whose list is to be made again. */
  readonly days: ReadonlySet<Day>;
  /** Of these, those in whose list somebody is named who is kept out. */
  readonly naming: ReadonlySet<Day>;
  /** Keys of lists that cannot be read, and may name anybody. */
  readonly unreadable: readonly string[];
}

/**
 * @param captures all of raw
 * @param touched of which day and channel the captures are that something is taken from
 */
export async function surveyWaiting(
  reports: ReportReader,
  captures: readonly RawCapture[],
  touched: readonly Place[],
  keepOut: KeepOut,
): Promise<WaitingSurvey> {
  const days = new Set<Day>();
  const naming = new Set<Day>();
  const unreadable: string[] = [];
  for (const { place, keys } of await reports.files()) {
    const key = keys.find((one) => one.endsWith('/waiting.json'));
    if (key === undefined || place.only !== undefined) continue;
    const waiting = await reports.waiting(place.day);
    if (waiting === null) {
      unreadable.push(key);
      continue;
    }
    const isNaming = waitingWithoutKeptOut(waiting, keepOut) !== null;
    const isTouched = waiting.waiting.some((one) => touched.some((of) => mayBeOf(one, waiting.day, of)));
    const isReplaced = waiting.captures.some((one) => nameNow(one, captures) !== one.captureId);
    if (isNaming) naming.add(place.day);
    if (isNaming || isTouched || isReplaced) days.add(place.day);
  }
  return { days, naming, unreadable };
}

/** Whether a missed chat of theirs may lie there: what is masked does not tell whose contact it was. */
function mayBeOf(
  { channels, firstMissedAt, lastMissedAt }: WaitingCustomer,
  listed: Day,
  { day, channel }: Place,
): boolean {
  const [first, last] = [firstMissedAt.slice(0, 10), lastMissedAt.slice(0, 10)];
  // What came after the listed day lies under the day on which it was read.
  return channels.includes(channel) && first <= day && (day <= last || last > listed);
}

/**
 * Makes a list again from what its captures are now, once nobody who is kept out is in them. Where one of them is gone or
 * damaged, who is kept out is taken from the list as far as it tells them itself.
 *
 * @param captures all of raw
 */
export async function renewWaiting(
  day: Day,
  captures: readonly RawCapture[],
  { lake, keepOut }: { readonly lake: HeldLake; readonly keepOut: KeepOut },
): Promise<void> {
  const reports = new ReportStore(lake);
  const waiting = await reports.waiting(day);
  if (waiting === null) return;
  const renamed = {
    ...waiting,
    captures: waiting.captures.map((one) => ({ ...one, captureId: nameNow(one, captures) })),
  };
  const without = waitingWithoutKeptOut(renamed, keepOut) ?? renamed;
  await reports.putWaiting((await remade(renamed, reports, lake)) ?? without);
}

/** @returns null where it cannot be made of its captures */
async function remade(
  { schema: _, waiting: __, answered: ___, ...basis }: Waiting,
  reports: ReportReader,
  lake: Lake,
): Promise<Waiting | null> {
  const summary = await reports.read({ day: basis.day });
  if (summary === null) return null;
  try {
    return await makeWaiting(basis, summary.callbacks, lake);
  } catch (error) {
    if (error instanceof DamagedCaptureError) return null;
    throw error;
  }
}
