import { type HeldLake, underLease } from '../storage/held-lake.ts';
import { withLease } from '../storage/lease.ts';
import { BUSY_SECONDS, type CaptureDayPorts, leaseOf } from './capture-piece.ts';
import { type Context, REPEATABLE } from './context.ts';

export type ExclusivePorts = Pick<CaptureDayPorts, 'lake' | 'clock' | 'log' | 'lease'>;

/**
 * A step in which nobody else writes what is derived from raw: of two runs with other settings, and of a run and an
 * erasure, one comes after the other, and what stands in the end is of one of them alone.
 *
 * @param work is handed the lake for as long as no other run may write to it: after that it takes nothing more
 */
export async function exclusively<Result>(
  name: string,
  context: Context,
  ports: ExclusivePorts,
  work: (held: HeldLake) => Promise<Result>,
): Promise<Result> {
  const options = leaseOf(ports);
  const once = async (): Promise<{ readonly value: Result } | null> =>
    await withLease(ports.lake, options, async (signal, bar, number) => ({
      result: { value: await work(underLease(ports.lake, signal, number, ports.clock)) },
      bar,
    }));
  for (let attempt = 1; ; attempt += 1) {
    const done = await context.step(attempt === 1 ? name : `${name} ${attempt}`, once, REPEATABLE);
    if (done !== null) return done.value;
    await context.wait(`before ${name} is free ${attempt}`, BUSY_SECONDS);
  }
}
