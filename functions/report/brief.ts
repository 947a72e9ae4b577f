import type { EarlierDay } from './baselines.ts';
import { inTheDay, outsideLine } from './facts.ts';
import type { Judged } from './verdict.ts';
import type { ReportView } from './view.ts';
import type { Voice } from './voice.ts';

/** With more who wait a day is not one of which there is little to say. */
const FEW_WAIT = 3;

/** What stands in place of all figures on a day of which there is little to say; null on others. */
export function briefOf(
  judged: Judged,
  { history }: { readonly history: readonly EarlierDay[] },
  voice: Voice,
): ReportView['brief'] {
  const { list, summary, scope } = judged;
  if (list.soon.length + list.next.length + list.unreachable.length > FEW_WAIT) return null;
  const { words } = voice;
  const body = [inTheDay(judged, history, voice), outsideLine(summary, scope, voice)];
  return { title: words.inTheDay, body: body.filter((line) => line !== null) };
}
