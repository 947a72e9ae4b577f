/** What the ground allows: on AWS minutes of waiting cost nothing, at a terminal a person sits and waits. */
export interface Endurance {
  /** A capture is left after this, to be gone on with in the next step. */
  readonly pieceMs: number;
  /** How often a channel is captured that could not be proven, with a wait between. */
  readonly attempts: number;
  readonly waitSeconds: number;
  /** Where CareSoft asks for longer waits than this, over all channels together, the day is said not to be proven. */
  readonly mostWaitSeconds: number;
  /** A day that is not proven is tried again so many seconds after the first mail that said so, ascending. */
  readonly triesAfterSeconds: readonly number[];
}

/** For a laptop: in one piece, and what cannot be had now is said now. */
export const AT_ONCE: Endurance = {
  pieceMs: Number.POSITIVE_INFINITY,
  attempts: 1,
  waitSeconds: 0,
  mostWaitSeconds: 0,
  // The next day's run makes it up.
  triesAfterSeconds: [],
};

/** For a function: pieces that end long before it does, and waits that outlast a lockout, but not the morning. */
export const PATIENTLY: Endurance = {
  pieceMs: 300_000,
  attempts: 3,
  waitSeconds: 300,
  mostWaitSeconds: 7_200,
  triesAfterSeconds: [900, 3_600, 10_800, 21_600],
};

/**
 * A run makes no try and no mail later than this after it began: its execution ends after twelve hours, and the run of the
 * next day goes on and tells what it made.
 */
export const LATEST_MS = 11 * 3_600_000;
