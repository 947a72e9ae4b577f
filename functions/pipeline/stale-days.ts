import { problemOf } from '../log/redact.ts';
import type { Summary } from '../measure/summary.ts';
import type { Locale } from '../report/words.ts';
import { DamagedCaptureError } from '../storage/captures.ts';
import type { HeldLake } from '../storage/held-lake.ts';
import { addDays, type Day } from '../time/report-day.ts';
import type { Account } from './account.ts';
import { type Context, REPEATABLE } from './context.ts';
import { exclusively } from './exclusively.ts';
import type { PublishPorts } from './publish-day.ts';
import { ReportReader } from './report-reader.ts';
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
    await context.breathe(`before ${name}`);
    try {
      await exclusively(name, context, ports, async (held) => {
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
export async function deriveAsReported(day: Day, locale: Locale, lake: HeldLake): Promise<Summary | null> {
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
