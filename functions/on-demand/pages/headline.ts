import type { Digest } from '../../report/digest.ts';
import type { Day } from '../../time/report-day.ts';

/** What a day among many is shown by. Rates are shares from 0 to 1, null when of nothing. */
export interface Headline {
  readonly day: Day;
  readonly chats: number;
  readonly answered: number;
  readonly missed: number;
  readonly missedRate: number | null;
  /** Answered within the threshold. */
  readonly within: number;
  readonly serviceLevel: number | null;
  readonly medianWaitSeconds: number | null;
  readonly callbacks: number;
  /** CareSoft will be asked for the day again. */
  readonly isProvisional: boolean;
}

export function headlineOf({ day, totals, callbacks, looks }: Digest): Headline {
  const { chats, answered, missed, missedRate, serviceLevel, waitSeconds } = totals;
  return {
    day,
    chats,
    answered,
    missed,
    missedRate,
    within: serviceLevel.within,
    serviceLevel: serviceLevel.rate,
    medianWaitSeconds: waitSeconds.p50,
    callbacks,
    isProvisional: looks?.state === 'provisional',
  };
}

/** Several days as one. What is a count adds up, and with it each rate; a median of medians would be none. */
export interface Together {
  readonly days: number;
  readonly chats: number;
  readonly missed: number;
  /** Answered or missed: what the rates are shares of. */
  readonly decided: number;
  readonly missedRate: number | null;
  readonly serviceLevel: number | null;
}

export function together(headlines: readonly Headline[]): Together {
  const sum = (of: (headline: Headline) => number): number =>
    headlines.reduce((total, headline) => total + of(headline), 0);
  const [missed, within] = [sum((day) => day.missed), sum((day) => day.within)];
  const decided = missed + sum((day) => day.answered);
  return {
    days: headlines.length,
    chats: sum((day) => day.chats),
    missed,
    decided,
    missedRate: decided === 0 ? null : missed / decided,
    serviceLevel: decided === 0 ? null : within / decided,
  };
}
