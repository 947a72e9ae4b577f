import { addDays, type Day, daysFrom } from '../../functions/calendar/day.ts';
import type { Summary } from '../../functions/metrics/summary.ts';
import { BUSY_DAY } from '../report/busy-day.ts';
import { byHour, EMPTY_DAY, figures, proven, summary, unproven } from '../report/fixture.ts';
import { type MemoryLake, memoryLake } from './memory-lake.ts';

/** The morning after the last of them. */
export const NOW = Date.parse('2026-11-22T06:00:00+07:00');
export const NEWEST: Day = '2026-11-21';
export const BEFORE_NEWEST: Day = '2026-11-20';
const OLDEST: Day = '2026-09-13';

export const UNPROVEN_DAY: Day = '2026-11-12';
export const FAILED_DAY: Day = '2026-11-16';
export const MISSING_DAY: Day = '2026-11-05';
export const ZERO_DAY: Day = '2026-11-01';
const FIRST_PROVISIONAL_DAY: Day = '2026-11-18';
export const ONE_CHAT_DAY: Day = '2026-11-08';

let written: MemoryLake | undefined;

/** Ten weeks of a shop that is busy on Saturdays, with each kind of day that can go otherwise. */
export function tenWeeks(): MemoryLake {
  // Most of the time goes into the text of the summaries, which is the same each time.
  written ??= writeTenWeeks();
  return written.copy();
}

function writeTenWeeks(): MemoryLake {
  const lake = memoryLake();
  for (const [index, day] of daysFrom(OLDEST, NEWEST).entries()) {
    if (day === MISSING_DAY) continue;
    if (day === UNPROVEN_DAY || day === FAILED_DAY) {
      writeRun(lake, day, day === UNPROVEN_DAY ? 'unproven' : 'failed');
      continue;
    }
    writeSummary(lake, { ...summaryOf(day, index), day });
    writeRun(lake, day, 'reported');
  }
  return lake;
}

export function writeSummary(lake: MemoryLake, summary: Summary): void {
  lake.write(`reports/dt=${summary.day}/summary.json`, summary);
}

export type RunState = 'running' | 'reported' | 'unproven' | 'failed';

export function writeRun(lake: MemoryLake, day: Day, state: RunState, more: object = {}): void {
  const run = `${day}-${addDays(day, 1).replaceAll('-', '')}T230012345Z-9f3c2a`;
  lake.write(`runs/${run}.json`, {
    schema: 'chat-report/run/1',
    id: run,
    day,
    state,
    startedAt: `${addDays(day, 1)}T00:15:00.000Z`,
    endedAt: state === 'running' ? null : `${addDays(day, 1)}T00:16:00.000Z`,
    versions: {},
    steps: [],
    ...(state === 'unproven' && { completeness: unproven('rows-missing').completeness }),
    ...more,
  });
}

function summaryOf(day: Day, index: number): Summary {
  if (day === NEWEST) return BUSY_DAY;
  if (day === ZERO_DAY) return EMPTY_DAY;
  if (day === ONE_CHAT_DAY) return summary({ byHour: byHour({ 9: [1, 0] }) });
  const weekday = new Date(day).getUTCDay();
  const chats = 420 + ((index * 137) % 160) + (weekday === 6 ? 170 : weekday === 0 ? -130 : 0) + index * 2;
  const rate =
    0.035 + ((index * 53) % 70) / 1_000 + (weekday === 6 ? 0.05 : 0) + (day === '2026-10-24' ? 0.14 : 0);
  const missed = index === 30 ? 0 : Math.round(chats * rate);
  const totals = figures(chats, missed);
  const wait = { ...totals.waitSeconds, p50: 35 + ((index * 29) % 40) };
  const within = Math.round(totals.answered * (0.7 + ((index * 31) % 25) / 100));
  return {
    ...BUSY_DAY,
    completeness: { verdict: 'proven', channels: { messenger: proven(chats) } },
    totals: {
      channels: BUSY_DAY.totals.channels,
      ...totals,
      waitSeconds: wait,
      serviceLevel: { thresholdSeconds: 60, within, rate: within / (totals.answered + totals.missed) },
    },
    callbacks: BUSY_DAY.callbacks.slice(0, Math.round(missed * 0.4)),
    ...(day >= FIRST_PROVISIONAL_DAY && { looks: { state: 'provisional', last: addDays(day, 7) } }),
  };
}
