import { decided } from '../measure/add-up.ts';
import type { Summary } from '../measure/summary.ts';
import { isStatusUnknown } from '../measure/unknown-status.ts';
import { BASELINES, type BaselineName, type Baselines, type Pooled } from './baselines.ts';
import { type Change, compareCounts, compareShares, type Share } from './changes.ts';
import { isPartial, provenOf } from './missing.ts';
import type { ChangeCell, ChangeSection } from './view.ts';
import { shareOf, type Voice } from './voice.ts';

/** A figure beside those of other days. */
export interface Comparison {
  readonly name: 'chats' | 'missedRate' | 'medianWait' | 'serviceLevel' | 'meanDuration';
  /** Against one baseline; null where one of the two has no value. */
  readonly against: (then: Pooled) => ChangeCell | null;
}

/** Every figure that is compared, and how. */
export function comparisonsOf({ totals }: Summary, voice: Voice): Comparison[] {
  const { words, format } = voice;
  const { chats, missed, waitSeconds, serviceLevel, durationSeconds } = totals;
  const whole = decided(totals);
  const isUnknown = isStatusUnknown(totals);
  const points = (now: Share, then: Share, isWorse: (by: number) => boolean): ChangeCell | null => {
    const change = compareShares(now, then);
    return (
      change && {
        was: shareOf(voice, then),
        change: isNone(change.by, 0.000_5) ? words.unchanged : words.points(format.signedPoints(change.by)),
        tone: toneOf(change, isWorse),
      }
    );
  };
  // No test on counts speaks for these two, so they are never marked.
  const seconds = (now: number | null, then: number | null): ChangeCell | null =>
    now === null || then === null
      ? null
      : {
          was: format.duration(then),
          change: isNone(now - then, 0.5) ? words.unchanged : format.signedDuration(now - then),
          tone: 'plain',
        };
  return [
    {
      name: 'chats',
      against: (then) => {
        const change = compareCounts(chats, { count: then.chats, days: then.days });
        if (change === null) return null;
        const was = format.count(Math.round(then.chats / then.days));
        return { was, change: format.signedPercent(change.by), tone: change.isMarked ? 'strong' : 'plain' };
      },
    },
    {
      name: 'missedRate',
      against: (then) => {
        const before = { part: then.missed, whole: decided(then) };
        if (isUnknown) return null;
        return points({ part: missed, whole }, before, (by) => by > 0);
      },
    },
    { name: 'medianWait', against: (then) => seconds(waitSeconds.p50, then.medianWait) },
    {
      name: 'serviceLevel',
      against: (then) => {
        if (isUnknown || then.within === null) return null;
        const before = { part: then.within, whole: decided(then) };
        return points({ part: serviceLevel.within, whole }, before, (by) => by < 0);
      },
    },
    { name: 'meanDuration', against: (then) => seconds(durationSeconds.mean, then.meanDuration) },
  ];
}

/** Less than can be shown of it. */
function isNone(by: number, least: number): boolean {
  return Math.abs(by) < least;
}

function toneOf({ by, isMarked }: Change, isWorse: (by: number) => boolean): ChangeCell['tone'] {
  if (!isMarked) return 'plain';
  return isWorse(by) ? 'bad' : 'good';
}

/** Each figure against the day before, the same weekday, and the last seven days together. */
export function changeSection(summary: Summary, baselines: Baselines, voice: Voice): ChangeSection {
  const { words } = voice;
  const present = BASELINES.flatMap((name) => {
    const pooled = baselines[name];
    return pooled === null ? [] : [{ name, pooled }];
  });
  const body = comparisonsOf(summary, voice).map(({ name, against }) => ({
    name: words.measures[name],
    cells: present.map(({ pooled }) => against(pooled)),
  }));
  return {
    title: words.whatChanged,
    head: [words.figure, ...present.map(({ name, pooled }) => baselineLabel(name, pooled, voice))],
    body: present.length === 0 ? [] : body,
    note: present.length === 0 ? words.nothingBefore : whatIsCompared(summary, voice),
  };
}

function whatIsCompared(summary: Summary, voice: Voice): string {
  const { words } = voice;
  if (!isPartial(summary)) return words.whatIsMarked;
  return `${words.comparedChannels(provenOf(summary, voice))} ${words.whatIsMarked}`;
}

function baselineLabel(name: BaselineName, { days }: Pooled, { words, format }: Voice): string {
  return name === 'lastSevenDays' ? words.lastDays(format.count(days), days) : words[name];
}

/** What the figures at the head of the report are compared with: one day, of which every figure is known. */
export function headBaseline(
  baselines: Baselines,
): { name: 'sameWeekday' | 'previousDay'; pooled: Pooled } | null {
  for (const name of ['sameWeekday', 'previousDay'] as const) {
    const pooled = baselines[name];
    if (pooled !== null) return { name, pooled };
  }
  return null;
}

/** That the missed rate is plainly another than on the last seven days together, in a sentence. */
export function rateAgainstWeek({ totals }: Summary, { lastSevenDays }: Baselines, voice: Voice) {
  if (lastSevenDays === null || isStatusUnknown(totals)) return null;
  const { ratedDays: days } = lastSevenDays;
  const then = { part: lastSevenDays.missed, whole: decided(lastSevenDays) };
  const change = compareShares({ part: totals.missed, whole: decided(totals) }, then);
  if (!change?.isMarked) return null;
  const { words, format } = voice;
  const points = words.pointsInFull(format.signedPoints(Math.abs(change.by)).replace('+', ''));
  const was = format.percent(then.part / then.whole);
  const say = change.by > 0 ? words.rateUp : words.rateDown;
  return { text: say(points, format.count(days), was, days), isBad: change.by > 0 };
}
