import { onTestFinished } from 'vitest';
import { parseFault } from '../../../../functions/sources/caresoft/simulator/fault.ts';
import {
  type Simulator,
  type SimulatorOptions,
  startSimulator,
} from '../../../../functions/sources/caresoft/simulator/simulator.ts';

/** A simulator with faults as they are typed, as fast as it is asked, until the test is over. */
export async function startOne(
  faults: readonly string[],
  options: SimulatorOptions = {},
): Promise<Simulator> {
  const simulator = await startSimulator({
    requestsPerSecond: 100_000,
    faults: faults.map(parseFault),
    ...options,
  });
  onTestFinished(() => simulator.close());
  return simulator;
}
