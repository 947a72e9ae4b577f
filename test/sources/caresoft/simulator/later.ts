import { onTestFinished, vi } from 'vitest';

/** Lets a test say how much later it is for the simulator, which counts its limits and bans by `performance.now()`. */
export function openLater(): (milliseconds: number) => void {
  const now = performance.now.bind(performance);
  let later = 0;
  const spy = vi.spyOn(performance, 'now').mockImplementation(() => now() + later);
  onTestFinished(() => spy.mockRestore());
  return (milliseconds) => {
    later += milliseconds;
  };
}
