import type { Completeness } from '../capture/completeness.ts';
import { CHANNELS } from '../chat/channel.ts';
import type { KeepOut } from '../keep-out/keep-out.ts';
import type { Summary } from '../measure/summary.ts';
import type { Erased } from '../pipeline/change-of-day.ts';
import { ReportStore } from '../pipeline/report-store.ts';
import { countingOf } from '../pipeline/summarize.ts';
import type { Locale } from '../report/words.ts';
import { DamagedCaptureError } from '../storage/captures.ts';
import type { HeldLake } from '../storage/held-lake.ts';
import type { Day } from '../time/report-day.ts';
import { withoutKeptOut } from './named-in-report.ts';
import { nameNow, type RawCapture } from './raw-index.ts';

export interface Renewing {
  readonly lake: HeldLake;
  readonly keepOut: KeepOut;
  /** For a report that does not say its language. */
  readonly locale: Locale;
  /** Who left the day: the tombstones of their keys. */
  readonly erased: Erased;
}

/**
 * Derives everything above raw again for a day, from what its captures are now. What the account's settings are today is
 * not asked: a report stays what it was, but for who is named in it.
 *
 * @param captures all of the day
 */
export async function renewDay(day: Day, captures: readonly RawCapture[], renewing: Renewing): Promise<void> {
  const reports = new ReportStore(renewing.lake);
  const summary = await reports.read({ day });
  for (const place of await reports.beside(day)) {
    const beside = await reports.read(place);
    if (beside) await renewReport(beside, captures, reports, renewing);
  }
  if (summary !== null) return await renewReport(summary, captures, reports, renewing);
  const hasTables = (await reports.tables(day)).length > 0 || (await reports.hasMetrics(day));
  // Of a day that is not over nothing is derived.
  if (captures.length > 0 || hasTables) await reports.deriveTables(day, renewing.erased);
}

/**
 * Where raw is gone or damaged the figures stay as they were, the person goes from the list of callbacks and from the
 * names of pages, and the rows for analysts and those of the workbook, which cannot be made without raw, go whole.
 */
async function renewReport(
  summary: Summary,
  captures: readonly RawCapture[],
  reports: ReportStore,
  { lake, keepOut, locale, erased }: Renewing,
): Promise<void> {
  const { day } = summary;
  const completeness = renameCaptures(summary, captures);
  const itsLocale = (await reports.storedDigest(summary))?.locale ?? locale;
  try {
    const counting = await countingOf({ ...summary, completeness }, lake);
    if (counting !== null) {
      await reports.derive({ day, completeness, counting }, itsLocale, { force: true, erased });
      return;
    }
  } catch (error) {
    if (!(error instanceof DamagedCaptureError)) throw error;
  }
  await reports.deriveWithoutRaw(withoutKeptOut(summary, keepOut) ?? summary, itsLocale, erased);
}

function renameCaptures({ day, completeness }: Summary, captures: readonly RawCapture[]): Completeness {
  const { channels, verdict } = completeness;
  const renamed = CHANNELS.flatMap((channel) => {
    const found = channels[channel];
    if (!found) return [];
    const captureId = found.captureId && nameNow({ day, channel, captureId: found.captureId }, captures);
    return [[channel, { ...found, captureId }]];
  });
  return { verdict, channels: Object.fromEntries(renamed) };
}
