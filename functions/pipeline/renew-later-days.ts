import { CHANNELS } from '../chat/channel.ts';
import { curateDay } from '../curate/curate-day.ts';
import { problemOf } from '../log/redact.ts';
import type { Summary } from '../measure/summary.ts';
import { DamagedCaptureError } from '../storage/captures.ts';
import type { Lake } from '../storage/lake.ts';
import { readBusinessHours } from '../time/business-hours.ts';
import { addDays, type Day } from '../time/report-day.ts';
import type { Account } from './account.ts';
import { type Context, REPEATABLE } from './context.ts';
import { exclusively } from './exclusively.ts';
import { keepSummary, readSummary, summarize } from './measure-captures.ts';
import { type PublishPorts, putForms } from './publish-day.ts';
import { HISTORY_DAYS } from './read-history.ts';
import { reportOf } from './report-input.ts';

/**
 * Makes the reports anew that compare their day with one of these, or follow up its callbacks: what they say of it has to
 * be what is said there. Only they change; the chats they were counted from are as they were.
 *
 * Nothing that goes wrong here is the reported day's, whose mail is out: a later one then stays as it is.
 */
export async function renewLaterDays(
  changed: readonly Day[],
  context: Context,
  account: Account,
  ports: PublishPorts,
): Promise<void> {
  if (changed.length === 0) return;
  const { lake, log, onPublished } = ports;
  const name = `find days after ${changed.join(', ')}`;
  const later = await context.step(name, () => findLaterDays(changed, lake), REPEATABLE);
  for (const day of later) {
    const tell = (problem: string): void => log.about({ day })({ event: 'look-failed', problem });
    await context.breathe(`before renewing ${day}`);
    try {
      await exclusively(`renew ${day}`, context, ports, async (held) => {
        try {
          const renewed = await renewDay(day, account, held);
          if (renewed !== null) onPublished?.(renewed);
        } catch (error) {
          // Trying again does not help against it.
          if (!(error instanceof DamagedCaptureError)) throw error;
          tell(error.message);
        }
        return true;
      });
    } catch (error) {
      await context.step(`give up renewing ${day}`, async () => tell(problemOf(error)), REPEATABLE);
    }
  }
}

/** Those that have a report, the earliest first: each is made of what those before it have become. */
async function findLaterDays(changed: readonly Day[], lake: Pick<Lake, 'get'>): Promise<Day[]> {
  const days = changed.flatMap((day) =>
    Array.from({ length: HISTORY_DAYS }, (_, place) => addDays(day, place + 1)),
  );
  const later: Day[] = [];
  for (const day of [...new Set(days)].sort()) {
    if ((await readSummary(lake, day)) !== null) later.push(day);
  }
  return later;
}

/** @throws DamagedCaptureError when a raw page is not what was received. */
async function renewDay(day: Day, account: Account, lake: Lake): Promise<Summary | null> {
  const standing = await readSummary(lake, day);
  if (standing === null) return null;
  const asItWas = asReported(account, standing);
  const summary = await summarize(day, standing.completeness, asItWas, lake, standing);
  if (summary !== standing) await curateDay(summary, lake);
  await putForms(await reportOf(summary, asItWas.locale, lake), asItWas, lake);
  if (summary !== standing) await keepSummary(summary, lake);
  return summary;
}

/** The account with the settings by which a report was made, as it tells them itself. */
export function asReported(account: Account, summary: Summary): Account {
  const { only, filters, contacts, replyHours, businessHours, totals, completeness } = summary;
  return {
    ...account,
    ...{ filters, contacts, replyHours },
    ...(only && { only }),
    channels: CHANNELS.filter((channel) => completeness.channels[channel]),
    serviceLevelSeconds: totals.serviceLevel.thresholdSeconds,
    businessHours: businessHours && readBusinessHours(businessHours.hours),
  };
}
