import { onTestFinished, vi } from 'vitest';

/**
 * Until the test is over, what waits for a while that it draws waits for the shortest: the SDK before it tries again,
 * which may be seconds after a SlowDown, and a bucket before it writes again.
 */
export function drawShortestWaits(): void {
  const random = vi.spyOn(Math, 'random').mockReturnValue(0);
  onTestFinished(() => {
    random.mockRestore();
  });
}
