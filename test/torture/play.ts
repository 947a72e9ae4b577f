import { addDays } from '../../functions/calendar/day.ts';
import type { Coverage } from '../../functions/capture/coverage.ts';
import { captureDay } from '../../functions/pipeline/capture-day.ts';
import type { DurableContext } from '../../functions/pipeline/durable.ts';
import { DAY, IMPATIENT, type OneMachine } from '../pipeline/one-machine.ts';
import { judge, type Outcome, openServer } from '../servers/capture-from.ts';
import type { Ordeal } from './draw-server.ts';
import { DiedError, dyingAfter } from './dying.ts';

/** What is on the wire passes, however busy the machine is. */
const PATIENT = { ...IMPATIENT, giveUpAfterMs: 20_000, firstDelayMs: 5 };

/** A dead process does not try a step again. */
const ONCE: DurableContext = { step: (_name, run) => run(), wait: async () => {}, yieldNow: async () => {} };

/** Captures a day as often as processes die, and once more; and once again where it is proven, which asks nothing. */
export async function play({ server, deaths, isKnown }: Ordeal): Promise<Outcome> {
  const machine = await openServer(server, PATIENT);
  if (isKnown) await capture(machine, addDays(DAY, -1), null);
  for (const writes of deaths) await capture(machine, DAY, writes);
  const completeness = await capture(machine, DAY, null);
  if (completeness === null) throw new Error('a process that was not to die did');
  const outcome = await judge(machine, server, completeness);
  if (outcome.state !== 'right') return outcome;
  const again = await capture(machine, DAY, null);
  const asked = machine.simulator.seen.requests - outcome.requests;
  const isSame = JSON.stringify(again) === JSON.stringify(completeness);
  if (asked === 0 && isSame) return outcome;
  return { ...outcome, state: 'lost', why: `a proven day was asked for again, with ${asked} requests` };
}

/** @returns null where the process died */
async function capture(
  machine: OneMachine,
  day: string,
  writesBeforeDeath: number | null,
): Promise<Coverage | null> {
  const { account, context, ports } = machine.compose();
  const dies = writesBeforeDeath !== null;
  const lake = dies ? dyingAfter(writesBeforeDeath, ports.lake) : ports.lake;
  try {
    return await captureDay({ day, since: null }, dies ? ONCE : context, account, { ...ports, lake });
  } catch (error) {
    if (error instanceof DiedError) return null;
    throw error;
  }
}
