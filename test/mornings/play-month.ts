import { addDays, type Day, dayAt } from '../../functions/calendar/day.ts';
import { parseFault } from '../../functions/sources/caresoft/simulator/fault.ts';
import { startSimulator } from '../../functions/sources/caresoft/simulator/simulator.ts';
import type { Lake } from '../../functions/storage/object-store.ts';
import { memoryLake } from '../web/memory-lake.ts';
import type { Month } from './draw-month.ts';
import { type RunEnd, runMorning } from './grounds.ts';
import { differenceByChannel, judgeMonth, type Outcome } from './judge-month.ts';
import { openMonthClock } from './month-clock.ts';
import type { World } from './open-process.ts';
import { standingReport } from './standing-report.ts';

const ZONE = 'Asia/Ho_Chi_Minh';

/** Plays a month of mornings and as many quiet ones as it needs, and says what came of it. */
export async function playMonth(month: Month): Promise<Outcome> {
  const [first] = month.days;
  if (first === undefined) throw new Error('a month has a day at least');
  const clock = openMonthClock(morningAfter(first, month.hour));
  const simulator = await startSimulator({
    requestsPerSecond: 1_000_000,
    requestsPerHour: 1_000_000_000,
    seed: month.seed,
    chats: 0,
    chatsByChannel: month.chatsByChannel,
    faults: month.faults.map(parseFault),
    // What changes after the last look is none of the reports'.
    nights: { quietFrom: month.quietFrom, back: Math.max(...month.lookBack) + 1 },
    now: Date.now,
  });
  const world: World = {
    ...{ month, clock, simulator },
    ...{ lake: memoryLake(), mails: [], deaths: [], gone: new Set() },
  };
  const ends: { readonly day: Day; readonly end: RunEnd | 'no run' }[] = [];
  const reportedBy = new Map<Day, Day>();
  const toldWrong: string[] = [];
  try {
    for (const morning of month.mornings) {
      clock.passUntil(morningAfter(morning.day, month.hour));
      const isRun = morning.trouble.kind !== 'no run';
      ends.push({ day: morning.day, end: isRun ? await runMorning(world, morning) : 'no run' });
      const told = await standingReport(world.lake, morning.day);
      // An execution may go on past midnight: then the day has changed since it was read.
      const isSameDay = dayAt(Date.now(), ZONE) === addDays(morning.day, 1);
      if (told && isSameDay) toldWrong.push(...differenceByChannel(told, world));
      for (const day of await provenDays(world.lake, [...month.days])) {
        if (!reportedBy.has(day)) reportedBy.set(day, morning.day);
      }
    }
    return await judgeMonth(world, { ends, reportedBy, toldWrong });
  } finally {
    await simulator.close();
    clock.end();
  }
}

/** The instant at which the run for a day is due, in Vietnam. */
function morningAfter(day: Day, hour: number): number {
  return Date.parse(`${addDays(day, 1)}T${String(hour).padStart(2, '0')}:00:00+07:00`);
}

async function provenDays(lake: Lake, days: readonly Day[]): Promise<Day[]> {
  const proven: Day[] = [];
  for (const day of days) {
    const summary = await standingReport(lake, day);
    if (summary?.completeness.verdict === 'proven') proven.push(day);
  }
  return proven;
}
