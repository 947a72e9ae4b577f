import type { ChannelCoverage, UnprovenReason } from '../../functions/capture/coverage.ts';
import { CHANNELS, type Channel } from '../../functions/chats/channel.ts';
import { DIMENSIONS } from '../../functions/metrics/dimensions.ts';
import { DEFINITIONS, type Distribution, type Figures, mapValues } from '../../functions/metrics/measures.ts';
import type { Callback, KeyedFigures, Summary, Unproven, Workload } from '../../functions/metrics/summary.ts';
import type { EarlierDay } from '../../functions/report/baselines.ts';
import type { Envelope } from '../../functions/report/mail-message.ts';
import type { ReportInput } from '../../functions/report/report-input.ts';
import { NO_LINKS } from '../../functions/report/report-input.ts';

const NO_VALUES: Distribution = {
  count: 0,
  sum: 0,
  mean: null,
  p50: null,
  p90: null,
  p95: null,
  max: null,
};

/** Of a mail to one recipient. */
export const ENVELOPE = {
  account: { name: 'cua-hang-1', isNamed: true },
  from: { address: 'report@shop.vn', name: null },
  to: { address: 'manager@shop.vn', name: null },
  unsubscribe: 'ops@shop.vn',
} satisfies Envelope;

/** What other days add to a report where there are none. */
export const ALONE: Omit<ReportInput, 'summary' | 'locale'> = {
  account: null,
  silent: [],
  unusuallyEmpty: [],
  history: [],
  lacking: [],
  open: [],
  madeUp: [],
  restated: [],
  unreadable: [],
  seenAt: null,
  next: null,
  waiting: null,
  links: NO_LINKS,
};

/** As many values as asked, spread around a median as waits are. */
function values(count: number, median: number): Distribution {
  if (count === 0) return NO_VALUES;
  const mean = median * 1.6 + 0.4;
  return {
    count,
    sum: mean * count,
    mean,
    p50: median,
    p90: median * 4 + 1,
    p95: median * 6,
    max: median * 20,
  };
}

/** The figures of so many chats, of which so many were missed; all else follows. */
export function figures(chats: number, missed: number, other = 0): Figures {
  const answered = chats - missed - other;
  const of = answered + missed;
  const within = Math.floor(answered * 0.8);
  return {
    chats,
    customers: Math.ceil(chats * 0.79),
    answered,
    missed,
    other,
    missedRate: of === 0 ? null : missed / of,
    serviceLevel: { thresholdSeconds: 60, within, rate: of === 0 ? null : within / of },
    waitSeconds: values(answered, 58),
    abandonWaitSeconds: values(missed, 95),
    handleSeconds: values(answered, 212),
    durationSeconds: values(answered, 289),
  };
}

export function keyed(
  key: string | null,
  name: string | undefined,
  chats: number,
  missed: number,
): KeyedFigures {
  return { key, ...(name === undefined ? {} : { name }), ...figures(chats, missed) };
}

export function callback(
  name: string | null,
  attempts: number,
  lastMissed: string,
  more?: Partial<Callback>,
): Callback {
  return {
    customer: { key: `id:${name}`, name, phone: '0912***678', email: null },
    channels: ['messenger'],
    attempts,
    firstMissedAt: `2026-11-21T${attempts > 1 ? '08:05' : lastMissed}:10+07:00`,
    lastMissedAt: `2026-11-21T${lastMissed}:10+07:00`,
    replyBy: `2026-11-22T${lastMissed}:10+07:00`,
    lastChannel: 'messenger',
    waitedSeconds: 95,
    cause: 'unknown',
    agent: null,
    ticketId: '623310204817',
    ticketNo: '204817',
    conversationId: '5f0c',
    ...more,
  };
}

export function proven(chats: number, more?: Partial<ChannelCoverage>): ChannelCoverage {
  return {
    verdict: 'proven',
    numFoundBefore: chats,
    numFoundAfter: chats,
    pages: Math.ceil(chats / 500),
    rows: chats,
    unique: chats,
    duplicates: 0,
    conflicts: 0,
    rejected: 0,
    outsideDay: 0,
    captureId: 'c1',
    ...more,
  };
}

/** Parts of a summary; totals are of the channels that it has. */
export type SummaryParts = Partial<Omit<Summary, 'totals'>> & { readonly totals?: Figures };

/** A day of three channels and `[chats, missed]` an hour; everything can be replaced. */
export function summary({ totals, ...more }: SummaryParts = {}): Summary {
  const hours = more.byHour ?? byHour({ 9: [40, 2], 14: [60, 24] });
  const chats = hours.reduce((sum, hour) => sum + hour.chats, 0);
  const missed = hours.reduce((sum, hour) => sum + hour.missed, 0);
  return {
    schema: 'chat-report/1',
    definitions: DEFINITIONS,
    directoryId: null,
    contacts: 'masked',
    day: '2026-11-21',
    timeZone: 'Asia/Ho_Chi_Minh',
    generatedAt: '2026-11-21T23:00:12.000Z',
    filters: { chatType: 'all', groups: [], services: [], assignees: [] },
    replyHours: { messenger: 24, zalo: 48 },
    completeness: { verdict: 'proven', channels: { messenger: proven(chats) } },
    totals: { channels: channelsOf(more.byChannel ?? {}), ...(totals ?? figures(chats, missed)) },
    byChannel: { messenger: figures(chats, missed) },
    byHour: hours,
    ...mapValues(DIMENSIONS, () => []),
    byChannelHour: hours.flatMap(({ hour, ...rest }) =>
      rest.chats === 0 ? [] : [{ channel: 'messenger' as const, hour, ...rest }],
    ),
    businessHours: null,
    missCauses: { outOfHours: 0, agentsBusy: 0, leftEarly: 0, unknown: missed },
    workload: null,
    recovered: 0,
    callbacks: [],
    followUp: null,
    ...more,
  };
}

function channelsOf(byChannel: Summary['byChannel']): Channel[] {
  const channels = CHANNELS.filter((channel) => byChannel[channel]);
  return channels.length === 0 ? ['messenger'] : channels;
}

export function byHour(
  counts: Readonly<Record<number, readonly [chats: number, missed: number]>>,
): Summary['byHour'] {
  return Array.from({ length: 24 }, (_, hour) => ({
    hour,
    ...figures(...(counts[hour] ?? ([0, 0] as const))),
  }));
}

export const EMPTY_DAY = summary({
  byHour: byHour({}),
  byChannel: { livechat: figures(0, 0), messenger: figures(0, 0), zalo: figures(0, 0) },
  completeness: {
    verdict: 'proven',
    channels: { livechat: proven(0), messenger: proven(0), zalo: proven(0) },
  },
});

/** One channel that could not be proven beside one that was. */
export function unproven(reason: UnprovenReason, more?: Partial<ChannelCoverage>): Unproven {
  const channel: Channel = 'messenger';
  return {
    day: '2026-11-21',
    completeness: {
      verdict: 'unproven',
      channels: {
        livechat: proven(147),
        [channel]: {
          ...proven(317),
          verdict: 'unproven',
          reason,
          detail: 'walk 3 of 3: 315 unique rows where CareSoft states 319',
          numFoundAfter: 319,
          unique: 315,
          captureId: null,
          ...more,
        },
      },
    },
  };
}

/**
 * The hours split over channels, so that both add up: as even as whole numbers allow, but for the hours that are given.
 *
 * @param given `[chats, missed]` of channels in an hour; what is left goes to the last channel
 */
export function byChannelHour(
  hours: Summary['byHour'],
  byChannel: Summary['byChannel'],
  given: Readonly<Record<number, Partial<Record<Channel, readonly [number, number]>>>> = {},
): Summary['byChannelHour'] {
  const channels = CHANNELS.filter((channel) => byChannel[channel] !== undefined);
  const left = new Map(
    channels.map((channel) => {
      const { chats = 0, missed = 0 } = byChannel[channel] ?? {};
      return [channel, { missed, others: chats - missed }];
    }),
  );
  const cells: Summary['byChannelHour'][number][] = [];
  const take = (hour: number, channel: Channel, chats: number, missed: number): void => {
    const rest = left.get(channel) ?? { missed: 0, others: 0 };
    left.set(channel, { missed: rest.missed - missed, others: rest.others - (chats - missed) });
    if (chats > 0) cells.push({ channel, hour, ...figures(chats, missed) });
  };
  const set = hours.filter(({ hour }) => given[hour] !== undefined);
  const free = hours.filter(({ hour }) => given[hour] === undefined);
  for (const { hour } of set) {
    for (const channel of channels) take(hour, channel, ...(given[hour]?.[channel] ?? ([0, 0] as const)));
  }
  for (const { hour, chats, missed } of free) {
    const counts = { missed: split(missed, 'missed'), others: split(chats - missed, 'others') };
    for (const [place, channel] of channels.entries()) {
      const [ofMissed, ofOthers] = [counts.missed[place] ?? 0, counts.others[place] ?? 0];
      take(hour, channel, ofMissed + ofOthers, ofMissed);
    }
  }
  return cells.toSorted(
    (a, b) => CHANNELS.indexOf(a.channel) - CHANNELS.indexOf(b.channel) || a.hour - b.hour,
  );

  /** To whom most is left, one by one. */
  function split(count: number, of: 'missed' | 'others'): number[] {
    const taken = channels.map(() => 0);
    const restOf = (place: number): number =>
      (left.get(channels[place] ?? 'zalo')?.[of] ?? 0) - (taken[place] ?? 0);
    for (let one = 0; one < count; one += 1) {
      const most = taken.keys().reduce((best, place) => (restOf(place) > restOf(best) ? place : best), 0);
      taken[most] = (taken[most] ?? 0) + 1;
    }
    return taken;
  }
}

/** An earlier day that a report is compared with. */
export function earlier(day: string, chats: number, missed: number, more?: Partial<EarlierDay>): EarlierDay {
  const all = figures(chats, missed);
  return { day, totals: all, byChannel: { messenger: all }, inside: null, workload: null, ...more };
}

type Staff = Readonly<Record<number, readonly [agents: number, chatsAtOnce: number | null]>>;

/** How many agents were active in an hour, and how many chats each held; no one in the others. */
export function workload(
  staff: Staff,
  unassigned: Workload['unassigned'] = { missed: 0, missedInside: null },
): Workload {
  const { agents, chatsAtOnce } = usual(staff);
  const byHour = agents.map((of, hour) => ({ hour, agents: of, chatsAtOnce: chatsAtOnce[hour] ?? null }));
  return { byHour, unassigned };
}

/** The same of an earlier day. */
export function usual(staff: Staff): NonNullable<EarlierDay['workload']> {
  const hours = Array.from({ length: 24 }, (_, hour) => staff[hour] ?? ([0, null] as const));
  return { agents: hours.map(([agents]) => agents), chatsAtOnce: hours.map(([, atOnce]) => atOnce) };
}
