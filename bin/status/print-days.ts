import { addDays, dayAt } from '../../functions/calendar/day.ts';
import { type TextColumn, toTable, wrap } from '../table.ts';
import type { DayStatus, LakeStatus } from './days.ts';
import type { StatusMoment } from './runs.ts';
import {
  describeRuns,
  describeTrouble,
  describeWaiting,
  NOTHING,
  STATES,
  toClockOn,
  toCount,
  toRate,
} from './words.ts';

/** The days of a lake as a table, and the runs of today. */

const COLUMNS: readonly TextColumn[] = [
  { title: 'day' },
  { title: 'state' },
  { title: 'chats', align: 'right' },
  { title: 'missed', align: 'right' },
  { title: 'rate', align: 'right' },
  { title: 'to call', align: 'right' },
  { title: 'mailed' },
  { title: 'recheck' },
];

/** The newest day and the runs of today come last: what is printed last stays in sight. */
export function describeStatus({ days, newest, waiting, runs }: LakeStatus, moment: StatusMoment): string {
  const today = dayAt(moment.now, moment.timeZone);
  const ofRuns = describeRuns(runs, today, moment);
  return [
    days.length === 0 ? 'No day was reported yet. Next: chat-report run\n' : describeDays(days, moment),
    ...(newest !== null && newest < (days.at(0)?.day ?? newest)
      ? [`${wrap(`The newest report is of ${newest}. chat-report status --day ${newest} tells about it.`)}\n`]
      : []),
    ...(waiting === null
      ? []
      : [`${wrap(`${describeWaiting(waiting, moment)}, by the list of ${waiting.day}.`)}\n`]),
    ofRuns === '' ? 'No run has begun today.\n' : `Runs of today\n\n${ofRuns}`,
  ].join('\n');
}

function describeDays(days: readonly DayStatus[], moment: StatusMoment): string {
  const rows = days.map((day, place) => ({
    cells: cellsOf(day, moment),
    notes: isToldLater(day, days[place + 1]) ? [] : notesOf(day, days.slice(0, place), moment),
  }));
  return toTable(COLUMNS, rows);
}

function cellsOf(day: DayStatus, moment: StatusMoment): string[] {
  const { figures, callbacks } = day;
  return [
    day.day,
    STATES[day.state],
    ...(figures === null
      ? ['', '', '', '']
      : [toCount(figures.chats), toCount(figures.missed), toRate(figures.missedRate), toCount(callbacks)]),
    describeMail(day, moment),
    describeRecheck(day),
  ];
}

function describeMail({ day, mail }: DayStatus, moment: StatusMoment): string {
  if (mail === null) return NOTHING;
  if (mail.by === 'later-mail') return 'later mail';
  const at = mail.at === null ? '' : ` ${toClockOn(addDays(day, 1), mail.at, moment)}`;
  const kind = mail.kind === 'notice' ? 'notice ' : '';
  return mail.by === 'files' ? `files${at}` : `${kind}${mail.sent} of ${mail.recipients}${at}`;
}

function describeRecheck({ finality, nextRecheckOn }: DayStatus): string {
  return finality === 'final' ? 'final' : (nextRecheckOn ?? NOTHING);
}

/** Days in a row that no run has asked for have one sentence, below the last of them. */
function isToldLater(day: DayStatus, next: DayStatus | undefined): boolean {
  return isUnasked(day) && next !== undefined && isUnasked(next);
}

function isUnasked({ state, beside, lastRun }: DayStatus): boolean {
  return state === 'missing' && beside.length === 0 && lastRun === null;
}

function notesOf(day: DayStatus, before: readonly DayStatus[], moment: StatusMoment): string[] {
  const first = before.slice(before.findLastIndex((one) => !isUnasked(one)) + 1).at(0);
  if (!isUnasked(day) || first === undefined) return describeTrouble(day, moment);
  return [
    `No run has reported ${first.day} to ${day.day}.`,
    `Next: chat-report run --from ${first.day} --to ${day.day}`,
  ];
}
