import { openHoursOf, readBusinessHours } from '../calendar/business-hours.ts';
import { addDays, type Day } from '../calendar/day.ts';
import type { AddedFigures } from '../metrics/measures.ts';
import { decided, isStatusUnknown } from '../metrics/rates.ts';
import type { Summary } from '../metrics/summary.ts';
import { type Baselines, baselinesOf, compareShares, type EarlierDay, type Share } from './baselines.ts';
import { isFew, type LocaleFormatter } from './locale-formatter.ts';
import { isPartial } from './sections/missing.ts';
import { hasQuietChannels, type QuietChannels } from './silence.ts';

/** Judges a day: against its targets, or against the last seven days where it has no targets. */

/** The part of a day that is judged: its business hours where some are set, else the whole day. */
export interface Scope {
  readonly figures: AddedFigures;
  /** The setting of the business hours. Null where none are set, and the whole day is judged. */
  readonly hours: string | null;
  /** The day has no business hours. */
  readonly isDayOff: boolean;
}

export function scopeOf({ day, totals, businessHours }: Summary): Scope {
  if (businessHours === null) return { figures: totals, hours: null, isDayOff: false };
  const { hours, inside } = businessHours;
  return { figures: inside, hours, isDayOff: isDayOff(day, hours) };
}

/**
 * Whether a day has no business hours. False where none are set, because business never closes then.
 *
 * @param hours the setting; null where none are set
 */
export function isDayOff(day: Day, hours: string | null): boolean {
  const read = hours === null ? null : readBusinessHours(hours);
  return read !== null && openHoursOf(day, read).length === 0;
}

/**
 * Earlier days with the figures of the same scope. Days off are left out, and so are days without these figures.
 */
export function historyIn({ hours }: Pick<Scope, 'hours'>, history: readonly EarlierDay[]): EarlierDay[] {
  if (hours === null) return [...history];
  return history.flatMap((one) => {
    const { inside } = one;
    return inside === null || isDayOff(one.day, hours) ? [] : [{ ...one, totals: inside }];
  });
}

/** The days that a day is compared with, in the figures of its scope. */
export function baselinesIn(
  { day }: Pick<Summary, 'day'>,
  scope: Scope,
  history: readonly EarlierDay[],
): Baselines {
  return baselinesOf(day, scope.figures.serviceLevel.thresholdSeconds, historyIn(scope, history));
}

/** The setting of the business hours, with the names of days in the language of the reader. */
export function hoursAsRead(hours: string, { messages }: LocaleFormatter): string {
  return hours.replaceAll(/[A-Z][a-z]{2}/g, (day) => messages.weekdays[day] ?? day).replaceAll('-', '–');
}

/** A report knows so many days: its own and the thirteen before it. */
const DAYS_KNOWN = 14;
/** A tolerance for rounding. A share times a count may be this far from a whole number that it should be. */
const TINY = 1e-9;

export type TargetName = 'missedRate' | 'serviceLevel';

/** The result of a day for one of its targets. */
export interface TargetResult {
  readonly name: TargetName;
  /** From 0 to 1. */
  readonly target: number;
  readonly actual: Share;
  readonly isMet: boolean;
  /** How many chats lie between the target and the result, 0 or more. */
  readonly by: number;
  readonly streak: Streak;
}

/** Days in a row with the same result, up to the judged day. Days off and days of few chats are skipped. */
interface Streak {
  readonly days: number;
  readonly since: Day;
  /** No earlier day is known to have the other result. */
  readonly isAll: boolean;
  /** How many days in a row had the other result before, as far as they are known. */
  readonly before: number;
}

/** How a day was judged. */
export type Judgement =
  /**
   * Not judged: a day off, few chats, a missing channel, or unknown statuses. Or the day has nothing that stands
   * out.
   */
  | { readonly kind: 'plain'; readonly isFew: boolean }
  | { readonly kind: 'targets'; readonly results: readonly TargetResult[] }
  /** Compared with the last seven days. The change is large and unlikely by chance. */
  | { readonly kind: 'change'; readonly isWorse: boolean; readonly was: Share; readonly days: number };

/** Whether the day missed a target, or was plainly worse than usual. Only then the mail has the alarm colour. */
export function isBad(judgement: Judgement): boolean {
  if (judgement.kind === 'targets') return judgement.results.some(({ isMet }) => !isMet);
  return judgement.kind === 'change' && judgement.isWorse;
}

/** Judges a day by its targets. Without targets it compares the missed rate with that of the last seven days. */
export function judge(
  summary: Summary,
  scope: Scope,
  quiet: QuietChannels,
  history: readonly EarlierDay[],
): Judgement {
  const { figures } = scope;
  const plain = { kind: 'plain', isFew: isFew(figures) } as const;
  if (scope.isDayOff || plain.isFew || isPartial(summary) || isStatusUnknown(summary.totals)) return plain;
  const results = targetsOf(summary).map(({ name, target }) => {
    const met = resultOf(figures, name, target);
    return {
      name,
      target,
      ...met,
      streak: streakOf(summary.day, met.isMet, { name, target, scope, history }),
    };
  });
  // A silent channel may hide missed chats. So the day is not praised where it met its targets.
  if (results.some(({ isMet }) => !isMet)) return { kind: 'targets', results };
  if (results.length > 0) return hasQuietChannels(quiet) ? plain : { kind: 'targets', results };
  const { lastSevenDays } = baselinesIn(summary, scope, history);
  if (lastSevenDays === null) return plain;
  const was = { part: lastSevenDays.missed, whole: decided(lastSevenDays) };
  const change = compareShares({ part: figures.missed, whole: decided(figures) }, was);
  if (!change?.isMarked || (change.by < 0 && hasQuietChannels(quiet))) return plain;
  return { kind: 'change', isWorse: change.by > 0, was, days: lastSevenDays.ratedDays };
}

/** The targets that are set, from 0 to 1. Empty where none is set. */
export function targetsOf({ targets }: Pick<Summary, 'targets'>): { name: TargetName; target: number }[] {
  const of = (name: TargetName) => {
    const target = targets?.[name] ?? null;
    return target === null ? [] : [{ name, target }];
  };
  return [...of('missedRate'), ...of('serviceLevel')];
}

/** The result is counted in whole chats, so that all sentences about it agree. */
function resultOf(figures: AddedFigures, name: TargetName, target: number) {
  const whole = decided(figures);
  if (name === 'missedRate') {
    const allowed = Math.floor(target * whole + TINY);
    const actual = { part: figures.missed, whole };
    return { actual, isMet: figures.missed <= allowed, by: Math.abs(figures.missed - allowed) };
  }
  const asked = Math.ceil(target * whole - TINY);
  const actual = { part: figures.serviceLevel.within, whole };
  return { actual, isMet: actual.part >= asked, by: Math.abs(actual.part - asked) };
}

interface JudgedTarget {
  readonly name: TargetName;
  readonly target: number;
  readonly scope: Scope;
  readonly history: readonly EarlierDay[];
}

function streakOf(day: Day, isMet: boolean, judged: JudgedTarget): Streak {
  const streak = { days: 1, since: day, before: 0 };
  let isOver = false;
  for (let back = 1; back < DAYS_KNOWN; back += 1) {
    const result = earlierResult(addDays(day, -back), judged);
    if (result === 'unknown') break;
    if (result === 'passed') continue;
    isOver ||= result !== isMet;
    if (isOver && result === isMet) break;
    if (isOver) streak.before += 1;
    else {
      streak.days += 1;
      streak.since = addDays(day, -back);
    }
  }
  return { ...streak, isAll: !isOver };
}

/**
 * Whether an earlier day met the target. `unknown`: the day has no usable report, or another threshold. `passed`:
 * the day is not judged, because it is a day off or has few chats.
 */
function earlierResult(
  day: Day,
  { name, target, scope, history }: JudgedTarget,
): boolean | 'unknown' | 'passed' {
  if (isDayOff(day, scope.hours)) return 'passed';
  const [found] = historyIn(
    scope,
    history.filter((one) => one.day === day),
  );
  if (found === undefined || isStatusUnknown(found.totals)) return 'unknown';
  const isOfSameWait =
    found.totals.serviceLevel.thresholdSeconds === scope.figures.serviceLevel.thresholdSeconds;
  if (name === 'serviceLevel' && !isOfSameWait) return 'unknown';
  return isFew(found.totals) ? 'passed' : resultOf(found.totals, name, target).isMet;
}
