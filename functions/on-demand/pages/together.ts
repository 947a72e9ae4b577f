import { isStatusUnknown } from '../../measure/unknown-status.ts';
import type { Digest } from '../../report/digest.ts';

/** Several days as one; the rates are of those whose statuses are known. What is a count adds up, and with it each rate; a median of medians would be none. */
export interface Together {
  readonly days: number;
  readonly chats: number;
  readonly missed: number;
  /** Answered or missed: what the rates are shares of. */
  readonly decided: number;
  readonly missedRate: number | null;
  readonly serviceLevel: number | null;
}

export function together(digests: readonly Digest[]): Together {
  const rated = digests.filter(({ totals }) => !isStatusUnknown(totals));
  const sum = (of: (totals: Digest['totals']) => number, over: readonly Digest[] = rated): number =>
    over.reduce((total, { totals }) => total + of(totals), 0);
  const missed = sum((day) => day.missed);
  const decided = missed + sum((day) => day.answered);
  return {
    days: digests.length,
    chats: sum((day) => day.chats, digests),
    missed,
    decided,
    missedRate: decided === 0 ? null : missed / decided,
    serviceLevel: decided === 0 ? null : sum((day) => day.serviceLevel.within) / decided,
  };
}
