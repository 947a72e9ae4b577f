import { toZonedIso, toZonedWords } from '../../functions/calendar/time-zone.ts';
import { IS_NEWER } from '../../functions/pipeline/report-reader.ts';
import { localeFormatterFor } from '../../functions/report/locale-formatter.ts';
import { type TextColumn, toTable } from '../table.ts';
import type { DayProblem, DayStatus, WaitingStatus } from './days.ts';
import { isAtWork, type RunStatus, type StatusMoment } from './runs.ts';

/** Words of `status` for days and runs. The command line speaks English. */

const { format } = localeFormatterFor('en');

export const NOTHING = '–';

export function toCount(value: number | null): string {
  return value === null ? NOTHING : format.count(value);
}

export function toRate(rate: number | null): string {
  return rate === null ? NOTHING : `${(rate * 100).toFixed(1)} %`;
}

export const STATES: Readonly<Record<DayStatus['state'], string>> = {
  proven: 'proven',
  partial: 'PARTIAL',
  unproven: 'NOT proven',
  missing: 'no report',
  damaged: 'DAMAGED',
  newer: 'NEWER',
};

/** `2026-11-21 06:41`, by the wall clock. */
export function toClock(iso: string, { timeZone }: Pick<StatusMoment, 'timeZone'>): string {
  return toZonedIso(Date.parse(iso) / 1_000, timeZone)
    .slice(0, 16)
    .replace('T', ' ');
}

/** The time alone on that day, and with the day on any other. */
export function toClockOn(day: string, iso: string, moment: Pick<StatusMoment, 'timeZone'>): string {
  const at = toClock(iso, moment);
  return at.startsWith(day) ? at.slice(11) : at.slice(5);
}

/** `1 customer`, `2 customers`. */
export function counted(value: number, one: string, several: string): string {
  return `${toCount(value)} ${value === 1 ? one : several}`;
}

/** Who still waits, by the list that the first mail of a day has. */
export function describeWaiting({ customers, asOf }: WaitingStatus, { timeZone }: StatusMoment): string {
  const who = customers === 0 ? 'No customer' : counted(customers, 'customer', 'customers');
  return `${who} still waited at ${toZonedWords(Date.parse(asOf), timeZone)}`;
}

export function named(only: readonly string[]): string {
  return only.join(', ');
}

/** What is not right about a day, and what to do, in sentences. Empty where nothing is. */
export function describeTrouble(day: DayStatus, { timeZone }: StatusMoment): string[] {
  return [
    ...explainState(day),
    ...day.problems.map((one) => explain(one, day, timeZone)),
    ...nextOf(day, timeZone),
  ];
}

function explainState(day: DayStatus): string[] {
  const { state, unreadable, missing, problems } = day;
  switch (state) {
    case 'damaged':
      return [`${unreadable} cannot be read.`];
    case 'newer':
      return [`${unreadable} ${IS_NEWER}.`];
    case 'partial': {
      const unexplained = `Without ${named(missing)}. Its report does not say why.`;
      return [...(problems.length === 0 ? [unexplained] : []), ...explainMail(day)];
    }
    case 'missing':
      return explainMissing(day);
    case 'unproven':
      return [];
    case 'proven':
      return explainMail(day);
  }
}

function explainMissing({ day, beside, lastRun }: DayStatus): string[] {
  const ofRun = lastRun === null ? [] : explainRun(lastRun);
  const ofSome = beside.map((only) => `The report of ${named(only)} alone is there.`);
  return ofRun.length + ofSome.length > 0 ? [...ofRun, ...ofSome] : [`No run has reported ${day}.`];
}

function explainRun({ id, state, problem }: RunStatus): string[] {
  switch (state) {
    case 'failed':
      return [`Its last run failed${problem ? ` at "${problem.step}": ${problem.says}` : ''}.`];
    case 'interrupted':
      return ['Its last run was interrupted.'];
    case 'lost':
      return [`Its last run, ${id}, never ended: its process was killed, or its machine stopped.`];
    case 'reported':
    case 'partial':
      return ['Its last run made a report, and the report is gone.'];
    case 'running':
    case 'waiting':
    case 'unproven':
      return [];
  }
}

function explainMail({ mail }: DayStatus): string[] {
  if (mail === null) return [];
  const { failed, unknown, recipients } = mail;
  return [
    ...(failed === 0 ? [] : [`The mail did not reach ${failed} of ${recipients} recipients.`]),
    ...(unknown === 0
      ? []
      : [`It is not known whether ${unknown} of ${recipients} recipients have the mail.`]),
  ];
}

function explain(
  { channels, what, todo, notBefore }: DayProblem,
  { state }: DayStatus,
  timeZone: string,
): string {
  const until = notBefore && toZonedWords(Date.parse(notBefore), timeZone);
  const when = until ? ` It is not to be asked before ${until}.` : '';
  return `${state === 'partial' ? 'Without ' : ''}${named(channels)}: ${what} ${todo}${when}`;
}

/** What happens next, or the command that makes it right. */
function nextOf({ lastRun, command }: DayStatus, timeZone: string): string[] {
  if (lastRun?.waits) {
    const until = toZonedWords(Date.parse(lastRun.waits.until), timeZone);
    return [
      lastRun.waits.for === 'mail' ? `Its mail goes out at ${until}.` : `Its run asks again at ${until}.`,
    ];
  }
  if (lastRun !== null && isAtWork(lastRun)) return ['A run is at work on it, or was killed.'];
  return command === null ? [] : [`Next: ${command}`];
}

const ORIGINS: Readonly<Record<RunStatus['origin'], string>> = {
  schedule: 'schedule',
  'freshness-check': 'check',
  request: 'request',
  api: 'API',
  'command-line': 'command line',
  unknown: NOTHING,
};

const RUN_COLUMNS: readonly TextColumn[] = [
  { title: 'began' },
  { title: 'day' },
  { title: 'asked by' },
  { title: 'state' },
];

/** Runs as a table. Empty for none. @param today the day of which the time alone is shown */
export function describeRuns(runs: readonly RunStatus[], today: string, moment: StatusMoment): string {
  const rows = runs.map((run) => ({
    cells: [
      toClockOn(today, run.startedAt, moment),
      run.only === null ? run.day : `${run.day} ${run.only.join()}`,
      ORIGINS[run.origin],
      describeRunState(run, today, moment),
    ],
    notes: run.problem === null ? [] : [`${run.problem.step}: ${run.problem.says}`],
  }));
  return toTable(RUN_COLUMNS, rows);
}

const ENDINGS = {
  reported: 'reported',
  partial: 'PARTIAL report',
  unproven: 'NOT proven',
  failed: 'FAILED',
  interrupted: 'interrupted',
} as const;

function describeRunState(
  { state, endedAt, lastStepAt, waits }: RunStatus,
  today: string,
  moment: StatusMoment,
): string {
  const at = (iso: string): string => toClockOn(today, iso, moment);
  switch (state) {
    case 'waiting':
      return waits === null
        ? 'waits'
        : `waits until ${at(waits.until)} to ${waits.for === 'mail' ? 'mail' : 'ask again'}`;
    case 'running':
      return lastStepAt === null ? 'at work' : `at work; its last step ended at ${at(lastStepAt)}`;
    case 'lost':
      return 'never ended';
    default:
      return `${ENDINGS[state]}${endedAt === null ? '' : ` at ${at(endedAt)}`}`;
  }
}
