import type { Patience } from '../capture/patience.ts';

/** A person waits for the answer, and nothing is lost by asking again: much shorter than a report's patience. */
export const CHECK_PATIENCE: Patience = {
  attemptMs: 15_000,
  giveUpAfterMs: 5_000,
  firstDelayMs: 500,
  pauseMs: 1_000,
  longestWaitMs: 10_000,
};
