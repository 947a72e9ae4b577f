import { isDeepStrictEqual } from 'node:util';
import { addDays, type Day } from '../../functions/calendar/day.ts';
import { CHANNELS } from '../../functions/chats/channel.ts';
import type { Summary } from '../../functions/metrics/summary.ts';
import { readDayRecord } from '../../functions/pipeline/day-record.ts';
import type { MessageKind } from '../../functions/report/mail-message.ts';
import { recomputed } from '../pipeline/against-recomputation.ts';
import type { Month } from './draw-month.ts';
import type { RunEnd } from './grounds.ts';
import { type Mail, RECIPIENTS, type World } from './open-process.ts';
import { standingReport } from './standing-report.ts';

/** What came of a month. */
export interface Outcome {
  readonly seed: number;
  readonly ground: Month['ground'];
  readonly days: number;
  readonly mails: Readonly<Record<MessageKind, number>>;
  /** Days whose full report a later morning's run made. */
  readonly holes: number;
  /** Processes that died. */
  readonly deaths: number;
  readonly looks: number;
  /** Lines of mails that tell of an earlier day that changed. */
  readonly corrections: number;
  readonly final: number;
  /** What should not be, in words: by the kind of fault. */
  readonly faults: Readonly<Record<Fault, readonly string[]>>;
}

/**
 * `wrong`: the report is not what the server holds. `told wrong`: it was not on its own morning. `missing`: there is none of all channels. `not final`: though its
 * last look is over. `twice`: a recipient got a second first mail, or full report, of a day. `unmailed`: a day's report
 * was made on its own morning by a run that came to its end, and a recipient got none.
 * `untold`: it was never mailed, and no later day's mail was to tell of it. `at night`: a mail out of hours. `threw`: a run did, for which no trouble was drawn.
 */
export const FAULTS = [
  'wrong',
  'told wrong',
  'missing',
  'not final',
  'twice',
  'unmailed',
  'untold',
  'at night',
  'threw',
] as const;
export type Fault = (typeof FAULTS)[number];

const MOST_TOLD = 3;
const LONGEST_TOLD = 400;

export interface Course {
  readonly ends: readonly { readonly day: Day; readonly end: RunEnd | 'no run' }[];
  /** Of each day with a full report: the day whose run had made it. */
  readonly reportedBy: ReadonlyMap<Day, Day>;
  /** Where a report told on its own morning what the server did not hold then. */
  readonly toldWrong: readonly string[];
}

export async function judgeMonth(world: World, course: Course): Promise<Outcome> {
  const { days, seed, ground } = world.month;
  const { mails, lake } = world;
  const { final, ...ofReports } = await judgeReports(world);
  const others = { untold: await untoldDays(world, course), threw: thrown(world, course) };
  const count = (kind: MessageKind): number => mails.filter((mail) => mail.kind === kind).length;
  const looks = await Array.fromAsync(lake.list('looks/'));
  return {
    ...{ seed, ground, days: days.length, final },
    mails: { report: count('report'), partial: count('partial'), notice: count('notice') },
    holes: days.filter((day) => (course.reportedBy.get(day) ?? day) !== day).length,
    looks: looks.length,
    deaths: world.deaths.length,
    corrections: mails.filter(({ to }) => to === RECIPIENTS[0]).flatMap(correctionsIn).length,
    faults: {
      ...ofReports,
      'told wrong': course.toldWrong,
      ...judgeMails(world, course),
      ...others,
    },
  };
}

async function judgeReports(world: World) {
  const { days, mornings } = world.month;
  const wrong: string[] = [];
  const missing: string[] = [];
  const states = new Map<Day, string>();
  for (const { day } of mornings) {
    const summary = await standingReport(world.lake, day);
    if (summary?.completeness.verdict === 'proven') {
      const difference = await differenceOf(summary, world);
      if (difference !== null) wrong.push(`${day}: ${difference}`);
      states.set(day, summary.looks?.state ?? 'not looked at');
    } else {
      missing.push(`${day}: ${summary?.completeness.verdict ?? 'no report'}`);
    }
  }
  const open = days.filter((day) => states.has(day) && states.get(day) !== 'final');
  const final = days.filter((day) => states.get(day) === 'final').length;
  return { final, wrong, missing, 'not final': open };
}

function judgeMails({ mails, month }: World, { reportedBy, ends }: Course) {
  const each = month.mornings.flatMap(({ day }) =>
    RECIPIENTS.map((to) => ({ day, to, got: mails.filter((mail) => mail.day === day && mail.to === to) })),
  );
  // Where no claim can be written no mail goes out, and the run says so.
  const done = new Set(
    ends.filter(({ day, end }) => end === 'done' && !isToFail(month, day)).map(({ day }) => day),
  );
  const isUnmailed = ({ day, got }: (typeof each)[number]): boolean =>
    done.has(day) && reportedBy.get(day) === day && !got.some(({ kind }) => kind !== 'notice');
  return {
    twice: each.flatMap(({ day, to, got }) => doubled(got).map((what) => `${day}: ${what}, to ${to}`)),
    unmailed: each.filter(isUnmailed).map(({ day, to }) => `${day}, to ${to}`),
    'at night': mails
      .filter((mail) => isAtNight(mail, month.hour))
      .map(({ kind, day, at }) => `${kind} of ${day} at ${new Date(at).toISOString()}`),
  };
}

function isToFail({ mornings }: Month, day: Day): boolean {
  return mornings.find((one) => one.day === day)?.trouble.kind === 'fails';
}

/** Days whose full report was never mailed, and of which no later day's mail was to tell. */
async function untoldDays({ mails, month, lake }: World, { reportedBy }: Course): Promise<string[]> {
  const untold: string[] = [];
  for (const day of month.days.filter((one) => reportedBy.has(one))) {
    const isMailed = mails.some((mail) => mail.kind === 'report' && mail.day === day);
    if (!isMailed && (await readDayRecord(lake, day))?.madeUp === undefined) untold.push(day);
  }
  return untold;
}

/** By runs that were to come to their end. */
function thrown({ month }: World, { ends }: Course): string[] {
  return ends.flatMap(({ day, end }) => {
    return typeof end === 'object' && !isToFail(month, day) ? [`${day}: ${told(end.threw)}`] : [];
  });
}

/** @returns null where the report says what a separate recomputation says of what the server holds */
async function differenceOf(summary: Summary, { lake, simulator }: World): Promise<string | null> {
  const before = await standingReport(lake, addDays(summary.day, -1));
  const { counts: _, ...figures } = recomputed({ simulator }, summary.day, { ...(before && { before }) });
  const differences = differencesIn(figures, summary, '');
  return differences.length === 0 ? null : differences.slice(0, MOST_TOLD).join('; ');
}

/** As the other, of the proven channels of a report, partial ones too, each by itself. */
export function differenceByChannel({ day, byChannel }: Summary, { simulator }: World): string[] {
  const held = recomputed({ simulator }, day).byChannel;
  return CHANNELS.flatMap((channel) =>
    byChannel[channel] ? differencesIn(held[channel], byChannel[channel], `${day}: ${channel}`) : [],
  );
}

/** Where the other does not hold what is expected; it may hold more. */
function differencesIn(expected: unknown, told: unknown, path: string): string[] {
  const isNested = typeof expected === 'object' && expected !== null;
  if (!isNested || typeof told !== 'object' || told === null) {
    return isDeepStrictEqual(expected, told)
      ? []
      : [`${path} is ${JSON.stringify(told)}, held ${JSON.stringify(expected)}`.slice(0, LONGEST_TOLD)];
  }
  const others = new Map(Object.entries(told));
  const isShort = Array.isArray(expected) && expected.length !== others.size;
  if (isShort) return [`${path} has ${others.size} entries, held ${expected.length}`];
  return Object.entries(expected).flatMap(([key, value]) =>
    differencesIn(value, others.get(key), `${path}.${key}`),
  );
}

/** Every mail after which another of its kind came, but for what may come twice. */
function doubled(got: readonly Mail[]): string[] {
  const of = (kind: MessageKind): Mail[] => got.filter((mail) => mail.kind === kind);
  const more = (['report', 'partial'] as const).flatMap((kind) => {
    const certain = of(kind).filter(({ isUnreceipted }) => !isUnreceipted);
    return certain.length > 1 ? [`${certain.length} times ${kind}`] : [];
  });
  const [full, partial] = [of('report')[0], of('partial').at(-1)];
  return full && partial && partial.at > full.at ? [...more, 'partial after report'] : more;
}

/** Between 22:00 and 06:00 in Vietnam, when no run is due. */
function isAtNight({ at }: Mail, scheduledHour: number): boolean {
  const hour = new Date(at + 7 * 3_600_000).getUTCHours();
  return (hour >= 22 || hour < 6) && hour !== scheduledHour;
}

function correctionsIn({ text }: Mail): string[] {
  const [, section = ''] = /Earlier days that changed\n([\s\S]*?)\n\n/i.exec(text) ?? [];
  return section.split('\n').filter((line) => /\d{4}/.test(line));
}

function told(error: unknown): string {
  return error instanceof Error ? error.message.slice(0, 1_500) : String(error);
}
