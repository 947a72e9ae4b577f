import { decided } from '../measure/add-up.ts';
import type { Figures } from '../measure/measures.ts';
import type { Summary } from '../measure/summary.ts';
import { isStatusUnknown } from '../measure/unknown-status.ts';
import type { Baselines } from './baselines.ts';
import { isPartial, provenOf } from './missing.ts';
import type { ChangeCell, KeyFigure } from './view.ts';
import { isFew, missedRateOf, missedRatio, p90Of, serviceLevelOf, type Voice } from './voice.ts';
import { type Comparison, comparisonsOf, headBaseline } from './what-changed.ts';

/** The six figures under the verdict: two of how many, two of waiting, two of work. */
export function keyFigures(summary: Summary, baselines: Baselines, voice: Voice): KeyFigure[] {
  const { words, format } = voice;
  const { totals } = summary;
  const { waitSeconds, abandonWaitSeconds, handleSeconds, durationSeconds, serviceLevel } = totals;
  const abandonWait =
    abandonWaitSeconds.count === 0 ? null : words.abandonWait(format.duration(abandonWaitSeconds.p50));
  const sayOther = isStatusUnknown(totals) ? words.unknownStatuses : words.otherStatuses;
  const other = totals.other === 0 ? null : sayOther(format.count(totals.other));
  const baseline = headBaseline(baselines);
  const comparisons = comparisonsOf(summary, voice);
  const changeOf = (name: Comparison['name']): ChangeCell | null =>
    (baseline && comparisons.find((one) => one.name === name)?.against(baseline.pooled)) ?? null;
  return [
    figure(words.measures.chats, format.count(totals.chats), changeOf('chats'), [
      words.customers(format.count(totals.customers), totals.customers),
      other,
    ]),
    {
      ...figure(words.measures.missedRate, missedRateOf(voice, totals), changeOf('missedRate'), [
        missedNote(totals, voice),
      ]),
      bad: totals.missed > 0 && !isFew(totals) && !isStatusUnknown(totals),
    },
    figure(words.measures.medianWait, format.duration(waitSeconds.p50), changeOf('medianWait'), [
      p90Of(voice, waitSeconds),
      abandonWait,
    ]),
    figure(words.measures.serviceLevel, serviceLevelOf(voice, totals), changeOf('serviceLevel'), [
      words.within(format.duration(serviceLevel.thresholdSeconds)),
    ]),
    figure(words.measures.meanDuration, format.duration(durationSeconds.mean), changeOf('meanDuration'), [
      p90Of(voice, durationSeconds),
    ]),
    figure(words.measures.meanHandle, format.duration(handleSeconds.mean), null, [
      p90Of(voice, handleSeconds),
    ]),
  ];
}

function missedNote(totals: Figures, voice: Voice): string | null {
  const { words, format } = voice;
  if (isStatusUnknown(totals)) {
    return totals.missed === 0
      ? words.notKnown
      : words.missedAtLeast(format.count(totals.missed), totals.missed);
  }
  return decided(totals) === 0 ? null : words.missedCount(missedRatio(voice, totals));
}

/** Which channels they are of, where they are not of all, and what their changes are against; null where there is nothing to say. */
export function keyFiguresNote(summary: Summary, baselines: Baselines, voice: Voice): string | null {
  const { words } = voice;
  const baseline = headBaseline(baselines);
  const says = [
    ...(isPartial(summary) ? [`${words.onlyChannels(provenOf(summary, voice))}.`] : []),
    ...(baseline === null ? [] : [words.comparedWith[baseline.name]]),
  ];
  return says.join(' ') || null;
}

function figure(
  label: string,
  value: string,
  change: ChangeCell | null,
  notes: readonly (string | null)[],
): KeyFigure {
  return { label, value, change, notes: notes.filter((note) => note !== null), bad: false };
}
