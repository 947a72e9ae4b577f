import { readdir } from 'node:fs/promises';
import { onTestFinished } from 'vitest';
import {
  type SimulatorOptions,
  startSimulator,
} from '../../functions/sources/caresoft/simulator/simulator.ts';
import { temporaryFolder } from '../temporary-folder.ts';

export const DAY = '2026-11-20';

/** A CareSoft, the settings that point to it, and a folder to work in. */
export async function beside(simulated: SimulatorOptions = {}) {
  // What asks in this process is faster than a user may be.
  const simulator = await startSimulator({ requestsPerSecond: 10_000, ...simulated });
  onTestFinished(() => simulator.close());
  const settings = {
    CARESOFT_BASE_URL: simulator.baseUrl,
    CARESOFT_TOKEN: simulator.token,
    CARESOFT_REQUESTS_PER_SECOND: '15',
  };
  return { simulator, settings, cwd: await temporaryFolder() };
}

/** The mails that were written, by their file names. */
export async function mailIn(outbox: string): Promise<string[]> {
  return (await readdir(outbox)).filter((name) => name.endsWith('.eml'));
}
