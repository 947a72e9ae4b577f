import { DIMENSIONS } from './dimensions.ts';
import { mapValues } from './map-values.ts';
import type { AddedFigures, Figures } from './measures.ts';
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
