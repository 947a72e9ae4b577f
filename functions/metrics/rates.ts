import { DIMENSIONS } from './dimensions.ts';
import { type AddedFigures, type Distribution, type Figures, mapValues } from './measures.ts';
import type { Summary } from './summary.ts';

/** Below one in so many, what the other chats say holds for all. */
const ONE_IN = 100;

/** Whether of so many chats the status is not known that no rate of the day can be told. */
export function isStatusUnknown({ chats, other }: Pick<Figures, 'chats' | 'other'>): boolean {
  return other > 0 && other * ONE_IN >= chats;
}

/** Whether there are chats, and it is not known what share of them was missed. */
export function isRateUnknown({ missedRate, chats }: AddedFigures): boolean {
  return missedRate === null && chats > 0;
}

/** A day as it is told: where of too many chats the status is not known, no rate is that they may change. */
export function withKnownRates<
  OfDay extends { readonly totals: AddedFigures; readonly byChannel: Summary['byChannel'] },
>(day: OfDay): OfDay {
  if (!isStatusUnknown(day.totals)) return day;
  const byChannel = Object.fromEntries(
    Object.entries(day.byChannel).map(([channel, figures]) => [channel, known(figures)]),
  );
  return { ...day, totals: known(day.totals), byChannel };
}

/** The same of each part of a summary. */
export function summaryWithKnownRates(summary: Summary): Summary {
  if (!isStatusUnknown(summary.totals)) return summary;
  const { byHour, byChannelHour, businessHours } = summary;
  return {
    ...withKnownRates(summary),
    byHour: byHour.map(known),
    ...mapValues(DIMENSIONS, (_, id) => summary[id].map(known)),
    byChannelHour: byChannelHour.map(known),
    businessHours: businessHours && {
      ...businessHours,
      inside: known(businessHours.inside),
      outside: known(businessHours.outside),
    },
  };
}

function known<Of extends AddedFigures>(figures: Of): Of {
  if (figures.other === 0) return figures;
  return { ...figures, missedRate: null, serviceLevel: { ...figures.serviceLevel, rate: null } };
}

/** What a missed rate is a share of: chats with another status are in neither of its two numbers. */
export function decided({ answered, missed }: Pick<Figures, 'answered' | 'missed'>): number {
  return answered + missed;
}

/** Several days as one. */
export interface PooledDays<OfDay> {
  readonly days: number;
  readonly all: AddedFigures;
  /** Those that have a rate: where the status of too many chats is not known, a day has none. */
  readonly ratedDays: readonly OfDay[];
  readonly rated: AddedFigures;
}

export function poolDays<OfDay extends { readonly totals: AddedFigures }>(
  days: readonly OfDay[],
): PooledDays<OfDay> {
  const ratedDays = days.filter(({ totals }) => !isStatusUnknown(totals));
  const add = (those: readonly OfDay[]): AddedFigures => addUp(those.map(({ totals }) => totals));
  return { days: days.length, all: add(days), ratedDays, rated: add(ratedDays) };
}

/** The figures of several days, channels or hours as those of one: sums over sums, never a mean of rates. */
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

/** A median of medians is none: of several that have values only what adds up is known. */
function addDistributions(all: readonly Distribution[]): Distribution {
  const [only, ...others] = all.filter(({ count }) => count > 0);
  if (only !== undefined && others.length === 0) return only;
  const count = all.reduce((total, one) => total + one.count, 0);
  const sum = all.reduce((total, one) => total + one.sum, 0);
  return { count, sum, mean: ratio(sum, count), p50: null, p90: null, p95: null, max: null };
}

/** Null where it would be of nothing. */
export function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

/** What programs are told of a day, in a list of days, an event, and as metrics: no rate where it is not known. */
export function headlineFigures(day: Pick<Summary, 'totals' | 'byChannel'>) {
  const { totals, byChannel } = withKnownRates(day);
  const { chats, customers, answered, missed, other, missedRate, serviceLevel } = totals;
  const serviceLevelRate = serviceLevel.rate;
  return { figures: { chats, customers, answered, missed, other, missedRate, serviceLevelRate }, byChannel };
}
