import { addDays, type Day, dayAt, startOfDay } from '../calendar/day.ts';
import { DamagedCaptureError } from '../capture/captures.ts';
import { type Coverage, provenChannels, toCoverage } from '../capture/coverage.ts';
import { inChannelOrder } from '../chats/channel.ts';
import type { Account } from '../config/account.ts';
import { headlineFigures } from '../metrics/rates.ts';
import type { Summary } from '../metrics/summary.ts';
import type { Log } from '../observability/log.ts';
import type { Silence } from '../report/silence.ts';
import { claimLake } from '../storage/lake-identity.ts';
import { domainOf } from '../storage/layout.ts';
import { type LeasePorts, withLakeLease } from './capture-piece.ts';
import type { DurableContext } from './durable.ts';
import { newerReportError, type Unreadable } from './report-reader.ts';
import { ReportStore } from './report-store.ts';

export interface PublishPorts extends LeasePorts {
  /** Called with each report that was written to the lake. */
  readonly onPublished?: (summary: Summary) => void;
}

/**
 * Derives everything from the proven channels of a day. A partial report never replaces one with more channels.
 *
 * @param completeness proven or partial
 * @param prefix the start of each step's name
 * @returns the coverage of what is reported. A channel with damaged raw pages is unproven now. So is the day
 *   where the current report has more channels.
 * @throws NewerReportError where a newer program made the day's report
 */
export async function publishDay(
  day: Day,
  completeness: Coverage,
  context: DurableContext,
  account: Account,
  ports: PublishPorts,
  prefix = '',
): Promise<Coverage> {
  const place = { day, only: account.only };
  await context.yieldNow(`${prefix}before deriving`);
  const published = await withLakeLease(`${prefix}derive`, context, ports, async (held) => {
    // A lake of an earlier version does not name its account yet.
    await claimLake(held, { domain: domainOf(account.source), account: account.name }, ports.log);
    const reports = new ReportStore(held);
    const stored = await reports.find(place);
    if (stored.state === 'unreadable') {
      if (stored.why === 'newer') return { newer: stored };
      const problem = 'it is damaged; the report of the day is made again';
      ports.log({ event: 'file-unreadable', key: stored.key, problem });
    }
    return await deriveProven(day, completeness, reports, account, ports);
  });
  // Throws outside of the step, because a retry of the step would not help.
  if ('newer' in published) throw newerReportError(published.newer);
  return published;
}

/** Leaves out channels whose raw does not read back as it was counted. */
async function deriveProven(
  day: Day,
  completeness: Coverage,
  reports: ReportStore,
  account: Account,
  ports: PublishPorts,
): Promise<Coverage> {
  let left = completeness;
  while (left.verdict !== 'unproven') {
    const current = await reports.read({ day, only: account.only });
    if (left.verdict === 'partial' && current !== null && hasMore(current, left)) {
      return { ...left, verdict: 'unproven' };
    }
    try {
      const basis = { day, completeness: left, counting: account };
      const { summary, unreadable, silent } = await reports.derive(basis, account.locale);
      for (const one of unreadable) logLeftOut(one, ports.log);
      ports.onPublished?.(summary);
      logFigures(summary, silent, account, ports);
      return left;
    } catch (error) {
      if (!(error instanceof DamagedCaptureError)) throw error;
      left = markDamaged(left, error);
    }
  }
  return left;
}

function hasMore({ totals }: Summary, completeness: Coverage): boolean {
  const proven = provenChannels(completeness);
  return totals.channels.some((channel) => !proven.includes(channel));
}

/**
 * The report is compared without the unreadable reports of other days. Only the day's own run logs this,
 * because other reports meet the same files.
 */
function logLeftOut({ day, key, why }: Unreadable, log: Log): void {
  const what = why === 'newer' ? 'was written by a newer version of chat-report' : 'is damaged';
  log({ event: 'file-unreadable', key, problem: `${what}; ${day} is left as it is, and not compared with` });
}

/**
 * Only for yesterday, and for all channels. Figures of older days or of some channels would distort today's
 * graphs.
 */
function logFigures(
  summary: Summary,
  silent: readonly Silence[],
  { reading }: Account,
  { clock, log }: Pick<PublishPorts, 'clock' | 'log'>,
): void {
  const { day, only, completeness, callbacks } = summary;
  const { figures, byChannel } = headlineFigures(summary);
  const { chats, missedRate } = figures;
  const { zone } = reading;
  if (only !== undefined || addDays(day, 1) !== dayAt(clock.now(), zone.name)) return;
  for (const [channel, of] of inChannelOrder(byChannel)) {
    log({ event: 'channel-measured', channel, chats: of.chats, missedRate: of.missedRate });
  }
  for (const { channel, since } of silent) log({ event: 'channel-silent', channel, since });
  // A partial report would distort the graphs of whole days.
  if (completeness.verdict !== 'proven') return;
  const endedAt = zone.fromWall(startOfDay(addDays(day, 1))).epochSeconds;
  const freshnessSeconds = clock.now() / 1_000 - endedAt;
  log({ event: 'day-published', chats, missedRate, callbacks: callbacks.length, freshnessSeconds });
}

function markDamaged(completeness: Coverage, { channel, message }: DamagedCaptureError): Coverage {
  const damage = { verdict: 'unproven', reason: 'raw-damaged', detail: message } as const;
  const channels = inChannelOrder(completeness.channels).map(([name, found]) => [
    name,
    name === channel ? { ...found, ...damage } : found,
  ]);
  return toCoverage(Object.fromEntries(channels));
}
