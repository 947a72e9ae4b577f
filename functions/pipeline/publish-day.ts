import type { Completeness } from '../capture/completeness.ts';
import { CHANNELS } from '../chat/channel.ts';
import type { Figures, Summary } from '../measure/summary.ts';
import { renderHtml } from '../report/render-html.ts';
import { renderText } from '../report/render-text.ts';
import type { ReportInput } from '../report/report.ts';
import { DamagedCaptureError } from '../storage/captures.ts';
import { domainOf } from '../storage/domain.ts';
import { reportKey } from '../storage/keys.ts';
import type { Lake } from '../storage/lake.ts';
import { claimLake } from '../storage/lake-identity.ts';
import { addDays, type Day, dayAt, startOfDay } from '../time/report-day.ts';
import type { Account } from './account.ts';
import type { Context } from './context.ts';
import { putWorkbook } from './day-workbook.ts';
import { type ExclusivePorts, exclusively } from './exclusively.ts';
import { keepSummary, readSummary, summarize } from './measure-captures.ts';
import { reportOf } from './report-input.ts';
import { readStored, refuseNewer, tellLeftOut } from './stored-summary.ts';

export interface PublishPorts extends ExclusivePorts {
  /** Is handed what was put into the lake, by whom it was put there. */
  readonly onPublished?: (summary: Summary) => void;
}

/**
 * Measures a proven day and puts its report into the lake, in each of its forms.
 *
 * @returns the completeness, which is unproven now where a raw page turned out to be damaged, and whether the report says
 *   anything that the one in its place did not
 * @throws NewerReportError where a newer program has made the day's report
 */
export async function publishDay(
  day: Day,
  completeness: Completeness,
  context: Context,
  account: Account,
  ports: PublishPorts,
): Promise<{ readonly completeness: Completeness; readonly isNew: boolean }> {
  const { only, locale } = account;
  await context.breathe('before measuring');
  // Summary and forms together, so that what stands is of one run.
  const published = await exclusively('publish', context, ports, async (held) => {
    try {
      // A lake of an earlier version does not say yet whose it is.
      await claimLake(held, { domain: domainOf(account.source), account: account.name }, ports.log);
      const stored = await readStored(held, day, only);
      if (stored.state === 'unreadable') {
        if (stored.why === 'newer') return { newer: stored };
        const problem = 'it is damaged; the report of the day is made again';
        ports.log({ event: 'file-unreadable', key: stored.key, problem });
      }
      const standing = stored.state === 'read' ? stored.summary : null;
      const summary = await summarize(day, completeness, account, held, standing);
      const input = await reportOf(summary, locale, held);
      await tellUnreadable(input, ports);
      await putForms(input, account, held);
      await keepSummary(summary, held);
      ports.onPublished?.(summary);
      logFigures(summary, account, ports);
      return { completeness, isNew: summary !== standing };
    } catch (error) {
      if (!(error instanceof DamagedCaptureError)) throw error;
      return { completeness: markDamaged(completeness, error), isNew: false };
    }
  });
  // Outside the step: trying again does not help against it.
  if ('newer' in published) throw refuseNewer(published.newer);
  return published;
}

/** By the run of the day alone: the reports of other days that it makes again meet the same files. */
async function tellUnreadable({ unreadable }: ReportInput, { lake, log }: PublishPorts): Promise<void> {
  for (const day of unreadable) {
    const stored = await readStored(lake, day);
    if (stored.state === 'unreadable') tellLeftOut(stored, log);
  }
}

/** @param anew make again also what lies there already as it would be made */
export async function putForms(
  input: ReportInput,
  { reading }: Pick<Account, 'reading'>,
  lake: Lake,
  anew = false,
): Promise<void> {
  const { summary } = input;
  await putWorkbook(input, reading, lake, anew);
  await lake.put(reportKey(summary, 'report.html'), Buffer.from(renderHtml(input)));
  await lake.put(reportKey(summary, 'report.txt'), Buffer.from(renderText(input)));
}

/** Of yesterday alone, and of all its channels: what is told of the past, or of a part, would stand in today's graphs. */
function logFigures(
  { day, only, totals, byChannel, callbacks }: Summary,
  { reading }: Account,
  { clock, log }: Pick<PublishPorts, 'clock' | 'log'>,
): void {
  const { zone } = reading;
  if (only !== undefined || addDays(day, 1) !== dayAt(clock.now(), zone.name)) return;
  for (const channel of CHANNELS) {
    const figures = byChannel[channel];
    if (figures) log({ event: 'channel-measured', channel, ...pickRates(figures) });
  }
  const endedAt = zone.fromWall(startOfDay(addDays(day, 1))).epochSeconds;
  const freshnessSeconds = clock.now() / 1_000 - endedAt;
  log({ event: 'day-published', ...pickRates(totals), callbacks: callbacks.length, freshnessSeconds });
}

function pickRates({ chats, missedRate }: Figures): Pick<Figures, 'chats' | 'missedRate'> {
  return { chats, missedRate };
}

/** What this run measured. Another, with other settings, may have put its own summary in the place meanwhile. */
export async function readReport(
  day: Day,
  completeness: Completeness,
  account: Account,
  lake: Lake,
): Promise<ReportInput> {
  const standing = await readSummary(lake, day, account.only);
  const summary = await summarize(day, completeness, account, lake, standing);
  return await reportOf(summary, account.locale, lake);
}

function markDamaged(completeness: Completeness, { channel, message }: DamagedCaptureError): Completeness {
  const channels = Object.fromEntries(
    CHANNELS.flatMap((name) => {
      const found = completeness.channels[name];
      if (!found) return [];
      const damage = { verdict: 'unproven', reason: 'raw-damaged', detail: message } as const;
      return [[name, name === channel ? { ...found, ...damage } : found]];
    }),
  );
  return { verdict: 'unproven', channels };
}
