import { addDays, type Day, dayAt, startOfDay } from '../calendar/day.ts';
import { DamagedCaptureError } from '../capture/captures.ts';
import { type Coverage, provenChannels, toCoverage } from '../capture/coverage.ts';
import { inChannelOrder } from '../chats/channel.ts';
import { headlineFigures } from '../metrics/rates.ts';
import type { Summary } from '../metrics/summary.ts';
import type { Log } from '../observability/log.ts';
import type { Silence } from '../report/silence.ts';
import { claimLake } from '../storage/lake-identity.ts';
import { domainOf } from '../storage/layout.ts';
import type { Account } from './account.ts';
import { type LeasePorts, withLakeLease } from './capture-piece.ts';
import type { Context } from './durable.ts';
import { refuseNewer, type Unreadable } from './report-reader.ts';
import { ReportStore } from './report-store.ts';

export interface PublishPorts extends LeasePorts {
  /** Is handed what was put into the lake, by whom it was put there. */
  readonly onPublished?: (summary: Summary) => void;
}

/**
 * Derives all that is made of the proven channels of a day. A partial report never takes the place of one that has a
 * channel more.
 *
 * @param completeness proven or partial
 * @param prefix what the names of the steps begin with
 * @returns the completeness of what is reported: a channel whose raw pages turned out to be damaged is unproven now, and
 *   so is the day where a report stands that has more
 * @throws NewerReportError where a newer program has made the day's report
 */
export async function publishDay(
  day: Day,
  completeness: Coverage,
  context: Context,
  account: Account,
  ports: PublishPorts,
  prefix = '',
): Promise<Coverage> {
  const place = { day, only: account.only };
  await context.yieldNow(`${prefix}before deriving`);
  const published = await withLakeLease(`${prefix}derive`, context, ports, async (held) => {
    // A lake of an earlier version does not say yet whose it is.
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
  // Outside the step: trying again does not help against it.
  if ('newer' in published) throw refuseNewer(published.newer);
  return published;
}

/** Of as many channels as read back from raw as they were counted. */
async function deriveProven(
  day: Day,
  completeness: Coverage,
  reports: ReportStore,
  account: Account,
  ports: PublishPorts,
): Promise<Coverage> {
  let left = completeness;
  while (left.verdict !== 'unproven') {
    const standing = await reports.read({ day, only: account.only });
    if (left.verdict === 'partial' && standing !== null && hasMore(standing, left)) {
      return { ...left, verdict: 'unproven' };
    }
    try {
      const basis = { day, completeness: left, counting: account };
      const { summary, unreadable, silent } = await reports.derive(basis, account.locale);
      for (const one of unreadable) tellLeftOut(one, ports.log);
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

/** What cannot be read of other days is left out. By the run of the day alone: reports of other days meet the same files. */
function tellLeftOut({ day, key, why }: Unreadable, log: Log): void {
  const what = why === 'newer' ? 'was written by a newer version of chat-report' : 'is damaged';
  log({ event: 'file-unreadable', key, problem: `${what}; ${day} is left as it is, and not compared with` });
}

/** Of yesterday alone, and of all its channels: what is told of the past, or of a part, would stand in today's graphs. */
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
  // A part would stand in the graphs of whole days.
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
