import { MISS_CAUSES, type Summary } from '../measure/summary.ts';
import { isStatusUnknown } from '../measure/unknown-status.ts';
import type { Baselines } from './baselines.ts';
import { splitChange } from './split-change.ts';
import type { CauseRow, Section } from './view.ts';
import { isFew, type Voice } from './voice.ts';

/** Why chats were probably missed, as far as the data show it; empty where none was missed. */
export function causeSection({ missCauses, totals }: Summary, { words, format }: Voice): Section<CauseRow[]> {
  const body = MISS_CAUSES.filter((cause) => missCauses[cause] > 0).map((cause) => ({
    name: words.causes[cause],
    count: format.count(missCauses[cause]),
    share: isShareTold(totals.missed) ? format.percent(missCauses[cause] / totals.missed) : null,
  }));
  return { title: words.whyMissed, body: totals.missed === 0 ? [] : body };
}

/** Of a handful the count is enough. */
export function isShareTold(missed: number): boolean {
  return !isFew({ answered: 0, missed });
}

/** What moved the missed rate against the last seven days: other channels, or other work within them. */
export function movedLine(
  { byChannel, totals }: Summary,
  { lastSevenDays }: Baselines,
  voice: Voice,
): string | null {
  if (isStatusUnknown(totals)) return null;
  const moved = lastSevenDays && splitChange(byChannel, lastSevenDays);
  if (lastSevenDays === null || moved === null) return null;
  const { words, format } = voice;
  const say = (by: number): string => words.pointsInFull(format.signedPoints(by));
  const { ratedDays: days } = lastSevenDays;
  const { change, mix, performance } = moved;
  return words.moved(format.count(days), say(change), say(mix), say(performance), days);
}
