import crypto, { createHash } from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { vi } from 'vitest';

/** Moves the time of the story on; it stands still between. */
export type MoveTo = (instant: string) => void;

/**
 * Runs with a clock that only the story moves, and with chance that is the same each time. Of time it is `Date` alone that
 * is taken: timers go as ever, since what waits in the program (to renew a lease, to try again) is meant to really wait.
 *
 * Names of captures and of whom was erased are the only chance that stays. They hang on the moment and on how many were
 * drawn in it before, so that one draw more or less changes no name of a later moment.
 */
export async function withoutChance<Result>(play: (moveTo: MoveTo) => Promise<Result>): Promise<Result> {
  const drawn = new Map<string, number>();
  const draw = (bytes: number): Buffer => {
    const of = `${new Date().toISOString()} ${bytes}`;
    const number = (drawn.get(of) ?? 0) + 1;
    drawn.set(of, number);
    // In the order in which they are drawn: captures of one moment are told apart, and sorted, by nothing else.
    return Buffer.concat([Buffer.of(number), createHash('sha256').update(of).digest()], bytes);
  };
  vi.useFakeTimers({ toFake: ['Date'] });
  const spy = vi.spyOn(crypto, 'randomBytes').mockImplementation(draw);
  // What imports it by its name has the new one from here on.
  syncBuiltinESMExports();
  try {
    return await play((instant) => vi.setSystemTime(instant));
  } finally {
    spy.mockRestore();
    syncBuiltinESMExports();
    vi.useRealTimers();
  }
}
