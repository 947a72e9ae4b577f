/** How long CareSoft is waited for. */
export interface Patience {
  /** One try of a request, from sending to the last byte of the answer. Waiting for its turn comes on top. */
  readonly attemptMs: number;
  /** No further try of a request begins after this. */
  readonly giveUpAfterMs: number;
  /** The wait before the second try; it doubles up to sixteenfold, with jitter. */
  readonly firstDelayMs: number;
  /** What everybody pauses after a 429 that names no time; it doubles with each further one, up to eightfold. */
  readonly pauseMs: number;
  /** Whoever is told to wait longer than this comes back later instead of holding a process open. */
  readonly longestWaitMs: number;
}

export const PATIENCE: Patience = {
  attemptMs: 20_000,
  giveUpAfterMs: 60_000,
  firstDelayMs: 500,
  pauseMs: 1_000,
  longestWaitMs: 60_000,
};
