import { decided } from '../measure/add-up.ts';
import type { Summary } from '../measure/summary.ts';
import { isStatusUnknown } from '../measure/unknown-status.ts';
import type { Judgement, TargetName } from './judge.ts';
import type { KeyFigure } from './view.ts';
import { missedRateOf, missedRatio, PERCENTILE_FROM, serviceLevelOf, type Voice } from './voice.ts';

/** The six figures of the whole day: two of how many, two of waiting, two of work. */
export function keyFigures({ totals }: Summary, judgement: Judgement, voice: Voice): KeyFigure[] {
  const { words, format } = voice;
  const { waitSeconds, abandonWaitSeconds, handleSeconds, durationSeconds, serviceLevel } = totals;
  const say = words.tiles;
  const sayOther = isStatusUnknown(totals) ? words.unknownStatuses : words.otherStatuses;
  const nineInTen = ({ count, p90 }: typeof waitSeconds): string | null =>
    !isHalfTold({ count }) || p90 === null ? null : say.nineInTen(format.duration(p90));
  const half =
    waitSeconds.count > 0 && !isHalfTold(waitSeconds)
      ? ([say.longestWait, format.duration(waitSeconds.max)] as const)
      : ([say.halfWaited, format.duration(waitSeconds.p50)] as const);
  return [
    figure(words.measures.chats, format.count(totals.chats), [
      words.customers(format.count(totals.customers), totals.customers),
      totals.other === 0 ? null : sayOther(format.count(totals.other)),
    ]),
    {
      ...figure(words.measures.missedRate, missedRateOf(voice, totals), [missedNote(totals, voice)]),
      isBad: isMissed(judgement, 'missedRate'),
    },
    figure(...half, [
      nineInTen(waitSeconds),
      isHalfTold(abandonWaitSeconds) ? say.missedWaited(format.duration(abandonWaitSeconds.p50)) : null,
    ]),
    {
      ...figure(
        words.inTimeRow(format.threshold(serviceLevel.thresholdSeconds)),
        serviceLevelOf(voice, totals),
        [],
      ),
      isBad: isMissed(judgement, 'serviceLevel'),
    },
    figure(say.meanHandle, format.duration(handleSeconds.mean), [nineInTen(handleSeconds)]),
    figure(say.meanDuration, format.duration(durationSeconds.mean), [nineInTen(durationSeconds)]),
  ];
}

function isHalfTold({ count }: { readonly count: number }): boolean {
  return count >= PERCENTILE_FROM;
}

/** Against its target, or against the usual days. */
function isMissed(judgement: Judgement, name: TargetName): boolean {
  if (judgement.kind === 'change') return judgement.isWorse && name === 'missedRate';
  return judgement.kind === 'targets' && judgement.results.some((one) => one.name === name && !one.isMet);
}

function missedNote(totals: Summary['totals'], voice: Voice): string | null {
  const { words, format } = voice;
  if (isStatusUnknown(totals)) {
    return totals.missed === 0
      ? words.notKnown
      : words.missedAtLeast(format.count(totals.missed), totals.missed);
  }
  return decided(totals) === 0 ? null : words.missedCount(missedRatio(voice, totals));
}

function figure(label: string, value: string, notes: readonly (string | null)[]): KeyFigure {
  return { label, value, notes: notes.filter((note) => note !== null), isBad: false };
}
