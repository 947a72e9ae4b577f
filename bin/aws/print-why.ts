import { dayAt } from '../../functions/calendar/day.ts';
import { describeDetails } from '../status/print-day.ts';
import type { StatusMoment } from '../status/runs.ts';
import { counted, toClockOn } from '../status/words.ts';
import { type TextColumn, toTable, wrap } from '../table.ts';
import type { ExecutionStatus } from './executions.ts';
import type { DayOnAws } from './why.ts';

/** What is known of one day, for a person. */

/** @param program the name of the program as it is typed */
export function describeDayOnAws(found: DayOnAws, program: string, moment: StatusMoment): string {
  const { day, executions, records, lake, lakeUri, unasked, next } = found;
  const parts = [
    `Executions of ${day}, the newest first\n\n${describeExecutions(executions, moment)}`,
    // The commands below are for AWS.
    ...(lake === null ? [] : [describeDetails({ ...lake, command: null }, lakeUri ?? '', moment)]),
    ...records.map(({ id, steps }) => `Steps of ${id}\n\n${describeSteps(steps, moment)}`),
    ...(unasked.length === 0 ? [] : [`${unasked.map((line) => wrap(line)).join('\n')}\n`]),
    ...(next.length === 0 ? [] : [`Next\n\n${next.map((words) => `${program} ${words}\n`).join('')}`]),
  ];
  return parts.join('\n');
}

const COLUMNS: readonly TextColumn[] = [
  { title: 'began' },
  { title: 'run' },
  { title: 'version', align: 'right' },
  { title: 'state' },
];

/** As Lambda spells it, and in our words. */
const STATES: Readonly<Record<string, string>> = {
  RUNNING: 'at work, or waits',
  SUCCEEDED: 'done',
  FAILED: 'FAILED',
  TIMED_OUT: 'TIMED OUT',
  STOPPED: 'STOPPED',
};

function describeExecutions(executions: readonly ExecutionStatus[], moment: StatusMoment): string {
  if (executions.length === 0) return 'None is known. Lambda keeps them for two weeks.\n';
  const today = dayAt(moment.now, moment.timeZone);
  const at = (iso: string | null): string => (iso === null ? '' : toClockOn(today, iso, moment));
  const rows = executions.map(({ run, version, status, startedAt, endedAt, problem }) => ({
    cells: [
      at(startedAt),
      run,
      version,
      `${STATES[status] ?? status}${endedAt === null ? '' : ` at ${at(endedAt)}`}`,
    ],
    notes: problem === null ? [] : [problem],
  }));
  return toTable(COLUMNS, rows);
}

const STEP_COLUMNS: readonly TextColumn[] = [
  { title: 'began' },
  { title: 'seconds', align: 'right' },
  { title: 'step' },
];

/** A step of less time is shown where it failed. */
const LEAST_MS = 1_000;

function describeSteps(steps: DayOnAws['records'][number]['steps'], moment: StatusMoment): string {
  const today = dayAt(moment.now, moment.timeZone);
  const shown = steps.filter(({ ms, outcome }) => ms >= LEAST_MS || outcome === 'failed');
  const rows = shown.map(({ name, startedAt, ms, outcome, problem }) => ({
    cells: [
      toClockOn(today, startedAt, moment),
      (ms / 1_000).toFixed(1),
      outcome === 'failed' ? `${name}: FAILED` : name,
    ],
    notes: problem === undefined ? [] : [problem],
  }));
  const rest = steps.length - shown.length;
  return `${toTable(STEP_COLUMNS, rows)}${counted(rest, 'step', 'steps')} of less than a second ${rest === 1 ? 'is' : 'are'} not shown.\n`;
}
