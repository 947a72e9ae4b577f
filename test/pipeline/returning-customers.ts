import { addDays } from '../../functions/calendar/day.ts';
import {
  type SimulatorOptions,
  startSimulator,
} from '../../functions/sources/caresoft/simulator/simulator.ts';
import { DAY } from './one-machine.ts';

export const DAY_AFTER = addDays(DAY, 1);

/**
 * A CareSoft where the day after `DAY` is of the same customers, who else hardly ever come back so soon: of their
 * chats some are answered now, and some are not there.
 */
export async function returningCustomers(simulated: SimulatorOptions): Promise<SimulatorOptions> {
  const simulator = await startSimulator(simulated);
  await simulator.close();
  return {
    ...simulated,
    rows: (channel, day) => {
      if (day !== DAY_AFTER) return undefined;
      return simulator.rows(channel, DAY).flatMap((row, place) => {
        if (place % 4 === 1) return [];
        const later: object = JSON.parse(JSON.stringify(row).replaceAll(DAY, DAY_AFTER));
        return [place % 3 === 0 ? { ...later, chat_status: 'LBL_CHAT_STATUS_MEET' } : later];
      });
    },
  };
}
