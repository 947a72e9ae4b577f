import { DIMENSIONS } from './dimensions.ts';
import { type AddedFigures, type Distribution, type Figures, mapValues } from './measures.ts';
import type { Summary } from './summary.ts';

/** Rates and distributions: how they are computed, when they are known, and how figures of several days are added up. */

/** Whether too many chats have an unknown status: then the day has no rates. */
export function isStatusUnknown({ chats, other }: Pick<Figures, 'chats' | 'other'>): boolean {
  return other > 0 && other * ONE_IN >= chats;
}

/** Whether there are chats, but no missed rate. */
export function isRateUnknown({ missedRate, chats }: AddedFigures): boolean {
  return missedRate === null && chats > 0;
}

/** Fewer chats of unknown status than one in so many do not change a rate noticeably. */
const ONE_IN = 100;

/** A day as readers may see it: without rates where too many chats have an unknown status. */
export function withKnownRates<
  OfDay extends { readonly totals: AddedFigures; readonly byChannel: Summary['byChannel'] },
>(day: OfDay): OfDay {
  if (!isStatusUnknown(day.totals)) return day;
  const byChannel = Object.fromEntries(
    Object.entries(day.byChannel).map(([channel, figures]) => [channel, withoutRates(figures)]),
  );
  return { ...day, totals: withoutRates(day.totals), byChannel };
}

/** The same for every part of a summary. */
export function summaryWithKnownRates(summary: Summary): Summary {
  if (!isStatusUnknown(summary.totals)) return summary;
  const { byHour, byChannelHour, businessHours } = summary;
  return {
    ...withKnownRates(summary),
    byHour: byHour.map(withoutRates),
    ...mapValues(DIMENSIONS, (_, id) => summary[id].map(withoutRates)),
    byChannelHour: byChannelHour.map(withoutRates),
    businessHours: businessHours && {
      ...businessHours,
      inside: withoutRates(businessHours.inside),
      outside: withoutRates(businessHours.outside),
    },
  };
}

function withoutRates<Of extends AddedFigures>(figures: Of): Of {
  if (figures.other === 0) return figures;
  return { ...figures, missedRate: null, serviceLevel: { ...figures.serviceLevel, rate: null } };
}

/** The chats behind a missed rate. Chats of another status count in neither of its two numbers. */
export function decided({ answered, missed }: Pick<Figures, 'answered' | 'missed'>): number {
  return answered + missed;
}

/** Several days as one. */
export interface PooledDays<OfDay> {
  readonly days: number;
  /** The figures of all days. */
  readonly all: AddedFigures;
  /** The days that have rates. A day has none where too many chats have an unknown status. */
  readonly ratedDays: readonly OfDay[];
  /** The figures of `ratedDays`. */
  readonly rated: AddedFigures;
}

export function poolDays<OfDay extends { readonly totals: AddedFigures }>(
  days: readonly OfDay[],
): PooledDays<OfDay> {
  const ratedDays = days.filter(({ totals }) => !isStatusUnknown(totals));
  const add = (those: readonly OfDay[]): AddedFigures => addUp(those.map(({ totals }) => totals));
  return { days: days.length, all: add(days), ratedDays, rated: add(ratedDays) };
}

/**
 * Adds up the figures of several days, channels or hours. Rates are sums over sums, never a mean of rates. No
 * parts give zero and null.
 */
export function addUp(parts: readonly AddedFigures[]): AddedFigures {
  const [first] = parts;
  if (first !== undefined && parts.length === 1) return first;
  const sum = (of: (figures: AddedFigures) => number): number =>
    parts.reduce((total, figures) => total + of(figures), 0);
  const [answered, missed] = [sum((part) => part.answered), sum((part) => part.missed)];
  const within = sum((part) => part.serviceLevel.within);
  const rateOf = (count: number): number | null => ratio(count, answered + missed);
  return {
    chats: sum((part) => part.chats),
    answered,
    missed,
    other: sum((part) => part.other),
    missedRate: rateOf(missed),
    serviceLevel: {
      thresholdSeconds: first?.serviceLevel.thresholdSeconds ?? 0,
      within,
      rate: rateOf(within),
    },
    waitSeconds: addDistributions(parts.map((part) => part.waitSeconds)),
    abandonWaitSeconds: addDistributions(parts.map((part) => part.abandonWaitSeconds)),
    handleSeconds: addDistributions(parts.map((part) => part.handleSeconds)),
    durationSeconds: addDistributions(parts.map((part) => part.durationSeconds)),
  };
}

/** A median of medians is no median. So of several distributions only the sums are known. */
function addDistributions(all: readonly Distribution[]): Distribution {
  const [only, ...others] = all.filter(({ count }) => count > 0);
  if (only !== undefined && others.length === 0) return only;
  const count = all.reduce((total, one) => total + one.count, 0);
  const sum = all.reduce((total, one) => total + one.sum, 0);
  return { count, sum, mean: ratio(sum, count), p50: null, p90: null, p95: null, max: null };
}

/** Null where `whole` is 0. */
export function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

/** The main figures of a day for programs: lists of days, events, metrics. Unknown rates are null. */
export function headlineFigures(day: Pick<Summary, 'totals' | 'byChannel'>) {
  const { totals, byChannel } = withKnownRates(day);
  const { chats, customers, answered, missed, other, missedRate, serviceLevel } = totals;
  const serviceLevelRate = serviceLevel.rate;
  return { figures: { chats, customers, answered, missed, other, missedRate, serviceLevelRate }, byChannel };
}

/**
 * Percentiles are nearest-rank: the value at place ⌈p·n⌉ of n in ascending order.
 *
 * @param ascending whole seconds, at least 0
 */
export function toDistribution(ascending: Int32Array): Distribution {
  const count = ascending.length;
  const sum = ascending.reduce((total, seconds) => total + seconds, 0);
  const percentile = (percent: number) => ascending[Math.ceil((percent * count) / 100) - 1] ?? null;
  return {
    count,
    sum,
    mean: ratio(sum, count),
    p50: percentile(50),
    p90: percentile(90),
    p95: percentile(95),
    max: ascending.at(-1) ?? null,
  };
}
