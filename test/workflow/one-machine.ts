import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Patience } from '../../functions/capture/patience.ts';
import { composeLocal } from '../../functions/compose.local.ts';
import { openFolder } from '../../functions/lake/folder.fs.ts';
import { readSettings } from '../../functions/settings.ts';
import { type DayOutcome, reportDay } from '../../functions/workflow/daily-report.ts';
import { type Simulator, type SimulatorOptions, startSimulator } from '../simulator/simulator.ts';
import { temporaryFolder } from '../temporary-folder.ts';

/** As patient as the program, but for what costs a test its time. */
const PATIENT: Patience = {
  attemptMs: 1_500,
  giveUpAfterMs: 30_000,
  firstDelayMs: 5,
  pauseMs: 5,
  longestWaitMs: 5_000,
};

/** For what never passes: it is given up at once. */
export const IMPATIENT: Patience = { ...PATIENT, attemptMs: 200, giveUpAfterMs: 400 };

export const DAY = '2026-11-20';

export interface OneMachine {
  readonly simulator: Simulator;
  readonly lake: string;
  readonly outbox: string;
  /** The files in the lake or the outbox, by their keys, in order. */
  filesOf(where: 'lake' | 'outbox'): Promise<string[]>;
  report(
    day?: string,
    changes?: { refresh?: boolean; settings?: Readonly<Record<string, string>> },
  ): Promise<DayOutcome>;
}

/** The program on one machine, as the command line puts it together, beside a simulated CareSoft that is never the bound. */
export async function oneMachine(
  simulated: SimulatorOptions = {},
  settings: Readonly<Record<string, string>> = {},
  patience = PATIENT,
): Promise<OneMachine> {
  const simulator = await startSimulator({ requestsPerSecond: 10_000, ...simulated });
  onTestFinished(() => simulator.close());
  const folder = await temporaryFolder();
  const lake = join(folder, 'lake');
  const outbox = join(folder, 'outbox');
  return {
    simulator,
    lake,
    outbox,
    filesOf: (where) => Array.fromAsync(openFolder(where === 'lake' ? lake : outbox).list('')),
    async report(day = DAY, { refresh = false, settings: changed = {} } = {}) {
      const read = readSettings({
        CARESOFT_BASE_URL: simulator.baseUrl,
        CARESOFT_TOKEN: simulator.token,
        LAKE_URI: lake,
        MAIL_TO: 'manager@example.com',
        ...settings,
        ...changed,
      });
      if ('problems' in read) throw new Error(JSON.stringify(read.problems));
      // Beyond what a user may set: what is tested here is not the rate.
      const caresoft = { ...read.settings.caresoft, requestsPerSecond: 2_000 };
      const { account, ports } = composeLocal({ ...read.settings, caresoft }, { outbox, patience });
      return await reportDay({ day, refresh }, account, ports);
    },
  };
}
