import type { Distribution, Figures } from '../../measure/summary.ts';
import { P90_FROM, type Voice } from '../voice.ts';
import type { Column } from './sheet.ts';

/** The figures of a set of chats, a column each. */
export function figuresColumns({ words }: Voice): Column<Figures>[] {
  const say = words.workbook;
  const column = (title: string, kind: 'count' | 'share' | 'seconds', of: Column<Figures>['of']) => ({
    title,
    kind,
    width: kind === 'seconds' ? 13 : 11,
    of,
  });
  return [
    column(words.chats, 'count', ({ chats }) => chats),
    column(say.customers, 'count', ({ customers }) => customers),
    column(say.answered, 'count', ({ answered }) => answered),
    column(words.missed, 'count', ({ missed }) => missed),
    column(say.other, 'count', ({ other }) => other),
    column(words.missedRate, 'share', ({ missedRate }) => missedRate),
    column(words.serviceLevel, 'share', ({ serviceLevel }) => serviceLevel.rate),
    column(words.medianWait, 'seconds', ({ waitSeconds }) => waitSeconds.p50),
    column(say.p90Wait, 'seconds', ({ waitSeconds }) => p90Of(waitSeconds)),
    column(say.abandonWait, 'seconds', ({ abandonWaitSeconds }) => abandonWaitSeconds.p50),
    column(words.meanHandle, 'seconds', ({ handleSeconds }) => handleSeconds.mean),
    column(say.p90Handle, 'seconds', ({ handleSeconds }) => p90Of(handleSeconds)),
    column(words.meanDuration, 'seconds', ({ durationSeconds }) => durationSeconds.mean),
    column(say.p90Duration, 'seconds', ({ durationSeconds }) => p90Of(durationSeconds)),
  ];
}

function p90Of({ count, p90 }: Distribution): number | null {
  return count < P90_FROM ? null : p90;
}
