import type { Summary } from '../measure/summary.ts';
import type { WorkList } from '../measure/work-list.ts';
import { dayAt } from '../time/report-day.ts';
import { toZonedIso } from '../time/zone.ts';
import { type Reading, whenOf } from './deadline.ts';
import type { Voice } from './voice.ts';

/**
 * What a list says of its customers to whom it is read by: that they wait (`now`), that they waited when it was made on an earlier
 * day (`then`), or that they were not answered on the reported day, where nothing later was looked at (`ofDay`).
 */
type ListTime = 'now' | 'then' | 'ofDay';

function listTimeOf(
  { asOf, isFollowed }: WorkList,
  { today }: Reading,
  { timeZone }: Pick<Summary, 'timeZone'>,
): ListTime {
  if (!isFollowed) return 'ofDay';
  return today !== null && dayAt(asOf, timeZone) < today ? 'then' : 'now';
}

/** Whether the hour that the list begins with is to come. */
export function isSoonToCome({ soonUntil }: WorkList, { at }: Reading): boolean {
  return soonUntil > at;
}

/** So many customers, and what is said of them. */
export function sayWaiting(
  count: number,
  {
    list,
    reading,
    summary,
  }: { readonly list: WorkList; readonly reading: Reading; readonly summary: Summary },
  voice: Voice,
): string {
  const { words, format } = voice;
  const say = words.verdict;
  const said = format.count(count);
  switch (listTimeOf(list, reading, summary)) {
    case 'now':
      return say.waiting(said, count);
    case 'then':
      return say.waited(said, asOfWords(list, reading, summary, voice), count);
    case 'ofDay':
      return say.unanswered(said, count);
  }
}

export function asOfWords({ asOf }: WorkList, reading: Reading, summary: Summary, voice: Voice): string {
  return whenOf(toZonedIso(Math.floor(asOf / 1_000), summary.timeZone), reading, summary, voice);
}
