/** Ports for what differs from run to run: time and chance. */

/** A source of time. The program gets it as an argument, so tests need not really wait. */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  now(): number;
  /** Resolves after the time has passed. Rejects with the signal's reason if the signal is aborted first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** A source of chance for ids and keys. The program gets it as an argument, so tests can predict it. */
export interface Random {
  /** @returns so many random bytes in lower-case hex, good enough for keys */
  hex(bytes: number): string;
}
