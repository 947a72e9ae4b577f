import type { Distribution, Figures } from '../measure/summary.ts';
import type { KeyFigure } from './view.ts';
import { missedRatio, type Voice } from './voice.ts';

/** The six figures under the verdict: two of how many, two of waiting, two of work. */
export function keyFigures(totals: Figures, voice: Voice): KeyFigure[] {
  const { words, format } = voice;
  const p90 = (of: Distribution): string => words.p90(format.duration(of.p90));
  const { waitSeconds, abandonWaitSeconds, handleSeconds, durationSeconds, serviceLevel } = totals;
  const abandonWait =
    abandonWaitSeconds.count === 0 ? null : words.abandonWait(format.duration(abandonWaitSeconds.p50));
  const other = totals.other === 0 ? null : words.otherStatuses(format.count(totals.other));
  return [
    figure(words.chats, format.count(totals.chats), [
      words.customers(format.count(totals.customers), totals.customers),
      other,
    ]),
    {
      ...figure(words.missedRate, format.percent(totals.missedRate), [
        words.missedCount(missedRatio(voice, totals)),
      ]),
      bad: totals.missed > 0,
    },
    figure(words.medianWait, format.duration(waitSeconds.p50), [p90(waitSeconds), abandonWait]),
    figure(words.serviceLevel, format.percent(serviceLevel.rate), [
      words.within(format.duration(serviceLevel.thresholdSeconds)),
    ]),
    figure(words.meanHandle, format.duration(handleSeconds.mean), [p90(handleSeconds)]),
    figure(words.meanDuration, format.duration(durationSeconds.mean), [p90(durationSeconds)]),
  ];
}

function figure(label: string, value: string, notes: readonly (string | null)[]): KeyFigure {
  return { label, value, notes: notes.filter((note) => note !== null), bad: false };
}
